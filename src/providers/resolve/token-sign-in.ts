import type { JsonObject } from '../../core/json-object.ts';
import type { ProviderRow } from '../catalogue/row.ts';
import { databricksSignIn } from '../databricks/sign-in.ts';
import { snowflakeSignIn } from '../snowflake/sign-in.ts';
import type { TokenSignIn } from '../tokens/sign-in.ts';
import type { Environment } from './environment.ts';

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
