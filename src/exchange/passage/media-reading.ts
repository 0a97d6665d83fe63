import { isObject } from '../../core/json-object.ts';
import type { JsonDocument } from '../../core/json-document.ts';
import type { Usage } from '../../core/usage.ts';
import { speechUse } from '../../dialects/openai/audio/speech.ts';
import { readTranscript } from '../../dialects/openai/audio/transcript.ts';
import { readImages } from '../../dialects/openai/images/answer.ts';
import { askedImages, imageUse } from '../../dialects/openai/images/use.ts';
import { PassedAudioEvents, type MeasuredUse } from '../codecs/audio-streams.ts';
import { PassedImageEvents } from '../codecs/images/image-streams.ts';
import type { Estimate } from '../estimate.ts';
import type { Measured, Reading } from './measured.ts';

/** A request for pictures or sound: paid for by other things than words, so its members count as well as its answer. */
interface MediaRequest {
  /** What is known before the answer. */
  readonly measured: NonNullable<Estimate['measured']>;
  readonly reading: Pick<Reading, 'whole' | 'translator' | 'unread'>;
}

const KINDS: readonly (readonly [RegExp, (body: JsonDocument) => MediaRequest | null])[] = [
  [/\/images\/generations$/, (body) => pictures(body, 0)],
  [/\/images\/(?:edits|variations)$/, (body) => pictures(body, 1)],
  [/\/audio\/speech$/, speech],
  [/\/audio\/(?:transcriptions|translations)$/, transcript],
];

/** Null: it is a request of another kind. @param path at the provider, without query */
export function mediaRequestOf(path: string, body: JsonDocument): MediaRequest | null {
  return KINDS.find(([pattern]) => pattern.test(path))?.[1](body) ?? null;
}

/** @param given images that come along, in a form that is not read */
function pictures(body: JsonDocument, given: number): MediaRequest {
  const members = body.whole();
  const asked = askedImages(members, given);
  const measured = { usage: null, guess: imageUse(asked).guess };
  return {
    measured,
    reading: {
      whole: (answer) => made(answer, members, given),
      translator: () => new PassedImageEvents(asked),
      unread: measured,
    },
  };
}

/** By the size and quality that the answer tells, where it tells them: a form's are not known here. */
function made(answer: unknown, members: Readonly<Record<string, unknown>>, given: number): Measured {
  const { images, usage: told } = readImages(answer);
  const { size, quality } = isObject(answer) ? answer : {};
  const asked = askedImages({ ...members, ...(size ? { size } : {}), ...(quality ? { quality } : {}) }, given);
  const { usage, guess } = imageUse(asked, images.length);
  return { usage: { ...usage, ...told }, guess, text: '' };
}

function speech(body: JsonDocument): MediaRequest {
  const input = body.has('input') ? body.value('input') : null;
  const measured = speechUse(typeof input === 'string' ? input : '');
  return {
    measured,
    reading: {
      whole: () => ({ usage: null, text: '' }),
      translator: () => new PassedAudioEvents(() => measured),
      unread: measured,
    },
  };
}

/** Of a recording that passes by unread nothing is known but what its answer tells. */
function transcript(): MediaRequest {
  const unknown: MeasuredUse = { usage: null, guess: NOTHING_HEARD };
  return {
    measured: unknown,
    reading: {
      whole: (answer) => ({ usage: readTranscript(answer).usage, text: '' }),
      translator: () => new PassedAudioEvents(() => unknown),
    },
  };
}

const NOTHING_HEARD: Usage = { inputTokens: 0, outputTokens: 0 };
