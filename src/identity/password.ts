import { hash, randomBytes, scrypt, timingSafeEqual, type ScryptOptions } from 'node:crypto';
import { promisify } from 'node:util';

const derive = promisify<string, Buffer, number, ScryptOptions, Buffer>(scrypt);

const SALT_BYTES = 16;
const KEY_BYTES = 32;
const COST = { N: 16_384, r: 8, p: 1 } as const;
const MARK = 'scrypt:';

/** A password as it is stored: `scrypt:` and base64 of salt and key (control-plane 23, 14). */
export async function storedPassword(password: string): Promise<string> {
  const salt = randomBytes(SALT_BYTES);
  return MARK + Buffer.concat([salt, await derive(password, salt, KEY_BYTES, COST)]).toString('base64');
}

/** Whether this is the password. An older form (sha256, hex) is read too: store it anew then, see {@link isLegacy}. */
export async function passwordMatches(password: string, stored: string): Promise<boolean> {
  if (isLegacy(stored)) return sameText(hash('sha256', password, 'hex'), stored.toLowerCase());
  const bytes = Buffer.from(stored.startsWith(MARK) ? stored.slice(MARK.length) : '', 'base64');
  if (bytes.length !== SALT_BYTES + KEY_BYTES) return false;
  const key = await derive(password, bytes.subarray(0, SALT_BYTES), KEY_BYTES, COST);
  return timingSafeEqual(key, bytes.subarray(SALT_BYTES));
}

export function isLegacy(stored: string): boolean {
  return /^[0-9a-f]{64}$/i.test(stored);
}

/** Compares two texts in a time that tells nothing of where they differ, nor how long the right one is. */
export function sameText(given: string, right: string): boolean {
  return timingSafeEqual(hash('sha256', given, 'buffer'), hash('sha256', right, 'buffer'));
}
