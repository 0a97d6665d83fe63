import type { Answer } from '../../core/answer.ts';
import type { Deployment } from '../../core/deployment.ts';
import type { ErrorReply, Framing, OutwardChat, OutwardDialect, Target, Teller } from '../../core/dialect.ts';
import type { Job } from '../../core/job.ts';
import { isObject, type JsonObject } from '../../core/json-object.ts';
import type { Part } from '../../core/parts.ts';
import type { ProviderError } from '../../core/provider-error.ts';
import type { ChatRequest } from '../../core/request.ts';
import { unfoldAnswer } from '../../core/unfold-answer.ts';
import { parserFor } from '../../dialects/framing/parser-for.ts';
import { openaiWith } from '../../dialects/openai/index.ts';
import { applyQuirks } from '../../providers/quirks/apply.ts';
import type { Call } from '../call.ts';
import type { Codec, PrepareContext, Prepared, StreamTranslator, WholeAnswer } from '../codec.ts';
import { endpointOf, headersFor } from '../endpoints.ts';
import type { MediaInliner } from '../media-inliner.ts';
import type { ReasoningMemory } from '../reasoning-memory.ts';
import type { Upstream } from '../upstream.ts';
import { acceptedJob } from './accepted.ts';
import { answerOfStream, isJson } from './answer-of-stream.ts';
import type { AskedChat, ClientSide } from './client-side.ts';
import { takenOverResponses } from './over-responses.ts';
import { parsedAnswer } from './parsed-answer.ts';
import { latin1, ReadStream, textOf, translated } from './read-stream.ts';
import { withExtraBody, type ExtraBody } from './extra-body.ts';
import { targetFor } from './target.ts';

export interface TranslatedChatParts {
  readonly dialects: Readonly<Record<string, OutwardDialect>>;
  readonly media: MediaInliner;
  readonly memory: ReasoningMemory;
}

/** A conversation in one dialect from the client and in another towards the provider: through the hub both ways. */
export class TranslatedChat implements Codec {
  readonly #client: ClientSide;
  readonly #parts: TranslatedChatParts;

  constructor(client: ClientSide, parts: TranslatedChatParts) {
    this.#client = client;
    this.#parts = parts;
  }

  async prepare(call: Call, deployment: Deployment<Upstream>, context: PrepareContext): Promise<Prepared> {
    const { media, memory, dialects } = this.#parts;
    const dialect = dialectOf(dialects, deployment);
    const { request: asked, extra, teller, leftOut = [], completion } = this.#client.read(call, deployment, context);
    const restored = await memory.restored(call.caller.keyHash, deployment.provider, { ...asked, ...conversationOf(call) });
    const said =
      deployment.dialect === 'responses' ? takenOverResponses(restored, deployment, targetFor(call, deployment).params) : restored;
    const request = await media.inlined(said, dialect, {
      allowPrivate: deployment.upstream.privateMedia,
      client: call.client,
      host: deployment.target.host,
    });
    return new TranslatedAttempt({
      call,
      deployment,
      dialect,
      outward: outwardOf(dialect, request, completion, targetFor(call, deployment)),
      extra,
      teller,
      leftOut,
      remember: (parts) => {
        memory.remember(call.caller.keyHash, deployment.provider, parts);
      },
    });
  }
}

/** `metadata` speaks to the gateway, save for where the client keeps the conversation. */
function conversationOf({ body }: Call): Pick<ChatRequest, 'conversation'> {
  const metadata = body.has('metadata') ? body.value('metadata') : null;
  const id = isObject(metadata) ? metadata['conversation_id'] : undefined;
  return typeof id === 'string' && id !== '' ? { conversation: id } : {};
}

function outwardOf(dialect: OutwardDialect, chat: ChatRequest, completion: AskedChat['completion'], target: Target): OutwardChat {
  return (completion && dialect.completion?.({ ...completion, chat }, target)) ?? dialect.chat(chat, target);
}

/** The provider's dialect; of OpenAI's, as this provider speaks it. */
function dialectOf(dialects: TranslatedChatParts['dialects'], { dialect: name, info, upstream }: Deployment<Upstream>): OutwardDialect {
  const dialect = dialects[name];
  if (!dialect) throw new Error(`no dialect ${name}`);
  if (name !== 'openai') return dialect;
  const { quirks, reply } = upstream.resolved;
  const thinkTags = info['reasoning_tag_open'] === true ? 'opened' : (reply.thinkTags ?? false);
  return openaiWith({ thinkTags, splitChoices: reply.splitChoices ?? false }, quirks.quirks.reasoningSummary === true);
}

interface TranslatedParts {
  readonly call: Call;
  readonly deployment: Deployment<Upstream>;
  readonly dialect: OutwardDialect;
  readonly outward: OutwardChat;
  readonly extra: ExtraBody | null;
  readonly teller: Teller;
  readonly leftOut: readonly string[];
  readonly remember: (parts: readonly Part[]) => void;
}

class TranslatedAttempt implements Prepared {
  readonly origin: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  readonly tls: Upstream['tls'];
  readonly framing: Framing;
  readonly leftOut: readonly string[];
  readonly job?: Job;
  readonly #parts: TranslatedParts;
  #answer: Answer | null = null;

  constructor(parts: TranslatedParts) {
    const { call, deployment, outward, extra } = parts;
    const { upstream } = deployment;
    const endpoint = endpointOf(upstream, outward.path, call.stream);
    const body = deployment.dialect === 'openai' ? withQuirks(outward.body, call, deployment) : outward.body;
    this.#parts = parts;
    this.origin = endpoint.origin;
    this.path = endpoint.path;
    this.headers = headersFor(upstream, endpoint, outward.headers, call.options.upstreamHeaders);
    this.body = Buffer.from(JSON.stringify(withExtraBody(body, extra)));
    this.tls = upstream.tls;
    this.framing = outward.framing;
    this.leftOut = parts.leftOut;
    const job = outward.job ?? acceptedJob(upstream);
    if (job) this.job = job;
  }

  whole(body: Buffer): WholeAnswer {
    const { outward, remember, teller } = this.#parts;
    const answer = outward.streamsOnly === true && !isJson(body) ? answerOfStream(body, outward) : outward.answer(parsedAnswer(body));
    for (const { parts } of answer.choices) remember(parts);
    this.#answer = answer;
    return { body: Buffer.from(JSON.stringify(teller.whole(answer))), usage: answer.usage ?? null, text: () => textOf(answer) };
  }

  /** The answer that {@link whole} read, told as a stream. */
  retold(): string {
    if (this.#answer === null) throw new Error('there is no answer to tell');
    const writer = this.#parts.teller.writer();
    const told = unfoldAnswer(this.#answer).map((part) => writer.write(part));
    return latin1(told.join('') + writer.finish());
  }

  stream(): StreamTranslator {
    const { outward, remember, teller } = this.#parts;
    return new ReadStream(parserFor(outward.framing), outward.reader(), translated(teller.writer()), remember);
  }

  error(reply: ErrorReply): ProviderError {
    return this.#parts.dialect.error(reply);
  }
}

/** What OpenAI's dialect says, as this provider takes it. */
function withQuirks(body: JsonObject, call: Call, deployment: Deployment<Upstream>): JsonObject {
  const { resolved } = deployment.upstream;
  const { stream_options: options, ...rest } = body;
  const { params, abilities } = targetFor(call, deployment);
  return applyQuirks(options !== undefined && resolved.streamOptions ? body : rest, resolved.quirks, {
    model: deployment.model,
    provider: resolved.provider,
    params,
    abilities,
    dropPaths: call.options.additionalDropParams,
  });
}
