import type { Clock } from '../../core/clock.ts';
import { KeptTokens } from '../tokens/kept-tokens.ts';
import { keyPairToken, LIFE_S, type KeyPairUser } from './key-pair.ts';

/** Who signs tokens for Snowflake. Plain data; secret. */
export interface SnowflakeGrant extends KeyPairUser {
  readonly issuer: 'snowflake';
}

/** Tokens that users of Snowflake sign themselves: nobody is asked for them. */
export class SnowflakeTokens {
  readonly #kept: KeptTokens<SnowflakeGrant>;

  constructor({ clock }: { readonly clock: Pick<Clock, 'elapsed' | 'now'> }) {
    this.#kept = new KeptTokens({
      clock,
      ask: (grant) => Promise.resolve({ text: keyPairToken(grant, clock.now()), lifeMs: LIFE_S * 1000 }),
    });
  }

  /** A token that holds now; at once when one is kept. The grant's key was proved when the deployment was read. */
  token(grant: SnowflakeGrant): string | Promise<string> {
    return this.#kept.token(grant);
  }

  /** Snowflake does not believe the token: the next call signs another, unless this one is new. */
  refused(grant: SnowflakeGrant, token: string) {
    return this.#kept.refused(grant, token);
  }
}
