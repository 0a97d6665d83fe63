import type { Target } from '../../core/dialect.ts';
import { InvalidRequestError } from '../../core/errors.ts';
import type { JsonObject } from '../../core/json-object.ts';
import type { OutwardSpeech, SpeechRequest } from '../../core/voices.ts';
import { charactersOf, speechType } from '../openai/audio/speech.ts';
import { checkParams } from '../params.ts';
import { OPENAI_VOICES, SPEECH_FORMATS, type OpenAiVoice, type Said, type SpeechFormat, type SpeechWire } from './wire.ts';

/** A request for speech by a wire. @throws {UnsupportedParamsError | InvalidRequestError} */
export function speechBy(wire: SpeechWire, request: SpeechRequest, target: Target): OutwardSpeech {
  const said: Said = {
    model: target.model,
    text: request.input,
    voice: voiceFor(wire, request, target),
    format: formatFor(wire, request.format, target),
    speed: speedFor(wire, request.speed, target),
    instructions: request.instructions,
    own: { ...request.owners, ...ownMembers(wire, request.others, target) },
  };
  const { path, headers = {}, body } = wire.say(said);
  return {
    path,
    headers,
    body,
    contentType: speechType(said.format),
    ...(wire.packed && { packed: wire.packed }),
    characters: (answered) => countOr(wire.characters?.(said, answered) ?? null, charactersOf(said.text)),
  };
}

/** What the provider counted, where that is a count. */
function countOr(told: number | null, counted: number): number {
  return told !== null && Number.isSafeInteger(told) && told > 0 ? told : counted;
}

/** OpenAI's names stand for voices of the provider, or for the one that the owner chose. */
function voiceFor({ voices, voice: form }: SpeechWire, { voice, ownVoice }: SpeechRequest, { model, provider }: Target): string {
  const wanted = voice === null || isOpenAis(voice) ? (ownVoice ?? voice) : voice;
  const own = voices(model);
  const named = wanted === null ? own.alloy : isOpenAis(wanted) ? (own[wanted] ?? own.alloy) : wanted;
  if (!form.test(named)) throw new InvalidRequestError(`'voice' names no voice of ${provider}.`, 'voice');
  return named;
}

function isOpenAis(name: string): name is OpenAiVoice {
  return OPENAI_VOICES.some((voice) => voice === name);
}

/** @throws {InvalidRequestError} for a format that the provider does not make, naming those that it makes */
function formatFor({ formats }: SpeechWire, asked: string | null, { provider }: Target): SpeechFormat {
  const usual: SpeechFormat | undefined = formats.includes('mp3') ? 'mp3' : formats[0];
  const format = asked === null ? usual : SPEECH_FORMATS.find((name) => name === asked);
  if (format !== undefined && formats.includes(format)) return format;
  throw new InvalidRequestError(`${provider} makes no audio of this response_format: it makes ${formats.join(', ')}.`, 'response_format');
}

/** What is beyond the provider's bounds is brought to them where parameters may be dropped. */
function speedFor({ speed }: SpeechWire, asked: number | null, target: Target): number | null {
  if (asked === null || asked === 1) return null;
  const bounds = speed?.(target.model) ?? null;
  if (bounds === null) {
    checkParams(['speed'], new Set(), target);
    return target.params.allow.includes('speed') ? asked : null;
  }
  const [slowest, fastest] = bounds;
  if (asked >= slowest && asked <= fastest) return asked;
  if (!target.params.drop) throw new InvalidRequestError(`${target.provider} speaks at a 'speed' from ${slowest} to ${fastest}.`, 'speed');
  return Math.min(fastest, Math.max(slowest, asked));
}

/** Members that OpenAI's clients send and whose loss changes nothing in the form of the answer. */
const NEUTRAL: ReadonlySet<string> = new Set(['user']);

function ownMembers({ takes }: SpeechWire, others: JsonObject, target: Target): JsonObject {
  const { stream_format: events, ...members } = others;
  const asked = Object.fromEntries(Object.entries(members).filter(([name, value]) => !NEUTRAL.has(name) && value !== null));
  const known = new Set(takes);
  const names = [...Object.keys(asked), ...(events === undefined || events === null || events === 'audio' ? [] : ['stream_format'])];
  const dropped = checkParams(names, known, target);
  return Object.fromEntries(Object.entries(asked).filter(([name]) => !dropped.has(name)));
}
