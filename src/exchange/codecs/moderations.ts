import type { Deployment } from '../../core/deployment.ts';
import { InvalidRequestError } from '../../core/errors.ts';
import { isObject, type JsonObject } from '../../core/json-object.ts';
import { MalformedAnswerError } from '../../core/provider-error.ts';
import { NO_USAGE, type Usage } from '../../core/usage.ts';
import { errorInside, readError } from '../../dialects/openai/errors.ts';
import { readUsage } from '../../dialects/openai/usage.ts';
import { planQuirks } from '../../providers/quirks/plan.ts';
import type { Call } from '../call.ts';
import type { Codec, PrepareContext, Prepared, WholeAnswer } from '../codec.ts';
import { endpointOf, headersFor } from '../endpoints.ts';
import type { Upstream } from '../upstream.ts';
import { openaiBody } from './openai-body.ts';
import { answerDocument } from './parsed-answer.ts';
import { wholeOnly } from './whole-only.ts';

/** `POST /moderations` towards providers that have OpenAI's. */
export class ModerationsCodec implements Codec {
  prepare(call: Call, deployment: Deployment<Upstream>, context: PrepareContext): Prepared {
    const { upstream } = deployment;
    const { moderates, providerName, quirks } = upstream.resolved;
    if (!moderates) throw new InvalidRequestError(`Moderations are not supported for provider ${providerName}.`, 'model');
    const endpoint = endpointOf(upstream, '/moderations');
    return wholeOnly({
      ...endpoint,
      tls: upstream.tls,
      headers: headersFor(upstream, endpoint, {}, call.options.upstreamHeaders),
      body: openaiBody(call, deployment, context, planQuirks({}, quirks.dropPaths)),
      whole: (body) => told(body, context.shownModel, deployment),
      error: readError,
    });
  }
}

function told(body: Buffer, model: string, { price }: Deployment<Upstream>): WholeAnswer {
  const document = answerDocument(body);
  const error = errorInside(document.has('results') ? {} : document.whole());
  if (error) throw error;
  const results = document.value('results');
  if (!Array.isArray(results) || !results.every(isObject)) throw new MalformedAnswerError('The answer has no results.', 'shape');
  const edits = new Map([['model', JSON.stringify(model)]]);
  if (results.some(({ flagged }) => typeof flagged !== 'boolean')) edits.set('results', JSON.stringify(results.map(flaggedOnce)));
  return { body: document.edited(edits), usage: usageIn(document.value('usage'), price.known && !price.free), text: () => '' };
}

/** Mistral leaves it to the reader to look through the categories. */
function flaggedOnce(result: JsonObject): JsonObject {
  if (typeof result['flagged'] === 'boolean') return result;
  const { categories } = result;
  return { ...result, flagged: isObject(categories) && Object.values(categories).includes(true) };
}

/** Providers judge for nothing, and most do not count; where the owner set a price, it is counted here. */
function usageIn(usage: unknown, priced: boolean): Usage | null {
  return readUsage(usage) ?? (priced ? null : NO_USAGE);
}
