import type { KeyBody } from '../contract/key.ts';
import type { Caller } from '../core/caller.ts';
import { PermissionError } from '../core/errors.ts';
import type { Person } from '../identity/person.ts';
import type { KeyFields, VirtualKey } from '../identity/virtual-key.ts';

/** What only administrators set: what a key has spent, whose it is beside its person, what else it may do. */
const FOR_ADMINISTRATORS = [
  'spend',
  'temp_budget_increase',
  'temp_budget_expiry',
  'team_id',
  'organization_id',
  'budget_id',
  'permissions',
  'object_permission',
  'access_group_ids',
  'policies',
  'guardrails',
  'disable_global_guardrails',
] as const satisfies readonly (keyof KeyBody)[];

/** Limits of a key, and the same of a person. */
const LIMITS = [
  ['max_budget', 'maxBudget'],
  ['tpm_limit', 'tpmLimit'],
  ['rpm_limit', 'rpmLimit'],
  ['max_parallel_requests', 'maxParallelRequests'],
] as const;

/** What a person changes of a key that an administrator made for them; all else stays as it was given. */
const CHANGED_OF_GIVEN: ReadonlySet<string> = new Set([
  'key',
  'new_key',
  'grace_period',
  'key_alias',
  'user_id',
  'models',
  'blocked',
  ...LIMITS.map(([member]) => member),
]);

/**
 * What a person who is no administrator may ask of a key of their own (control-plane 4.2): nothing of somebody else, no limit
 * above their own, and nothing beyond what an administrator gave the key or decided about it.
 *
 * @param old the key as it is; null for a new one
 * @throws {PermissionError}
 */
export function checkOwnKey(caller: Caller, person: Person | null, body: Partial<KeyBody>, old: KeyFields | null): void {
  const refused = FOR_ADMINISTRATORS.find((name) => body[name] !== undefined && body[name] !== null);
  if (refused !== undefined) throw new PermissionError(`Only an administrator may set ${refused} of a key.`);
  if (body.user_id !== undefined && body.user_id !== caller.userId)
    throw new PermissionError('You may make and change keys of your own alone: leave user_id out, or send your own.');
  if (body.key_type === 'management') throw new PermissionError('Only an administrator may make a key of the type management.');
  const given = old !== null && old.createdBy !== caller.userId ? old : null;
  checkLimits(body, person, given);
  if (old) checkNotBlockedByOthers(caller, old);
  if (given) checkGiven(body, given);
}

function checkLimits(body: Partial<KeyBody>, person: Person | null, given: KeyFields | null): void {
  for (const [member, name] of LIMITS) {
    const asked = body[member];
    if (asked === undefined) continue;
    const [own, kept] = [person?.fields[name] ?? null, given?.[name] ?? null];
    if (own !== null && asked !== null && asked > own) throw new PermissionError(`${member} is above your own limit.`);
    if (kept !== null && (asked === null || asked > kept)) throw new PermissionError(`${member} is above what an administrator set.`);
  }
}

/** Whoever blocked a key unblocks it; until then it stays as it is. */
function checkNotBlockedByOthers(caller: Caller, old: KeyFields): void {
  if (old.blocked === true && old.updatedBy !== caller.userId)
    throw new PermissionError('An administrator blocked this key. Ask them to unblock it.');
}

function checkGiven(body: Partial<KeyBody>, given: KeyFields): void {
  const refused = Object.entries(body).find(([name, value]) => value !== undefined && !CHANGED_OF_GIVEN.has(name));
  if (refused) throw new PermissionError(`An administrator made this key for you: you may not change its ${refused[0]}.`);
  if (given.models.length === 0 || body.models === undefined) return;
  const models = body.models ?? [];
  if (models.length === 0 || models.some((model) => !given.models.includes(model)))
    throw new PermissionError('An administrator chose the models of this key; you may only take some away.');
}

/** @throws {PermissionError} when the key is somebody else's */
export function checkOwner(caller: Caller, key: VirtualKey): void {
  if (caller.role !== 'proxy_admin' && (key.userId === null || key.userId !== caller.userId))
    throw new PermissionError('This key is not yours.');
}
