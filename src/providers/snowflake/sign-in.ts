import type { JsonObject } from '../../core/json-object.ts';
import { firstSet, textOf, type Environment } from '../resolve/environment.ts';
import type { TokenSignIn } from '../tokens/sign-in.ts';
import { UnresolvedDeployment } from '../resolve/unresolved.ts';
import { rsaKeyOf } from './key-pair.ts';

const HEADERS = { 'x-snowflake-authorization-token-type': 'KEYPAIR_JWT' };

/**
 * A user with a key pair, where one is named: by the deployment, or by variables while the deployment has no token of its own.
 *
 * @param base names the account, unless the deployment does
 * @returns null: a token is sent as it is
 * @throws {UnresolvedDeployment} naming the member that is wrong or missing
 */
export function snowflakeSignIn(base: string, params: JsonObject, env: Environment): TokenSignIn | null {
  if (textOf(params['api_key']) !== null) return null;
  const own = textOf(params['snowflake_private_key']);
  const privateKey = own ?? firstSet(env, ['SNOWFLAKE_PRIVATE_KEY']);
  const hasToken = firstSet(env, ['SNOWFLAKE_JWT', 'SNOWFLAKE_CORTEX_PAT']) !== null;
  if (privateKey === null || (own === null && hasToken)) return null;
  const passphrase = textOf(params['snowflake_private_key_passphrase']) ?? firstSet(env, ['SNOWFLAKE_PRIVATE_KEY_PASSPHRASE']) ?? '';
  const user = textOf(params['snowflake_user']) ?? firstSet(env, ['SNOWFLAKE_USER']);
  if (user === null)
    throw new UnresolvedDeployment('A key pair of Snowflake belongs to a user: set snowflake_user or SNOWFLAKE_USER.', {
      param: 'snowflake_user',
    });
  checkKey(privateKey, passphrase);
  return {
    credentials: {},
    headers: HEADERS,
    grant: { issuer: 'snowflake', account: accountOf(base, params, env), user, privateKey, passphrase },
  };
}

function accountOf(base: string, params: JsonObject, env: Environment): string {
  const said = ['account', 'account_id', 'snowflake_account'].map((name) => textOf(params[name])).find((text) => text !== null);
  const inAddress = /^([^.]+)(?:\..+)?\.snowflakecomputing\.com$/.exec(new URL(base).hostname)?.[1];
  const account = said ?? firstSet(env, ['SNOWFLAKE_ACCOUNT_ID', 'SNOWFLAKE_ACCOUNT']) ?? inAddress;
  if (account !== undefined) return account;
  throw new UnresolvedDeployment('A key pair of Snowflake names its account: set account or SNOWFLAKE_ACCOUNT_ID.', { param: 'account' });
}

/** Now, so that the owner is told when the deployment is read, and no call fails by it. */
function checkKey(privateKey: string, passphrase: string): void {
  try {
    rsaKeyOf({ privateKey, passphrase });
  } catch {
    throw new UnresolvedDeployment('snowflake_private_key is no private RSA key in PEM, or its passphrase is another.', {
      param: 'snowflake_private_key',
    });
  }
}
