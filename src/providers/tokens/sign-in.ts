import type { Grant } from './grant.ts';

type Headers = Readonly<Record<string, string>>;

/** A token stands in place of a key. */
export interface TokenSignIn {
  /** Headers that carry a proof that needs no asking. Secret. */
  readonly credentials: Headers;
  /** Headers that go with the token. */
  readonly headers: Headers;
  readonly grant: Grant | null;
}
