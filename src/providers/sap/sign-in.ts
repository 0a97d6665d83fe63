import type { JsonObject } from '../../core/json-object.ts';
import type { ProviderRow } from '../catalogue/row.ts';
import { firstSet, textOf, type Environment } from '../resolve/environment.ts';
import { UnresolvedDeployment } from '../resolve/unresolved.ts';
import { namedDeployment } from './deployment.ts';
import type { SapGrant } from './sap-access.ts';
import { serviceKeyOf, type ServiceKey } from './service-key.ts';

export interface SapSignIn {
  /** Headers that carry a token that needs no asking. Secret. */
  readonly credentials: Readonly<Record<string, string>>;
  /** The resource group, which every question names. */
  readonly headers: Readonly<Record<string, string>>;
  readonly grant: SapGrant | null;
  /** Where AI Core is, with its version. */
  readonly base: string;
  /** The deployment of the orchestration service where the owner names it; null: it is found. */
  readonly deployment: string | null;
}

const NO_KEY: ServiceKey = { clientId: '', clientSecret: '', authUrl: '', apiUrl: '' };
const DEFAULT_GROUP = 'default';
/** Where nobody is called any address will do. */
const NOWHERE = 'https://mocked.invalid/v2';

/**
 * How SAP AI Core is told who asks, and where it is: from the parts of a service key that the row names, from a whole key (`service_key`,
 * or as `api_key`), then from the variables, parts first.
 *
 * @throws {UnresolvedDeployment} when there is not enough
 */
export function sapSignIn(row: ProviderRow, params: JsonObject, env: Environment): SapSignIn {
  const key = keyOf(row, params, env);
  const mocked = (params['mock_response'] ?? null) !== null;
  const own = textOf(params['api_base']) ?? textOf(params['base_url']) ?? (key.apiUrl || firstSet(env, baseVariables(row)));
  const base = baseOf(row, own ?? (mocked ? NOWHERE : null));
  const deployment = namedDeployment(params);
  const resourceGroup = groupOf(params, env);
  const found = { base, deployment, headers: { 'ai-resource-group': resourceGroup } };
  const token = textOf(params['token']);
  if (token !== null) return { ...found, credentials: byToken(token, deployment), grant: null };
  const client = clientOf(key, params, env);
  if ('missing' in client) {
    if (mocked) return { ...found, credentials: {}, grant: null };
    throw new UnresolvedDeployment(`${row.name} needs a service key: set service_key or AICORE_SERVICE_KEY, or ${client.missing} too.`, {
      param: 'service_key',
    });
  }
  return { ...found, credentials: {}, grant: { issuer: 'sap', ...client, base, resourceGroup, deployment } };
}

type Client = Pick<SapGrant, 'address' | 'clientId' | 'clientSecret'>;

/** Who asks, and whom for tokens; or the part that nobody says. */
function clientOf(key: ServiceKey, params: JsonObject, env: Environment): Client | { readonly missing: string } {
  const said = (param: string, variable: string, own: string): string =>
    textOf(params[param]) ?? (own || (firstSet(env, [variable]) ?? ''));
  const clientId = said('client_id', 'AICORE_CLIENT_ID', key.clientId);
  const clientSecret = said('client_secret', 'AICORE_CLIENT_SECRET', key.clientSecret);
  const authUrl = said('auth_url', 'AICORE_AUTH_URL', key.authUrl);
  if (clientId === '') return { missing: 'client_id (AICORE_CLIENT_ID)' };
  if (clientSecret === '') return { missing: 'client_secret (AICORE_CLIENT_SECRET)' };
  if (authUrl === '') return { missing: 'auth_url (AICORE_AUTH_URL)' };
  return { address: tokenAddress(authUrl), clientId, clientSecret };
}

function groupOf(params: JsonObject, env: Environment): string {
  const group = textOf(params['resource_group']) ?? firstSet(env, ['AICORE_RESOURCE_GROUP']) ?? DEFAULT_GROUP;
  if (!/[^\x20-\x7e]/.test(group)) return group;
  throw new UnresolvedDeployment('resource_group holds a sign that no header takes.', { param: 'resource_group' });
}

function keyOf(row: ProviderRow, params: JsonObject, env: Environment): ServiceKey {
  for (const param of ['service_key', 'api_key']) if ((params[param] ?? null) !== null) return serviceKeyOf(params[param], param);
  const [variable = ''] = row.keys ?? [];
  // Parts that stand in variables say more than a whole key beside them.
  const text = firstSet(env, ['AICORE_CLIENT_ID']) === null ? firstSet(env, [variable]) : null;
  return text === null ? NO_KEY : serviceKeyOf(text, variable);
}

function byToken(token: string, deployment: string | null): Readonly<Record<string, string>> {
  if (/[^\x21-\x7e]/.test(token)) throw new UnresolvedDeployment('token holds a sign that no token has.', { param: 'token' });
  if (deployment === null)
    throw new UnresolvedDeployment('Beside a token of your own the deployment must be named: set deployment_id.', {
      param: 'deployment_id',
    });
  return { authorization: `Bearer ${token}` };
}

function baseOf(row: ProviderRow, given: string | null): string {
  if (given === null)
    throw new UnresolvedDeployment(`${row.name} has no address of its own: set api_base or AICORE_BASE_URL, or give a service key.`, {
      param: 'api_base',
    });
  const url = URL.parse(given);
  if (url?.protocol !== 'https:' && url?.protocol !== 'http:')
    throw new UnresolvedDeployment('api_base is no http or https address.', { param: 'api_base' });
  return url.pathname === '/' ? `${url.origin}/v2` : given.replace(/\/+$/, '');
}

function baseVariables({ bases = [] }: ProviderRow): string[] {
  return bases.map((variable) => (typeof variable === 'string' ? variable : variable.name));
}

function tokenAddress(authUrl: string): string {
  const bare = authUrl.replace(/\/+$/, '');
  return bare.endsWith('/oauth/token') ? bare : `${bare}/oauth/token`;
}
