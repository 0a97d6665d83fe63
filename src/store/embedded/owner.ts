import { readFile, rm, writeFile } from 'node:fs/promises';

import { ConfigError } from '../../core/errors.ts';

/**
 * Takes the folder for this process, so that two gateways never share one embedded PostgreSQL (the first to stop would stop it).
 * The claim of a process that is gone is replaced.
 *
 * @param file holds the owner's process id and when it started
 * @throws {ConfigError} when another living process has it
 */
export async function claim(file: string): Promise<void> {
  const mine = await identityOf(process.pid);
  for (;;) {
    try {
      await writeFile(file, mine ?? `${process.pid}`, { flag: 'wx', mode: 0o600 });
      return;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
    const theirs = await readFile(file, 'utf8').catch(() => '');
    const pid = Number(theirs.split(' ')[0]);
    if (pid > 0 && theirs !== mine && (await identityOf(pid)) === theirs) {
      throw new ConfigError(`Another gateway (process ${pid}) runs the PostgreSQL of this data folder; ${file} names it.`);
    }
    await rm(file, { force: true });
  }
}

/** Gives the folder back. */
export async function release(file: string): Promise<void> {
  await rm(file, { force: true });
}

/** Process id and start time: a number that was given to another process since is told apart. `null`: no such process. */
async function identityOf(pid: number): Promise<string | null> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => null);
  if (stat === null) return null;
  // The second field is the program's name in parentheses and may hold spaces; the start time is field 22.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return fields[0] === 'Z' ? null : `${pid} ${fields[19]}`;
}
