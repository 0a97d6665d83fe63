import { createCipheriv, createDecipheriv, hash, randomBytes } from 'node:crypto';

const MARK = 'v2:gcm:';
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/**
 * Seals texts for the database under the salt key (control-plane 3.2): AES-256-GCM, the key its SHA-256, written
 * `v2:gcm:` + base64url(nonce, ciphertext, tag).
 */
export class Sealer {
  readonly #key: Buffer;

  constructor(saltKey: string) {
    this.#key = hash('sha256', saltKey, 'buffer');
  }

  seal(text: string): string {
    const nonce = randomBytes(NONCE_BYTES);
    const cipher = createCipheriv('aes-256-gcm', this.#key, nonce);
    const sealed = Buffer.concat([nonce, cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()]);
    return MARK + sealed.toString('base64url');
  }

  /** The text; null when it was sealed under another key or was changed. */
  open(sealed: string): string | null {
    if (!sealed.startsWith(MARK)) return null;
    const bytes = Buffer.from(sealed.slice(MARK.length), 'base64url');
    if (bytes.length < NONCE_BYTES + TAG_BYTES) return null;
    const decipher = createDecipheriv('aes-256-gcm', this.#key, bytes.subarray(0, NONCE_BYTES));
    decipher.setAuthTag(bytes.subarray(-TAG_BYTES));
    try {
      return Buffer.concat([decipher.update(bytes.subarray(NONCE_BYTES, -TAG_BYTES)), decipher.final()]).toString('utf8');
    } catch {
      return null;
    }
  }
}
