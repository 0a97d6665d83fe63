import type { Answer, StreamPart } from '../../core/answer.ts';
import type { Deployment } from '../../core/deployment.ts';
import type { ErrorReply, Framing, OutwardChat, OutwardDialect, StreamEvent, StreamReader } from '../../core/dialect.ts';
import { foldStream } from '../../core/fold-stream.ts';
import { isObject, type JsonObject } from '../../core/json-object.ts';
import type { Part } from '../../core/parts.ts';
import type { ProviderError } from '../../core/provider-error.ts';
import type { ChatRequest } from '../../core/request.ts';
import type { Usage } from '../../core/usage.ts';
import type { EventParser } from '../../dialects/framing/event-parser.ts';
import { parserFor } from '../../dialects/framing/parser-for.ts';
import { writeChatAnswer, type AnswerShape } from '../../dialects/openai/chat/answer.ts';
import { readChatRequest, usesLegacyFunctions } from '../../dialects/openai/chat/request.ts';
import { ChatStreamWriter } from '../../dialects/openai/chat/stream.ts';
import { isGatewayMember } from '../../dialects/openai/members.ts';
import { withDefaults } from '../../providers/defaults.ts';
import { dropPaths } from '../../providers/drop-paths.ts';
import { merged } from '../../providers/quirks/json-path.ts';
import type { Call } from '../call.ts';
import type { Codec, PrepareContext, Prepared, StreamTranslator, WholeAnswer } from '../codec.ts';
import { endpointOf, headersFor } from '../endpoints.ts';
import type { MediaInliner } from '../media-inliner.ts';
import type { ReasoningMemory } from '../reasoning-memory.ts';
import type { Upstream } from '../upstream.ts';
import { parsedAnswer } from './parsed-answer.ts';
import { retoldChat } from './retold-chat.ts';
import { targetFor } from './target.ts';

export interface TranslatedChatParts {
  readonly dialects: Readonly<Record<string, OutwardDialect>>;
  readonly media: MediaInliner;
  readonly memory: ReasoningMemory;
}

/** OpenAI chat from the client, another dialect towards the provider: through the hub both ways. */
export class TranslatedChat implements Codec {
  readonly #parts: TranslatedChatParts;

  constructor(parts: TranslatedChatParts) {
    this.#parts = parts;
  }

  async prepare(call: Call, deployment: Deployment<Upstream>, context: PrepareContext): Promise<Prepared> {
    const { media, memory } = this.#parts;
    const dialect = this.#parts.dialects[deployment.dialect];
    if (!dialect) throw new Error(`no dialect ${deployment.dialect}`);
    const body = bodyOf(call, deployment, context);
    const asked = memory.restored(call.caller.keyHash, deployment.provider, readChatRequest(body, call.groupName));
    const request = await media.inlined(asked, dialect, { allowPrivate: deployment.upstream.privateMedia, client: call.client });
    return new TranslatedAttempt(
      call,
      deployment,
      dialect,
      request,
      { ...context, legacy: usesLegacyFunctions(body), extra: body['extra_body'] },
      memory,
    );
  }
}

/** The client's body with the deployment's defaults, less what is for the gateway. */
function bodyOf(call: Call, deployment: Deployment<Upstream>, { overrides }: PrepareContext): JsonObject {
  const asked: JsonObject = {};
  for (const [name, value] of Object.entries({ ...call.body.whole(), ...overrides })) {
    if (value !== null && (!isGatewayMember(name) || name === 'extra_body')) asked[name] = value;
  }
  const { defaults, resolved } = deployment.upstream;
  return dropPaths(withDefaults(asked, defaults), [...resolved.quirks.dropPaths, ...call.options.additionalDropParams]);
}

class TranslatedAttempt implements Prepared {
  readonly origin: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  readonly tls: Upstream['tls'];
  readonly framing: Framing;
  readonly #dialect: OutwardDialect;
  readonly #outward: OutwardChat;
  readonly #shape: AnswerShape;
  readonly #remember: (parts: readonly Part[]) => void;
  readonly #includeUsage: boolean;
  readonly #thinkingBlocks: boolean;

