import { createCipheriv, createDecipheriv, hash, randomBytes } from 'node:crypto';

const MARK = 'v2:gcm:';
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/**
 * Seals texts for the database and the disk under the salt key (control-plane 3.2): AES-256-GCM, the key its SHA-256, written
 * `v2:gcm:` + base64url(nonce, ciphertext, tag).
 */
export class Sealer {
  readonly #key: Buffer;

  constructor(saltKey: string) {
    this.#key = hash('sha256', saltKey, 'buffer');
  }

  seal(text: string): string {
    return MARK + this.sealBytes(Buffer.from(text)).toString('base64url');
  }

  /** The text; null when it was sealed under another key or was changed. */
  open(sealed: string): string | null {
    if (!sealed.startsWith(MARK)) return null;
    return this.openBytes(Buffer.from(sealed.slice(MARK.length), 'base64url'))?.toString('utf8') ?? null;
  }

  /** As {@link seal}, for a file: nonce, ciphertext, tag. */
  sealBytes(bytes: Buffer): Buffer {
    const nonce = randomBytes(NONCE_BYTES);
    const cipher = createCipheriv('aes-256-gcm', this.#key, nonce);
    return Buffer.concat([nonce, cipher.update(bytes), cipher.final(), cipher.getAuthTag()]);
  }

  /** As {@link open}. */
  openBytes(bytes: Buffer): Buffer | null {
    if (bytes.length < NONCE_BYTES + TAG_BYTES) return null;
    const decipher = createDecipheriv('aes-256-gcm', this.#key, bytes.subarray(0, NONCE_BYTES));
    decipher.setAuthTag(bytes.subarray(-TAG_BYTES));
    try {
      return Buffer.concat([decipher.update(bytes.subarray(NONCE_BYTES, -TAG_BYTES)), decipher.final()]);
    } catch {
      return null;
    }
  }
}
