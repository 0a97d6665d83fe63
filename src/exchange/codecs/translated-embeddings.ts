import type { EmbeddingsAnswer } from '../../core/answer.ts';
import type { Deployment } from '../../core/deployment.ts';
import type { OutwardDialect, OutwardEmbeddings, Target } from '../../core/dialect.ts';
import { InvalidRequestError } from '../../core/errors.ts';
import type { JsonObject } from '../../core/json-object.ts';
import type { EmbeddingsRequest } from '../../core/request.ts';
import { applyQuirks } from '../../providers/quirks/apply.ts';
import type { Call } from '../call.ts';
import type { Prepared, WholeAnswer } from '../codec.ts';
import { endpointOf, headersFor } from '../endpoints.ts';
import type { Upstream } from '../upstream.ts';
import { batchesOf, joinedBatches, usagesOf } from './embedding-batches.ts';
import { parsedAnswer } from './parsed-answer.ts';
import { targetFor } from './target.ts';
import { wholeOnly } from './whole-only.ts';

/** The dialect of a provider that makes vectors. @throws {InvalidRequestError} */
export function embeddingDialect(dialects: Readonly<Record<string, OutwardDialect>>, { upstream }: Deployment<Upstream>): OutwardDialect {
  const dialect = dialects[upstream.resolved.embeddings];
  if (!dialect?.embeddings)
    throw new InvalidRequestError(`Embeddings are not supported for provider ${upstream.resolved.providerName}.`, 'model');
  return dialect;
}

/**
 * A request in another dialect; in several, where the provider takes no more than so many inputs at once.
 *
 * @param write the client's body for the vectors
 */
export function translatedEmbeddings(
  call: Call,
  deployment: Deployment<Upstream>,
  dialect: OutwardDialect,
  request: EmbeddingsRequest,
  write: (answer: EmbeddingsAnswer) => JsonObject,
): Prepared {
  const { upstream } = deployment;
  const target = targetFor(call, deployment);
  const answers: EmbeddingsAnswer[] = [];
  const joined = (): WholeAnswer => told(joinedBatches(answers), write);
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
      body: Buffer.from(JSON.stringify(bodyOf(outward, call, deployment))),
      whole,
      error: (reply) => dialect.error(reply),
    });
  });
  const [first, ...requests] = batches;
  if (!first) throw new Error(`no embeddings in ${dialect.name}`);
  return requests.length === 0 ? first : { ...first, rest: { requests, joined, told: () => usagesOf(answers) } };
}

/** What OpenAI's dialect says, as this provider takes it. */
function bodyOf({ body }: OutwardEmbeddings, call: Call, deployment: Deployment<Upstream>): Readonly<JsonObject> {
  if (deployment.upstream.resolved.embeddings !== 'openai') return body;
  const { quirks, provider } = deployment.upstream.resolved;
  const { params, abilities } = targetFor(call, deployment);
  return applyQuirks(body, quirks, { model: deployment.model, provider, params, abilities, dropPaths: call.options.additionalDropParams });
}

function mostInputs({ mostEmbeddingInputs: most }: OutwardDialect, target: Target): number | undefined {
  return typeof most === 'function' ? most(target) : most;
}

/** One batch of several says nothing to the client by itself. */
const PART: WholeAnswer = { body: Buffer.alloc(0), usage: null, text: () => '' };

function told(answer: EmbeddingsAnswer, write: (answer: EmbeddingsAnswer) => JsonObject): WholeAnswer {
  return { body: Buffer.from(JSON.stringify(write(answer))), usage: answer.usage ?? null, text: () => '' };
}
