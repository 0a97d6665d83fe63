import { isObject, type JsonObject } from '../../core/json-object.ts';
import type { OutwardTranscription } from '../../core/voices.ts';
import { DEEPGRAM_HEARING } from '../voices/deepgram.ts';
import { withQuery } from '../voices/query.ts';
import { heardOf, noTranscript, wordsIn } from '../voices/transcripts.ts';
import type { Asked, HearingWire } from '../voices/wire.ts';
import { runPath } from './run-path.ts';

/** Deepgram's models take their own parameters in the query. */
const DEEPGRAM = /\/deepgram\//;
/** It takes a recording as text in JSON, and parameters beside it; its elders take the recording alone. */
const IN_JSON = /whisper-large-v3/;

/**
 * Recordings at Workers AI.
 *
 * @see https://developers.cloudflare.com/workers-ai/models/whisper-large-v3-turbo
 * @see https://developers.cloudflare.com/workers-ai/models/whisper
 * @see https://developers.cloudflare.com/workers-ai/models/nova-3
 * Read on 2026-11-27.
 */
export const WORKERS_AI_HEARING: HearingWire = {
  takes: ['vad_filter', 'prefix', 'beam_size', 'task', 'smart_format', 'punctuate', 'detect_language', 'numerals', 'utterances'],
  ask: (asked) => {
    const path = runPath(asked.model);
    if (DEEPGRAM.test(asked.model)) return { path: withQuery(path, deepgramQuery(asked)), headers: {}, fields: null };
    return IN_JSON.test(asked.model) ? inJson(path, asked) : { path, headers: {}, fields: null };
  },
  read: ({ result }) => {
    if (!isObject(result)) throw noTranscript();
    if (isObject(result['results'])) return DEEPGRAM_HEARING.read(result);
    const { text, words, segments, transcription_info: told } = result;
    const info: JsonObject = isObject(told) ? told : {};
    const parts = Array.isArray(segments) ? segments.filter(isObject) : [];
    const inside = parts.flatMap((segment) => (Array.isArray(segment['words']) ? segment['words'] : []));
    return heardOf({
      text,
      language: info['language'],
      seconds: info['duration'],
      words: wordsIn(Array.isArray(words) ? words : inside.length > 0 ? inside : null, ({ word, start, end }) => ({ word, start, end })),
      phrases: wordsIn(parts.length > 0 ? parts : null, ({ text: word, start, end }) => ({ word, start, end })),
    });
  },
};

function deepgramQuery({ language, own }: Asked): JsonObject {
  return { smart_format: true, punctuate: true, ...(language === null ? { detect_language: true } : { language }), ...own };
}

function inJson(path: string, { language, prompt, own }: Asked): OutwardTranscription {
  const beside = Object.entries({ language, initial_prompt: prompt, ...own }).filter(([, value]) => value !== null);
  return { path, headers: {}, fields: null, inJson: { member: 'audio', beside: Object.fromEntries(beside) } };
}
