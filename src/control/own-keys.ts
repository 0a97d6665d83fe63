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

/**
 * What a person who is no administrator may ask of a key of their own (control-plane 4.2): nothing of somebody else, no limit
 * above their own, and none above what an administrator gave the key.
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
  for (const [member, name] of LIMITS) {
    const given = body[member];
    if (given === undefined) continue;
    const kept = old !== null && old.createdBy !== caller.userId ? old[name] : null;
    for (const [most, whose] of [[person?.fields[name] ?? null, 'your own limit'], [kept, 'what an administrator set']] as const) {
      if (most !== null && (given === null ? kept !== null : given > most))
        throw new PermissionError(`${member} is above ${whose}.`);
    }
  }
  if (old !== null && old.createdBy !== caller.userId && old.models.length > 0 && body.models !== undefined) {
    const more = (body.models ?? []).some((model) => !old.models.includes(model)) || (body.models ?? []).length === 0;
    if (more) throw new PermissionError('An administrator chose the models of this key; you may only take some away.');
  }
} // prettier-ignore

/** @throws {PermissionError} when the key is somebody else's */
export function checkOwner(caller: Caller, key: VirtualKey): void {
  if (caller.role !== 'proxy_admin' && (key.userId === null || key.userId !== caller.userId))
    throw new PermissionError('This key is not yours.');
}
