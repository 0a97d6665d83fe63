import type { Deployment } from '../../core/deployment.ts';
import type { ErrorReply, OutwardDialect } from '../../core/dialect.ts';
import { InvalidRequestError, RequestTooLargeError } from '../../core/errors.ts';
import { isObject, type JsonObject } from '../../core/json-object.ts';
import { MalformedAnswerError, type ProviderError } from '../../core/provider-error.ts';
import type { Usage } from '../../core/usage.ts';
import type { FormField } from '../../dialects/framing/multipart.ts';
import { baseName, formFieldsOf } from '../../dialects/openai/audio/form-fields.ts';
import { heardUse } from '../../dialects/openai/audio/heard.ts';
import { readTranscript, transcriptEvents } from '../../dialects/openai/audio/transcript.ts';
import { checkParams } from '../../dialects/params.ts';
import { isGatewayMember } from '../../dialects/openai/members.ts';
import { withDefaults } from '../../providers/defaults.ts';
import { dropPaths, droppedMembers } from '../../providers/drop-paths.ts';
import type { Call } from '../call.ts';
import type { Codec, PrepareContext, Prepared, StreamTranslator, WholeAnswer } from '../codec.ts';
import { isOwners } from '../owners-say.ts';
import { endpointOf, headersFor } from '../endpoints.ts';
import type { Upload } from '../upload.ts';
import type { Upstream } from '../upstream.ts';
import { PassedAudioEvents, type MeasuredUse } from './audio-streams.ts';
import { OutgoingForm } from './outgoing-form.ts';
import { parsedAnswer } from './parsed-answer.ts';
import { targetFor } from './target.ts';
import { TranslatedTranscription } from './voices/translated-transcription.ts';

type Headers = Readonly<Record<string, string>>;

/** `POST /audio/transcriptions`: the file passes as it arrives, in OpenAI's form or in words of the provider's own. */
export class TranscriptionCodec implements Codec {
  readonly #dialects: Readonly<Record<string, OutwardDialect>>;

  constructor(dialects: Readonly<Record<string, OutwardDialect>>) {
    this.#dialects = dialects;
  }

  prepare(call: Call, deployment: Deployment<Upstream>, context: PrepareContext): Prepared {
    const { upload } = call;
    if (!upload) throw new Error('a transcription without a file');
    const dialect = this.#dialects[deployment.upstream.resolved.audio.dialect];
    const hearing = dialect?.transcription;
    if (dialect && hearing) {
      checkSize(upload, deployment);
      return new TranslatedTranscription({ call, upload, deployment, context, dialect, hearing });
    }
    if (deployment.upstream.resolved.transcribes === null || !dialect)
      throw new InvalidRequestError(`Transcription is not supported for provider ${deployment.upstream.resolved.providerName}.`, 'model');
    checkSize(upload, deployment);
    return new PreparedTranscription(call, upload, deployment, context, dialect);
  }
}

const BYTES_A_MB = 1_048_576;

/** @throws {RequestTooLargeError} `max_file_size_mb` of the deployment; of a file whose size nobody told, its provider says it */
function checkSize({ size, declared }: Upload, { shown }: Deployment<Upstream>): void {
  const limit = Number(shown['max_file_size_mb'] ?? Infinity) * BYTES_A_MB;
  if ((size ?? declared ?? 0) > limit) throw new RequestTooLargeError(limit, 'For this model the file');
}

class PreparedTranscription implements Prepared {
  readonly origin: string;
  readonly path: string;
  readonly headers: Headers;
  readonly body: OutgoingForm;
  readonly tls: Upstream['tls'];
  readonly framing = 'bytes';
  readonly #dialect: OutwardDialect;
  readonly #upload: Upload;
  readonly #shownModel: string;
  readonly #format: unknown;

  constructor(call: Call, upload: Upload, deployment: Deployment<Upstream>, context: PrepareContext, dialect: OutwardDialect) {
    const { upstream } = deployment;
    const endpoint = endpointOf(upstream, '/audio/transcriptions');
    const asked = membersFor(call, deployment, context);
    const members = knownTo(deployment, call, asked);
    this.body = new OutgoingForm({ fields: formFieldsOf(members), upload, passed: (fields) => passedOf(fields, call, deployment) });
    this.origin = endpoint.origin;
    this.path = endpoint.path;
    this.headers = {
      ...headersFor(upstream, endpoint, ANY_TYPE, call.options.upstreamHeaders),
      'content-type': this.body.contentType,
      ...(this.body.length === null ? {} : { 'content-length': String(this.body.length) }),
    };
    this.tls = upstream.tls;
    this.#dialect = dialect;
    this.#upload = upload;
    this.#shownModel = context.shownModel;
    this.#format = asked['response_format'];
  }

  streams(headers: Headers): boolean {
    return (headers['content-type'] ?? '').startsWith('text/event-stream');
  }

  /** JSON passes as it came, the model's name restored; everything else is the transcript itself. */
  whole(body: Buffer, headers: Headers): WholeAnswer {
    const type = headers['content-type'] ?? '';
    if (/\bjson\b/.test(type) || (!type.startsWith('text/') && OPENING_BRACE.test(body.toString('latin1', 0, 100))))
      return this.#json(body);
    if (/\bhtml\b/.test(type)) throw new MalformedAnswerError('The provider answered with an HTML page.', 'shape');
    return this.#text(body);
  }

