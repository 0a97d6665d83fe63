import { NotFoundError } from '../../core/errors.ts';
import type { KeyRing } from '../../identity/key-ring.ts';
import type { VirtualKey } from '../../identity/virtual-key.ts';

/** A live key by the id that Home Assistant knows it by. @throws {NotFoundError} */
export function keyOf(ring: KeyRing, publicId: string): VirtualKey {
  for (const key of ring.all()) if (key.fields.publicId === publicId && key.fields.successor === null) return key;
  throw new NotFoundError(`No key has the id ${publicId.slice(0, 40)}.`, 'key_id');
}
