import type { Deployment } from '../../core/deployment.ts';
import type { ErrorReply, OutwardDialect } from '../../core/dialect.ts';
import { InvalidRequestError } from '../../core/errors.ts';
import { isObject } from '../../core/json-object.ts';
import type { ProviderError } from '../../core/provider-error.ts';
import { checkSpeechInput, speechType, speechUse } from '../../dialects/openai/audio/speech.ts';
import { readError } from '../../dialects/openai/errors.ts';
import { isGatewayMember } from '../../dialects/openai/members.ts';
import { withDefaults } from '../../providers/defaults.ts';
import { dropPaths } from '../../providers/drop-paths.ts';
import type { Call } from '../call.ts';
import type { Codec, PrepareContext, Prepared, StreamTranslator, WholeAnswer } from '../codec.ts';
import { endpointOf, headersFor } from '../endpoints.ts';
import type { Upstream } from '../upstream.ts';
import { noAudio, PassedAudio, PassedAudioEvents, type MeasuredUse } from './audio-streams.ts';
import { TranslatedSpeech } from './voices/translated-speech.ts';

/** `POST /audio/speech`: passed to providers that speak OpenAI's dialect, translated for those that have words of their own. */
export class SpeechCodec implements Codec {
  readonly #dialects: Readonly<Record<string, OutwardDialect>>;

  constructor(dialects: Readonly<Record<string, OutwardDialect>>) {
    this.#dialects = dialects;
  }

  prepare(call: Call, deployment: Deployment<Upstream>, context: PrepareContext): Prepared {
    const { audio } = deployment.upstream.resolved;
    if (audio.dialect === 'openai') return new PreparedSpeech(call, deployment, context);
    const dialect = this.#dialects[audio.dialect];
    if (!dialect?.speech)
      throw new InvalidRequestError(`Speech is not supported for provider ${deployment.upstream.resolved.providerName}.`, 'model');
    return new TranslatedSpeech(call, deployment, context, dialect);
  }
}

class PreparedSpeech implements Prepared {
  readonly origin: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  readonly tls: Upstream['tls'];
  readonly framing = 'bytes';
  readonly #format: unknown;
  readonly #measured: MeasuredUse;

  constructor(call: Call, deployment: Deployment<Upstream>, context: PrepareContext) {
    const { upstream } = deployment;
    const endpoint = endpointOf(upstream, '/audio/speech');
    const body = bodyFor(call, deployment, context);
    checkSpeechInput(body['input']);
    this.origin = endpoint.origin;
    this.path = endpoint.path;
    this.headers = headersFor(upstream, endpoint, ANY_TYPE, call.options.upstreamHeaders);
    this.tls = upstream.tls;
    this.body = Buffer.from(JSON.stringify(body));
    this.#format = body['response_format'];
    this.#measured = speechUse(body['input']);
  }

  streams(headers: Readonly<Record<string, string>>): boolean {
    return !/\bjson\b|\bhtml\b/.test(headers['content-type'] ?? '');
  }

  /** JSON or a page in place of audio is never an answer. */
  whole(body: Buffer): WholeAnswer {
    return noAudio(body);
  }

  retold(): string {
    throw new Error('speech has no other form');
  }

  stream(headers: Readonly<Record<string, string>>): StreamTranslator {
    const type = headers['content-type'] ?? '';
    if (type.startsWith('text/event-stream')) return new PassedAudioEvents(() => this.#measured);
    return new PassedAudio(/^(audio|video)\//.test(type) ? type : speechType(this.#format), this.#measured);
  }

  error(reply: ErrorReply): ProviderError {
    return readError(reply);
  }
}

const ANY_TYPE = { accept: '*/*' } as const;

/** The client's members less those for the gateway, completed by the deployment's. The rules of chat bodies do not hold here. */
function bodyFor(call: Call, deployment: Deployment<Upstream>, { overrides }: PrepareContext): Record<string, unknown> {
  const asked = Object.fromEntries(
    Object.entries({ ...call.body.whole(), ...overrides }).filter(([name]) => name === 'extra_body' || !isGatewayMember(name)),
  );
  const { extra_body: extra, ...members } = withDefaults(asked, deployment.upstream.defaults);
  const wanted = { ...members, ...(isObject(extra) ? extra : {}), model: deployment.model };
  const { resolved } = deployment.upstream;
  return dropPaths(wanted, [...resolved.quirks.dropPaths, ...call.options.additionalDropParams]);
}
