import { coreUse, cpuUsOf } from './processes.ts';

/** What happened on the cores while something ran. */
export interface Use {
  /** CPU time of the measured process, microseconds. */
  readonly cpuUs: number;
  readonly elapsedUs: number;
  /** Share of the load core that was busy, 0 to 1. */
  readonly loadCore: number;
  /** Share of the measured core that other programs took, 0 to 1: the noise of a shared machine. */
  readonly foreign: number;
}

/** Runs `work` and tells what the process `pid` used meanwhile. */
export async function measured<T>(pid: number, work: () => Promise<T>): Promise<{ readonly result: T; readonly use: Use }> {
  const [began, cpu, own, load] = [performance.now(), cpuUsOf(pid), coreUse(0), coreUse(1)];
  const result = await work();
  const [cpuUs, ownNow, loadNow] = [cpuUsOf(pid) - cpu, coreUse(0), coreUse(1)];
  const total = Math.max(1, ownNow.totalUs - own.totalUs);
  return {
    result,
    use: {
      cpuUs,
      elapsedUs: (performance.now() - began) * 1000,
      loadCore: (loadNow.busyUs - load.busyUs) / Math.max(1, loadNow.totalUs - load.totalUs),
      foreign: Math.max(0, (ownNow.busyUs - own.busyUs - cpuUs) / total),
    },
  };
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  return sorted.length % 2 === 1 ? (sorted[Math.floor(middle)] ?? NaN) : ((sorted[middle - 1] ?? NaN) + (sorted[middle] ?? NaN)) / 2;
}

export function least(values: readonly number[]): number {
  return Math.min(...values);
}

export function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
