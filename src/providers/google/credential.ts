import { createPrivateKey } from 'node:crypto';
import { z } from 'zod';
import { isObject } from '../../core/json-object.ts';

const Text = z.string().min(1);

/** Members that every kind may have. */
const COMMON = { project_id: Text.optional(), quota_project_id: Text.optional() };

const ServiceAccount = z.object({
  ...COMMON,
  type: z.literal('service_account'),
  client_email: Text,
  private_key: Text,
  private_key_id: Text.optional(),
  token_uri: Text.default('https://oauth2.googleapis.com/token'),
});

const AuthorizedUser = z.object({
  ...COMMON,
  type: z.literal('authorized_user'),
  client_id: Text,
  client_secret: Text,
  refresh_token: Text,
  token_uri: Text.default('https://oauth2.googleapis.com/token'),
});

/** Where the other issuer's token is found: in a file, or at an address. Programs are never run for it. */
const Source = z.object({
  file: Text.optional(),
  url: Text.optional(),
  headers: z.record(z.string(), z.string()).optional(),
  format: z.object({ type: z.enum(['text', 'json']), subject_token_field_name: Text.optional() }).optional(),
});

const ExternalAccount = z.object({
  ...COMMON,
  type: z.literal('external_account'),
  audience: Text,
  subject_token_type: Text,
  token_url: Text.default('https://sts.googleapis.com/v1/token'),
  credential_source: Source,
  service_account_impersonation_url: Text.optional(),
  service_account_impersonation: z.object({ token_lifetime_seconds: z.number().int().positive().optional() }).optional(),
  client_id: Text.optional(),
  client_secret: Text.optional(),
  workforce_pool_user_project: Text.optional(),
});

const Impersonated = z.object({
  ...COMMON,
  type: z.literal('impersonated_service_account'),
  service_account_impersonation_url: Text,
  delegates: z.array(Text).optional(),
  source_credentials: z.discriminatedUnion('type', [ServiceAccount, AuthorizedUser, ExternalAccount]),
});

const Kinds = z.discriminatedUnion('type', [ServiceAccount, AuthorizedUser, ExternalAccount, Impersonated]);

export type ServiceAccount = Readonly<z.infer<typeof ServiceAccount>>;
export type AuthorizedUser = Readonly<z.infer<typeof AuthorizedUser>>;
export type ExternalAccount = Readonly<z.infer<typeof ExternalAccount>>;
export type Impersonated = Readonly<z.infer<typeof Impersonated>>;

/** A credential of Google Cloud as its JSON tells it. Secret. */
export type GoogleCredential = ServiceAccount | AuthorizedUser | ExternalAccount | Impersonated;

/** What is wrong with a credential, in one plain sentence that shows nothing of it. */
export class CredentialFault extends Error {
  override readonly name = 'CredentialFault';
}

const KNOWN = 'service_account, authorized_user, external_account, impersonated_service_account';

/**
 * @param place where it stands, for people: `vertex_credentials`
 * @throws {CredentialFault}
 * @see https://cloud.google.com/docs/authentication/application-default-credentials (2026-11-26)
 */
export function readCredential(text: string, place: string): GoogleCredential {
  const value = parsed(text, place);
  const read = Kinds.safeParse(value);
  if (!read.success) throw new CredentialFault(`${place}: ${faultOf(read.error, value)}`);
  const credential = read.data;
  if (credential.type === 'service_account') return { ...credential, private_key: keyOf(credential.private_key, place) };
  if (credential.type === 'external_account') checkSource(credential, place);
  return credential;
}

/** Texts of a credential that must not be shown. */
export function secretsOfCredential(credential: GoogleCredential): readonly string[] {
  switch (credential.type) {
    case 'service_account':
      return [credential.private_key];
    case 'authorized_user':
      return [credential.refresh_token, credential.client_secret];
    case 'external_account':
      return [credential.client_secret, ...Object.values(credential.credential_source.headers ?? {})].filter((text) => text !== undefined);
    case 'impersonated_service_account':
      return secretsOfCredential(credential.source_credentials);
  }
}

function parsed(text: string, place: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    // The parser's own words would quote the text.
    throw new CredentialFault(`${place} is no JSON: it must be the whole content of the credential's file.`);
  }
}

function faultOf({ issues }: z.ZodError, value: unknown): string {
  const type = isObject(value) ? value['type'] : undefined;
  const [issue] = issues;
  const member = issue?.path.join('.') ?? '';
  if (member === 'type' || typeof type !== 'string')
    return typeof type === 'string'
      ? `credentials of the type "${type.slice(0, 60)}" are not supported: use one of ${KNOWN}.`
      : `it has no "type": it must be the JSON file of a credential (${KNOWN}).`;
  return `the credential (${type}) has no proper "${member}".`;
}

/** Keys that went through an environment variable often have their line breaks written out. */
function keyOf(pem: string, place: string): string {
  const text = pem.replaceAll(String.raw`\n`, '\n');
  try {
    if (createPrivateKey(text).asymmetricKeyType === 'rsa') return text;
  } catch {
    // What OpenSSL says of it helps nobody.
  }
  throw new CredentialFault(`${place}: "private_key" is no RSA key in PEM form: take the file as Google gave it.`);
}

function checkSource({ credential_source: { file, url, format } }: ExternalAccount, place: string): void {
  if ((file === undefined) === (url === undefined))
    throw new CredentialFault(
      `${place}: "credential_source" must name either a "file" or a "url"; programs and the keys of AWS are not supported.`,
    );
  if (format?.type === 'json' && format.subject_token_field_name === undefined)
    throw new CredentialFault(`${place}: "credential_source.format" has no "subject_token_field_name".`);
}
