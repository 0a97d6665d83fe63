import { parseExact } from '../core/exact-json.ts';
import { PERSON_ROLES, type PersonRole } from '../core/caller.ts';
import { isObject, type JsonObject } from '../core/json-object.ts';
import { usdOf, usdText } from '../core/money.ts';
import { isoOf, modelBudgetsOf } from './key-rows.ts';
import type { PersonFields } from './person.ts';

const TIMES = ['budget_reset_at', 'created_at', 'updated_at'] as const;

/** Times as milliseconds, JSON and money as text. */
export const SELECT_USERS = `select user_id, user_email, user_alias, user_role, password, sso_user_id, models, max_budget, budget_duration,
  rpm_limit, tpm_limit, max_parallel_requests, created_by, updated_by, model_max_budget::text as model_max_budget, metadata::text as metadata,
  ${TIMES.map((name) => `(extract(epoch from ${name}) * 1000)::float8 as ${name}`).join(', ')} from gateway.users`;

interface UserRow extends Record<string, unknown> {
  readonly user_id: string;
  readonly user_email: string | null;
  readonly user_alias: string | null;
  readonly user_role: string;
  readonly password: string | null;
  readonly sso_user_id: string | null;
  readonly models: readonly string[];
  readonly max_budget: string | null;
  readonly budget_duration: string | null;
  readonly budget_reset_at: number | null;
  readonly model_max_budget: string;
  readonly rpm_limit: number | null;
  readonly tpm_limit: number | null;
  readonly max_parallel_requests: number | null;
  readonly metadata: string;
  readonly created_at: number;
  readonly updated_at: number;
  readonly created_by: string | null;
  readonly updated_by: string | null;
}

/** Reads one row of {@link SELECT_USERS}. */
export function personFieldsOf(given: Readonly<Record<string, unknown>>): PersonFields {
  const row = given as UserRow;
  const modelMaxBudget = objectOf(row.model_max_budget);
  return {
    id: row.user_id,
    email: row.user_email,
    alias: row.user_alias,
    role: roleOf(row.user_role),
    password: row.password,
    ssoUserId: row.sso_user_id,
    models: row.models,
    maxBudget: row.max_budget === null ? null : usdOf(row.max_budget),
    budgetDuration: row.budget_duration,
    budgetResetAt: row.budget_reset_at,
    modelMaxBudget,
    modelBudgets: modelBudgetsOf(modelMaxBudget),
    rpmLimit: row.rpm_limit,
    tpmLimit: row.tpm_limit,
    maxParallelRequests: row.max_parallel_requests,
    metadata: objectOf(row.metadata),
    createdAt: row.created_at,
    updatedAt: row.updated_at,
    createdBy: row.created_by,
    updatedBy: row.updated_by,
  };
}

/** Columns and values of a person's row, in one order. */
export function userRowOf(fields: PersonFields): { columns: string[]; values: unknown[] } {
  const row: Record<string, unknown> = {
    user_id: fields.id,
    user_email: fields.email,
    user_alias: fields.alias,
    user_role: fields.role,
    password: fields.password,
    sso_user_id: fields.ssoUserId,
    models: fields.models,
    max_budget: fields.maxBudget === null ? null : usdText(fields.maxBudget),
    budget_duration: fields.budgetDuration,
    budget_reset_at: isoOf(fields.budgetResetAt),
    model_max_budget: JSON.stringify(fields.modelMaxBudget),
    rpm_limit: fields.rpmLimit,
    tpm_limit: fields.tpmLimit,
    max_parallel_requests: fields.maxParallelRequests,
    metadata: JSON.stringify(fields.metadata),
    created_at: isoOf(fields.createdAt),
    created_by: fields.createdBy,
    updated_at: isoOf(fields.updatedAt),
    updated_by: fields.updatedBy,
  };
  return { columns: Object.keys(row), values: Object.values(row) };
}

/** An unknown role may do least. */
function roleOf(text: string): PersonRole {
  return PERSON_ROLES.find((role) => role === text) ?? 'internal_user_viewer';
}

function objectOf(text: string): JsonObject {
  const value = parseExact(text);
  return isObject(value) ? value : {};
}
