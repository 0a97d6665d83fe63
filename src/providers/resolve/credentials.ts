import type { JsonObject } from '../../core/json-object.ts';
import type { ProviderRow } from '../catalogue/row.ts';
import { firstSet, textOf, type Environment } from './environment.ts';
import { UnresolvedDeployment } from './unresolved.ts';

type Headers = Readonly<Record<string, string>>;

export interface Credentials {
  /** Headers that carry the key. Secret: never logged, shown or stored. */
  readonly secret: Headers;
  /** Further headers that go with this form of key (`anthropic-beta` for OAuth tokens). */
  readonly plain: Headers;
}

/**
 * The headers that prove who asks: `api_key`, else the row's variables.
 *
 * A key may be missing where the owner named the server (`api_base`), where the row needs none, where nobody is called
 * (`mock_response`), and where callers bring their own.
 *
 * @throws {UnresolvedDeployment} when a key is needed and there is none
 */
export function credentialsOf(row: ProviderRow, params: JsonObject, env: Environment): Credentials {
  const { auth } = row;
  const given = textOf(params['api_key']);
  const byVariable =
    given === null ? auth.variants?.find((variant) => variant.env !== undefined && firstSet(env, [variant.env]) !== null) : undefined;
  const ownKey = given ?? firstSet(env, row.keys ?? []);
  const key = ownKey ?? (byVariable?.env === undefined ? null : firstSet(env, [byVariable.env]));
  if (key === null) {
    if (!mayLackKey(row, params))
      throw new UnresolvedDeployment(`${row.name} needs a key: set api_key${(row.keys ?? []).length > 0 ? ` or ${row.keys?.[0]}` : ''}.`, {
        param: 'api_key',
      });
    return { secret: {}, plain: {} };
  }
  if (/[\r\n\0]/.test(key)) throw new UnresolvedDeployment('api_key holds a line break.', { param: 'api_key' });
  const variant =
    auth.variants?.find(({ keyPrefix }) => keyPrefix !== undefined && key.startsWith(keyPrefix)) ??
    (ownKey === null ? byVariable : undefined);
  const form = variant ?? { header: auth.header ?? 'authorization', prefix: auth.prefix ?? '' };
  const secret: Record<string, string> = { [form.header]: `${form.prefix}${key}` };
  for (const { header, prefix } of auth.also ?? []) secret[header] = `${prefix}${key}`;
  return { secret, plain: variant?.headers ?? {} };
}

function mayLackKey(row: ProviderRow, params: JsonObject): boolean {
  if (row.auth.type === 'none' || row.auth.optional || row.local) return true;
  return ['api_base', 'base_url', 'mock_response', 'configurable_clientside_auth_params'].some(
    (name) => params[name] !== undefined && params[name] !== null,
  );
}
