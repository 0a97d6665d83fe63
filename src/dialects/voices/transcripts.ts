import { isObject, printed, type JsonObject } from '../../core/json-object.ts';
import { MalformedAnswerError } from '../../core/provider-error.ts';
import type { Heard, HeardWord } from '../../core/voices.ts';
import { secondsOf } from '../openai/audio/audio-usage.ts';

/** What a provider told, still to be checked. */
interface Told {
  readonly text: unknown;
  readonly language?: unknown;
  readonly seconds?: unknown;
  readonly words?: readonly HeardWord[] | null;
  readonly phrases?: readonly HeardWord[] | null;
}

/** A transcript, its members checked: an odd one beside the text never breaks an answer. @throws {MalformedAnswerError} without a text */
export function heardOf({ text, language, seconds, words = null, phrases = null }: Told): Heard {
  if (typeof text !== 'string') throw noTranscript();
  return {
    text,
    language: typeof language === 'string' && language !== '' ? language : null,
    seconds: secondsOf(seconds),
    words,
    ...(phrases !== null && { phrases }),
  };
}

export function noTranscript(): MalformedAnswerError {
  return new MalformedAnswerError('The answer holds no transcript.', 'shape');
}

/** A word as a provider told it: anything may stand in it. */
interface ToldWord {
  readonly word: unknown;
  readonly start: unknown;
  readonly end: unknown;
  readonly speaker?: string;
}

/** Words with their times, those left out that tell none; null: there is no such list. */
export function wordsIn(list: unknown, read: (word: JsonObject) => ToldWord): HeardWord[] | null {
  if (!Array.isArray(list)) return null;
  return list.flatMap((each: unknown): HeardWord[] => {
    if (!isObject(each)) return [];
    const { word, start, end, ...who } = read(each);
    return typeof word === 'string' && isTime(start) && isTime(end)
      ? [{ word: word.trim(), start, end: Math.max(start, end), ...who }]
      : [];
  });
}

/** `{speaker}`, when the provider says who it is. */
export function speakerOf(told: unknown): { speaker?: string } {
  return typeof told === 'string' || typeof told === 'number' ? { speaker: printed(told) } : {};
}

function isTime(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0;
}
