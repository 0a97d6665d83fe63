import type { JsonObject } from '../core/json-object.ts';
import { usdJson, type Usd } from '../core/money.ts';
import { isoOf } from '../identity/key-rows.ts';
import type { PersonFields } from '../identity/person.ts';

/** A person as the wire shows one (control-plane 5), never with the password. `spend` is since the last reset. */
export function userObject(person: PersonFields, spend: Usd): JsonObject {
  return {
    user_id: person.id,
    user_email: person.email,
    user_alias: person.alias,
    user_role: person.role,
    sso_user_id: person.ssoUserId,
    has_password: person.password !== null,
    teams: [],
    models: person.models,
    spend: usdJson(spend),
    max_budget: person.maxBudget === null ? null : usdJson(person.maxBudget),
    budget_duration: person.budgetDuration,
    budget_reset_at: isoOf(person.budgetResetAt),
    model_max_budget: person.modelMaxBudget,
    tpm_limit: person.tpmLimit,
    rpm_limit: person.rpmLimit,
    max_parallel_requests: person.maxParallelRequests,
    metadata: person.metadata,
    created_at: isoOf(person.createdAt),
    updated_at: isoOf(person.updatedAt),
    created_by: person.createdBy,
    updated_by: person.updatedBy,
  };
}
