import { createPrivateKey, type KeyObject } from 'node:crypto';
import { UnresolvedDeployment } from '../resolve/unresolved.ts';

/** A key as it was found. Secret. */
export interface FoundKey {
  readonly text: string;
  /** Null: it is not encrypted, or nobody said with what. */
  readonly passphrase: string | null;
  /** The member that is to blame when it is no key, for people: `oci_key`. */
  readonly param: string;
}

/** A key in whose first lines it says that it is encrypted, in either of the forms that OpenSSL writes. */
const ENCRYPTED = /-----BEGIN ENCRYPTED PRIVATE KEY-----|^Proc-Type:\s*4,\s*ENCRYPTED/m;

/**
 * The private half of an API signing key.
 *
 * @throws {UnresolvedDeployment} for what is no RSA key, and for one that cannot be decrypted; nothing of it is shown
 */
export function privateKeyOf({ text, passphrase, param }: FoundKey): KeyObject {
  const pem = withLineBreaks(text);
  if (ENCRYPTED.test(pem) && passphrase === null)
    throw new UnresolvedDeployment(
      `The private key in ${param} is encrypted: set oci_key_passphrase, or give a key without a passphrase.`,
      {
        param: 'oci_key_passphrase',
      },
    );
  const key = parsed(pem, passphrase);
  if (key?.asymmetricKeyType === 'rsa') return key;
  if (ENCRYPTED.test(pem))
    throw new UnresolvedDeployment(`oci_key_passphrase does not decrypt the private key in ${param}.`, { param: 'oci_key_passphrase' });
  throw new UnresolvedDeployment(`${param} holds no RSA private key in PEM form: take the file that was made with the API signing key.`, {
    param,
  });
}

/** Keys that went through a variable or one line of a form often have their line breaks written out. */
function withLineBreaks(text: string): string {
  // The label that Oracle's console writes behind a key is no part of it.
  return text
    .replaceAll(String.raw`\n`, '\n')
    .replace(/\r\n?/g, '\n')
    .replace(/(-----END [A-Z ]+-----)[\s\S]*$/, '$1\n');
}

/** What OpenSSL says of a bad key helps nobody. */
function parsed(pem: string, passphrase: string | null): KeyObject | null {
  try {
    return createPrivateKey({ key: pem, ...(passphrase === null ? {} : { passphrase }) });
  } catch {
    return null;
  }
}
