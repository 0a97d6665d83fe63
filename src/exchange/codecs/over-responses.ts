import type { Deployment } from '../../core/deployment.ts';
import type { ParamPolicy } from '../../core/dialect.ts';
import { isObject, type JsonObject } from '../../core/json-object.ts';
import type { ChatRequest, Reasoning } from '../../core/request.ts';
import { effortWord } from '../../dialects/openai/responses-out/params.ts';
import { present } from '../../dialects/openai/request-fields.ts';
import { withoutUnsupported } from '../../providers/quirks/unsupported.ts';
import type { Call } from '../call.ts';
import type { Upstream } from '../upstream.ts';

/** The same deployment, asked over its Responses. */
export function overResponses(deployment: Deployment<Upstream>): Deployment<Upstream> {
  return { ...deployment, dialect: 'responses' };
}

/**
 * The deployment as clients of other makers than OpenAI are best served: over Responses, which can say more of what they ask for than
 * chat can (data-plane 9.13), where the model has them.
 */
export function asForeignClient(deployment: Deployment<Upstream>): Deployment<Upstream> {
  const use = deployment.upstream.resolved.responses;
  return use?.messages === true ? overResponses(deployment) : deployment;
}

/**
 * Whether a chat has to go over Responses (data-plane 11.8): the model is nowhere else or the owner says so, it cannot call tools and
 * think over chat, or a summary of its thoughts is wanted.
 */
export function chatNeedsResponses({ body }: Call, { upstream }: Deployment<Upstream>): boolean {
  const use = upstream.resolved.responses;
  if (use === null || use.always) return use !== null;
  const asked = (name: string): unknown => (body.has(name) ? body.value(name) : upstream.defaults[name]);
  const effort = asked('reasoning_effort');
  if (isObject(effort) && typeof effort['summary'] === 'string') return true;
  if (!use.toolsWithReasoning || (effort === undefined && asked('thinking') === undefined)) return false;
  const tools = asked('tools') ?? asked('functions');
  return Array.isArray(tools) && tools.length > 0 && thinks(isObject(effort) ? effort['effort'] : effort, asked('thinking'));
}

function thinks(effort: unknown, thinking: unknown): boolean {
  if (typeof effort === 'string') return effort !== 'none' && effort !== 'disable';
  return isObject(thinking) && thinking['type'] !== 'disabled';
}

/**
 * The request without parameters that the model refuses, by the rules that hold for it over chat.
 *
 * @throws {UnsupportedParamsError} when there are some and they may not be dropped
 */
export function takenOverResponses(request: ChatRequest, deployment: Deployment<Upstream>, params: ParamPolicy): ChatRequest {
  const { temperature, topP, logprobs, topLogprobs, parallelToolCalls, reasoning, ...rest } = request;
  const asked = present({
    temperature,
    top_p: topP,
    logprobs,
    top_logprobs: topLogprobs,
    parallel_tool_calls: parallelToolCalls,
    reasoning_effort: reasoning && effortWord(reasoning),
  });
  const refused = refusedParams(asked, deployment, params);
  const kept = <T>(name: string, value: T): T | undefined => (refused.has(name) ? undefined : value);
  return {
    ...rest,
    ...present({
      temperature: kept('temperature', temperature),
      topP: kept('top_p', topP),
      logprobs: kept('logprobs', logprobs),
      topLogprobs: kept('top_logprobs', topLogprobs),
      parallelToolCalls: kept('parallel_tool_calls', parallelToolCalls),
      reasoning: kept('reasoning_effort', reasoning && summedUp(reasoning, deployment)),
    }),
  };
}

/** `reasoning_auto_summary`: whoever makes a model think may read a summary of it. */
function summedUp(reasoning: Reasoning, { upstream }: Deployment<Upstream>): Reasoning {
  const isOff = effortWord(reasoning) === 'none';
  return upstream.resolved.responses?.summaries === true && !isOff ? { summary: 'auto', ...reasoning } : reasoning;
}

/**
 * Which of these parameters the model refuses.
 *
 * @param asked by their names in chat
 * @throws {UnsupportedParamsError} when there are some and they may not be dropped
 */
export function refusedParams(
  asked: JsonObject,
  { model, target, upstream: { resolved } }: Deployment<Upstream>,
  params: ParamPolicy,
): ReadonlySet<string> {
  const context = { model, provider: resolved.provider, params, abilities: target.abilities };
  const taken = (given: JsonObject, drop: boolean): JsonObject =>
    withoutUnsupported(given, resolved.quirks.quirks, { ...context, params: { ...params, drop } });
  // A model that does not think need not be told not to.
  const idle = asked['reasoning_effort'] === 'none' && !('reasoning_effort' in taken(asked, true));
  const { reasoning_effort: effort, ...others } = asked;
  const left = taken(idle ? others : present({ ...others, reasoning_effort: effort }), params.drop);
  return new Set(Object.keys(asked).filter((name) => !(name in left)));
}
