import type { Grant, Issued, TokenIssuer, TokenIssuers } from '../providers/tokens/grant.ts';
import { PLACE } from '../providers/tokens/place.ts';
import type { Proof } from '../providers/tokens/proof.ts';
import { ProviderError } from '../core/provider-error.ts';
import { TimeoutError } from '../core/errors.ts';
import { withoutSecrets } from './own-secrets.ts';
import type { Upstream } from './upstream.ts';

export type { Proof } from '../providers/tokens/proof.ts';

const NOTHING: Proof = { headers: {}, secrets: [] };

/** How long an attempt may wait for its proof. */
export interface Patience {
  readonly signal: AbortSignal;
  readonly ms: number;
}

/** Gets what an attempt must show its provider beside a key. */
export class Proofs {
  readonly #issuers: TokenIssuers;

  constructor(issuers: TokenIssuers) {
    this.#issuers = issuers;
  }

  /**
   * At once where a key is enough or a token is kept.
   *
   * @throws {ProviderError | TimeoutError | ClientGoneError}
   */
  of({ resolved: { grant }, secrets }: Upstream, patience: () => Patience): Proof | Promise<Proof> {
    if (grant === null) return NOTHING;
    const issued = this.#issuer(grant).token(grant);
    return issued instanceof Promise ? awaited(issued, secrets, patience()) : proofBy(issued);
  }

  /**
   * The attempt failed: a token that the provider does not believe, or a place where nothing is, is not tried again.
   *
   * @returns whether the same question may be asked once more, with a new one
   */
  failed(upstream: Upstream, proof: Proof, error: unknown): boolean {
    if (!(error instanceof ProviderError)) return false;
    if (error.status === 404) return this.#gone(upstream, proof);
    return error.status === 401 && this.#refused(upstream, proof);
  }

  /** The same for an answer that passed unread: AWS says 403 of keys that have expired. */
  answered(upstream: Upstream, proof: Proof, status: number): void {
    if (status === 401 || status === 403) this.#refused(upstream, proof);
  }

  #refused({ resolved: { grant } }: Upstream, { secrets: [token] }: Proof): boolean {
    return grant !== null && token !== undefined && this.#issuer(grant).refused(grant, token);
  }

  #gone({ resolved: { grant } }: Upstream, { place }: Proof): boolean {
    return grant !== null && place !== undefined && this.#issuer(grant).gone?.(grant, place) === true;
  }

  /** A grant goes to its own issuer alone. */
  #issuer({ issuer }: Grant): TokenIssuer {
    return this.#issuers[issuer];
  }
}

/** The request's headers with those that prove who asks. */
export function withProof(headers: Proof['headers'], { headers: proof }: Proof): Proof['headers'] {
  for (const _ in proof) return { ...headers, ...proof };
  return headers;
}

/** The path with what the provider says in its place. */
export function placedPath(path: string, { place }: Proof): string {
  return place === undefined ? path : path.replace(PLACE, place);
}

function proofBy(issued: Issued): Proof {
  return typeof issued === 'string' ? { headers: { authorization: `Bearer ${issued}` }, secrets: [issued] } : issued;
}

async function awaited(issued: Promise<Issued>, secrets: readonly string[], { signal, ms }: Patience): Promise<Proof> {
  const { promise, reject } = Promise.withResolvers<never>();
  const leave = (): void => {
    reject(signal.reason);
  };
  if (signal.aborted) leave();
  else signal.addEventListener('abort', leave, { once: true });
  const timer = setTimeout(() => {
    reject(new TimeoutError('total', ms));
  }, ms);
  try {
    return proofBy(await Promise.race([issued, promise]));
  } catch (error) {
    throw withoutSecrets(error, secrets);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', leave);
  }
}
