import { RateLimitExceededError } from '../core/errors.ts';
import type { LimitSubject } from '../core/limit-policy.ts';
import type { RateWindow } from './rate-window.ts';

/** Descriptors of control-plane 11.1 that a virtual key or a person has. */
export type Descriptor = LimitSubject | 'model_per_key' | 'model_per_user';

/** One limit over one window. `limit` null: counted, never refused, so that a limit set later finds the window as it is. */
export interface RateLimit {
  readonly descriptor: Descriptor;
  /** Hash of the key, or id of the person. */
  readonly id: string;
  readonly kind: 'requests' | 'tokens';
  readonly limit: number | null;
  readonly window: RateWindow;
}

/** The time of a check: `now` since 1970, `elapsed` from the clock that never steps. */
export interface Moment {
  readonly now: number;
  readonly elapsed: number;
  readonly windowMs: number;
}

/**
 * Whether one request, or a reservation of `amount` tokens, has room. As with budgets a call is admitted whose estimate
 * alone does not fit, when no other call holds tokens.
 *
 * @param model that is called: for the refusal
 * @throws {RateLimitExceededError}
 */
export function checkRate(rate: RateLimit, amount: number, model: string, moment: Moment): void {
  const { descriptor, id, kind, limit, window } = rate;
  if (limit === null) return;
  window.roll(moment.elapsed, moment.windowMs);
  const taken = window.used + window.reserved;
  const alone = kind === 'tokens' && window.reserved === 0;
  if (taken < limit && (alone || taken + amount <= limit)) return;
  const identity = descriptor === 'api_key' || descriptor === 'user' ? id : `${id}:${model}`;
  const resetAt = moment.now + window.endsIn(moment.elapsed, moment.windowMs);
  throw new RateLimitExceededError(`${descriptor}: ${identity}`, kind, limit, Math.max(0, limit - taken), resetAt, moment.now);
}
