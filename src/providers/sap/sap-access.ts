import type { Clock } from '../../core/clock.ts';
import { isObject, wordOf } from '../../core/json-object.ts';
import { MalformedAnswerError, ProviderError } from '../../core/provider-error.ts';
import { parsedBody, textOfServer } from '../../dialects/error-body.ts';
import { failureOf } from '../../dialects/provider-errors.ts';
import type { EgressPolicy } from '../egress.ts';
import { endpointUrl } from '../endpoint.ts';
import { KeptTokens, type Token } from '../tokens/kept-tokens.ts';
import type { Proof } from '../tokens/proof.ts';
import { tokenRefusal } from '../tokens/refusal.ts';
import { tokenIn } from '../tokens/token-answer.ts';
import { checkedAddress, replyTo, type TokenReply } from '../tokens/token-question.ts';
import type { Transport } from '../transport/transport.ts';
import { isDeploymentId } from './deployment.ts';

/** How tokens for one client of SAP AI Core are got, and where its orchestration service is looked for. Plain data; secret. */
export interface SapGrant {
  readonly issuer: 'sap';
  /** The token endpoint. */
  readonly address: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** Where AI Core is, with its version. */
  readonly base: string;
  readonly resourceGroup: string;
  /** The deployment where the owner names it; null: it is looked for. */
  readonly deployment: string | null;
}

export interface SapAccessParts {
  readonly clock: Pick<Clock, 'elapsed'>;
  readonly transport: Transport;
  readonly egress: EgressPolicy;
}

const ISSUER = "SAP's authorization";
const SERVICE = 'SAP AI Core';
/** A deployment stays until somebody replaces it; then its old path answers 404, and it is looked for again. */
const LOOKED_FOR_EVERY_MS = 86_400_000;

/** Tokens of SAP's XSUAA for client credentials, and the deployment of the orchestration service that they may call. */
export class SapAccess {
  readonly #parts: SapAccessParts;
  readonly #tokens: KeptTokens<SapGrant>;
  readonly #deployments: KeptTokens<SapGrant>;

  constructor(parts: SapAccessParts) {
    this.#parts = parts;
    this.#tokens = new KeptTokens({ clock: parts.clock, ask: (grant) => this.#fetched(grant) });
    this.#deployments = new KeptTokens({ clock: parts.clock, ask: (grant) => this.#found(grant) });
  }

  /**
   * A token that holds now, and the deployment that answers; at once when both are kept.
   *
   * @throws {ProviderError} when there is none, or nobody can be asked
   */
  token(grant: SapGrant): Proof | Promise<Proof> {
    const token = this.#tokens.token(grant);
    const deployment = grant.deployment ?? this.#deployments.token(grant);
    return typeof token === 'string' && typeof deployment === 'string'
      ? proofOf([token, deployment])
      : Promise.all([token, deployment]).then(proofOf);
  }

  /** AI Core does not believe the token: the next call asks for another, unless this one is new. @returns whether it is not sent any more */
  refused(grant: SapGrant, token: string): boolean {
    return this.#tokens.refused(grant, token);
  }

  /** There is nothing at the deployment: the next call looks for another, unless it was found just now. @returns whether it is not asked any more */
  gone(grant: SapGrant, deployment: string): boolean {
    return grant.deployment === null && this.#deployments.refused(grant, deployment);
  }

  /** @see https://help.sap.com/docs/sap-ai-core/sap-ai-core-service-guide/get-authentication-token (2026-11-26) */
  async #fetched({ address, clientId, clientSecret }: SapGrant): Promise<Token> {
    const { egress, transport } = this.#parts;
    const url = checkedAddress(egress, address, 'provider', ISSUER);
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    const form = new URLSearchParams({ grant_type: 'client_credentials', client_id: clientId, client_secret: clientSecret });
    return readToken(await replyTo({ issuer: ISSUER, url, headers, body: form.toString() }, transport));
  }

  /** @see https://help.sap.com/docs/sap-ai-core/generative-ai/create-deployment-for-orchestration (2026-11-26) */
  async #found(grant: SapGrant): Promise<Token> {
    const { egress, transport } = this.#parts;
    const token = await this.#tokens.token(grant);
    const query = { scenarioId: 'orchestration', status: 'RUNNING' };
    const url = checkedAddress(egress, endpointUrl(grant.base, '/lm/deployments', query).href, 'provider', SERVICE);
    const headers = { authorization: `Bearer ${token}`, 'ai-resource-group': grant.resourceGroup };
    return {
      text: readDeployments(await replyTo({ issuer: SERVICE, url, headers, body: null }, transport), grant),
      lifeMs: LOOKED_FOR_EVERY_MS,
    };
  }
}

function proofOf([token, place]: readonly [string, string]): Proof {
  return { headers: { authorization: `Bearer ${token}` }, secrets: [token], place };
}

/** @throws {ProviderError} with the issuer's own words when it gives no token */
function readToken(reply: TokenReply): Token {
  const answer = parsedBody(reply.body);
  if (reply.status === 200) return tokenIn(answer, ISSUER);
  const { error: code, error_description: message } = isObject(answer) ? answer : {};
  throw tokenRefusal(ISSUER, reply, { message: wordOf(message) || undefined, code: wordOf(code) || undefined });
}

/** The id of the first deployment that runs. @throws {ProviderError} when there is none, or AI Core does not tell */
function readDeployments(reply: TokenReply, { resourceGroup }: SapGrant): string {
  const body = parsedBody(reply.body);
  if (reply.status !== 200)
    throw new ProviderError(failureOf(reply, { message: `${SERVICE} does not tell its deployments. ${toldBy(body, reply)}` }));
  if (!isObject(body) || !Array.isArray(body['resources']))
    throw new MalformedAnswerError(`${SERVICE} answered without a list of deployments.`, 'shape');
  const first = body['resources'].map((one) => (isObject(one) ? wordOf(one['id']) : '')).find(isDeploymentId);
  if (first !== undefined) return first;
  throw new ProviderError({
    class: 'NotFoundError',
    status: 404,
    message: `${SERVICE} has no deployment of the orchestration service that runs in the resource group "${resourceGroup}": make one, or name another group in resource_group.`,
  });
}

function toldBy(body: unknown, reply: TokenReply): string {
  const error = isObject(body) && isObject(body['error']) ? body['error'] : body;
  return (isObject(error) && wordOf(error['message'])) || textOfServer(reply);
}
