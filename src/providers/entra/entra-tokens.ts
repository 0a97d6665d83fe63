import { hash } from 'node:crypto';
import type { Clock } from '../../core/clock.ts';
import { ProviderError } from '../../core/provider-error.ts';
import { EgressDeniedError, type EgressPolicy } from '../egress.ts';
import type { Transport } from '../transport/transport.ts';
import type { EntraGrant } from './grant.ts';
import { readToken, tokenForm, type Token } from './token-request.ts';

export interface EntraTokensParts {
  readonly clock: Pick<Clock, 'elapsed'>;
  readonly transport: Transport;
  readonly egress: EgressPolicy;
  /** Text of a file that holds another issuer's token. */
  readonly readText: (path: string) => Promise<string>;
}

/** What is kept of one grant. */
interface Kept {
  token: string | null;
  askedAt: number;
  /** `clock.elapsed()` from which on a new one is asked for, and at which the old one is not sent any more. */
  renewAt: number;
  endsAt: number;
  /** The question under way: everybody waits for the same. */
  asking: Promise<string> | null;
}

/** How long before its end a token is renewed: Entra's tokens live for about an hour. */
const RENEW_EARLY_MS = 300_000;
/** How long before its end a token is not sent any more: it must still hold when it arrives. */
const END_EARLY_MS = 10_000;
/** After a renewal that failed while the old token holds. */
const RENEW_AGAIN_MS = 15_000;
/** A younger token that a provider refuses is not to blame. */
const TOO_YOUNG_TO_BLAME_MS = 60_000;
const TIMEOUT_MS = 15_000;
const LARGEST = 262_144;

/**
 * Tokens of Entra ID: asked for when they are first needed, kept in memory alone, renewed in the background before they end.
 * Many calls at once ask once.
 */
export class EntraTokens {
  readonly #parts: EntraTokensParts;
  readonly #kept = new Map<string, Kept>();

  constructor(parts: EntraTokensParts) {
    this.#parts = parts;
  }

  /**
   * A token that holds now; at once when one is kept.
   *
   * @throws {ProviderError} when Entra ID gives none or cannot be asked
   */
  token(grant: EntraGrant): string | Promise<string> {
    const key = keyOf(grant);
    const now = this.#parts.clock.elapsed();
    const kept = this.#kept.get(key);
    if (kept?.token == null || now >= kept.endsAt) return kept?.asking ?? this.#ask(key, grant);
    // Nobody waits for a renewal, and while the old token holds nobody is told that it failed.
    if (now >= kept.renewAt && kept.asking === null) this.#ask(key, grant).catch(() => undefined);
    return kept.token;
  }

  /** A provider does not believe the token: the next call asks for another, unless this one is new. */
  refused(grant: EntraGrant, token: string): void {
    const key = keyOf(grant);
    const kept = this.#kept.get(key);
    if (kept?.token === token && this.#parts.clock.elapsed() - kept.askedAt >= TOO_YOUNG_TO_BLAME_MS) kept.endsAt = 0;
  }

  #ask(key: string, grant: EntraGrant): Promise<string> {
    const now = this.#parts.clock.elapsed();
    this.#forgetEnded(now);
    const before = this.#kept.get(key) ?? { token: null, askedAt: now, renewAt: 0, endsAt: 0, asking: null };
    const asking = this.#fetched(grant).then(
      ({ text, lifeMs }) => {
        const early = Math.min(RENEW_EARLY_MS, lifeMs / 2);
        const endsAt = now + lifeMs - Math.min(END_EARLY_MS, lifeMs / 4);
        this.#kept.set(key, { token: text, askedAt: now, renewAt: now + lifeMs - early, endsAt, asking: null });
        return text;
      },
      (error: unknown) => {
        before.asking = null;
        before.renewAt = this.#parts.clock.elapsed() + RENEW_AGAIN_MS;
        throw error;
      },
    );
    before.asking = asking;
    this.#kept.set(key, before);
    return asking;
  }

  async #fetched(grant: EntraGrant): Promise<Token> {
    const { egress, transport } = this.#parts;
    const url = checked(egress, grant.address);
    const form = tokenForm(grant, await this.#assertion(grant));
    const exchange = transport.send({
      method: 'POST',
      origin: url.origin,
      path: url.pathname,
      headers: { 'content-type': 'application/x-www-form-urlencoded', accept: 'application/json', 'user-agent': 'llm-gateway' },
      body: Buffer.from(form),
      timeouts: { firstByteMs: TIMEOUT_MS, totalMs: TIMEOUT_MS, idleMs: TIMEOUT_MS },
    });
    try {
      await exchange.opened();
      const body = await exchange.whole(LARGEST);
      return readToken({ status: exchange.status, headers: exchange.headers, body: body.toString('utf8') });
    } catch (error) {
      exchange.abort();
      throw unreachable(error, url.hostname);
    }
  }

  async #assertion({ showing }: EntraGrant): Promise<string> {
    if (showing.kind !== 'file') return '';
    try {
      return (await this.#parts.readText(showing.path)).trim();
    } catch (error) {
      throw new ProviderError({
        class: 'AuthenticationError',
        status: 401,
        message: 'The file with the token for Entra ID cannot be read.',
        cause: error,
      });
    }
  }

  /** Of a deployment that is gone nobody asks again. */
  #forgetEnded(now: number): void {
    for (const [key, { endsAt, asking }] of this.#kept) if (asking === null && now >= endsAt) this.#kept.delete(key);
  }
}

/** Not the grant itself: what proves who asks need not stand in the key of a map. */
function keyOf(grant: EntraGrant): string {
  return hash('sha256', JSON.stringify(grant));
}

function checked(egress: EgressPolicy, address: string): URL {
  try {
    return egress.checkUrl(address, 'provider');
  } catch (error) {
    if (!(error instanceof EgressDeniedError)) throw error;
    throw new ProviderError({
      class: 'APIConnectionError',
      status: 502,
      type: 'api_connection_error',
      message: `Entra ID cannot be asked: ${error.message}`,
      cause: error,
    });
  }
}

/** A time-out here is not the call's own, and a connection that fails is not the provider's: both say whose they are. */
function unreachable(error: unknown, host: string): unknown {
  if (error instanceof ProviderError && error.failure.class !== 'APIConnectionError') return error;
  const own = error instanceof Error ? error.message : String(error);
  return new ProviderError({
    class: 'APIConnectionError',
    status: 502,
    type: 'api_connection_error',
    message: `Entra ID (${host}) cannot be asked for a token. ${own}`,
    cause: error,
  });
}
