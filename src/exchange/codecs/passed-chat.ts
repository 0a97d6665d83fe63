import type { Deployment } from '../../core/deployment.ts';
import type { ErrorReply } from '../../core/dialect.ts';
import type { ProviderError } from '../../core/provider-error.ts';
import { readError } from '../../dialects/openai/errors.ts';
import { mendAnswer } from '../../dialects/openai/chat/mend-answer.ts';
import { ChatPassThrough } from '../../dialects/openai/chat/pass-through.ts';
import type { Call } from '../call.ts';
import type { PrepareContext, Prepared, StreamTranslator, WholeAnswer } from '../codec.ts';
import { endpointOf, headersFor } from '../endpoints.ts';
import type { Upstream } from '../upstream.ts';
import { openaiBody } from './openai-body.ts';
import { retoldChat } from './retold-chat.ts';

/** The client speaks OpenAI and so does the provider: bytes pass (ruling B1). */
export class PassedChat implements Prepared {
  readonly origin: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  readonly tls: Upstream['tls'];
  readonly framing = 'sse';
  readonly #clientModel: string;
  readonly #keepUsage: boolean;
  readonly #thinkTags: boolean | 'opened';

  constructor(call: Call, deployment: Deployment<Upstream>, context: PrepareContext) {
    const { upstream } = deployment;
    const endpoint = endpointOf(upstream, '/chat/completions');
    this.origin = endpoint.origin;
    this.path = endpoint.path;
    this.headers = headersFor(upstream, endpoint, NO_HEADERS, call.options.upstreamHeaders);
    this.body = openaiBody(call, deployment, context);
    this.tls = upstream.tls;
    this.#clientModel = context.shownModel;
    this.#keepUsage = call.options.includeUsage;
    this.#thinkTags = deployment.info['reasoning_tag_open'] === true ? 'opened' : (upstream.resolved.reply.thinkTags ?? false);
  }

  whole(body: Buffer): WholeAnswer {
    return mendAnswer(body, this.#clientModel, { thinkTags: this.#thinkTags });
  }

  retold({ body }: WholeAnswer): string {
    return retoldChat(body, this.#clientModel, this.#keepUsage);
  }

  stream(): StreamTranslator {
    return new PassedStream(new ChatPassThrough({ clientModel: this.#clientModel, keepUsage: this.#keepUsage, thinkTags: this.#thinkTags }));
  }

  error(reply: ErrorReply): ProviderError {
    return readError(reply);
  }
}

const NO_HEADERS: Readonly<Record<string, string>> = {};

class PassedStream implements StreamTranslator {
  readonly #stream: ChatPassThrough;

  constructor(stream: ChatPassThrough) {
    this.#stream = stream;
  }

  get done(): boolean {
    return this.#stream.finished;
  }

  get usage(): StreamTranslator['usage'] {
    return this.#stream.usage;
  }

  get outputBytes(): number {
    return this.#stream.outputBytes;
  }

  get keptBytes(): number {
    return this.#stream.keptBytes;
  }

  get failure(): Error | null {
    return this.#stream.failure;
  }

  push(chunk: Buffer): string {
    return this.#stream.push(chunk);
  }

  end(): string {
    return this.#stream.end();
  }

  text(): string {
    return this.#stream.takeText();
  }
}
