import type { Deployment } from '../core/deployment.ts';
import { isObject, type JsonObject } from '../core/json-object.ts';
import { MalformedAnswerError, ProviderError } from '../core/provider-error.ts';
import { readError } from '../dialects/openai/errors.ts';
import { RESPONSES_PATH } from '../dialects/openai/responses-out/index.ts';
import type { Transport, UpstreamRequest } from '../providers/transport/transport.ts';
import type { Router } from '../router/router.ts';
import { parsedAnswer } from './codecs/parsed-answer.ts';
import { endpointOf } from './endpoints.ts';
import { withoutSecrets } from './own-secrets.ts';
import { withProof, type Proofs } from './proofs.ts';
import type { ResponseHost } from './response-store.ts';
import type { Upstream } from './upstream.ts';

export interface ProviderResponsesParts {
  readonly router: Pick<Router<Upstream>, 'find'>;
  readonly transport: Transport;
  readonly proofs: Proofs;
}

/** How long a provider may take for something that no model has to think about. */
const PATIENCE_MS = 30_000;
const LARGEST = 16_777_216;

/** Responses that a provider keeps as well, by its own ids (data-plane 9.12). What is asked here costs nothing and is not booked. */
export class ProviderResponses {
  readonly #parts: ProviderResponsesParts;

  constructor(parts: ProviderResponsesParts) {
    this.#parts = parts;
  }

  /**
   * Has the provider delete its copy; one that it does not know any more counts as deleted.
   *
   * @returns false: the deployment that made it is not configured any more, so nobody can be asked
   * @throws {ProviderError | TimeoutError} when the copy may still be there
   */
  async forget(host: ResponseHost): Promise<boolean> {
    const deployment = this.#deployment(host);
    if (deployment === null) return false;
    try {
      await this.#asked(deployment, 'DELETE', `/${encodeURIComponent(host.id)}`);
    } catch (error) {
      if (!(error instanceof ProviderError) || error.status !== 404) throw error;
    }
    return true;
  }

  /**
   * Has the provider end what it still works at.
   *
   * @returns the response as the provider tells it; null as in {@link forget}
   * @throws {ProviderError | TimeoutError} and what the provider refuses
   */
  async cancel(host: ResponseHost): Promise<JsonObject | null> {
    const deployment = this.#deployment(host);
    if (deployment === null) return null;
    const answer = parsedAnswer(await this.#asked(deployment, 'POST', `/${encodeURIComponent(host.id)}/cancel`));
    if (!isObject(answer)) throw new MalformedAnswerError('The provider answered with something that is no response.', 'shape');
    return answer;
  }

  #deployment({ deployment: id, group }: ResponseHost): Deployment<Upstream> | null {
    return this.#parts.router.find(group)?.deployments.find((deployment) => deployment.id === id) ?? null;
  }

  async #asked({ upstream }: Deployment<Upstream>, method: UpstreamRequest['method'], below: string): Promise<Buffer> {
    const { proofs, transport } = this.#parts;
    const proof = await proofs.of(upstream, () => ({ signal: AbortSignal.timeout(PATIENCE_MS), ms: PATIENCE_MS }));
    const { origin, path, headers } = endpointOf(upstream, RESPONSES_PATH);
    const { 'content-type': _type, ...sent } = withProof(headers, proof);
    const exchange = transport.send({
      method,
      origin,
      path: path.replace(/(?=\?|$)/, below),
      headers: sent,
      body: null,
      timeouts: { firstByteMs: PATIENCE_MS, totalMs: PATIENCE_MS, idleMs: PATIENCE_MS },
      tls: upstream.tls,
    });
    try {
      await exchange.opened();
      const body = await exchange.whole(LARGEST);
      if (exchange.status < 300) return body;
      throw readError({ status: exchange.status, headers: exchange.headers, body: body.toString('utf8') });
    } catch (error) {
      proofs.failed(upstream, proof, error);
      throw withoutSecrets(error, [...upstream.secrets, ...proof.secrets]);
    } finally {
      exchange.abort();
    }
  }
}
