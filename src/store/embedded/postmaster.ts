import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';

import type { Wait } from '../wait.ts';

/** A PostgreSQL server process, as its `postmaster.pid` tells. */
export interface Postmaster {
  readonly pid: number;
  readonly socketDirectory: string;
  /** `starting`, `ready`, `stopping` ... */
  readonly status: string;
}

/** Reads `postmaster.pid` of a cluster; `null` when there is none or it is half written. */
export async function readPostmaster(cluster: string): Promise<Postmaster | null> {
  const text = await readFile(pidFile(cluster), 'utf8').catch(() => '');
  const lines = text.split('\n').map((line) => line.trim());
  const pid = Number(lines[0]);
  if (!(pid > 0)) return null;
  return { pid, socketDirectory: lines[4] ?? '', status: lines[7] ?? '' };
}

export function pidFile(cluster: string): string {
  return join(cluster, 'postmaster.pid');
}

/**
 * Whether that process lives and is the PostgreSQL that wrote the file: process ids come round again, after a restart of a
 * container within seconds. A server of ours has its socket directory on its command line.
 */
export async function isAlive({ pid, socketDirectory }: Postmaster): Promise<boolean> {
  const words = (await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')).split('\0');
  return basename(words[0] ?? '') === 'postgres' && socketDirectory !== '' && words[words.indexOf('-k') + 1] === socketDirectory;
}

/** Waits until the process is gone. @returns false when it still lives after `limitMs` */
export async function waitGone(postmaster: Postmaster, limitMs: number, wait: Wait, signal?: AbortSignal): Promise<boolean> {
  for (let left = limitMs; await isAlive(postmaster); left -= 20) {
    if (left <= 0) return false;
    await wait(20, signal);
  }
  return true;
}

/**
 * Stops a server of ours: first fast (clients are sent away, everything is written), then at once (the next start recovers).
 *
 * @returns false when it lives on after both bounds
 */
export async function stopPostmaster(
  postmaster: Postmaster,
  wait: Wait,
  bounds: { readonly fastMs: number; readonly immediateMs: number },
): Promise<boolean> {
  if (await signalled(postmaster, 'SIGINT', bounds.fastMs, wait)) return true;
  return signalled(postmaster, 'SIGQUIT', bounds.immediateMs, wait);
}

async function signalled(postmaster: Postmaster, signal: NodeJS.Signals, limitMs: number, wait: Wait): Promise<boolean> {
  if (!(await isAlive(postmaster))) return true;
  try {
    process.kill(postmaster.pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
  return waitGone(postmaster, limitMs, wait);
}
