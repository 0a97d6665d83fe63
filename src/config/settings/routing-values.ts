import { z } from 'zod';
import { isObject } from '../../core/json-object.ts';
import { count, flag, freeMap, valueOf } from './values.ts';

/** A fallback: a model group, or a group with body fields that replace the client's. */
export type FallbackTarget = string | Readonly<{ model: string } & Record<string, unknown>>;

/** Where calls of one model group go when it fails. */
export interface FallbackRule {
  /** Model group, a pattern such as `gpt-*`, or `*`. */
  readonly from: string;
  readonly to: readonly FallbackTarget[];
}

const TARGET_MESSAGE = 'a fallback must be the name of a model group, or a map with `model`';

/** Targets in the order in which they are tried; one alone is a list of one. */
export const fallbackTargets = valueOf({ type: 'List' }).transform((value, context): readonly FallbackTarget[] => {
  const targets = Array.isArray(value) ? value : [value];
  if (targets.every(isTarget)) return targets;
  context.addIssue({ code: 'custom', message: TARGET_MESSAGE });
  return z.NEVER;
});

/** `[{"a": ["b", "c"]}, ...]`; a plain map `{a: [b]}` means the same. */
export const fallbackRules = valueOf({ type: 'List' }).transform((value, context): readonly FallbackRule[] => {
  const maps = Array.isArray(value) ? value : [value];
  const rules: FallbackRule[] = [];
  for (const [index, map] of maps.entries()) {
    if (!isObject(map)) {
      context.addIssue({ code: 'custom', path: [index], message: 'must be a map: model group: [fallbacks]' });
      return z.NEVER;
    }
    for (const [from, targets] of Object.entries(map)) {
      const to = Array.isArray(targets) ? targets : [targets];
      if (!to.every(isTarget)) {
        context.addIssue({ code: 'custom', path: [index, from], message: TARGET_MESSAGE });
        return z.NEVER;
      }
      rules.push({ from, to });
    }
  }
  return rules;
});

function isTarget(value: unknown): value is FallbackTarget {
  if (typeof value === 'string') return value !== '';
  return isObject(value) && typeof value['model'] === 'string';
}

/** Another public name of a model group. */
export interface GroupAlias {
  readonly model: string;
  /** Usable, but not listed. */
  readonly hidden: boolean;
}

const groupAlias = z.union(
  [
    z
      .string()
      .min(1)
      .transform((model): GroupAlias => ({ model, hidden: false })),
    z.object({ model: z.string().min(1), hidden: flag.default(false) }),
  ],
  'must be the name of a model group, or a map with `model` and `hidden`',
);

/** Aliases by name. */
export const groupAliases = z.record(z.string(), groupAlias, 'must be a map (alias: model group)');

/** Retries for each class of failure; absent: the general number. */
export const retryPolicy = countsNamed([
  'BadRequestErrorRetries',
  'AuthenticationErrorRetries',
  'TimeoutErrorRetries',
  'RateLimitErrorRetries',
  'ContentPolicyViolationErrorRetries',
  'InternalServerErrorRetries',
  'ServiceUnavailableErrorRetries',
  'NotFoundErrorRetries',
  'DefaultRetries',
]);

/** Retry policies by model group. */
export const groupRetryPolicies = z.record(z.string(), retryPolicy, 'must be a map (model group: retry policy)');

/** Failures that are borne before a deployment rests, for each class. */
export const allowedFailsPolicy = countsNamed([
  'BadRequestErrorAllowedFails',
  'AuthenticationErrorAllowedFails',
  'TimeoutErrorAllowedFails',
  'RateLimitErrorAllowedFails',
  'ContentPolicyViolationErrorAllowedFails',
  'InternalServerErrorAllowedFails',
]);

/** Counts by name; names outside the list are carried along and mean nothing. */
function countsNamed<const N extends string>(names: readonly N[]) {
  return freeMap.transform((map, context): Partial<Record<N, number>> => {
    const counts: Partial<Record<N, number>> = {};
    for (const name of names) {
      if (map[name] === undefined || map[name] === null) continue;
      const parsed = count.safeParse(map[name]);
      if (parsed.success) counts[name] = parsed.data;
      else context.addIssue({ code: 'custom', path: [name], message: 'must be a whole number, 0 or more' });
    }
    return counts;
  });
}
