import { isObject, type JsonObject } from '../../core/json-object.ts';
import { dropPaths } from '../drop-paths.ts';
import type { QuirkContext } from './context.ts';
import { merged, withoutNullMembers } from './json-path.ts';
import { withMessages } from './messages.ts';
import type { QuirkPlan } from './plan.ts';
import { withReasoning } from './reasoning.ts';
import { withResponseFormat } from './response-format.ts';
import { withOneTokenLimit } from './token-limits.ts';
import { withTools } from './tools.ts';
import { withoutUnsupported } from './unsupported.ts';
import { completed, renamed, withinBounds, withValues } from './values.ts';

export type { QuirkContext } from './context.ts';

/**
 * An OpenAI-shaped body (chat or embeddings) as the provider takes it. The body is never changed; defaults of the deployment
 * are already in it, members for the gateway are not.
 *
 * Order: what was asked is first brought into OpenAI's own form, then refused, dropped, bounded, and last said in the
 * provider's names; `extra_body` comes after all of it, for it is meant literally.
 *
 * @throws {UnsupportedParamsError} when provider or model cannot take a parameter and the policy does not drop
 */
export function applyQuirks(body: JsonObject, plan: QuirkPlan, context: QuirkContext): JsonObject {
  const { quirks } = plan;
  const { extra_body: extra, ...asked } = topLevelPresent(body);
  let result = dropPaths(asked, [...plan.dropPaths, ...(context.dropPaths ?? [])]);
  result = withOneTokenLimit(result);
  result = withReasoning(result, quirks, context);
  result = withResponseFormat(result, quirks, context);
  result = withoutUnsupported(result, quirks, context);
  result = withTools(result, quirks);
  result = withinBounds(withValues(result, quirks), quirks);
  result = withMessages(result, quirks, context);
  result = completed(renamed(result, quirks), quirks);
  if (quirks.stripNulls) result = withoutNullMembers(result);
  return isObject(extra) ? merged(result, extra) : result;
}

/** `null` says "not given" (data-plane 11.1). */
function topLevelPresent(body: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(body).filter(([, value]) => value !== null && value !== undefined));
}
