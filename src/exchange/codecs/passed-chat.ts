import type { Deployment } from '../../core/deployment.ts';
import type { ErrorReply } from '../../core/dialect.ts';
import type { Job } from '../../core/job.ts';
import type { ProviderError } from '../../core/provider-error.ts';
import { readError } from '../../dialects/openai/errors.ts';
import { mendAnswer } from '../../dialects/openai/chat/mend-answer.ts';
import { ChatPassThrough } from '../../dialects/openai/chat/pass-through.ts';
import type { Call } from '../call.ts';
import type { PrepareContext, Prepared, StreamTranslator, WholeAnswer } from '../codec.ts';
import { endpointOf, headersFor } from '../endpoints.ts';
import type { Upstream } from '../upstream.ts';
import { acceptedJob } from './accepted.ts';
import { openaiBody } from './openai-body.ts';
import type { ReasoningReplay } from './reasoning-replay.ts';
import { retoldChat } from './retold-chat.ts';

/** The client speaks OpenAI and so does the provider: bytes pass (ruling B1). */
export class PassedChat implements Prepared {
  readonly origin: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  readonly tls: Upstream['tls'];
  readonly framing = 'sse';
  readonly job?: Job;
  readonly #clientModel: string;
  readonly #keepUsage: boolean;
  readonly #thinkTags: boolean | 'opened';
  readonly #splitChoices: boolean;
  readonly #replay: ReasoningReplay | null;

  /** @param replay null: the provider takes no reasoning back */
  constructor(call: Call, deployment: Deployment<Upstream>, context: PrepareContext, replay: ReasoningReplay | null) {
    const { upstream } = deployment;
    const endpoint = endpointOf(upstream, '/chat/completions', call.stream);
    this.origin = endpoint.origin;
    this.path = endpoint.path;
    this.headers = headersFor(upstream, endpoint, NO_HEADERS, call.options.upstreamHeaders);
    this.#replay = replay;
    this.body = openaiBody(call, deployment, context);
    this.tls = upstream.tls;
    const job = acceptedJob(upstream);
    if (job) this.job = job;
    this.#clientModel = context.shownModel;
    this.#keepUsage = call.options.includeUsage;
    this.#splitChoices = upstream.resolved.reply.splitChoices ?? false;
    this.#thinkTags = deployment.info['reasoning_tag_open'] === true ? 'opened' : (upstream.resolved.reply.thinkTags ?? false);
  }

  whole(body: Buffer): WholeAnswer {
    const answer = mendAnswer(body, this.#clientModel, { thinkTags: this.#thinkTags, splitChoices: this.#splitChoices });
    this.#replay?.remember(answer.body);
    return answer;
  }

  retold({ body }: WholeAnswer): string {
    return retoldChat(body, this.#clientModel, this.#keepUsage);
  }

  stream(): StreamTranslator {
    const recorder = this.#replay?.recorder() ?? null;
    const options = { clientModel: this.#clientModel, keepUsage: this.#keepUsage, thinkTags: this.#thinkTags, witness: recorder?.see };
    return new PassedStream(new ChatPassThrough(options), recorder);
  }

  error(reply: ErrorReply): ProviderError {
    return readError(reply);
  }
}

const NO_HEADERS: Readonly<Record<string, string>> = {};

class PassedStream implements StreamTranslator {
  /** Where usage comes before the end, it is of all so far. */
  readonly early = null;
  readonly #stream: ChatPassThrough;
  readonly #recorder: ReturnType<ReasoningReplay['recorder']> | null;

  constructor(stream: ChatPassThrough, recorder: ReturnType<ReasoningReplay['recorder']> | null) {
    this.#stream = stream;
    this.#recorder = recorder;
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
    const text = this.#stream.push(chunk);
    if (this.#stream.finished) this.#recorder?.end();
    return text;
  }

  end(): string {
    const text = this.#stream.end();
    this.#recorder?.end();
    return text;
  }

  text(): string {
    return this.#stream.takeText();
  }
}
