import type { Attempt, Explanation } from '../../../api/calls.ts';

/** One lane of the picture: what stood in the way of the answer, in order. Times are milliseconds since the call arrived. */
export type Lane =
  | { readonly kind: 'gateway' | 'wait'; readonly start: number; readonly end: number }
  | { readonly kind: 'attempt'; readonly start: number; readonly first: number | null; readonly end: number; readonly attempt: Attempt };

/** A pause between two attempts shorter than this is none. */
const SHORTEST_WAIT_MS = 10;

export function lanesOf({ attempts, timings }: Explanation): Lane[] {
  const lanes: Lane[] = [];
  let before = timings.overhead_ms ?? (attempts.length === 0 ? timings.end_ms : 0);
  lanes.push({ kind: 'gateway', start: 0, end: before });
  for (const attempt of attempts) {
    const { start_ms: start, first_byte_ms: first } = attempt;
    if (start - before >= SHORTEST_WAIT_MS) lanes.push({ kind: 'wait', start: before, end: start });
    const end = Math.max(start, attempt.end_ms ?? timings.end_ms);
    lanes.push({ kind: 'attempt', start, first, end, attempt });
    before = end;
  }
  return lanes;
}

/** How long the whole call took. */
export const lengthOf = (explanation: Explanation): number =>
  Math.max(explanation.timings.end_ms, ...lanesOf(explanation).map(({ end }) => end));
