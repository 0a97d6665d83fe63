/**
 * Loaded into a gateway (`--import`) by a drill that wants to look inside: on SIGUSR2 it writes a line of `Vitals` to
 * standard error and begins anew.
 */
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { isMainThread } from 'node:worker_threads';

export interface Vitals {
  /** Bytes in use after a collection, on and off the heap. */
  readonly used: number;
  readonly rss: number;
  /** How late the event loop was since the last look, milliseconds. */
  readonly lateP99Ms: number;
}

export const VITALS = 'VITALS ';
/** The histogram holds intervals, not delays. */
const RESOLUTION_MS = 10;

if (isMainThread && process.env['DRILL_VITALS'] === '1') {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  const intervals = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  intervals.enable();
  process.on('SIGUSR2', () => {
    const lateP99Ms = intervals.percentile(99) / 1e6 - RESOLUTION_MS;
    collect();
    // What finalizers let go of is counted one turn later.
    setImmediate(() => {
      collect();
      const { heapUsed, external, rss } = process.memoryUsage();
      const vitals: Vitals = { used: heapUsed + external, rss, lateP99Ms };
      process.stderr.write(`${VITALS}${JSON.stringify(vitals)}\n`);
      intervals.reset();
    });
  });
}
