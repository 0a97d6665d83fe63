import type { Deployment } from '../../../core/deployment.ts';
import type { ErrorReply, OutwardDialect } from '../../../core/dialect.ts';
import { InvalidRequestError } from '../../../core/errors.ts';
import { isObject } from '../../../core/json-object.ts';
import type { ProviderError } from '../../../core/provider-error.ts';
import type { OutwardSpeech, SpeechRequest } from '../../../core/voices.ts';
import { checkSpeechInput, speechUse } from '../../../dialects/openai/audio/speech.ts';
import type { Call } from '../../call.ts';
import type { PrepareContext, Prepared, StreamTranslator, WholeAnswer } from '../../codec.ts';
import { endpointOf, headersFor } from '../../endpoints.ts';
import type { Upstream } from '../../upstream.ts';
import { noAudio, PassedAudio, type MeasuredUse } from '../audio-streams.ts';
import { PackedAudio } from './packed-audio.ts';
import { parted, voiceMembers, voiceTarget } from './members.ts';

type Headers = Readonly<Record<string, string>>;

/** `POST /audio/speech` towards providers that are asked in words of their own; the audio passes as it arrives. */
export class TranslatedSpeech implements Prepared {
  readonly origin: string;
  readonly path: string;
  readonly headers: Headers;
  readonly body: Buffer;
  readonly tls: Upstream['tls'];
  readonly framing = 'bytes';
  readonly #dialect: OutwardDialect;
  readonly #outward: OutwardSpeech;
  readonly #input: string;

  /** @throws {UnsupportedParamsError | InvalidRequestError} */
  constructor(call: Call, deployment: Deployment<Upstream>, context: PrepareContext, dialect: OutwardDialect) {
    const { upstream } = deployment;
    if (!dialect.speech) throw new Error(`${dialect.name} does not speak`);
    const request = requestOf(call, deployment, context);
    const outward = dialect.speech(request, voiceTarget(call, deployment));
    const endpoint = endpointOf(upstream, outward.path);
    this.origin = endpoint.origin;
    this.path = endpoint.path;
    this.headers = headersFor(upstream, endpoint, { accept: '*/*', ...outward.headers }, call.options.upstreamHeaders);
    this.tls = upstream.tls;
    this.body = Buffer.from(typeof outward.body === 'string' ? outward.body : JSON.stringify(outward.body));
    this.#dialect = dialect;
    this.#outward = outward;
    this.#input = request.input;
  }

  streams(headers: Headers): boolean {
    const type = headers['content-type'] ?? '';
    return !NO_AUDIO.test(type) || (this.#outward.packed !== undefined && IN_JSON.test(type));
  }

  /** A text in place of audio is never an answer. */
  whole(body: Buffer): WholeAnswer {
    return noAudio(body);
  }

  retold(): string {
    throw new Error('speech has no other form');
  }

  stream(headers: Headers): StreamTranslator {
    const type = headers['content-type'] ?? '';
    const { contentType, packed } = this.#outward;
    if (packed && IN_JSON.test(type)) return new PackedAudio(contentType, this.#used(headers), packed);
    return new PassedAudio(type.startsWith('audio/') ? type : contentType, this.#used(headers));
  }

  error(reply: ErrorReply): ProviderError {
    return this.#dialect.error(reply);
  }

  #used(headers: Headers): MeasuredUse {
    const { usage, guess } = speechUse(this.#input);
    const characters = this.#outward.characters(headers);
    return { usage: { ...usage, characters }, guess: { ...guess, characters } };
  }
}

const IN_JSON = /\bjson\b/;
/** Types of answers that are texts. */
const NO_AUDIO = /^text\/|\bjson\b|\bxml\b/;

const NAMES: ReadonlySet<string> = new Set(['model', 'input', 'voice', 'response_format', 'speed', 'instructions']);

/** @throws {InvalidRequestError} */
function requestOf(call: Call, deployment: Deployment<Upstream>, context: PrepareContext): SpeechRequest {
  const members = voiceMembers(call, deployment, context);
  const { said, others, owners } = parted(members, NAMES);
  const { input, voice, response_format: format, speed, instructions } = said;
  checkSpeechInput(input);
  return {
    input,
    voice: voiceOf(voice),
    ownVoice: voiceOf(members.owners['voice']),
    format: textOf(format, 'response_format'),
    speed: speedOf(speed),
    instructions: textOf(instructions, 'instructions'),
    others,
    owners,
  };
}

/** A name, or OpenAI's `{id}` of a voice of one's own. */
function voiceOf(voice: unknown): string | null {
  const name = textOf(isObject(voice) ? voice['id'] : voice, 'voice');
  return name === '' ? null : name;
}

function textOf(value: unknown, name: string): string | null {
  if (value === undefined || value === null) return null;
  if (typeof value !== 'string') throw new InvalidRequestError(`'${name}' must be a text.`, name);
  return value;
}

function speedOf(value: unknown): number | null {
  if (value === undefined) return null;
  const speed = Number(value);
  if (!(speed >= SLOWEST && speed <= FASTEST))
    throw new InvalidRequestError(`'speed' must be a number from ${SLOWEST} to ${FASTEST}.`, 'speed');
  return speed;
}

/** @see https://platform.openai.com/docs/api-reference/audio/createSpeech */
const SLOWEST = 0.25;
const FASTEST = 4;
