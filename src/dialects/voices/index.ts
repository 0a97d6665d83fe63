import type { OutwardDialect, Target } from '../../core/dialect.ts';
import { InvalidRequestError } from '../../core/errors.ts';
import { isObject, type JsonObject } from '../../core/json-object.ts';
import type { TranscriptionRequest } from '../../core/voices.ts';
import { errorInside } from '../openai/errors.ts';
import { checkParams } from '../params.ts';
import { readError } from './errors.ts';
import { speechBy } from './speech.ts';
import { noTranscript } from './transcripts.ts';
import type { HearingWire, Wire } from './wire.ts';
import { VOICE_WIRES } from './wires.ts';

/** Providers that speak and hear and do nothing else, each by words of its own: how it is asked, and what its answer says, is a wire. */
export const voices: OutwardDialect = {
  name: 'voices',
  chat: (_request, { provider, model }) => {
    throw new InvalidRequestError(
      `${model} of ${provider} speaks or hears: it is asked by /v1/audio/speech or /v1/audio/transcriptions.`,
      'model',
    );
  },
  speech: (request, target) => {
    const { speech } = wireOf(target);
    if (!speech) throw new InvalidRequestError(`Speech is not supported for provider ${target.provider}.`, 'model');
    return speechBy(speech, request, target);
  },
  transcription: {
    ask: (request, target) => {
      const wire = hearingOf(target);
      if (request.speakers && wire.speakers !== true)
        throw new InvalidRequestError(`${target.provider} does not tell who speaks: it has no diarized_json.`, 'response_format');
      return wire.ask({ ...request, model: target.model, own: { ...request.owners, ...ownFields(wire, request, target) } });
    },
    read: (body, target) => {
      if (!isObject(body)) throw noTranscript();
      const error = errorInside(body);
      if (error) throw error;
      const { read } = hearingOf(target);
      if (!read) throw new Error(`transcripts of ${target.provider} are made later`);
      return read(body);
    },
  },
  mustInline: () => false,
  error: readError,
};

/** Of fields that a client sends beyond OpenAI's, those that the provider knows; hints that it does not know are left out. */
function ownFields({ takes }: HearingWire, { others }: TranscriptionRequest, target: Target): JsonObject {
  const { include, ...fields } = others;
  // It changes what the answer holds.
  if (include !== undefined) checkParams(['include'], new Set(), target);
  return Object.fromEntries(Object.entries(fields).filter(([name]) => takes.includes(name) || target.params.allow.includes(name)));
}

function hearingOf(target: Target): HearingWire {
  const { hearing } = wireOf(target);
  if (!hearing) throw new InvalidRequestError(`Transcription is not supported for provider ${target.provider}.`, 'model');
  return hearing;
}

/** @throws {Error} when the catalogue names none */
function wireOf({ provider, wire = '' }: Target): Wire {
  const wires: Readonly<Record<string, Wire>> = VOICE_WIRES;
  const found = Object.hasOwn(wires, wire) ? wires[wire] : undefined;
  if (!found) throw new Error(`no wire "${wire}" for ${provider}`);
  return found;
}