  #json(body: Buffer): WholeAnswer {
    const parsed = parsedAnswer(body);
    // `text` as JSON: what was asked for stands in it.
    if (typeof parsed === 'string') return this.#text(Buffer.from(parsed));
    const { text, usage } = readTranscript(parsed);
    if (this.#format === 'text') return this.#text(Buffer.from(text), usage);
    const named = isObject(parsed) && typeof parsed['model'] === 'string';
    return {
      body: named ? Buffer.from(JSON.stringify({ ...parsed, model: this.#shownModel })) : body,
      ...this.#used(usage, text),
      text: () => text,
    };
  }

  #text(body: Buffer, usage: Usage | null = null): WholeAnswer {
    const text = body.toString('utf8');
    return { body, contentType: PLAIN_TEXT, ...this.#used(usage, text), text: () => text };
  }

  /** A model that does not stream answered a client that does. */
  retold(answer: WholeAnswer): string {
    return Buffer.from(transcriptEvents({ text: answer.text(), usage: answer.usage?.raw })).toString('latin1');
  }

  stream(): StreamTranslator {
    return new PassedAudioEvents(() => heardUse(this.#upload));
  }

  error(reply: ErrorReply): ProviderError {
    return this.#dialect.error(reply);
  }

  /** What was told, with the recording's own length where only tokens were; else the recording's length; a guess of the rest. */
  #used(told: Usage | null, text: string): MeasuredUse {
    const { usage: heard, guess } = heardUse(this.#upload);
    const written = Math.max(guess.outputTokens, Math.ceil(text.length / LETTERS_A_TOKEN));
    return { usage: told === null ? heard : { ...heard, ...told }, guess: { ...guess, outputTokens: written } };
  }
}

const ANY_TYPE = { accept: '*/*' } as const;
const PLAIN_TEXT = 'text/plain; charset=utf-8';
const OPENING_BRACE = /^\s*\{/;
/** Of English; other languages have fewer, and tokens are told where they cost anything. */
const LETTERS_A_TOKEN = 4;

/** The client's fields less those for the gateway, completed by the deployment's. */
function membersFor(call: Call, deployment: Deployment<Upstream>, { overrides }: PrepareContext): JsonObject {
  const { resolved, defaults } = deployment.upstream;
  const asked = Object.fromEntries(Object.entries({ ...call.body.whole(), ...overrides }).filter(([name]) => !isOwn(name)));
  const given = new Set(Object.keys(asked).map(baseName));
  const own = Object.fromEntries(
    Object.entries(defaults)
      .filter(([name]) => !given.has(baseName(name)) && name !== 'extra_body')
      .map(([name, value]) => [Array.isArray(value) && name === baseName(name) ? `${name}[]` : name, value]),
  );
  const extra = defaults['extra_body'];
  const wanted = withDefaults(asked, own, isObject(extra) ? extra : {});
  const kept = Object.fromEntries(Object.entries(wanted).filter(([name]) => !isDropped(name, call)));
  return { ...dropPaths(kept, resolved.quirks.dropPaths), model: deployment.model };
}

/** Of a provider that knows fewer: the others are refused, or left out where the policy says so. @throws {UnsupportedParamsError} */
function knownTo(deployment: Deployment<Upstream>, call: Call, members: JsonObject): JsonObject {
  const { members: own, transcribes } = deployment.upstream.resolved;
  if (typeof transcribes === 'string' || transcribes === null) return members;
  const known = new Set(['model', ...transcribes, ...Object.keys(own)]);
  const isNeutral = (name: string): boolean => name === 'response_format' && PLAIN_FORMATS.has(String(members[name]));
  const foreign = Object.keys(members).filter((name) => !known.has(baseName(name)));
  checkParams(
    foreign.filter((name) => !isNeutral(name)),
    known,
    targetFor(call, deployment),
  );
  return Object.fromEntries(Object.entries(members).filter(([name]) => known.has(baseName(name))));
}

/** Forms that are made here of any transcript. */
const PLAIN_FORMATS: ReadonlySet<string> = new Set(['json', 'text']);

/** Fields that no client sets: what is for the gateway, and a text in the place of the file. */
function isOwn(name: string): boolean {
  return isGatewayMember(name) || name === 'file';
}

/** Fields that came too late to be known. */
function passedOf(fields: readonly FormField[], call: Call, deployment: Deployment<Upstream>): readonly FormField[] {
  const { quirks, transcribes } = deployment.upstream.resolved;
  const dropped = new Set(quirks.dropPaths.map(baseName));
  const isKnown = (name: string): boolean => typeof transcribes === 'string' || transcribes?.includes(name) === true;
  return fields.filter(
    ([name]) =>
      name !== 'model' &&
      !isOwn(baseName(name)) &&
      !isOwners(name, deployment.upstream) &&
      isKnown(baseName(name)) &&
      !dropped.has(baseName(name)) &&
      !isDropped(name, call),
  );
}

function isDropped(name: string, { options }: Call): boolean {
  return droppedMembers(options.additionalDropParams).includes(baseName(name));
}
