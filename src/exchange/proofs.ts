import type { EntraTokens } from '../providers/entra/entra-tokens.ts';
import type { GoogleTokens } from '../providers/google/google-tokens.ts';
import type { Resolved } from '../providers/resolve.ts';
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

export interface ProofParts {
  readonly entra: EntraTokens;
  readonly google: GoogleTokens;
}

/** Gets what an attempt must show its provider beside a key. */
export class Proofs {
  readonly #parts: ProofParts;

  constructor(parts: ProofParts) {
    this.#parts = parts;
  }

  /**
   * At once where a key is enough or a token is kept.
   *
   * @throws {ProviderError | TimeoutError | ClientGoneError}
   */
  of({ resolved, secrets }: Upstream, patience: () => Patience): Proof | Promise<Proof> {
    const token = this.#token(resolved);
    if (token === null) return NOTHING;
    return typeof token === 'string' ? proofBy(token) : awaited(token, secrets, patience());
  }

  /** The attempt failed: a token that the provider does not believe is not sent again. */
  failed({ resolved }: Upstream, { secrets }: Proof, error: unknown): void {
    const [token] = secrets;
    if (token === undefined || !(error instanceof ProviderError) || error.status !== 401) return;
    if (resolved.entra !== null) this.#parts.entra.refused(resolved.entra, token);
    if (resolved.google !== null) this.#parts.google.refused(resolved.google, token);
  }

  #token({ entra, google }: Resolved): string | Promise<string> | null {
    if (entra !== null) return this.#parts.entra.token(entra);
    return google === null ? null : this.#parts.google.token(google);
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
