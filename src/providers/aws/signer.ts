import type { Signer } from '../transport/signer.ts';
import { secretsOfKeys } from './grant.ts';
import { signed, type AwsKeys, type SigningScope } from './sigv4.ts';

/** Signs each request with one pair of keys. */
export class AwsSigner implements Signer {
  readonly #keys: AwsKeys;
  readonly #scope: SigningScope;

  constructor(keys: AwsKeys, scope: SigningScope) {
    this.#keys = keys;
    this.#scope = scope;
  }

  get secrets(): readonly string[] {
    return secretsOfKeys(this.#keys);
  }

  sign(...[request, now]: Parameters<Signer['sign']>): ReturnType<Signer['sign']> {
    return signed(request, this.#keys, this.#scope, now);
  }
}
