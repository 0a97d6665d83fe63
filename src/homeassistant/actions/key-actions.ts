import { BadRequestError } from '../../core/errors.ts';
import type { Audit } from '../../identity/audit/audit.ts';
import type { KeyRing } from '../../identity/key-ring.ts';
import type { Keys } from '../../identity/keys.ts';
import { isManaged } from '../../identity/managed-key.ts';
import type { Snapshots } from '../snapshot/snapshots.ts';
import type { Tallies } from '../snapshot/tallies.ts';
import type { Asker } from './asker.ts';
import { keyOf } from './known-keys.ts';

export interface KeyActionParts {
  readonly keys: Keys;
  readonly ring: KeyRing;
  readonly audit: Audit;
  readonly snapshots: Snapshots;
  readonly tallies: Tallies;
}

/** `block_key` and `unblock_key`. */
export class KeyActions {
  readonly #parts: KeyActionParts;

  constructor(parts: KeyActionParts) {
    this.#parts = parts;
  }

  /** @returns the key's row @throws {NotFoundError | BadRequestError} */
  async block(publicId: string, blocked: boolean, { userId }: Asker, zone: string): Promise<Record<string, unknown>> {
    const { keys, ring, audit, snapshots, tallies } = this.#parts;
    const known = keyOf(ring, publicId);
    if (blocked && isManaged(known.fields))
      throw new BadRequestError('Home Assistant calls with this key itself. Block it in the panel of the gateway, if you must.', 'key_id');
    const key = await keys.update(
      known.keyHash,
      () => ({ blocked }),
      userId,
      (queries, before, after) =>
        audit.record(
          {
            action: blocked ? 'blocked' : 'unblocked',
            table: 'virtual_keys',
            objectId: after?.hash ?? known.keyHash,
            before: { blocked: before?.blocked ?? null },
            after: { blocked },
            author: { userId, keyHash: null },
          },
          queries,
        ),
    );
    return snapshots.key(key, await tallies.of(zone));
  }
}
