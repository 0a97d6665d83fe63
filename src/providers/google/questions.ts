import type { AuthorizedUser, ExternalAccount } from './credential.ts';

const ACCESS_TOKEN = 'urn:ietf:params:oauth:token-type:access_token';

/** @see https://developers.google.com/identity/protocols/oauth2/service-account (2026-11-26) */
export function jwtForm(assertion: string): string {
  return new URLSearchParams({ grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer', assertion }).toString();
}

/** @see https://developers.google.com/identity/protocols/oauth2/web-server#offline (2026-11-26) */
export function refreshForm({ client_id, client_secret, refresh_token }: AuthorizedUser): string {
  return new URLSearchParams({ grant_type: 'refresh_token', client_id, client_secret, refresh_token }).toString();
}

/**
 * Another issuer's token, exchanged for one of Google's.
 *
 * @see https://cloud.google.com/iam/docs/reference/sts/rest/v1/TopLevel/token (2026-11-26)
 */
export function exchangeQuestion(
  { audience, subject_token_type: type, client_id: id, client_secret: secret, workforce_pool_user_project: project }: ExternalAccount,
  subjectToken: string,
  scope: string,
): { readonly headers: Readonly<Record<string, string>>; readonly form: string } {
  const form = new URLSearchParams({
    grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange',
    audience,
    scope,
    requested_token_type: ACCESS_TOKEN,
    subject_token: subjectToken,
    subject_token_type: type,
  });
  // A client of its own already belongs to a project.
  if (project !== undefined && id === undefined) form.set('options', JSON.stringify({ userProject: project }));
  const basic = id === undefined ? {} : { authorization: `Basic ${Buffer.from(`${id}:${secret ?? ''}`).toString('base64')}` };
  return { headers: basic, form: form.toString() };
}

/** A service account to act as. */
export interface Impersonation {
  /** `https://iamcredentials.googleapis.com/v1/projects/-/serviceAccounts/{email}:generateAccessToken` */
  readonly url: string;
  readonly delegates?: readonly string[] | undefined;
  readonly lifeS?: number | undefined;
}

/** @see https://cloud.google.com/iam/docs/reference/credentials/rest/v1/projects.serviceAccounts/generateAccessToken (2026-11-26) */
export function impersonationQuestion({ delegates = [], lifeS = 3600 }: Impersonation, scope: string): string {
  return JSON.stringify({ scope: [scope], lifetime: `${lifeS}s`, ...(delegates.length === 0 ? {} : { delegates }) });
}
