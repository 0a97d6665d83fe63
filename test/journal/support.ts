import nodeFs from 'node:fs';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { systemClock } from '../../src/core/clock.ts';
import type { FileSystem } from '../../src/journal/file-system.ts';
import { Journal, type JournalOptions, type JournalRecord } from '../../src/journal/journal.ts';

export async function newFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'journal-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** A started journal, stopped when the test ends. */
export async function openJournal(directory: string, options: Partial<JournalOptions> = {}): Promise<Journal> {
  const journal = new Journal({ directory, clock: systemClock, ...options });
  await journal.start();
  onTestFinished(() => journal.stop());
  return journal;
}

export async function allOf(journal: Journal, afterSeq = 0): Promise<JournalRecord[]> {
  return Array.fromAsync(journal.replay(afterSeq));
}

export async function payloadsOf(journal: Journal, afterSeq = 0): Promise<string[]> {
  return (await allOf(journal, afterSeq)).map(({ payload }) => payload);
}

export async function segmentsIn(folder: string): Promise<string[]> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.journal'));
  return names.sort().map((name) => join(folder, name));
}

/** A disk whose writes and syncs fail with `code` while it is set. */
export class MoodyDisk {
  code: string | null = null;
  /** Writes it has taken. */
  writes = 0;

  get fs(): FileSystem {
    const refuse = () => this.#refuse();
    return {
      ...nodeFs,
      openSync: (path, flags, mode) => {
        if (flags !== 'r') refuse();
        return nodeFs.openSync(path, flags, mode);
      },
      writeSync: ((...args: Parameters<typeof nodeFs.writeSync>) => {
        refuse();
        this.writes++;
        return nodeFs.writeSync(...args);
      }) as typeof nodeFs.writeSync,
      writeFileSync: (...args) => {
        refuse();
        nodeFs.writeFileSync(...args);
      },
      promises: {
        ...nodeFs.promises,
        open: async (path, flags, mode) => {
          if (flags !== 'r') refuse();
          return nodeFs.promises.open(path, flags, mode);
        },
      },
    };
  }

  #refuse(): void {
    if (this.code !== null) throw Object.assign(new Error(`${this.code}: the disk refuses`), { code: this.code });
  }
}
