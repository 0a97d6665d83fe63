import type { EmbeddingsAnswer } from '../../core/answer.ts';
import type { Deployment } from '../../core/deployment.ts';
import type { OutwardDialect, Target } from '../../core/dialect.ts';
import { InvalidRequestError } from '../../core/errors.ts';
import type { JsonObject } from '../../core/json-object.ts';
import { MalformedAnswerError } from '../../core/provider-error.ts';
import type { EmbeddingsRequest } from '../../core/request.ts';
import { readEmbeddingsAnswer, readEmbeddingsRequest, writeEmbeddingsAnswer } from '../../dialects/openai/embeddings.ts';
import { errorInside } from '../../dialects/openai/errors.ts';
import { isGatewayMember } from '../../dialects/openai/members.ts';
import { readUsage } from '../../dialects/openai/usage.ts';
import { withDefaults } from '../../providers/defaults.ts';
import type { Call } from '../call.ts';
import type { Codec, PrepareContext, Prepared, WholeAnswer } from '../codec.ts';
import { endpointOf, headersFor } from '../endpoints.ts';
import type { Upstream } from '../upstream.ts';
import { batchesOf, joinedBatches } from './embedding-batches.ts';
import { openaiBody } from './openai-body.ts';
import { answerDocument, parsedAnswer } from './parsed-answer.ts';
import { targetFor } from './target.ts';
import { textsFrom, type TextsOfTokens } from './texts-of-tokens.ts';
import { wholeOnly } from './whole-only.ts';

/** `POST /embeddings` towards any dialect that has them. */
export class Embeddings implements Codec {
  readonly #dialects: Readonly<Record<string, OutwardDialect>>;
  readonly #textsOfTokens: TextsOfTokens;

  constructor(dialects: Readonly<Record<string, OutwardDialect>>, textsOfTokens: TextsOfTokens) {
    this.#dialects = dialects;
    this.#textsOfTokens = textsOfTokens;
  }

  prepare(call: Call, deployment: Deployment<Upstream>, context: PrepareContext): Prepared | Promise<Prepared> {
    const dialect = this.#dialects[deployment.dialect];
    const request = readEmbeddingsRequest(call.body.whole(), call.groupName);
    if (!dialect?.embeddings)
      throw new InvalidRequestError(`Embeddings are not supported for provider ${deployment.upstream.resolved.providerName}.`, 'model');
    const wanted = { model: context.shownModel, ...(request.encodingFormat ? { encodingFormat: request.encodingFormat } : {}) };
    const { upstream } = deployment;
    if (deployment.dialect === 'openai') {
      const endpoint = endpointOf(upstream, '/embeddings');
      return wholeOnly({
        ...endpoint,
        tls: upstream.tls,
        headers: headersFor(upstream, endpoint, {}, call.options.upstreamHeaders),
        body: openaiBody(call, deployment, context),
        whole: (body) => passed(body, wanted),
        error: (reply) => dialect.error(reply),
      });
    }
    const asked: JsonObject = {};
    for (const [name, value] of Object.entries({ ...call.body.whole(), ...context.overrides }))
      if (!isGatewayMember(name)) asked[name] = value;
    const completed = readEmbeddingsRequest(withDefaults(asked, upstream.defaults), call.groupName);
    const told = (input: EmbeddingsRequest['input']): Prepared => translated(call, deployment, dialect, { ...completed, input }, wanted);
    // Tokens mean nothing to another model's tokenizer.
    if (completed.input.every((entry) => typeof entry === 'string')) return told(completed.input);
    return textsFrom(completed.input, call.groupName, 'input', this.#textsOfTokens).then(told);
  }
}

/** A request in another dialect; in several, where the provider takes no more than so many inputs at once. */
function translated(
  call: Call,
  deployment: Deployment<Upstream>,
  dialect: OutwardDialect,
  request: EmbeddingsRequest,
  wanted: Wanted,
): Prepared {
  const { upstream } = deployment;
  const target = targetFor(call, deployment);
  const answers: EmbeddingsAnswer[] = [];
  const joined = (): WholeAnswer => told(joinedBatches(answers), wanted);
  const batches = batchesOf(request, mostInputs(dialect, target)).flatMap((batch, at, { length }) => {
    const outward = dialect.embeddings?.(batch, target);
    if (!outward) return [];
    const endpoint = endpointOf(upstream, outward.path);
    const whole: Prepared['whole'] = (body, headers) => {
      answers[at] = outward.answer(parsedAnswer(body), headers);
      return length === 1 ? joined() : PART;
    };
    return wholeOnly({
      ...endpoint,
      tls: upstream.tls,
      headers: headersFor(upstream, endpoint, outward.headers, call.options.upstreamHeaders),
      body: Buffer.from(JSON.stringify(outward.body)),
      whole,
      error: (reply) => dialect.error(reply),
    });
  });
  const [first, ...requests] = batches;
  if (!first) throw new Error(`no embeddings in ${dialect.name}`);
  return requests.length === 0 ? first : { ...first, rest: { requests, joined } };
}

function mostInputs({ mostEmbeddingInputs: most }: OutwardDialect, target: Target): number | undefined {
  return typeof most === 'function' ? most(target) : most;
}

/** One batch of several says nothing to the client by itself. */
const PART: WholeAnswer = { body: Buffer.alloc(0), usage: null, text: () => '' };

function told(answer: EmbeddingsAnswer, wanted: Wanted): WholeAnswer {
  return { body: Buffer.from(JSON.stringify(writeEmbeddingsAnswer(answer, wanted))), usage: answer.usage ?? null, text: () => '' };
}

interface Wanted {
  readonly model: string;
  readonly encodingFormat?: 'float' | 'base64';
}

/** An OpenAI-shaped answer: vectors pass as bytes unless they come in another form than asked for. */
function passed(body: Buffer, wanted: Wanted): WholeAnswer {
  const document = answerDocument(body);
  const error = errorInside(document.has('data') ? {} : document.whole());
  if (error) throw error;
  if (!document.startsWith('data', '[')) throw new MalformedAnswerError('The answer has no embeddings.', 'shape');
  const usage = readUsage(document.value('usage')) ?? null;
  const asText = /"embedding"\s*:\s*"/.test(document.latin1.slice(0, 2000));
  if (asText !== (wanted.encodingFormat === 'base64') || /"embedding"\s*:\s*\[\s*\[/.test(document.latin1.slice(0, 2000))) {
    return {
      body: Buffer.from(JSON.stringify(writeEmbeddingsAnswer(readEmbeddingsAnswer(document.whole()), wanted))),
      usage,
      text: () => '',
    };
  }
  return { body: document.edited(new Map([['model', JSON.stringify(wanted.model)]])), usage, text: () => '' };
}
