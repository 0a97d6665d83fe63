import { isObject, type JsonObject } from '../../../core/json-object.ts';
import { MalformedAnswerError } from '../../../core/provider-error.ts';
import type { Usage } from '../../../core/usage.ts';
import { errorInside } from '../errors.ts';
import { audioUsage, secondsOf } from './audio-usage.ts';

/** What an answer says that somebody said. */
export interface Transcript {
  readonly text: string;
  /** As told; an odd one never breaks an answer. */
  readonly usage: Usage | null;
}

/**
 * Reads an answer of the forms `json`, `verbose_json` and `diarized_json`.
 *
 * @throws {ProviderError} when it is none
 * @see https://platform.openai.com/docs/api-reference/audio/json-object
 */
export function readTranscript(body: unknown): Transcript {
  const error = isObject(body) ? errorInside(body) : null;
  if (error) throw error;
  const text = isObject(body) ? textOf(body) : null;
  if (!isObject(body) || text === null) throw new MalformedAnswerError('The answer holds no transcript.', 'shape');
  return { text, usage: usageOf(body) };
}

function textOf({ text, segments }: JsonObject): string | null {
  if (typeof text === 'string') return text;
  if (!Array.isArray(segments)) return null;
  return segments.map((segment) => (isObject(segment) && typeof segment['text'] === 'string' ? segment['text'] : '')).join(' ');
}

/** `usage` wins over the `duration` of the verbose form, which is not rounded as bills are. */
function usageOf(body: JsonObject): Usage | null {
  const told = audioUsage(body['usage']);
  const seconds = told?.seconds ?? secondsOf(body['duration']);
  if (seconds === null) return told;
  return { ...(told ?? { inputTokens: 0, outputTokens: 0 }), seconds };
}

/** A transcript as the events of a stream. @see https://platform.openai.com/docs/api-reference/audio/transcript-text-delta-event */
export function transcriptEvents({ text, usage }: { readonly text: string; readonly usage?: unknown }): string {
  const events = [
    { type: 'transcript.text.delta', delta: text },
    { type: 'transcript.text.done', text, ...(usage === undefined ? {} : { usage }) },
  ];
  return events.map((event) => `data: ${JSON.stringify(event)}\n\n`).join('');
}
