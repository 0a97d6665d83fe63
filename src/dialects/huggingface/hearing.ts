import { InvalidRequestError } from '../../core/errors.ts';
import { isObject, wordOf, type JsonObject } from '../../core/json-object.ts';
import { heardOf, wordsIn } from '../voices/transcripts.ts';
import type { HearingWire } from '../voices/wire.ts';

/**
 * hf-inference, or an endpoint of the owner's: it takes the recording as it is, and tells phrases where its model has times.
 *
 * @see https://huggingface.co/docs/inference-providers/tasks/automatic-speech-recognition (read 2026-11-27)
 */
export const HUGGINGFACE_HEARING: HearingWire = {
  takes: [],
  ask: ({ model }) => {
    if (OTHERS.test(model)) throw new InvalidRequestError('Of the inference providers hf-inference alone writes recordings down.', 'model');
    return { path: '/speech-recognition', headers: {}, fields: null };
  },
  read: ({ text, chunks }) => heardOf({ text, phrases: wordsIn(chunks, phraseOf) }),
};

/** Names that end in another inference provider. */
const OTHERS = /:(?!hf-inference$)/;

function phraseOf({ text, timestamp }: JsonObject): { word: string; start: unknown; end: unknown } {
  const [start, end]: unknown[] = Array.isArray(timestamp) ? timestamp : isObject(timestamp) ? [timestamp['start'], timestamp['end']] : [];
  // The last phrase of a recording may be told without an end.
  return { word: wordOf(text), start, end: end ?? start };
}
