import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { systemClock } from '../../src/core/clock.ts';
import { Journal } from '../../src/journal/journal.ts';
import { newFolder, openJournal, payloadsOf } from './support.ts';

describe('one process only', () => {
  test('a second opener is refused while the first lives, and the first goes on', async () => {
    const folder = await newFolder();
    const first = await openJournal(folder);
    const second = new Journal({ directory: folder, clock: systemClock });
    await expect(second.start()).rejects.toMatchObject({ name: 'JournalLockedError', pid: process.pid });
    expect(first.append('still here')).toBe(1);
    expect(existsSync(join(folder, 'lock'))).toBe(true);
  });

  test('stopping gives the folder free', async () => {
    const folder = await newFolder();
    await (await openJournal(folder)).stop();
    expect(existsSync(join(folder, 'lock'))).toBe(false);
    expect((await openJournal(folder)).append('mine')).toBe(1);
  });

  test.each([
    ['a dead process', () => `${spawnSync(process.execPath, ['-e', '']).pid} 1 x`],
    ['a process whose id was used again', () => `${process.pid} 1 an-earlier-boot`],
    ['a process that died while it wrote the lock', () => ''],
  ])('the lock of %s is taken over, and new seqs stand clear of lost ones', async (_, content) => {
    const folder = await newFolder();
    const first = await openJournal(folder);
    first.append('kept');
    await first.stop();
    await writeFile(join(folder, 'lock'), content());
    const second = await openJournal(folder);
    expect(second.append('next')).toBe(1_000_000_002);
    expect(await payloadsOf(second)).toEqual(['kept', 'next']);
    expect(await readFile(join(folder, 'lock'), 'utf8')).toMatch(new RegExp(`^${process.pid} `));
  });
});
