import { numberOf, parseExact, usdFrom } from '../core/exact-json.ts';
import { isObject, type JsonObject } from '../core/json-object.ts';
import type { BudgetWindow, ModelBudget } from '../core/limit-policy.ts';
import { usdOf, usdText, type Usd } from '../core/money.ts';
import type { KeyFields } from './virtual-key.ts';

/** Columns kept and echoed under their own names: nothing here acts on them. */
const REST_JSON = ['permissions', 'object_permission', 'budget_fallbacks', 'config', 'router_settings'] as const;
const REST_PLAIN = [
  'project_id',
  'agent_id',
  'budget_id',
  'throttle_on_budget_exceeded',
  'auto_rotate',
  'rotation_interval',
  'rotation_count',
] as const;
const REST_LISTS = ['allowed_cache_controls', 'access_group_ids', 'policies'] as const;
const REST_TIMES = ['last_rotation_at', 'key_rotation_at'] as const;

const REST = [...REST_JSON, ...REST_PLAIN, ...REST_LISTS, ...REST_TIMES] as const;

const TIMES = ['expires', 'budget_reset_at', 'temp_budget_expiry', 'created_at', 'updated_at'] as const;
const JSON_COLUMNS = ['aliases', 'budget_limits', 'model_max_budget', 'metadata'] as const;
const PLAIN = [
  'token',
  'public_id',
  'successor',
  'key_name',
  'short',
  'key_alias',
  'key_type',
  'blocked',
  'models',
  'allowed_routes',
  'user_id',
  'team_id',
  'organization_id',
  'max_budget',
  'soft_budget',
  'budget_duration',
  'temp_budget_increase',
  'rpm_limit',
  'tpm_limit',
  'max_parallel_requests',
  'created_by',
  'updated_by',
] as const;

/** Times as milliseconds, JSON as text: nothing loses digits on the way. */
const ACTING = selected(PLAIN, TIMES, JSON_COLUMNS);
const ALL = `${ACTING}, ${selected([...REST_PLAIN, ...REST_LISTS], REST_TIMES, REST_JSON)}`;

function selected(plain: readonly string[], times: readonly string[], json: readonly string[]): string {
  return [
    ...plain,
    ...times.map((name) => `(extract(epoch from ${name}) * 1000)::float8 as ${name}`),
    ...json.map((name) => `${name}::text as ${name}`),
  ].join(', ');
}

/** Whether a key has anything beside the columns that act: few do. */
const HAS_REST = [
  'num_nonnulls(project_id, agent_id, budget_id, throttle_on_budget_exceeded, rotation_interval, last_rotation_at, key_rotation_at) > 0',
  'auto_rotate or rotation_count <> 0',
  ...REST_LISTS.map((name) => `${name} <> '{}'`),
  ...REST_JSON.map((name) => `coalesce(${name}, '{}') <> '{}'`),
].join(' or ');

const MAC = "encode(mac, 'hex') as mac";
export const SELECT_KEYS = `select ${MAC}, ${ALL} from gateway.virtual_keys`;

/** Half the columns, which is what takes the time; `more`: the key has something in the others. */
export const SELECT_ACTING = `select ${MAC}, ${ACTING}, (${HAS_REST}) as more from gateway.virtual_keys`;

export type KeyRow = Readonly<Record<string, unknown>>;

/**
 * Reads one row of {@link SELECT_KEYS}.
 *
 * @param shared gives one string for all equal ones: a hundred thousand keys have few owners and durations between them
 */
