import { isObject } from '../../core/json-object.ts';
import { ProviderError } from '../../core/provider-error.ts';
import type { EgressPurpose } from '../egress.ts';
import type { TokenReply } from '../tokens/token-question.ts';
import type { ExternalAccount } from './credential.ts';

/** Asks an address that stands in a credential, as far as its writer's word reaches. Without a body it is asked by GET. */
export type Ask = (address: string, headers: Readonly<Record<string, string>>, body: string | null) => Promise<TokenReply>;

interface Reach {
  readonly ask: Ask;
  readonly reach: EgressPurpose;
  readonly readText: (path: string) => string;
}

/**
 * The other issuer's token, read anew each time it is exchanged.
 *
 * @throws {ProviderError} when it cannot be had
 */
export async function subjectToken(account: ExternalAccount, { ask, reach, readText }: Reach): Promise<string> {
  const { file, url, headers = {} } = account.credential_source;
  if (file !== undefined) return tokenIn(fileText(file, reach, readText), account);
  const reply = await ask(url ?? '', headers, null);
  if (reply.status === 200) return tokenIn(reply.body, account);
  throw unusable(`The address in "credential_source" gave no token for Google: it answered with status ${reply.status}.`, null);
}

/** Its text goes to an address that stands in the same credential: who may not write files here may not have them sent. */
function fileText(path: string, reach: EgressPurpose, readText: (path: string) => string): string {
  if (reach === 'request')
    throw unusable(
      'An external_account whose token stands in a file must itself stand in a file of this machine: set vertex_credentials to its path.',
      null,
    );
  try {
    return readText(path);
  } catch (error) {
    throw unusable('The file in "credential_source" with the token for Google cannot be read.', error);
  }
}

function tokenIn(text: string, { credential_source: { format } }: ExternalAccount): string {
  const token = format?.type === 'json' ? memberOf(text, format.subject_token_field_name ?? '') : text.trim();
  if (token === '') throw unusable('What "credential_source" names holds no token for Google.', null);
  return token;
}

function memberOf(text: string, name: string): string {
  try {
    const value: unknown = JSON.parse(text);
    const member = isObject(value) ? value[name] : undefined;
    return typeof member === 'string' ? member : '';
  } catch {
    return '';
  }
}

function unusable(message: string, cause: unknown): ProviderError {
  return new ProviderError({ class: 'AuthenticationError', status: 401, message, cause });
}
