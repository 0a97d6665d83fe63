import type { Deployment } from '../../core/deployment.ts';
import type { ContentHost, OutwardDialect } from '../../core/dialect.ts';
import { isObject, type JsonObject } from '../../core/json-object.ts';
import type { EmbeddingsRequest } from '../../core/request.ts';
import { isBatch, readEmbedRequest, writeEmbedAnswer } from '../../dialects/gemini/content/embeddings.ts';
import { errorWithin } from '../../dialects/gemini/errors.ts';
import { usageOf } from '../../dialects/gemini/usage.ts';
import { readEmbeddingsRequest } from '../../dialects/openai/embeddings.ts';
import { isGatewayMember } from '../../dialects/openai/members.ts';
import { dropPaths } from '../../providers/drop-paths.ts';
import type { Call } from '../call.ts';
import type { Codec, PrepareContext, Prepared, WholeAnswer } from '../codec.ts';
import { endpointOf, headersFor } from '../endpoints.ts';
import type { Upstream } from '../upstream.ts';
import { parsedAnswer } from './parsed-answer.ts';
import { embeddingDialect, translatedEmbeddings } from './translated-embeddings.ts';
import { wholeOnly } from './whole-only.ts';

/** `:embedContent` and `:batchEmbedContents`: as they came where the provider speaks them, else in its own words. */
export class EmbedContent implements Codec {
  readonly #dialects: Readonly<Record<string, OutwardDialect>>;

  constructor(dialects: Readonly<Record<string, OutwardDialect>>) {
    this.#dialects = dialects;
  }

  prepare(call: Call, deployment: Deployment<Upstream>, { overrides }: PrepareContext): Prepared {
    const dialect = embeddingDialect(this.#dialects, deployment);
    const asked: JsonObject = {};
    for (const [name, value] of Object.entries({ ...call.body.whole(), ...overrides }))
      if (!isGatewayMember(name) && name !== 'model' && name !== 'user') asked[name] = value;
    const body = dropPaths(asked, call.options.additionalDropParams);
    const host = dialect.content?.(deployment.target);
    if (host?.resourceName !== undefined) return passed(call, deployment, body, dialect, host);
    const request = readEmbedRequest(body, call.groupName);
    return translatedEmbeddings(call, deployment, dialect, fitting(request, deployment), (answer) =>
      writeEmbedAnswer(answer, request.single),
    );
  }
}

/** The request with what the deployment sets, less what this provider has no word for. */
function fitting(request: EmbeddingsRequest, { dialect, upstream: { defaults } }: Deployment<Upstream>): EmbeddingsRequest {
  const { encodingFormat: _, ...usual } = readEmbeddingsRequest({ ...defaults, input: '' }, request.model);
  return { ...usual, ...request, extras: { ...usual.extras, ...(TAKES_INPUT_TYPE.has(dialect) ? request.extras : {}) } };
}

/** Dialects that have a word for what a text is embedded for. */
const TAKES_INPUT_TYPE: ReadonlySet<string> = new Set(['cohere', 'bedrock']);

function passed(call: Call, deployment: Deployment<Upstream>, body: JsonObject, dialect: OutwardDialect, host: ContentHost): Prepared {
  const { upstream, model } = deployment;
  const endpoint = endpointOf(upstream, host.methodPath(model, isBatch(body) ? 'batchEmbedContents' : 'embedContent'));
  return wholeOnly({
    ...endpoint,
    tls: upstream.tls,
    headers: headersFor(upstream, endpoint, {}, call.options.upstreamHeaders),
    body: Buffer.from(JSON.stringify(named(body, host.resourceName?.(model) ?? model))),
    whole: toldAsItCame,
    error: (reply) => dialect.error(reply),
  });
}

/** Each request of a batch says the model too. */
function named(body: JsonObject, model: string): JsonObject {
  const { requests } = body;
  if (!Array.isArray(requests)) return { ...body, model };
  return { ...body, requests: requests.map((request: unknown) => (isObject(request) ? { ...request, model } : request)) };
}

function toldAsItCame(body: Buffer): WholeAnswer {
  const answer = parsedAnswer(body);
  const error = errorWithin(answer);
  if (error) throw error;
  const usage = isObject(answer) ? usageOf(answer['usageMetadata']) : undefined;
  return { body, usage: usage ?? null, text: () => '' };
}
