import { isObject, type JsonObject } from '../../core/json-object.ts';
import { ProviderError } from '../../core/provider-error.ts';
import type { EgressPolicy } from '../egress.ts';
import type { Token } from '../tokens/kept-tokens.ts';
import { checkedAddress, replyTo, type TokenQuestion, type TokenReply } from '../tokens/token-question.ts';
import type { Transport } from '../transport/transport.ts';
import type { ContainerSource } from './grant.ts';
import type { AwsKeys } from './sigv4.ts';
import { temporaryKeys } from './temporary-keys.ts';

export interface MachineKeysParts {
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly transport: Transport;
  readonly egress: EgressPolicy;
  /** Origin of the metadata server, which no configuration can name. */
  readonly metadata: string;
}

const CONTAINER = 'The credentials server of the container';
const METADATA = 'The metadata server of AWS';
/** They are on the same machine, or nowhere. */
const TIMEOUT_MS = 2000;
const SESSION_S = 21_600;
const ROLES = '/latest/meta-data/iam/security-credentials/';
const NO_CREDENTIALS =
  'There are no credentials for AWS: set aws_access_key_id and aws_secret_access_key, aws_role_name with aws_web_identity_token, aws_profile_name, or a Bedrock API key as api_key. (The shared files have no default profile, and no metadata server of AWS gives a role.)';

/** Servers of AWS inside a machine: of containers on ECS and EKS. Others must be reachable by the egress policy, and see no file. */
const OF_CONTAINERS: ReadonlySet<string> = new Set(['169.254.170.2', '169.254.170.23', '[fd00:ec2::23]']);

/** Keys that the machine itself is given: by the credentials server of a container, or by the metadata server (IMDSv2). */
export class MachineKeys {
  readonly #parts: MachineKeysParts;

  constructor(parts: MachineKeysParts) {
    this.#parts = parts;
  }

  /**
   * @param authorization what the server wants to see; null: nothing
   * @throws {ProviderError}
   * @see https://docs.aws.amazon.com/sdkref/latest/guide/feature-container-credentials.html (2026-11-26)
   */
  async ofContainer({ address }: ContainerSource, authorization: string | null): Promise<Token<AwsKeys>> {
    const { transport, now } = this.#parts;
    const headers = authorization === null ? {} : { authorization };
    const url = this.#addressOf(address);
    const reply = await replyTo({ issuer: CONTAINER, url, headers, body: null, timeoutMs: TIMEOUT_MS }, transport);
    if (reply.status !== 200) throw refused(`${CONTAINER} gave no keys: it answered with status ${reply.status}.`, reply.status);
    return keysIn(reply, CONTAINER, now());
  }

  /**
   * @throws {ProviderError}
   * @see https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/configuring-instance-metadata-service.html (2026-11-26)
   */
  async ofMetadata(): Promise<Token<AwsKeys>> {
    const session = await this.#metadataReply('/latest/api/token', { 'x-aws-ec2-metadata-token-ttl-seconds': String(SESSION_S) }, 'PUT');
    const headers = { 'x-aws-ec2-metadata-token': session.body.trim() };
    const [role = ''] = (await this.#metadataReply(ROLES, headers)).body.trim().split('\n');
    if (!/^[\w+=,.@-]+$/.test(role)) throw refused(NO_CREDENTIALS, 401);
    return keysIn(await this.#metadataReply(ROLES + role, headers), METADATA, this.#parts.now());
  }

  /**
   * The one address that the egress policy refuses everybody else: nobody can name it, its paths are fixed, and what it gives
   * signs calls to the provider alone.
   */
  async #metadataReply(path: string, headers: TokenQuestion['headers'], method?: 'PUT'): Promise<TokenReply> {
    const question = { issuer: METADATA, url: new URL(path, this.#parts.metadata), headers, body: null, timeoutMs: TIMEOUT_MS };
    try {
      const reply = await replyTo(method === undefined ? question : { ...question, method }, this.#parts.transport);
      // A line break would end the header that it is to stand in.
      if (reply.status === 200 && (method === undefined || /^[\x21-\x7e]+$/.test(reply.body.trim()))) return reply;
    } catch (error) {
      throw refused(NO_CREDENTIALS, 401, error);
    }
    throw refused(NO_CREDENTIALS, 401);
  }

  #addressOf(address: string): URL {
    const url = URL.parse(address);
    const isItsOwn = url?.protocol === 'http:' && OF_CONTAINERS.has(url.hostname) && url.port === '';
    return isItsOwn ? url : checkedAddress(this.#parts.egress, address, 'provider', CONTAINER);
  }
}

/** Whether the text of a file may be shown to a container's server: on this machine, or one of AWS's own. */
export function isInsideTheMachine(address: string): boolean {
  const host = URL.parse(address)?.hostname ?? '';
  return OF_CONTAINERS.has(host) || host === 'localhost' || host === '[::1]' || /^127(?:\.\d+){3}$/.test(host);
}

function keysIn({ body }: TokenReply, issuer: string, nowMs: number): Token<AwsKeys> {
  const { AccessKeyId: id, SecretAccessKey: secret, Token: token, Expiration: expiration } = parsed(body);
  return temporaryKeys({ id, secret, token, expiration }, nowMs, issuer);
}

function parsed(text: string): JsonObject {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : {};
  } catch {
    return {};
  }
}

function refused(message: string, status: number, cause: unknown = null): ProviderError {
  return status >= 500
    ? new ProviderError({ class: 'ServiceUnavailableError', status: 503, message, cause })
    : new ProviderError({ class: 'AuthenticationError', status: 401, message, cause });
}
