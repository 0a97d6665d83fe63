import { METADATA_MEMBERS } from '../contract/key.ts';
import type { JsonObject } from '../core/json-object.ts';
import { usdJson, type Usd } from '../core/money.ts';
import { isoOf, windowJson } from '../identity/key-rows.ts';
import type { KeyFields } from '../identity/virtual-key.ts';

function money(usd: Usd | null): unknown {
  return usd === null ? null : usdJson(usd);
}

/** A key as the wire shows it (control-plane 4.3), without its text. `spend` is since the last reset. */
export function keyObject(
  key: KeyFields,
  spend: Usd,
  windows: readonly { readonly spend: Usd; readonly resetAt: number | null }[] = [],
): JsonObject {
  const object: JsonObject = {
    key_name: key.keyName,
    short_key: key.short,
    key_alias: key.alias,
    spend: usdJson(spend),
    expires: isoOf(key.expires),
    models: key.models,
    aliases: key.aliases,
    user_id: key.userId,
    team_id: key.teamId,
    organization_id: key.organizationId,
    max_budget: money(key.maxBudget),
    soft_budget: money(key.softBudget),
    budget_duration: key.budgetDuration,
    budget_reset_at: isoOf(key.budgetResetAt),
    budget_limits:
      key.budgetLimits &&
      key.budgetLimits.map((window, index) => ({
        ...windowJson(window),
        spend: money(windows[index]?.spend ?? null),
        reset_at: isoOf(windows[index]?.resetAt ?? null),
      })),
    model_max_budget: key.modelMaxBudget,
    temp_budget_increase: money(key.tempBudgetIncrease),
    temp_budget_expiry: isoOf(key.tempBudgetExpiry),
    rpm_limit: key.rpmLimit,
    tpm_limit: key.tpmLimit,
    max_parallel_requests: key.maxParallelRequests,
    blocked: key.blocked,
    allowed_routes: key.allowedRoutes,
    key_type: key.keyType,
    metadata: key.metadata,
    ...REST_DEFAULTS,
    ...key.rest,
    litellm_budget_table:
      key.softBudget === null
        ? null
        : { soft_budget: money(key.softBudget), max_budget: money(key.maxBudget), budget_duration: key.budgetDuration },
    created_at: isoOf(key.createdAt),
    updated_at: isoOf(key.updatedAt),
    created_by: key.createdBy,
    updated_by: key.updatedBy,
  };
  for (const name of METADATA_MEMBERS) object[name] = key.metadata[name] ?? null;
  return object;
}

const REST_DEFAULTS: JsonObject = {
  config: {},
  permissions: {},
  object_permission: null,
  budget_fallbacks: null,
  router_settings: null,
  project_id: null,
  agent_id: null,
  budget_id: null,
  throttle_on_budget_exceeded: null,
  auto_rotate: false,
  rotation_interval: null,
  rotation_count: 0,
  last_rotation_at: null,
  key_rotation_at: null,
  allowed_cache_controls: [],
  access_group_ids: [],
  policies: [],
};
