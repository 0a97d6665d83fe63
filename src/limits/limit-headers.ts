import type { HeaderList } from '../core/header-list.ts';
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
export function limitHeadersOf({ limits, key, person }: Hold, { clock, settings: { windowMs } }: LimitContext): HeaderList {
  const headers: HeaderList = [];
  const elapsed = clock.elapsed();
  addLimits(headers, 'requests', limits.requests, elapsed, windowMs);
  addLimits(headers, 'tokens', limits.tokens, elapsed, windowMs);
  for (const subject of [key, person]) {
    const maxParallel = subject?.policy.maxParallel ?? null;
    if (subject && maxParallel !== null)
      addPair(headers, subject.policy.subject, 'max_parallel_requests', maxParallel, Math.max(0, maxParallel - subject.running));
  }
  return headers;
}

function addLimits(headers: HeaderList, kind: RateLimit['kind'], limits: readonly RateLimit[], elapsed: number, windowMs: number): void {
  let tightest: Room | null = null;
  for (const { descriptor, limit, window } of limits) {
    if (limit === null) continue;
    window.roll(elapsed, windowMs);
    const remaining = Math.max(0, limit - window.used - window.reserved);
    addPair(headers, descriptor, kind, limit, remaining);
    if (!tightest || remaining < tightest.remaining) tightest = { limit, remaining, endsInMs: window.endsIn(elapsed, windowMs) };
  }
  if (!tightest) return;
  headers.push(`x-ratelimit-limit-${kind}`, String(tightest.limit));
  headers.push(`x-ratelimit-remaining-${kind}`, String(tightest.remaining));
  headers.push(`x-ratelimit-reset-${kind}`, waitText(tightest.endsInMs));
}

function addPair(headers: HeaderList, descriptor: string, kind: string, limit: number, remaining: number): void {
  headers.push(`x-ratelimit-${descriptor}-limit-${kind}`, String(limit));
  headers.push(`x-ratelimit-${descriptor}-remaining-${kind}`, String(remaining));
}

/** As OpenAI writes it: `250ms`, `42s`, `1m0s`. */
function waitText(ms: number): string {
  if (ms < 1000) return `${Math.ceil(ms)}ms`;
  const seconds = Math.ceil(ms / 1000);
  return seconds < 60 ? `${seconds}s` : `${Math.floor(seconds / 60)}m${seconds % 60}s`;
}
