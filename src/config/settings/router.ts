import { field, idleField } from './field.ts';
import type { SettingsOf } from './field.ts';
import { allowedFailsPolicy, fallbackRules, fallbackTargets, groupAliases, groupRetryPolicies, retryPolicy } from './routing-values.ts';
import { count, flag, freeMap, oneOf, optional, positiveCount, seconds, timeout } from './values.ts';

/** How a deployment is chosen inside its group. */
export const ROUTING_STRATEGIES = [
  'simple-shuffle',
  'least-busy',
  'latency-based-routing',
  'usage-based-routing-v2',
  'usage-based-routing',
  'cost-based-routing',
  'provider-budget-routing',
] as const;

/** The two oldest names: version 1 is served as version 2, and budgets filter whatever the strategy. */
const strategy = oneOf(ROUTING_STRATEGIES).transform((name) => {
  if (name === 'usage-based-routing') return 'usage-based-routing-v2';
  return name === 'provider-budget-routing' ? 'simple-shuffle' : name;
});

/** Settings of `router_settings` that act. */
export const routerFields = {
  strategy: idleField(
    'routing_strategy',
    strategy.default('simple-shuffle'),
    `How a deployment is chosen; here always as \`simple-shuffle\` does. Known: ${ROUTING_STRATEGIES.map((name) => `\`${name}\``).join(', ')}.`,
  ),
  strategyArgs: idleField('routing_strategy_args', freeMap.default({}), 'Arguments of the strategy: `ttl`, `lowest_latency_buffer`.'),
  numRetries: field('num_retries', count.default(2), 'Further tries in the same model group after a failure that another try may mend.'),
  retryAfterMs: field('retry_after', seconds.default(0), 'Least wait in seconds before another try.'),
  timeoutMs: field('timeout', timeout(null), 'Seconds a call may take; `litellm_settings.request_timeout` when absent.'),
  streamTimeoutMs: field('stream_timeout', timeout(null), 'Seconds to the first event of a stream; `timeout` when absent.'),
  allowedFails: field(
    'allowed_fails',
    optional(count),
    'Failures within the cooldown time, at least a minute, that a deployment may have before it rests. Absent: it rests by the share of failures.',
  ),
  allowedFailsPolicy: field(
    'allowed_fails_policy',
    optional(allowedFailsPolicy),
    'The same for each class of failure, such as `RateLimitErrorAllowedFails`; a class that it does not name goes by `allowed_fails`.',
  ),
  cooldownMs: field('cooldown_time', seconds.default(5000), 'Seconds a failing deployment rests; 0: never.'),
  disableCooldowns: field('disable_cooldowns', flag.default(false), 'Never let a deployment rest.'),
  retryPolicy: field('retry_policy', optional(retryPolicy), 'Tries for each class of failure, such as `TimeoutErrorRetries`.'),
  groupRetryPolicies: field('model_group_retry_policy', groupRetryPolicies.default({}), 'A `retry_policy` for each model group.'),
  fallbacks: field('fallbacks', optional(fallbackRules), 'Groups to try when a group failed: `[{"a": ["b", "c"]}]`.'),
  defaultFallbacks: field('default_fallbacks', optional(fallbackTargets), 'Groups to try for every group without a rule of its own.'),
  contextWindowFallbacks: field('context_window_fallbacks', optional(fallbackRules), 'The same when the prompt is too long for the model.'),
  contentPolicyFallbacks: field('content_policy_fallbacks', optional(fallbackRules), 'The same when the provider refuses the content.'),
  maxFallbacks: field('max_fallbacks', count.default(5), 'Most fallbacks that one call takes.'),
  modelGroupAlias: field(
    'model_group_alias',
    groupAliases.default({}),
    'More names for model groups; `{"model": "group", "hidden": true}` keeps one off the lists.',
  ),
  defaultParams: field('default_litellm_params', freeMap.default({}), 'Parameters for deployments that do not set them.'),
  defaultMaxParallelRequests: idleField(
    'default_max_parallel_requests',
    optional(positiveCount),
    'Calls a deployment may have at once when it says nothing itself.',
  ),
} as const;

export type RouterSettings = SettingsOf<typeof routerFields>;

/** Keys that may stand in `litellm_settings` too; `router_settings` wins. */
export const SHARED_ROUTER_KEYS = [
  'num_retries',
  'fallbacks',
  'default_fallbacks',
  'context_window_fallbacks',
  'content_policy_fallbacks',
  'allowed_fails',
  'cooldown_time',
  'model_group_alias',
] as const;
