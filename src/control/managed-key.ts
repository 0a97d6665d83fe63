import { BadRequestError } from '../core/errors.ts';
import type { KeyFields } from '../identity/virtual-key.ts';

/** Whether this is the one key that Home Assistant calls with (home-assistant 14). */
function isManaged({ metadata }: Pick<KeyFields, 'metadata'>): boolean {
  return metadata['managed_by'] === 'bridge';
}

/** @throws {BadRequestError} when Home Assistant would stand there without its key */
export function checkNotManaged(fields: KeyFields): void {
  if (isManaged(fields))
    throw new BadRequestError(
      'Home Assistant uses this key, so it cannot be deleted. Block it to stop its calls, or regenerate it to change its text.',
      'keys',
    );
}
