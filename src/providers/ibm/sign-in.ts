import type { JsonObject } from '../../core/json-object.ts';
import type { ProviderRow } from '../catalogue/row.ts';
import { firstSet, textOf, type Environment } from '../resolve/environment.ts';
import { UnresolvedDeployment } from '../resolve/unresolved.ts';
import type { IamGrant } from './iam-tokens.ts';

export interface IbmSignIn {
  /** Headers that carry a proof that needs no asking. Secret. */
  readonly credentials: Readonly<Record<string, string>>;
  readonly grant: IamGrant | null;
}

/**
 * How IBM is told who asks: a token as it is, a key of Cloud Pak for Data (`ZenApiKey`), else tokens of IAM for an API key.
 *
 * @param address of IAM, where nobody names another
 * @throws {UnresolvedDeployment} when there is nothing to show
 */
export function ibmSignIn(row: ProviderRow, address: string, params: JsonObject, env: Environment): IbmSignIn {
  const said = (names: readonly string[], variables: readonly string[]): string | null =>
    names.map((name) => textOf(params[name])).find((text) => text !== null) ?? firstSet(env, variables);
  const apiKey = textOf(params['api_key']);
  const token = apiKey === null ? said(['token'], ['WATSONX_TOKEN']) : null;
  const zen = apiKey === null ? said(['zen_api_key'], ['WATSONX_ZENAPIKEY']) : null;
  for (const text of [apiKey, token, zen]) if (text !== null && /[\r\n\0]/.test(text)) throw new UnresolvedDeployment('A key of watsonx holds a line break.'); // prettier-ignore
  const own = apiKey ?? firstSet(env, row.keys ?? []);
  if (token !== null) return { credentials: { authorization: `Bearer ${token}` }, grant: null };
  if (zen !== null) return { credentials: { authorization: `ZenApiKey ${encoded(zen)}` }, grant: null };
  if (own !== null)
    return { credentials: {}, grant: { issuer: 'ibm', address: firstSet(env, ['WATSONX_IAM_URL']) ?? address, apiKey: own } };
  if ((params['mock_response'] ?? null) !== null) return { credentials: {}, grant: null };
  throw new UnresolvedDeployment(`${row.name} needs a key: set api_key or ${row.keys?.[0] ?? 'its variable'}.`, { param: 'api_key' });
}

/** Written as `user:key`, or as the base64 text of that, in which no colon can stand. */
function encoded(zen: string): string {
  return zen.includes(':') ? Buffer.from(zen).toString('base64') : zen;
}
