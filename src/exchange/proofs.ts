import type { Grant, TokenIssuer, TokenIssuers } from '../providers/tokens/grant.ts';
import { ProviderError } from '../core/provider-error.ts';
import { TimeoutError } from '../core/errors.ts';
import { withoutSecrets } from './own-secrets.ts';
import type { Upstream } from './upstream.ts';

/** What proves who asks, where that is not in the configuration: got anew for each attempt. Secret. */
export interface Proof {
  /** Lower case names; laid over those of the request. */
  readonly headers: Readonly<Record<string, string>>;
  /** Texts that must not be shown, also when the provider repeats them. */
  readonly secrets: readonly string[];
}

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
    const token = this.#issuer(grant).token(grant);
    return typeof token === 'string' ? proofBy(token) : awaited(token, secrets, patience());
  }

  /** The attempt failed: a token that the provider does not believe is not sent again. */
  failed({ resolved: { grant } }: Upstream, { secrets }: Proof, error: unknown): void {
    const [token] = secrets;
    if (grant === null || token === undefined || !(error instanceof ProviderError) || error.status !== 401) return;
    this.#issuer(grant).refused(grant, token);
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

function proofBy(token: string): Proof {
  return { headers: { authorization: `Bearer ${token}` }, secrets: [token] };
}

async function awaited(token: Promise<string>, secrets: readonly string[], { signal, ms }: Patience): Promise<Proof> {
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
    return proofBy(await Promise.race([token, promise]));
  } catch (error) {
    throw withoutSecrets(error, secrets);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', leave);
  }
}
