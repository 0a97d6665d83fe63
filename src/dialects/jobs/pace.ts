import { retryAfterOf } from '../provider-errors.ts';

/** How often a job is asked for: after so many milliseconds, and each time half as long again up to a bound. */
export interface Pace {
  readonly firstMs: number;
  readonly mostMs: number;
}

const GROWTH = 1.5;

/** The wait before the next question: what the reply asks for, else by the pace. @param asked questions before */
export function waitOf({ firstMs, mostMs }: Pace, asked: number, headers: Readonly<Record<string, string>>): number {
  return retryAfterOf(headers) ?? Math.min(mostMs, Math.round(firstMs * GROWTH ** Math.min(asked, MOST_STEPS)));
}

/** Beyond it every pace stands at its bound. */
const MOST_STEPS = 50;
