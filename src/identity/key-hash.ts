import { createHmac, hash, randomBytes, timingSafeEqual } from 'node:crypto';

/** The public id of a key: SHA-256 of its text, hex (control-plane 3.2). */
export function hashOf(key: string): string {
  return hash('sha256', key, 'hex');
}

/** Binds a key to the salt key: with another salt key no virtual key is valid. Hex. */
export function macOf(key: string, saltKey: string): string {
  return createHmac('sha256', saltKey).update(key).digest('hex');
}

export function macMatches(key: string, saltKey: string, mac: string): boolean {
  return mac.length === 64 && timingSafeEqual(Buffer.from(macOf(key, saltKey)), Buffer.from(mac));
}

/** Tells whether keys were made under the salt key in force, without telling the salt key. */
export function saltFingerprint(saltKey: string): string {
  return createHmac('sha256', saltKey).update('fingerprint').digest('hex');
}

/** A new key: `sk-` and 22 characters of 128 random bits. */
export function newKey(): string {
  return `sk-${randomBytes(16).toString('base64url')}`;
}

/** `sk-...AbCd`: enough to recognise a key, too little to use it. */
export function keyNameOf(key: string): string {
  return `sk-...${key.slice(-4)}`;
}

/** A text of fewer characters was chosen by hand, and can be guessed (ruling K6). */
const SHORTEST_SAFE = 20;

export function isShort(key: string): boolean {
  return key.length < SHORTEST_SAFE;
}

/** A credential in an error text: first and last four characters. */
export function masked(credential: string): string {
  return credential.length > 8 ? `${credential.slice(0, 4)}****${credential.slice(-4)}` : '****';
}

export function isKeyHash(text: string): boolean {
  return /^[0-9a-f]{64}$/.test(text);
}

/** A name for a key that tells nothing of its text. */
export function newPublicId(): string {
  return `k_${randomBytes(8).toString('hex')}`;
}
