import { addDuration, parseDuration } from '../config/duration.ts';
import { METADATA_MEMBERS, type KeyBody } from '../contract/key.ts';
import { BadRequestError } from '../core/errors.ts';
import { numberOf, usdFrom } from '../core/exact-json.ts';
import { isObject, type JsonObject } from '../core/json-object.ts';
import { usdText } from '../core/money.ts';
import { modelBudgetsOf } from '../identity/key-rows.ts';
import type { KeySettings } from '../identity/keys.ts';
import type { KeyFields } from '../identity/virtual-key.ts';

/** When a budget of this duration is reset next; null when the text is no duration. */
export type NextReset = (duration: string, now: number) => number | null;

/** `key_type` → the route groups it allows (control-plane 2.4). */
const ROUTES_OF_TYPE = { default: [], llm_api: ['llm_api_routes'], management: ['management_routes'], read_only: ['info_routes'] } as const;

/** Members that are stored and echoed under their own names. */
const REST_MEMBERS = [
  'config', 'permissions', 'object_permission', 'budget_fallbacks', 'router_settings', 'project_id', 'agent_id', 'budget_id', 'throttle_on_budget_exceeded',
  'auto_rotate', 'rotation_interval', 'allowed_cache_controls', 'access_group_ids', 'policies',
] as const satisfies readonly (keyof KeyBody)[]; // prettier-ignore

/** What columns without a value hold: an explicit null clears. */
const CLEARED: Readonly<Partial<Record<(typeof REST_MEMBERS)[number], unknown>>> = {
  config: {},
  permissions: {},
  allowed_cache_controls: [],
  access_group_ids: [],
  policies: [],
  auto_rotate: false,
};

/**
 * What a body says of a key, in our words. Only members that are present count; an explicit null clears (control-plane 4.4).
 *
 * @param old the key as it is; null for a new one
 * @throws {BadRequestError}
 */
export function keySettingsOf(body: Partial<KeyBody>, old: KeyFields | null, now: number, nextReset: NextReset): KeySettings {
  const settings: Record<string, unknown> = {};
  const take = (member: keyof KeyBody, name: keyof KeySettings, empty: unknown = null): void => {
    if (body[member] !== undefined) settings[name] = body[member] ?? empty;
  };
  take('key_alias', 'alias');
  take('models', 'models', []);
  take('aliases', 'aliases', {});
  take('user_id', 'userId');
  take('team_id', 'teamId');
  take('organization_id', 'organizationId');
  take('max_budget', 'maxBudget');
  take('soft_budget', 'softBudget');
  take('tpm_limit', 'tpmLimit');
  take('rpm_limit', 'rpmLimit');
  take('max_parallel_requests', 'maxParallelRequests');
  take('blocked', 'blocked');
  take('allowed_routes', 'allowedRoutes', []);
  if (body.key_type)
    Object.assign(settings, {
      keyType: body.key_type,
      ...(body.key_type === 'default' ? {} : { allowedRoutes: ROUTES_OF_TYPE[body.key_type] }),
    });
  if (body.duration !== undefined) settings['expires'] = expiryOf(body.duration, now);
  Object.assign(settings, budgetOf(body, now, nextReset), temporaryIncreaseOf(body), metadataOf(body, old), restOf(body, now));
  return settings;
}

/** `-1` or null: never. */
function expiryOf(duration: string | null, now: number): number | null {
  if (duration === null || duration === '-1') return null;
  return addDuration(now, durationOf(duration, 'duration')) ?? null;
}

function durationOf(text: string, param: string) {
  const duration = parseDuration(text);
  if (!duration)
    throw new BadRequestError(`Invalid duration '${text.slice(0, 40)}'. Use a number and a unit, such as 30s, 30m, 24h, 7d or 1mo.`, param);
  return duration;
}

function budgetOf(body: Partial<KeyBody>, now: number, nextReset: NextReset): JsonObject {
  const settings: JsonObject = {};
  if (body.budget_duration !== undefined) {
    if (body.budget_duration !== null) durationOf(body.budget_duration, 'budget_duration');
    settings['budgetDuration'] = body.budget_duration;
    settings['budgetResetAt'] = body.budget_duration === null ? null : nextReset(body.budget_duration, now);
  }
  if (body.budget_limits !== undefined) settings['budgetLimits'] = body.budget_limits === null ? null : windowsOf(body.budget_limits);
  if (body.model_max_budget !== undefined) {
    const given = body.model_max_budget ?? {};
    checkModelBudgets(given);
    settings['modelMaxBudget'] = given;
    settings['modelBudgets'] = modelBudgetsOf(given);
  }
  return settings;
}

function windowsOf(windows: NonNullable<KeyBody['budget_limits']>): KeyFields['budgetLimits'] {
  const seen = new Set<string>();
  return windows.map(({ budget_duration: duration, max_budget: maxBudget }) => {
    durationOf(duration, 'budget_limits');
    if (seen.has(duration)) throw new BadRequestError(`budget_limits holds two windows of ${duration}.`, 'budget_limits');
    seen.add(duration);
    return { duration, maxBudget };
  });
}

