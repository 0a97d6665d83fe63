import type { Caller } from '../core/caller.ts';
import { BadRequestError } from '../core/errors.ts';
import type { KeyFields } from './virtual-key.ts';

/** What the metadata of the one key says that Home Assistant calls with (home-assistant 14). */
export const MANAGED = { managed_by: 'bridge' } as const;

/** Whether this is that key. */
export function isManaged({ metadata }: Pick<KeyFields, 'metadata'>): boolean {
  return metadata['managed_by'] === MANAGED.managed_by;
}

/** Whether Home Assistant itself calls. A key that belongs to a person is that person's, whatever its metadata says. */
export function isHomeAssistant({ role, userId, metadata }: Pick<Caller, 'role' | 'userId' | 'metadata'>): boolean {
  return role === 'key' && userId === null && metadata['managed_by'] === MANAGED.managed_by;
}

const HOME_PERSON = /^ha:[0-9a-f]{32}$/;

/** The person of Home Assistant that a call is made for: its own key names one in `user`. Null: no such call. */
export function homePersonOf(caller: Caller, endUser: string | null): string | null {
  return endUser !== null && HOME_PERSON.test(endUser) && isHomeAssistant(caller) ? endUser : null;
}

/** @throws {BadRequestError} when Home Assistant would stand there without its key */
export function checkNotManaged(fields: KeyFields): void {
  if (isManaged(fields))
    throw new BadRequestError(
      'Home Assistant uses this key, so it cannot be deleted. Block it to stop its calls, or regenerate it to change its text.',
      'keys',
    );
}
