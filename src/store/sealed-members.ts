import { parseExact } from '../core/exact-json.ts';
import { isObject, type JsonObject } from '../core/json-object.ts';
import { parted } from '../core/shown-params.ts';
import type { Sealer } from './sealed.ts';

/** An object as two columns: what anybody who may see the row may read, and the rest under the salt key. */
export interface SealedMembers {
  /** JSON. */
  readonly open: string;
  /** Sealed JSON; null when nothing is secret. */
  readonly sealed: string | null;
}

export interface OpenedMembers {
  readonly members: JsonObject;
  /** The sealed part cannot be read: it was written under another salt key. `members` is then the open part alone. */
  readonly lost: boolean;
}

export function sealedMembers(members: JsonObject, sealer: Sealer): SealedMembers {
  const { open, secret } = parted(members);
  return { open: JSON.stringify(open), sealed: Object.keys(secret).length === 0 ? null : sealer.seal(JSON.stringify(secret)) };
}

/** Numbers come as they were written, digit for digit. */
export function openedMembers({ open, sealed }: SealedMembers, sealer: Sealer): OpenedMembers {
  const members = objectIn(open);
  if (sealed === null) return { members, lost: false };
  const text = sealer.open(sealed);
  return text === null ? { members, lost: true } : { members: { ...members, ...objectIn(text) }, lost: false };
}

function objectIn(text: string): JsonObject {
  const value = parseExact(text);
  return isObject(value) ? value : {};
}