function checkModelBudgets(given: JsonObject): void {
  const read = modelBudgetsOf(given);
  for (const [model, value] of Object.entries(given)) {
    const budget = read[model];
    const stated = isObject(value) && numberOf(value) === null ? (value['max_budget'] ?? value['budget_limit']) : value;
    if (!budget || usdFrom(stated) === null || budget.maxBudget < 0n)
      throw new BadRequestError(
        `model_max_budget of '${model}' must be a number of US dollars, or an object with max_budget or budget_limit.`,
        'model_max_budget',
      );
    if (budget.duration !== null) durationOf(budget.duration, 'model_max_budget');
  }
}

function temporaryIncreaseOf(body: Partial<KeyBody>): JsonObject {
  const { temp_budget_increase: increase, temp_budget_expiry: expiry } = body;
  if (increase === undefined && expiry === undefined) return {};
  if ((increase ?? null) === null && (expiry ?? null) === null) return { tempBudgetIncrease: null, tempBudgetExpiry: null };
  if (increase === undefined || increase === null || expiry === undefined || expiry === null) {
    throw new BadRequestError(
      'temp_budget_increase and temp_budget_expiry belong together: send both.',
      increase == null ? 'temp_budget_increase' : 'temp_budget_expiry',
    );
  }
  const until = Date.parse(/\d$/.test(expiry) && expiry.includes('T') ? `${expiry}Z` : expiry);
  if (Number.isNaN(until))
    throw new BadRequestError('temp_budget_expiry must be a time such as 2026-12-31T23:59:59Z.', 'temp_budget_expiry');
  return { tempBudgetIncrease: increase, tempBudgetExpiry: until };
}

/** `metadata` replaces the whole object except the members that are kept inside it, which are merged. */
function metadataOf(body: Partial<KeyBody>, old: KeyFields | null): JsonObject {
  const named = METADATA_MEMBERS.filter((name) => body[name] !== undefined);
  if (body.metadata === undefined && named.length === 0) return {};
  const kept = Object.fromEntries(
    METADATA_MEMBERS.filter((name) => old?.metadata[name] !== undefined).map((name) => [name, old?.metadata[name]]),
  );
  const metadata: JsonObject = body.metadata === undefined ? { ...old?.metadata } : { ...kept, ...body.metadata };
  for (const name of named) {
    if (body[name] === null) delete metadata[name];
    else metadata[name] = body[name];
  }
  return { metadata };
}

function restOf(body: Partial<KeyBody>, now: number): JsonObject {
  const rest: JsonObject = {};
  for (const name of REST_MEMBERS) if (body[name] !== undefined) rest[name] = body[name] ?? CLEARED[name] ?? null;
  if (body.auto_rotate === true && typeof body.rotation_interval === 'string') {
    const at = addDuration(now, durationOf(body.rotation_interval, 'rotation_interval'));
    rest['key_rotation_at'] = at === null ? null : new Date(at).toISOString();
  }
  return Object.keys(rest).length === 0 ? {} : { rest };
}

/** Bounds and defaults that the configuration sets for new keys (control-plane 4.1). */
export interface KeyRules {
  readonly defaults: JsonObject;
  readonly upperBounds: JsonObject;
}

const DEFAULTED = [
  'max_budget',
  'user_id',
  'team_id',
  'max_parallel_requests',
  'tpm_limit',
  'rpm_limit',
  'budget_duration',
  'duration',
] as const;

/** The body with the configuration's defaults where it says nothing. */
export function withDefaults(body: JsonObject, { defaults, upperBounds }: KeyRules): JsonObject {
  const result = { ...body };
  for (const name of DEFAULTED) result[name] ??= defaults[name] ?? upperBounds[name] ?? undefined;
  if (Array.isArray(defaults['models']) && (!Array.isArray(result['models']) || result['models'].length === 0))
    result['models'] = defaults['models'];
  if (isObject(defaults['metadata']) && !isObject(result['metadata'])) result['metadata'] = defaults['metadata'];
  return Object.fromEntries(Object.entries(result).filter(([, value]) => value !== undefined));
}

const BOUNDED = ['max_budget', 'max_parallel_requests', 'tpm_limit', 'rpm_limit'] as const;
const BOUNDED_DURATIONS = ['budget_duration', 'duration'] as const;

/** @throws {BadRequestError} when a value is above its upper bound, or takes away a limit that has one */
export function checkUpperBounds(body: Partial<KeyBody>, { upperBounds }: KeyRules): void {
  for (const name of BOUNDED) {
    const bound = usdFrom(upperBounds[name]);
    const given = body[name];
    const value = typeof given === 'bigint' ? given : typeof given === 'number' ? usdFrom(given) : null;
    if (bound !== null && (given === null || (value !== null && value > bound)))
      throw new BadRequestError(`${name} is above the upper bound ${usdText(bound)} that this gateway sets for keys.`, name);
  }
  for (const name of BOUNDED_DURATIONS) {
    const bound = upperBounds[name];
    const given = body[name];
    if (typeof bound !== 'string' || given === undefined) continue;
    // A key that never expires lives longer than any; a budget that never begins anew allows less.
    if (given === null && name === 'budget_duration') continue;
    const limit = addDuration(0, durationOf(bound, name));
    const value = given === null ? null : addDuration(0, durationOf(given, name));
    if (limit !== null && (value === null || value > limit))
      throw new BadRequestError(`${name} is above the upper bound ${bound} that this gateway sets for keys.`, name);
  }
}
