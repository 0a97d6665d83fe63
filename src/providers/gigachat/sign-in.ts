import type { JsonObject } from '../../core/json-object.ts';
import type { ProviderRow } from '../catalogue/row.ts';
import { firstSet, textOf, type Environment } from '../resolve/environment.ts';
import { UnresolvedDeployment } from '../resolve/unresolved.ts';
import type { TlsCheck } from '../transport/transport.ts';
import type { GigaChatGrant } from './gigachat-tokens.ts';

export interface GigaChatSignIn {
  /** Headers that carry a token that needs no asking. Secret. */
  readonly credentials: Readonly<Record<string, string>>;
  readonly grant: GigaChatGrant | null;
}

/** Where tokens are asked for, and for what, where nobody says otherwise. */
export interface GigaChatIssuer {
  readonly address: string;
  readonly scope: string;
}

/**
 * How GigaChat is told who asks: a token as it is, else tokens for the authorization key.
 *
 * @throws {UnresolvedDeployment} when there is nothing to show
 */
export function gigachatSignIn(row: ProviderRow, issuer: GigaChatIssuer, params: JsonObject, env: Environment): GigaChatSignIn {
  const given = textOf(params['api_key']);
  const token = given === null ? (textOf(params['token']) ?? firstSet(env, ['GIGACHAT_ACCESS_TOKEN'])) : null;
  if (token !== null) return { credentials: { authorization: `Bearer ${lawful(token, 'token')}` }, grant: null };
  const own = given ?? firstSet(env, row.keys ?? []);
  if (own === null) {
    if ((params['mock_response'] ?? null) !== null) return { credentials: {}, grant: null };
    throw new UnresolvedDeployment(`${row.name} needs a key: set api_key or ${row.keys?.[0] ?? 'its variable'}.`, { param: 'api_key' });
  }
  const scope = textOf(params['gigachat_scope']) ?? firstSet(env, ['GIGACHAT_SCOPE']) ?? issuer.scope;
  return {
    credentials: {},
    grant: {
      issuer: 'gigachat',
      address: firstSet(env, ['GIGACHAT_AUTH_URL']) ?? issuer.address,
      credentials: lawful(own.replace(/^basic +/i, ''), 'api_key'),
      scope,
      tls: tlsOf(params),
    },
  };
}

function lawful(text: string, param: string): string {
  if (/[^\x21-\x7e]/.test(text)) throw new UnresolvedDeployment(`${param} of GigaChat holds a blank or a sign that no key has.`, { param });
  return text;
}

function tlsOf({ ssl_verify: tls }: JsonObject): TlsCheck {
  return typeof tls === 'string' || typeof tls === 'boolean' ? tls : true;
}
