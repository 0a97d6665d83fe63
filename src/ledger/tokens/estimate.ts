import type { MediaPart, Part } from '../../core/parts.ts';
import type { ChatRequest, EmbeddingsRequest } from '../../core/request.ts';
import { base64Bytes, mediaTokens } from './media-tokens.ts';

/**
 * Bytes of UTF-8 text taken for one token (data-plane 14.3). Tokenizers of today average four bytes of English and three
 * of code or Chinese: three is a guess on the safe side that costs nothing (ruling M10).
 */
const BYTES_A_TOKEN = 3;

/** What a message costs beside its text: role and separators (data-plane 16.6). */
export const MESSAGE_TOKENS = 3;

/** Tokens of that many bytes of text. */
export function textTokens(bytes: number): number {
  return Math.ceil(bytes / BYTES_A_TOKEN);
}

/** The input tokens that a chat call may have, guessed from bytes. No tokenizer runs. */
export function estimateChatInput({ messages, tools, responseFormat }: ChatRequest): number {
  let bytes = 0;
  let extra = 0;
  for (const { parts, name } of messages) {
    extra += MESSAGE_TOKENS;
    bytes += name?.length ?? 0;
    for (const part of parts) {
      bytes += textBytes(part);
      extra += mediaOf(part);
    }
  }
  if (tools !== undefined) bytes += jsonBytes(tools);
  if (responseFormat?.schema !== undefined) bytes += jsonBytes(responseFormat.schema);
  return textTokens(bytes) + extra;
}

/** The input tokens that an embeddings call may have; token lists are counted. */
export function estimateEmbeddingsInput({ input }: EmbeddingsRequest): number {
  let tokens = 0;
  for (const each of input) tokens += typeof each === 'string' ? textTokens(Buffer.byteLength(each)) : each.length;
  return tokens;
}

/** What a call may write, when its client did not say (ruling M5). */
export interface OutputLimits {
  /** The model's `max_output_tokens`; null when unknown. */
  readonly model: number | null;
  /** `budget_default_output_tokens`. */
  readonly fallback: number;
}

/** The output tokens that a chat call may have: what the client allows, else a bounded guess, for each of its answers. */
export function estimateChatOutput(
  { maxOutputTokens, n }: Pick<ChatRequest, 'maxOutputTokens' | 'n'>,
  { model, fallback }: OutputLimits,
): number {
  return (maxOutputTokens ?? Math.min(model ?? fallback, fallback)) * Math.max(1, n ?? 1);
}

function textBytes(part: Part): number {
  switch (part.type) {
    case 'text':
    case 'refusal':
      return Buffer.byteLength(part.text);
    case 'reasoning':
      return Buffer.byteLength(part.text) + (part.encrypted?.length ?? 0);
    case 'tool_call':
      return Buffer.byteLength(part.arguments) + part.name.length;
    case 'tool_result':
      return part.parts.reduce((sum, each) => sum + textBytes(each), 0);
    case 'native':
      return jsonBytes(part.raw);
    case 'media': // has a number of its own
    case 'citation': // repeats what stands elsewhere
      break;
  }
  return 0;
}

function mediaOf(part: Part): number {
  if (part.type === 'tool_result') return part.parts.reduce((sum, each) => sum + mediaOf(each), 0);
  return part.type === 'media' ? partTokens(part) : 0;
}

function partTokens({ kind, source, detail, mediaType }: MediaPart): number {
  const bytes = source.type === 'data' ? base64Bytes(source.data.length) : null;
  return mediaTokens(kind, { bytes, wav: mediaType?.includes('wav') ?? false, ...(detail === undefined ? {} : { detail }) });
}

function jsonBytes(value: unknown): number {
  return Buffer.byteLength(JSON.stringify(value) ?? '');
}
