import type { Deployment } from '../../core/deployment.ts';
import type { ErrorReply, StreamEvent } from '../../core/dialect.ts';
import { isObject } from '../../core/json-object.ts';
import type { Job } from '../../core/job.ts';
import type { ProviderError } from '../../core/provider-error.ts';
import { CompletionStreamReader, readCompletion } from '../../dialects/openai/completions/reader.ts';
import { readError } from '../../dialects/openai/errors.ts';
import { parserFor } from '../../dialects/framing/parser-for.ts';
import { planQuirks } from '../../providers/quirks/plan.ts';
import type { Call } from '../call.ts';
import type { PrepareContext, Prepared, StreamTranslator, WholeAnswer } from '../codec.ts';
import { endpointOf, headersFor } from '../endpoints.ts';
import type { Upstream } from '../upstream.ts';
import { openaiBody } from './openai-body.ts';
import { acceptedJob } from './accepted.ts';
import { answerDocument, parsedAnswer } from './parsed-answer.ts';
import { latin1, ReadStream, textOf, type Voice } from './read-stream.ts';

/** The provider has OpenAI's completions: bytes pass but for the model's name. */
export class PassedCompletion implements Prepared {
  readonly origin: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  readonly tls: Upstream['tls'];
  readonly framing = 'sse';
  readonly job?: Job;
  readonly #model: string;
  readonly #keepUsage: boolean;

  constructor(call: Call, deployment: Deployment<Upstream>, context: PrepareContext) {
    const { upstream } = deployment;
    const { quirks } = upstream.resolved;
    const endpoint = endpointOf(upstream, '/completions');
    this.origin = endpoint.origin;
    this.path = endpoint.path;
    this.headers = headersFor(upstream, endpoint, {}, call.options.upstreamHeaders);
    // The rules of chat bodies do not hold here.
    const { force } = quirks.quirks;
    this.body = openaiBody(call, deployment, context, planQuirks(force === undefined ? {} : { force }, quirks.dropPaths));
    this.tls = upstream.tls;
    const job = acceptedJob(upstream);
    if (job) this.job = job;
    this.#model = context.shownModel;
    this.#keepUsage = call.options.includeUsage;
  }

  whole(body: Buffer): WholeAnswer {
    const answer = readCompletion(parsedAnswer(body));
    const told = answerDocument(body).edited(new Map([['model', JSON.stringify(this.#model)]]));
    return { body: told, usage: answer.usage ?? null, text: () => textOf(answer) };
  }

  /** One event holds all of an answer that came in one body. */
  retold({ body }: WholeAnswer): string {
    const event = { event: null, data: body.toString('utf8') };
    return latin1(`${told(event, this.#model, this.#keepUsage)}${END}`);
  }

  stream(): StreamTranslator {
    return new ReadStream(parserFor('sse'), new CompletionStreamReader(), passed(this.#model, this.#keepUsage), () => undefined);
  }

  error(reply: ErrorReply): ProviderError {
    return readError(reply);
  }
}

const END = 'data: [DONE]\n\n';

function passed(model: string, keepUsage: boolean): Voice {
  return {
    tell: (event) => (event === null ? '' : told(event, model, keepUsage)),
    finish: () => END,
  };
}

/** An event as it came, but for the model's name and usage that nobody asked for. */
function told({ data }: StreamEvent, model: string, keepUsage: boolean): string {
  if (data === '[DONE]') return '';
  const event = answerDocument(Buffer.from(data));
  if (!keepUsage && isObject(event.value('usage')) && isEmpty(event.value('choices'))) return '';
  const edits = new Map<string, string | null>([['model', JSON.stringify(model)]]);
  if (!keepUsage) edits.set('usage', null);
  return `data: ${event.edited(edits).toString('utf8').replaceAll('\n', '\ndata: ')}\n\n`;
}

function isEmpty(choices: unknown): boolean {
  return Array.isArray(choices) && choices.length === 0;
}
