import { textTokens } from './estimate.ts';
import { base64Bytes, mediaTokens, type Medium } from './media-tokens.ts';

/**
 * The input tokens that a JSON request body may have, for calls whose body passes unparsed: its bytes without the base64
 * media in it, which are taken apart. Works on dialects that carry media as data URLs or in a `data` member (OpenAI,
 * Anthropic, Gemini), and on images named by an address as OpenAI and Anthropic do. One pass; base64 is skipped, not read.
 *
 * @param body the body's bytes, one character each (latin1)
 */
export function estimateBody(body: string): number {
  let bytes = 0;
  let media = 0;
  for (const { text, run } of pieces(body)) {
    bytes += text.length;
    media += addressedImages(text) * mediaTokens('image', { bytes: null });
    if (run !== null) media += mediaTokens(run.medium, { bytes: base64Bytes(run.length), wav: run.wav });
  }
  return textTokens(bytes) + media;
}

interface Run {
  readonly length: number;
  readonly medium: Medium;
  readonly wav: boolean;
}

/** Text, and the base64 that follows it; null after the last text. */
interface Piece {
  readonly text: string;
  readonly run: Run | null;
}

/** Shorter runs are left as text: a `data` member may be anything. */
const SHORTEST_RUN = 256;
/** Where a medium's kind is told: close before its data, or close after (`"format":"wav"`). */
const NEAR = 120;

function* pieces(body: string): Generator<Piece, void, void> {
  // Most bodies hold no media, and a plain search tells that many times sooner than the pattern does.
  if (!body.includes(';base64,') && !body.includes('"data"')) {
    yield { text: body, run: null };
    return;
  }
  const opening = /;base64,|"data"\s*:\s*"/g;
  let textStart = 0;
  while (opening.test(body)) {
    const start = opening.lastIndex;
    const end = body.indexOf('"', start);
    if (end === -1) break;
    if (end - start < SHORTEST_RUN || !looksLikeBase64(body, start, end)) continue;
    yield { text: body.slice(textStart, start), run: runOf(body, start, end) };
    textStart = end;
    opening.lastIndex = end;
  }
  yield { text: body.slice(textStart), run: null };
}

/** Looks at the two ends of a run, not at all of it: a body may hold megabytes. */
function looksLikeBase64(body: string, start: number, end: number): boolean {
  return /^[A-Za-z0-9+/_=\\-]+$/.test(body.slice(start, start + 64) + body.slice(end - 64, end));
}

function runOf(body: string, start: number, end: number): Run {
  const around = body.slice(Math.max(0, start - NEAR), start) + body.slice(end, end + NEAR);
  return { length: end - start, medium: mediumOf(around), wav: around.includes('wav') };
}

function mediumOf(around: string): Medium {
  if (/audio|wav|mp3/.test(around)) return 'audio';
  if (around.includes('video')) return 'video';
  return around.includes('image') ? 'image' : 'file';
}

function addressedImages(text: string): number {
  if (!text.includes('"image')) return 0;
  return (
    count(text, /"image_url"\s*:\s*(?:\{\s*"url"\s*:\s*)?"http/g) +
    count(text, /"type"\s*:\s*"image"\s*,\s*"source"\s*:\s*\{\s*"type"\s*:\s*"url"/g)
  );
}

function count(text: string, pattern: RegExp): number {
  return text.match(pattern)?.length ?? 0;
}
