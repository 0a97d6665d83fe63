import { ProviderError, type ProviderFailure } from '../core/provider-error.ts';

type Headers = Readonly<Record<string, string>>;

/** Names of headers that prove who asks. */
const PROVES = /auth|key|token|secret|cookie|password/;
/** Shorter texts are words that stand anywhere. */
const LEAST = 8;

/**
 * The texts by which a provider knows us: its key, and what else the configuration's headers prove.
 *
 * @param credentials every value counts
 * @param signing what signs in place of a key
 * @param headers those count whose name says that they prove something; lower case names
 */
export function secretsOf(credentials: Headers, headers: Headers, signing: readonly string[] = []): readonly string[] {
  const proofs = [
    ...signing,
    ...Object.values(credentials),
    ...Object.entries(headers).flatMap(([name, value]) => (PROVES.test(name) ? [value] : [])),
  ];
  return [...new Set(proofs.map((value) => value.replace(/^(?:bearer|basic|token) +/i, '')))].filter((text) => text.length >= LEAST);
}

export function holdsSecret(text: string, secrets: readonly string[]): boolean {
  for (const secret of secrets) if (text.includes(secret)) return true;
  return false;
}

/**
 * The failure without our own secrets, should the provider repeat one ("Incorrect API key provided: ..."). What looks like a
 * key was masked where it was read; this finds keys that look like nothing.
 */
export function withoutSecrets(error: unknown, secrets: readonly string[]): unknown {
  if (!(error instanceof ProviderError)) return error;
  const { message, type, code, param, fields } = error.failure;
  const told = JSON.stringify({ message, type, code, param, fields });
  const masked: unknown = JSON.parse(told, (_name, value: unknown) => (typeof value === 'string' ? maskedText(value, secrets) : value));
  return JSON.stringify(masked) === told
    ? error
    : new ProviderError({ ...error.failure, ...(masked as Pick<ProviderFailure, 'message'>), cause: error });
}

function maskedText(text: string, secrets: readonly string[]): string {
  return secrets.reduce((left, secret) => left.replaceAll(secret, '***'), text);
}
