import { setTimeout as sleep } from 'node:timers/promises';

/** Resolves after `ms` milliseconds. @throws an `AbortError` when the signal fires first */
export type Wait = (ms: number, signal?: AbortSignal) => Promise<void>;

/** {@link Wait} by the system's timers. */
export const systemWait: Wait = (ms, signal) => sleep(ms, undefined, signal ? { signal } : {});

/** Delays between attempts: each twice the one before, from `firstMs` up to `longestMs`. */
export function* backOff(firstMs: number, longestMs: number): Generator<number, never> {
  for (let delay = firstMs; ; delay = Math.min(longestMs, delay * 2)) yield Math.min(delay, longestMs);
}

/** True for the error of a wait or call that a signal ended. */
export function isAbort(error: unknown): boolean {
  return error instanceof Error && error.name === 'AbortError';
}
