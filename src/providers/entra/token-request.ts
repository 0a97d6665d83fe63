import { isObject } from '../../core/json-object.ts';
import { ProviderError, type ProviderErrorClass } from '../../core/provider-error.ts';
import { boundedText, maskSecrets, retryAfterOf } from '../../dialects/provider-errors.ts';
import type { Token } from '../tokens/kept-tokens.ts';
import { tokenIn } from '../tokens/token-answer.ts';
import type { TokenReply } from '../tokens/token-question.ts';
import type { EntraGrant } from './grant.ts';

const ASSERTION = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';

/**
 * The form that asks for a token.
 *
 * @param assertion what is shown for a file or a certificate
 * @see https://learn.microsoft.com/entra/identity-platform/v2-oauth2-client-creds-grant-flow
 */
export function tokenForm({ clientId, scope, showing }: EntraGrant, assertion: string): string {
  const form = new URLSearchParams({ client_id: clientId, scope });
  switch (showing.kind) {
    case 'secret':
      form.set('grant_type', 'client_credentials');
      form.set('client_secret', showing.secret);
      break;
    case 'file':
    case 'certificate':
      form.set('grant_type', 'client_credentials');
      form.set('client_assertion_type', ASSERTION);
      form.set('client_assertion', assertion);
      break;
    case 'password':
      form.set('grant_type', 'password');
      form.set('username', showing.username);
      form.set('password', showing.password);
      if (showing.secret !== null) form.set('client_secret', showing.secret);
      break;
  }
  return form.toString();
}

/** @throws {ProviderError} with Entra's own words when it gives no token */
export function readToken({ status, headers, body }: TokenReply): Token {
  const answer = parsed(body);
  if (status !== 200) throw refusal(status, headers, answer);
  return tokenIn(answer, 'Entra ID');
}

/** Entra says 400 and 401 of what it does not believe; to the caller both are a credential that does not hold. */
function refusal(status: number, headers: TokenReply['headers'], answer: unknown): ProviderError {
  const { error, error_description: description } = isObject(answer) ? answer : {};
  const code = typeof error === 'string' && error !== '' ? error : undefined;
  const own = typeof description === 'string' ? description.split(/\r?\n/)[0] : undefined;
  const told = classOf(status, code);
  const retryAfterMs = retryAfterOf(headers);
  return new ProviderError({
    ...told,
    message: boundedText(maskSecrets(`Entra ID gave no token: ${own ?? code ?? `it answered with status ${status}`}`)),
    ...(code === undefined ? {} : { code }),
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  });
}

function classOf(status: number, code: string | undefined): { readonly class: ProviderErrorClass; readonly status: number } {
  if (status === 429) return { class: 'RateLimitError', status: 429 };
  if (status >= 500 || code === 'temporarily_unavailable') return { class: 'ServiceUnavailableError', status: 503 };
  return { class: 'AuthenticationError', status: 401 };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
