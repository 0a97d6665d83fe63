import type { JsonObject } from '../../core/json-object.ts';
import type { ProviderRow } from '../catalogue/row.ts';
import { entraFromEnvironment, entraFromParams, entraOfMachine, type EntraGrant, type EntraProof } from '../entra/grant.ts';
import type { IdentityGrant } from '../entra/managed-identity.ts';
import type { Place } from './place.ts';
import type { CopilotGrant } from '../copilot/copilot-tokens.ts';
import { firstSet, textOf, type Environment } from './environment.ts';
import { UnresolvedDeployment } from './unresolved.ts';

type Headers = Readonly<Record<string, string>>;

export interface Credentials {
  /** Headers that carry the key. Secret: never logged, shown or stored. */
  readonly secret: Headers;
  /** Further headers that go with this form of key (`anthropic-beta` for OAuth tokens). */
  readonly plain: Headers;
  /** What a token is asked for with, in place of a key. Secret. */
  readonly grant: CopilotGrant | EntraGrant | IdentityGrant | null;
}

/**
 * The headers that prove who asks: `api_key`, else the row's variables. Where tokens of Entra ID are taken, what the row itself
 * says of them counts before the variables of a key, and their variables after.
 *
 * A key may be missing where the owner named the server (`api_base`), where the row needs none, where nobody is called
 * (`mock_response`), and where callers bring their own.
 *
 * @param place where the model is asked: on Azure, who names nothing is who the machine is there
 * @throws {UnresolvedDeployment} when a key is needed and there is none
 */
export function credentialsOf(
  row: ProviderRow,
  params: JsonObject,
  env: Environment,
  { base, bearer }: Pick<Place, 'base' | 'bearer'>,
): Credentials {
  const { auth } = row;
  const given = textOf(params['api_key']);
  const own = given === null && auth.entra ? entraFromParams(row, auth.entra.scope, params, env) : null;
  if (own) return byToken(own);
  const byVariable =
    given === null ? auth.variants?.find((variant) => variant.env !== undefined && firstSet(env, [variant.env]) !== null) : undefined;
  const ownKey = given ?? firstSet(env, row.keys ?? []);
  const key = ownKey ?? (byVariable?.env === undefined ? null : firstSet(env, [byVariable.env]));
  if (key === null) {
    const token = auth.entra ? entraWithoutKey(row, auth.entra.scope, params, env, base) : null;
    if (token) return byToken(token);
    if (!mayLackKey(row, params))
      throw new UnresolvedDeployment(`${row.name} needs a key: set api_key${(row.keys ?? []).length > 0 ? ` or ${row.keys?.[0]}` : ''}.`, {
        param: 'api_key',
      });
    return { secret: {}, plain: {}, grant: null };
  }
  if (/[\r\n\0]/.test(key)) throw new UnresolvedDeployment('api_key holds a line break.', { param: 'api_key' });
  if (auth.copilot) return { secret: {}, plain: {}, grant: copilotGrant(row, auth.copilot, key, params, env) };
  const variant =
    auth.variants?.find(({ keyPrefix }) => keyPrefix !== undefined && key.startsWith(keyPrefix)) ??
    (ownKey === null ? byVariable : undefined);
  const form = bearer ? BEARER : (variant ?? { header: auth.header ?? 'authorization', prefix: auth.prefix ?? '' });
  const bare = variant?.cutsPrefix === true ? key.slice(variant.keyPrefix?.length ?? 0) : key;
  const secret: Record<string, string> = { [form.header]: `${form.prefix}${bare}` };
  for (const { header, prefix } of auth.also ?? []) secret[header] = `${prefix}${bare}`;
  return { secret, plain: variant?.headers ?? {}, grant: null };
}

const BEARER = { header: 'authorization', prefix: 'Bearer ' };

function byToken(proof: EntraProof): Credentials {
  return 'token' in proof
    ? { secret: { authorization: `Bearer ${proof.token}` }, plain: {}, grant: null }
    : { secret: {}, plain: {}, grant: proof.grant };
}

/** The names of the program go along; an address that the owner gave is not left for the one that GitHub names. */
function copilotGrant(
  { headers = [], bases }: ProviderRow,
  { address, env: variable }: NonNullable<ProviderRow['auth']['copilot']>,
  token: string,
  params: JsonObject,
  env: Environment,
): CopilotGrant {
  const own = ['api_base', 'base_url'].some((name) => textOf(params[name]) !== null);
  const named = firstSet(
    env,
    (bases ?? []).filter((base) => typeof base === 'string'),
  );
  return {
    issuer: 'copilot',
    address: firstSet(env, [variable]) ?? address,
    token,
    headers: Object.fromEntries(headers.flatMap(({ name, value }) => (value === undefined ? [] : [[name, value]]))),
    follows: !own && named === null,
  };
}

function entraWithoutKey(row: ProviderRow, scope: string, params: JsonObject, env: Environment, base: string): EntraProof | null {
  const asked = entraFromEnvironment(row, scope, params, env);
  return asked ?? (callsNobody(params) ? null : entraOfMachine(base, scope, params, env));
}

/** Or only for callers with keys of their own. */
function callsNobody(params: JsonObject): boolean {
  return ['mock_response', 'configurable_clientside_auth_params'].some((name) => (params[name] ?? null) !== null);
}

function mayLackKey(row: ProviderRow, params: JsonObject): boolean {
  if (row.auth.type === 'none' || row.auth.optional || row.local) return true;
  return callsNobody(params) || ['api_base', 'base_url'].some((name) => (params[name] ?? null) !== null);
}
