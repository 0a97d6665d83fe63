import type { Hold } from './hold.ts';
import type { LimitContext } from './limit-context.ts';
import type { RateLimit } from './rate-limit.ts';

interface Room {
  readonly limit: number;
  readonly remaining: number;
  readonly endsInMs: number;
}

/**
 * `x-ratelimit-*` of an answer (control-plane 11.3): a pair for each limit that is set, and the plain OpenAI names for
 * the tightest. Empty when the key has no limits: the provider's then stand there.
 */
export function limitHeadersOf(hold: Hold, { clock, settings: { windowMs } }: LimitContext): Record<string, string> {
  const headers: Record<string, string> = {};
  const elapsed = clock.elapsed();
  for (const [kind, limits] of [
    ['requests', hold.limits.requests],
    ['tokens', hold.limits.tokens],
  ] as const) {
    const tightest = writePairs(headers, limits, elapsed, windowMs);
    if (!tightest) continue;
    headers[`x-ratelimit-limit-${kind}`] = String(tightest.limit);
    headers[`x-ratelimit-remaining-${kind}`] = String(tightest.remaining);
    headers[`x-ratelimit-reset-${kind}`] = waitText(tightest.endsInMs);
  }
  const maxParallel = hold.key?.policy.maxParallel ?? null;
  if (hold.key && maxParallel !== null)
    writePair(headers, 'api_key', 'max_parallel_requests', maxParallel, Math.max(0, maxParallel - hold.key.running));
  return headers;
}

/** @returns the limit with the least room */
function writePairs(headers: Record<string, string>, limits: readonly RateLimit[], elapsed: number, windowMs: number): Room | null {
  let tightest: Room | null = null;
  for (const { descriptor, kind, limit, window } of limits) {
    if (limit === null) continue;
    window.roll(elapsed, windowMs);
    const remaining = Math.max(0, limit - window.used - window.reserved);
    writePair(headers, descriptor, kind, limit, remaining);
    if (!tightest || remaining < tightest.remaining) tightest = { limit, remaining, endsInMs: window.endsIn(elapsed, windowMs) };
  }
  return tightest;
}

function writePair(headers: Record<string, string>, descriptor: string, kind: string, limit: number, remaining: number): void {
  headers[`x-ratelimit-${descriptor}-limit-${kind}`] = String(limit);
  headers[`x-ratelimit-${descriptor}-remaining-${kind}`] = String(remaining);
}

/** As OpenAI writes it: `250ms`, `42s`, `1m0s`. */
function waitText(ms: number): string {
  if (ms < 1000) return `${Math.ceil(ms)}ms`;
  const seconds = Math.ceil(ms / 1000);
  return seconds < 60 ? `${seconds}s` : `${Math.floor(seconds / 60)}m${seconds % 60}s`;
}
