import type { JsonObject } from '../../core/json-object.ts';
import type { TokenSignIn } from '../tokens/sign-in.ts';
import { firstSet, textOf, type Environment } from '../resolve/environment.ts';
import { UnresolvedDeployment } from '../resolve/unresolved.ts';

/**
 * A service principal, where one is named: by the deployment, or by variables while the deployment has no key of its own.
 *
 * @param base of the workspace, which gives the tokens itself
 * @returns null: a key is sent as it is
 * @throws {UnresolvedDeployment} for half a principal
 */
export function databricksSignIn(base: string, params: JsonObject, env: Environment): TokenSignIn | null {
  if (textOf(params['api_key']) !== null) return null;
  const clientId = textOf(params['client_id']) ?? firstSet(env, ['DATABRICKS_CLIENT_ID']);
  const clientSecret = textOf(params['client_secret']) ?? firstSet(env, ['DATABRICKS_CLIENT_SECRET']);
  if (clientId === null && clientSecret === null) return null;
  if (clientId === null || clientSecret === null) {
    const missing = clientId === null ? 'client_id' : 'client_secret';
    throw new UnresolvedDeployment(`A service principal of Databricks needs client_id and client_secret: ${missing} is missing.`, {
      param: missing,
    });
  }
  const address = `${new URL(base).origin}/oidc/v1/token`;
  return { credentials: {}, headers: {}, grant: { issuer: 'databricks', address, clientId, clientSecret } };
}
