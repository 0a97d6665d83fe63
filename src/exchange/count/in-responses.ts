import type { Deployment } from '../../core/deployment.ts';
import { isObject, type JsonObject } from '../../core/json-object.ts';
import type { ChatRequest } from '../../core/request.ts';
import { isTokenCount } from '../../core/usage.ts';
import { COUNTED_OF_RESPONSES, writeResponsesBody } from '../../dialects/openai/responses-out/write-request.ts';
import type { Upstream } from '../upstream.ts';
import type { CountRequest } from './question.ts';

export const RESPONSES_COUNT_PATH = '/responses/input_tokens';

/** Null: the provider does not count what it would read over Responses. */
export function inResponses({ upstream, model }: Deployment<Upstream>, body: () => JsonObject): CountRequest | null {
  return upstream.resolved.responses?.counts === true ? { path: RESPONSES_COUNT_PATH, headers: {}, body: { ...body(), model } } : null;
}

/** Parameters that Responses do not take change nothing in what is read. */
export function saidOver(request: ChatRequest, { target }: Deployment<Upstream>): JsonObject {
  return members(writeResponsesBody(request, { ...target, params: { ...target.params, drop: true } }), COUNTED_OF_RESPONSES);
}

export function members(body: JsonObject, names: ReadonlySet<string>): JsonObject {
  return Object.fromEntries(Object.entries(body).filter(([name, value]) => names.has(name) && value !== null));
}

/** The count in an answer of Anthropic's or of OpenAI's; null when it is none. */
export function inputTokensIn(answer: unknown): number | null {
  const tokens = isObject(answer) ? answer['input_tokens'] : null;
  return isTokenCount(tokens) ? tokens : null;
}
