import type { Deployment } from '../../core/deployment.ts';
import type { OutwardDialect } from '../../core/dialect.ts';
import { InvalidRequestError } from '../../core/errors.ts';
import { readRerankAnswer } from '../../dialects/rerank/answer.ts';
import { readRerankRequest, type RerankRequest } from '../../dialects/rerank/request.ts';
import { RERANK_SHAPES, unknownToShape, writeRerank, type RerankShape } from '../../dialects/rerank/shapes.ts';
import { writeRerankAnswer } from '../../dialects/rerank/told.ts';
import { checkParams } from '../../dialects/params.ts';
import type { Call } from '../call.ts';
import type { Codec, PrepareContext, Prepared, WholeAnswer } from '../codec.ts';
import { endpointOf, headersFor } from '../endpoints.ts';
import { rerankUse } from '../rerank-use.ts';
import type { Upstream } from '../upstream.ts';
import { askedMembers } from './asked-members.ts';
import { withExtraBody } from './extra-body.ts';
import { parsedAnswer } from './parsed-answer.ts';
import { targetFor } from './target.ts';
import { wholeOnly } from './whole-only.ts';

/** `POST /rerank` towards every provider whose row tells how it ranks. */
export class RerankCodec implements Codec {
  readonly #dialects: Readonly<Record<string, OutwardDialect>>;

  constructor(dialects: Readonly<Record<string, OutwardDialect>>) {
    this.#dialects = dialects;
  }

  prepare(call: Call, deployment: Deployment<Upstream>, context: PrepareContext): Prepared {
    const { upstream } = deployment;
    const { rerank, providerName } = upstream.resolved;
    const dialect = this.#dialects[deployment.dialect];
    if (rerank === null || !dialect) throw new InvalidRequestError(`Rerank is not supported for provider ${providerName}.`, 'model');
    const shape: RerankShape = RERANK_SHAPES[rerank.shape];
    const { members, extra } = askedMembers(call, deployment, context);
    const request = readRerankRequest(members);
    const unknown = unknownToShape(shape, request);
    const dropped = checkParams(unknown, NONE, targetFor(call, deployment));
    const forced = Object.fromEntries(unknown.flatMap((name) => (dropped.has(name) ? [] : [[name, members[name]]])));
    const body = { ...forced, ...writeRerank(shape, { model: rerank.model, scope: deployment.target.scope }, request) };
    const endpoint = endpointOf(upstream, '/rerank');
    return wholeOnly({
      ...endpoint,
      tls: upstream.tls,
      headers: headersFor(upstream, endpoint, {}, call.options.upstreamHeaders),
      body: Buffer.from(JSON.stringify(withExtraBody(body, extra))),
      whole: (answer) => told(readRerankAnswer(parsedAnswer(answer), shape, request), request, call.requestId),
      error: (reply) => dialect.error(reply),
    });
  }
}

const NONE: ReadonlySet<string> = new Set();

function told(answer: ReturnType<typeof readRerankAnswer>, request: RerankRequest, id: string): WholeAnswer {
  return {
    body: Buffer.from(JSON.stringify(writeRerankAnswer(answer, request, id))),
    usage: answer.usage ?? null,
    guess: rerankUse(request.query, request.documents),
    text: () => '',
  };
}