export function keyFieldsOf(row: KeyRow, shared: (text: string) => string = (text) => text): KeyFields {
  const sharedIn = (name: string): string | null => {
    const text = textIn(row, name);
    return text === null ? null : shared(text);
  };
  const modelMaxBudget = objectIn(row, 'model_max_budget');
  return {
    hash: String(row['token']),
    publicId: String(row['public_id']),
    successor: textIn(row, 'successor'),
    mac: textIn(row, 'mac'),
    keyName: textIn(row, 'key_name'),
    short: row['short'] === true,
    alias: textIn(row, 'key_alias'),
    keyType: sharedIn('key_type') ?? 'default',
    blocked: typeof row['blocked'] === 'boolean' ? row['blocked'] : null,
    expires: timeIn(row, 'expires'),
    models: listIn(row, 'models'),
    aliases: objectIn(row, 'aliases') as Record<string, string>,
    allowedRoutes: listIn(row, 'allowed_routes'),
    userId: sharedIn('user_id'),
    teamId: sharedIn('team_id'),
    organizationId: sharedIn('organization_id'),
    maxBudget: usdIn(row, 'max_budget'),
    softBudget: usdIn(row, 'soft_budget'),
    budgetDuration: sharedIn('budget_duration'),
    budgetResetAt: timeIn(row, 'budget_reset_at'),
    budgetLimits: windowsOf(jsonIn(row, 'budget_limits')),
    modelMaxBudget,
    modelBudgets: modelBudgetsOf(modelMaxBudget),
    tempBudgetIncrease: usdIn(row, 'temp_budget_increase'),
    tempBudgetExpiry: timeIn(row, 'temp_budget_expiry'),
    rpmLimit: countIn(row, 'rpm_limit'),
    tpmLimit: countIn(row, 'tpm_limit'),
    maxParallelRequests: countIn(row, 'max_parallel_requests'),
    metadata: objectIn(row, 'metadata'),
    createdAt: timeIn(row, 'created_at') ?? 0,
    updatedAt: timeIn(row, 'updated_at') ?? 0,
    createdBy: sharedIn('created_by'),
    updatedBy: sharedIn('updated_by'),
    rest: restOf(row),
  };
}

/** Windows of `budget_limits`; entries of another shape are left out. */
export function windowsOf(value: unknown): readonly BudgetWindow[] | null {
  if (!Array.isArray(value)) return null;
  return value.flatMap((entry: unknown): BudgetWindow[] => {
    if (!isObject(entry) || typeof entry['budget_duration'] !== 'string') return [];
    const maxBudget = usdFrom(entry['max_budget']);
    return maxBudget === null ? [] : [{ duration: entry['budget_duration'], maxBudget }];
  });
}

/** The three forms of control-plane 10.6: `{budget_limit, time_period}`, `{max_budget, budget_duration}`, a bare number. */
export function modelBudgetsOf(value: JsonObject): Readonly<Record<string, ModelBudget>> {
  const budgets: Record<string, ModelBudget> = {};
  for (const [model, entry] of Object.entries(value)) {
    const bare = numberOf(entry) === null ? null : usdFrom(entry);
    const maxBudget = bare ?? (isObject(entry) ? (usdFrom(entry['max_budget']) ?? usdFrom(entry['budget_limit'])) : null);
    if (maxBudget === null) continue;
    const duration = bare === null && isObject(entry) ? (entry['budget_duration'] ?? entry['time_period']) : null;
    budgets[model] = { maxBudget, duration: typeof duration === 'string' ? duration : null };
  }
  return budgets;
}

