import type { JsonObject } from '../../core/json-object.ts';
import type { ProviderRow } from '../catalogue/row.ts';
import { databricksSignIn } from '../databricks/sign-in.ts';
import { snowflakeSignIn } from '../snowflake/sign-in.ts';
import type { Grant } from '../tokens/grant.ts';
import type { Environment } from './environment.ts';

type Headers = Readonly<Record<string, string>>;

/** A token stands in place of a key. */
export interface TokenSignIn {
  /** Headers that carry a proof that needs no asking. Secret. */
  readonly credentials: Headers;
  /** Headers that go with the token. */
  readonly headers: Headers;
  readonly grant: Grant | null;
}

/** Of providers where a key is usual, and tokens may stand in its place; null: it is a key. @throws {UnresolvedDeployment} */
export function tokenSignIn({ auth }: ProviderRow, base: string, params: JsonObject, env: Environment): TokenSignIn | null {
  switch (auth.tokens) {
    case 'databricks':
      return databricksSignIn(base, params, env);
    case 'snowflake':
      return snowflakeSignIn(base, params, env);
    case undefined:
      return null;
  }
}
