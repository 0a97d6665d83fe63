import { hash } from 'node:crypto';
import type { Clock } from '../../core/clock.ts';

/** A token, or the keys that stand in place of one, and how long it holds, from when it was asked for. Secret. */
export interface Token<Text = string> {
  readonly text: Text;
  readonly lifeMs: number;
}

export interface KeptTokensParts<Grant, Text = string> {
  readonly clock: Pick<Clock, 'elapsed'>;
  /** Asks the issuer. */
  readonly ask: (grant: Grant) => Promise<Token<Text>>;
  /** What a token is told apart by; absent: it is a text. */
  readonly nameOf?: (token: Text) => string;
}

/** What is kept of one grant. */
interface Kept<Text> {
  token: Text | null;
  askedAt: number;
  /** `clock.elapsed()` from which on a new one is asked for, and at which the old one is not sent any more. */
  renewAt: number;
  endsAt: number;
  /** The question under way: everybody waits for the same. */
  asking: Promise<Text> | null;
}

/** How long before its end a token is renewed: they live for about an hour. */
const RENEW_EARLY_MS = 300_000;
/** How long before its end a token is not sent any more: it must still hold when it arrives. */
const END_EARLY_MS = 10_000;
/** After a renewal that failed while the old token holds. */
const RENEW_AGAIN_MS = 15_000;
/** A younger token that a provider refuses is not to blame. */
const TOO_YOUNG_TO_BLAME_MS = 60_000;

/**
 * Tokens of one issuer: asked for when they are first needed, kept in memory alone, renewed in the background before they end.
 * Many calls at once ask once.
 */
export class KeptTokens<Grant, Text = string> {
  readonly #parts: KeptTokensParts<Grant, Text>;
  readonly #kept = new Map<string, Kept<Text>>();

  constructor(parts: KeptTokensParts<Grant, Text>) {
    this.#parts = parts;
  }

  /** A token that holds now; at once when one is kept. Fails as the issuer's question does. */
  token(grant: Grant): Text | Promise<Text> {
    const key = keyOf(grant);
    const now = this.#parts.clock.elapsed();
    const kept = this.#kept.get(key);
    if (kept?.token == null || now >= kept.endsAt) return kept?.asking ?? this.#ask(key, grant);
    // Nobody waits for a renewal, and while the old token holds nobody is told that it failed.
    if (now >= kept.renewAt && kept.asking === null) this.#ask(key, grant).catch(() => undefined);
    return kept.token;
  }

  /**
   * A provider does not believe the token: the next call asks for another, unless this one is new.
   *
   * @param token its text, or what it is told apart by
   * @returns whether the token is not sent any more
   */
  refused(grant: Grant, token: string): boolean {
    const { clock, nameOf = String } = this.#parts;
    const kept = this.#kept.get(keyOf(grant));
    if (kept?.token == null || nameOf(kept.token) !== token) return false;
    if (clock.elapsed() - kept.askedAt < TOO_YOUNG_TO_BLAME_MS) return false;
    kept.endsAt = 0;
    return true;
  }

  #ask(key: string, grant: Grant): Promise<Text> {
    const now = this.#parts.clock.elapsed();
    this.#forgetEnded(now);
    const before: Kept<Text> = this.#kept.get(key) ?? { token: null, askedAt: now, renewAt: 0, endsAt: 0, asking: null };
    const asking = this.#parts.ask(grant).then(
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

  /** Of a deployment that is gone nobody asks again. */
  #forgetEnded(now: number): void {
    for (const [key, { endsAt, asking }] of this.#kept) if (asking === null && now >= endsAt) this.#kept.delete(key);
  }
}

/** Not the grant itself: what proves who asks need not stand in the key of a map. */
function keyOf(grant: unknown): string {
  return hash('sha256', JSON.stringify(grant));
}
