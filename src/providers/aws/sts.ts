import { ProviderError, type ProviderFailure } from '../../core/provider-error.ts';
import { boundedText, maskSecrets, retryAfterOf } from '../../dialects/provider-errors.ts';
import type { Token } from '../tokens/kept-tokens.ts';
import type { TokenReply } from '../tokens/token-question.ts';
import type { Role } from './grant.ts';
import type { AwsKeys } from './sigv4.ts';
import { temporaryKeys } from './temporary-keys.ts';
import { insideOf, textIn } from './xml.ts';

export const STS = 'AWS STS';

const USUAL_LIFE_S = 3600;

/**
 * The form that asks for a session of a role.
 *
 * @param webToken what is shown in place of a signature; null: the question is signed
 * @see https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html
 * @see https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithWebIdentity.html
 * Read on 2026-11-26.
 */
export function roleForm({ arn, session, externalId, lifeS }: Role, webToken: string | null): string {
  return new URLSearchParams({
    Action: webToken === null ? 'AssumeRole' : 'AssumeRoleWithWebIdentity',
    Version: '2011-06-15',
    RoleArn: arn,
    RoleSessionName: session,
    DurationSeconds: String(lifeS ?? USUAL_LIFE_S),
    ...(webToken === null ? {} : { WebIdentityToken: webToken }),
    ...(webToken !== null || externalId === null ? {} : { ExternalId: externalId }),
  }).toString();
}

export interface StsReading {
  readonly role: Role;
  /** Texts that must not be shown, should AWS repeat them. */
  readonly secrets: readonly string[];
  /** Milliseconds since 1970. */
  readonly nowMs: number;
}

/** @throws {ProviderError} with AWS's own words when there are no keys */
export function readSession(reply: TokenReply, { role, secrets, nowMs }: StsReading): Token<AwsKeys> {
  if (reply.status !== 200) throw refusal(reply, role, secrets);
  const keys = insideOf(reply.body, 'Credentials');
  const told = (name: string): string => textIn(keys, name);
  return temporaryKeys(
    { id: told('AccessKeyId'), secret: told('SecretAccessKey'), token: told('SessionToken'), expiration: told('Expiration') },
    nowMs,
    STS,
  );
}

/** What helps, by AWS's code. */
const ADVICE: Readonly<Record<string, string>> = {
  AccessDenied: 'Check aws_role_name, aws_external_id, and whom the trust policy of the role names.',
  InvalidClientTokenId: 'Check the access key that takes the role on.',
  SignatureDoesNotMatch: 'Check the secret access key that takes the role on.',
  ExpiredToken: 'The session token or the web identity token has expired.',
  ExpiredTokenException: 'The session token or the web identity token has expired.',
  InvalidIdentityToken: 'Check the web identity token, and that its issuer is an identity provider of the account.',
  IDPRejectedClaim: 'The issuer of the web identity token does not believe it any more.',
  RegionDisabledException: 'Activate AWS STS in this region, or set aws_sts_endpoint to another.',
  RequestExpired: 'Check the clock of this machine.',
};

const BUSY: ReadonlySet<string> = new Set(['Throttling', 'ThrottlingException', 'RequestLimitExceeded']);

function refusal({ status, headers, body }: TokenReply, { arn }: Role, secrets: readonly string[]): ProviderError {
  const error = insideOf(body, 'Error');
  const [code, own] = [textIn(error, 'Code'), textIn(error, 'Message')];
  const said = [code, own].filter((text) => text !== '').join(': ') || `it answered with status ${status}`;
  const words = secrets.reduce((left, secret) => left.replaceAll(secret, '***'), said);
  const retryAfterMs = retryAfterOf(headers);
  const sentence = /[.!?]$/.test(words) ? words : `${words}.`;
  return new ProviderError({
    ...judgedBy(status, code),
    message: boundedText(maskSecrets(`${STS} gave no session of the role ${arn}: ${sentence} ${ADVICE[code] ?? ''}`.trimEnd())),
    ...(code === '' ? {} : { code }),
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  });
}

/** AWS says 400 and 403 of what it does not believe; to the caller all are a credential that does not hold. */
function judgedBy(status: number, code: string): Pick<ProviderFailure, 'class' | 'status'> {
  if (status === 429 || BUSY.has(code)) return { class: 'RateLimitError', status: 429 };
  if (status >= 500 || code === 'IDPCommunicationError') return { class: 'ServiceUnavailableError', status: 503 };
  return { class: 'AuthenticationError', status: 401 };
}