  constructor(
    call: Call,
    deployment: Deployment<Upstream>,
    dialect: OutwardDialect,
    request: ChatRequest,
    context: PrepareContext & { legacy: boolean; extra: unknown },
    memory: ReasoningMemory,
  ) {
    const { upstream } = deployment;
    this.#dialect = dialect;
    this.#outward = dialect.chat(withoutExtraBody(request), targetFor(call, deployment));
    const endpoint = endpointOf(upstream, this.#outward.path);
    this.origin = endpoint.origin;
    this.path = endpoint.path;
    this.headers = headersFor(upstream, endpoint, this.#outward.headers, call.options.upstreamHeaders);
    this.body = Buffer.from(JSON.stringify(isObject(context.extra) ? merged(this.#outward.body, context.extra) : this.#outward.body));
    this.tls = upstream.tls;
    this.framing = this.#outward.framing;
    this.#shape = {
      id: `chatcmpl-${call.requestId}`,
      model: context.shownModel,
      created: Math.floor(call.startedAt / 1000),
      ...(context.legacy ? { legacyFunctions: true } : {}),
    };
    this.#remember = (parts) => {
      memory.remember(call.caller.keyHash, deployment.provider, parts);
    };
    this.#includeUsage = call.options.includeUsage;
    this.#thinkingBlocks = deployment.dialect === 'anthropic';
  }

  whole(body: Buffer): WholeAnswer {
    const answer = this.#outward.answer(parsedAnswer(body));
    for (const { parts } of answer.choices) this.#remember(parts);
    const shape = answer.id === undefined ? this.#shape : { ...this.#shape, id: answer.id };
    return { body: Buffer.from(JSON.stringify(writeChatAnswer(answer, shape))), usage: answer.usage ?? null, text: () => textOf(answer) };
  }

  retold({ body }: WholeAnswer): string {
    return retoldChat(body, this.#shape.model, this.#includeUsage);
  }

  stream(): StreamTranslator {
    const writer = new ChatStreamWriter({ ...this.#shape, includeUsage: this.#includeUsage, thinkingBlocks: this.#thinkingBlocks });
    return new TranslatedStream(parserFor(this.#outward.framing), this.#outward.reader(), writer, this.#remember);
  }

  error(reply: ErrorReply): ProviderError {
    return this.#dialect.error(reply);
  }
}

/** Calls and thoughts kept for the memory; a stream that grows beyond is not remembered. */
const MOST_PARTS = 20_000;

class TranslatedStream implements StreamTranslator {
  readonly #parser: EventParser;
  readonly #reader: StreamReader;
  readonly #writer: ChatStreamWriter;
  readonly #remember: (parts: readonly Part[]) => void;
  readonly #seen: StreamPart[] = [];
  #done = false;
  #failure: Error | null = null;
  /** Something went to the client. */
  #given = false;
  #usage: Usage | null = null;
  #outputBytes = 0;
  #keptBytes = 0;

  constructor(parser: EventParser, reader: StreamReader, writer: ChatStreamWriter, remember: (parts: readonly Part[]) => void) {
    this.#parser = parser;
    this.#reader = reader;
    this.#writer = writer;
    this.#remember = remember;
  }

  get failure(): Error | null {
    return this.#failure;
  }

  get done(): boolean {
    return this.#done;
  }

  get usage(): Usage | null {
    return this.#usage;
  }

  get early(): Usage | null {
    return this.#reader.usageSoFar ?? null;
  }

  get outputBytes(): number {
    return this.#outputBytes;
  }

  get keptBytes(): number {
    return this.#keptBytes;
  }

  push(chunk: Buffer): string {
    return this.#told(() => this.#parser.push(chunk), false);
  }

  end(): string {
    return this.#told(() => this.#parser.end(), true);
  }

  /** What stood before an error in the same read goes out first, unless nothing was said yet: then another try may help. */
  #told(events: () => readonly StreamEvent[], closed: boolean): string {
    let output = '';
    try {
      for (const event of events()) output += this.#written(this.#reader.push(event));
      if (closed || this.#reader.finished) output += this.#finish();
    } catch (error) {
      if (output === '' || (this.#outputBytes === 0 && !this.#given) || !(error instanceof Error)) throw error;
      this.#failure = error;
    }
    this.#given ||= output !== '';
    return latin1(output);
  }

  #finish(): string {
    const late = this.#written(this.#reader.end());
    this.#done = true;
    if (this.#seen.length < MOST_PARTS) for (const { parts } of foldStream(this.#seen).choices) this.#remember(parts);
    return late + this.#writer.finish();
  }

  text(): string {
    return textOf(foldStream(this.#seen));
  }

  #written(parts: readonly StreamPart[]): string {
    let output = '';
    for (const part of parts) {
      if (part.type === 'usage') this.#usage = part.usage;
      const bytes = bytesOf(part);
      this.#outputBytes += bytes;
      if (this.#seen.length < MOST_PARTS) {
        this.#seen.push(part);
        this.#keptBytes += bytes;
      }
      output += this.#writer.write(part);
    }
    return output;
  }
}

/** What a part adds to the output. */
function bytesOf(part: StreamPart): number {
  if (part.type === 'text_delta' || part.type === 'reasoning_delta' || part.type === 'refusal_delta') return part.text.length;
  if (part.type === 'tool_call_start') return part.name.length;
  return part.type === 'tool_call_delta' ? part.arguments.length : 0;
}

const NOT_ASCII = /[^\x00-\x7f]/;

/** One character a byte of the text's UTF-8. */
function latin1(text: string): string {
  return NOT_ASCII.test(text) ? Buffer.from(text).toString('latin1') : text;
}

function withoutExtraBody(request: ChatRequest): ChatRequest {
  if (request.extras['extra_body'] === undefined) return request;
  const { extra_body: _, ...extras } = request.extras;
  return { ...request, extras };
}

/** What the model wrote, as one text for the tokenizer. */
function textOf(answer: Answer): string {
  return answer.choices
    .flatMap(({ parts }) =>
      parts.map((part) =>
        part.type === 'text' || part.type === 'reasoning' || part.type === 'refusal'
          ? part.text
          : part.type === 'tool_call'
            ? part.name + part.arguments
            : '',
      ),
    )
    .join('\n');
}
