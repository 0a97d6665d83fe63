import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { DiskTexts } from '../../../src/store/kept/disk-texts.ts';
import type { KeepingBounds } from '../../../src/store/kept/text-keeper.ts';
import { Sealer } from '../../../src/store/sealed.ts';

export const HOUR_MS = 3_600_000;
export const BOUNDS: KeepingBounds = { entries: 1000, bytes: 67_108_864, lifeMs: 24 * HOUR_MS };

export interface Opening {
  readonly salt?: string;
  readonly bounds?: Partial<KeepingBounds>;
  readonly clock?: { time: number };
  readonly warned?: string[];
}

export async function newFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'kept-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return join(folder, 'texts');
}

/** What a process has open; another one begins where {@link DiskTexts.stop} was called, or where the process was killed. */
export function opened(
  directory: string,
  { salt = 'salt', bounds = {}, clock = { time: Date.now() }, warned = [] }: Opening = {},
): DiskTexts {
  const texts = new DiskTexts({
    clock: { now: () => clock.time, elapsed: () => clock.time },
    log: { info: () => undefined, warn: (text) => warned.push(text) },
    sealer: new Sealer(salt),
    directory,
    what: 'texts of this test',
    bounds: { ...BOUNDS, ...bounds },
  });
  texts.start();
  return texts;
}

export async function filesIn(directory: string): Promise<string[]> {
  return (await readdir(directory).catch((): string[] => [])).sort().map((name) => join(directory, name));
}

/** Everything that is on the disk. */
export async function bytesIn(directory: string): Promise<Buffer> {
  return Buffer.concat(await Promise.all((await filesIn(directory)).map((path) => readFile(path))));
}