/** Columns and values of a key's row, in one order. */
export function keyRowOf(key: KeyFields): { columns: string[]; values: unknown[] } {
  const row: Record<string, unknown> = {
    token: key.hash,
    public_id: key.publicId,
    successor: key.successor,
    mac: key.mac === null ? null : Buffer.from(key.mac, 'hex'),
    key_name: key.keyName,
    short: key.short,
    key_alias: key.alias,
    key_type: key.keyType,
    blocked: key.blocked,
    expires: isoOf(key.expires),
    models: key.models,
    aliases: JSON.stringify(key.aliases),
    allowed_routes: key.allowedRoutes,
    user_id: key.userId,
    team_id: key.teamId,
    organization_id: key.organizationId,
    max_budget: textOf(key.maxBudget),
    soft_budget: textOf(key.softBudget),
    budget_duration: key.budgetDuration,
    budget_reset_at: isoOf(key.budgetResetAt),
    budget_limits: key.budgetLimits === null ? null : JSON.stringify(key.budgetLimits.map(windowJson)),
    model_max_budget: JSON.stringify(key.modelMaxBudget),
    temp_budget_increase: textOf(key.tempBudgetIncrease),
    temp_budget_expiry: isoOf(key.tempBudgetExpiry),
    rpm_limit: key.rpmLimit,
    tpm_limit: key.tpmLimit,
    max_parallel_requests: key.maxParallelRequests,
    metadata: JSON.stringify(key.metadata),
    created_at: isoOf(key.createdAt),
    updated_at: isoOf(key.updatedAt),
    created_by: key.createdBy,
    updated_by: key.updatedBy,
  };
  for (const name of REST_JSON)
    if (key.rest[name] !== undefined) row[name] = key.rest[name] === null ? null : JSON.stringify(key.rest[name]);
  for (const name of [...REST_PLAIN, ...REST_LISTS, ...REST_TIMES]) if (key.rest[name] !== undefined) row[name] = key.rest[name];
  return { columns: Object.keys(row), values: Object.values(row) };
}

export function windowJson(window: BudgetWindow): JsonObject {
  return { budget_duration: window.duration, max_budget: JSON.rawJSON(usdText(window.maxBudget)) };
}

function restOf(row: KeyRow): JsonObject {
  if (REST.every((name) => isNothing(row[name]))) return NOTHING_ELSE;
  const rest: JsonObject = {};
  for (const name of REST_JSON) rest[name] = jsonIn(row, name);
  for (const name of REST_PLAIN) rest[name] = row[name] ?? null;
  for (const name of REST_LISTS) rest[name] = listIn(row, name);
  for (const name of REST_TIMES) rest[name] = isoOf(timeIn(row, name));
  return rest;
}

/** What most keys have beside the columns that act: nothing. One object for all of them. */
const NOTHING_ELSE: JsonObject = Object.freeze({});

function isNothing(value: unknown): boolean {
  return value === null || value === undefined || value === false || value === 0 || value === '{}' || isEmptyList(value);
}

function isEmptyList(value: unknown): boolean {
  return Array.isArray(value) && value.length === 0;
}

export function isoOf(ms: number | null): string | null {
  return ms === null ? null : new Date(ms).toISOString();
}

function textOf(usd: Usd | null): string | null {
  return usd === null ? null : usdText(usd);
}

function textIn(row: KeyRow, name: string): string | null {
  const value = row[name];
  return typeof value === 'string' ? value : null;
}

function timeIn(row: KeyRow, name: string): number | null {
  const value = row[name];
  return typeof value === 'number' ? value : null;
}

/** `bigint` columns arrive as text. */
function countIn(row: KeyRow, name: string): number | null {
  const value = row[name];
  return value === null || value === undefined ? null : Number(value);
}

function usdIn(row: KeyRow, name: string): Usd | null {
  const value = row[name];
  return typeof value === 'string' ? usdOf(value) : null;
}

const NO_LIST: readonly string[] = Object.freeze([]);
const NO_OBJECT: JsonObject = Object.freeze({});

/** Empty lists and objects are shared: a hundred thousand keys are mostly empty. */
function listIn(row: KeyRow, name: string): readonly string[] {
  const value = row[name];
  return Array.isArray(value) && value.length > 0 ? (value as string[]) : NO_LIST;
}

function jsonIn(row: KeyRow, name: string): unknown {
  const value = row[name];
  if (value === '{}') return NO_OBJECT;
  return typeof value === 'string' ? parseExact(value) : null;
}

function objectIn(row: KeyRow, name: string): JsonObject {
  const value = jsonIn(row, name);
  return isObject(value) ? value : NO_OBJECT;
}
