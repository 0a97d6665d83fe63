import type { Config } from '../config/config.ts';
import type { JsonObject } from '../core/json-object.ts';
import { usdText } from '../core/money.ts';
import type { StatusSettings } from '../contract/error-envelope.ts';
import type { JourneySettings } from '../exchange/journey.ts';
import type { CallSettings } from '../gateway/calls.ts';
import type { GlobalBudget, LimitSettings } from '../limits/limits.ts';
import { targetOf, type FallbackSettings, type FallbackTarget } from '../router/fallbacks.ts';
import type { RouterSettings } from '../router/router.ts';
import type { CorsSettings } from './cors.ts';
import type { FallbackRule } from '../config/settings/routing-values.ts';

/** What each part of the house reads of a configuration, in its own words. */
export function routerSettingsOf({ router }: Config): RouterSettings {
  return {
    cooldown: {
      disabled: router.disableCooldowns,
      cooldownMs: router.cooldownMs,
      allowedFails: router.allowedFails,
      allowedFailsPolicy: countsOf(router.allowedFailsPolicy ?? {}),
    },
    fallbacks: fallbackSettingsOf(router),
    retryPolicy: countsOf(router.retryPolicy ?? {}),
    groupRetryPolicies: new Map(Object.entries(router.groupRetryPolicies).map(([group, policy]) => [group, countsOf(policy)])),
    retries: router.numRetries,
    leastWaitMs: router.retryAfterMs,
  };
}

function countsOf(policy: Readonly<Record<string, number | null | undefined>>): Map<string, number> {
  return new Map(Object.entries(policy).filter((entry): entry is [string, number] => typeof entry[1] === 'number'));
}

function fallbackSettingsOf(router: Config['router']): FallbackSettings {
  return {
    general: rulesOf(router.fallbacks ?? []),
    contextWindow: router.contextWindowFallbacks && rulesOf(router.contextWindowFallbacks),
    contentPolicy: router.contentPolicyFallbacks && rulesOf(router.contentPolicyFallbacks),
    byDefault: targetsOf(router.defaultFallbacks ?? []),
    maxFallbacks: router.maxFallbacks,
  };
}

function rulesOf(rules: readonly FallbackRule[]): Map<string, readonly FallbackTarget[]> {
  return new Map(rules.map(({ from, to }) => [from, targetsOf(to)]));
}

function targetsOf(targets: readonly unknown[]): FallbackTarget[] {
  return targets.map(targetOf).filter((target) => target !== null);
}

export function journeySettingsOf({ general, litellm, router }: Config): JourneySettings {
  return {
    defaultOutputTokens: general.budgetDefaultOutputTokens,
    timeouts: {
      callMs: router.timeoutMs ?? litellm.requestTimeoutMs ?? 600_000,
      firstEventMs: router.streamTimeoutMs,
      idleMs: litellm.streamIdleTimeoutMs ?? 300_000,
      streamMs: litellm.maxStreamingDurationMs,
    },
  };
}

export function callSettingsOf({ general }: Config): CallSettings {
  const { completionModel, embeddingModel, imageGenerationModel, moderationModel } = general;
  return {
    allowMockTesting: general.allowMockTestingParams,
    alwaysIncludeUsage: general.alwaysIncludeUsage,
    forwardClientHeaders: general.forwardClientHeaders,
    maxRequestBytes: general.maxRequestBytes,
    maxFileBytes: general.maxFileBytes,
    forcedModels: {
      chat: completionModel,
      completions: completionModel,
      embeddings: embeddingModel,
      image_generation: imageGenerationModel,
      moderations: moderationModel,
    },
  };
}

export function statusSettingsOf({ general, litellm }: Config): StatusSettings {
  return {
    budgetExceededText: litellm.budgetExceededText,
    budgetExceeded: general.budgetExceededStatus,
    modelAccessDenied: general.modelAccessDeniedStatus,
    requestTooLarge: general.strictStatus ? 413 : 400,
  };
}

export function limitSettingsOf({ environment, general, litellm }: Config): LimitSettings {
  return {
    zone: { timezone: litellm.timezone, resetTime: litellm.budgetResetTime },
    windowMs: environment.rateLimitWindowMs,
    tokenType: general.tokenRateLimitType,
  };
}

export function ledgerSettingsOf({ general }: Config): { readonly flushEveryMs: number; readonly onFailure: 'refuse' | 'serve' } {
  return { flushEveryMs: general.batchWriteMs ?? 5000, onFailure: general.onLedgerFailure };
}

export function globalBudgetOf({ litellm }: Config): GlobalBudget | null {
  return litellm.maxBudget === null ? null : { maxBudget: litellm.maxBudget, duration: litellm.budgetDuration };
}

/** What new people have unless somebody says otherwise; the budget is for those who are no administrators. */
export function userDefaultsOf({ litellm }: Config, role: unknown): JsonObject {
  const { defaultUserParams: usual, maxUserBudget, userBudgetDuration } = litellm;
  const asked = role ?? usual['user_role'];
  if (maxUserBudget === null || asked === 'proxy_admin' || asked === 'proxy_admin_viewer') return usual;
  return { max_budget: usdText(maxUserBudget), ...(userBudgetDuration === null ? {} : { budget_duration: userBudgetDuration }), ...usual };
}

/** All origins: the key is what protects an answer. */
export function corsSettingsOf(_config: Config): CorsSettings {
  return { origins: null };
}
