import { existsSync } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import type { Journal } from '../../src/journal/journal.ts';
import { allOf, newFolder, openJournal, segmentsIn } from './support.ts';

const SMALL = { segmentBytes: 4096 };

function fill(journal: Journal, records: number): void {
  for (let n = 0; n < records; n++) journal.append('x'.repeat(100));
}

async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await condition())) await setImmediate();
}

describe('released records', () => {
  test('segments that are wholly released go, the newest stays', async () => {
    const folder = await newFolder();
    const journal = await openJournal(folder, SMALL);
    fill(journal, 200);
    expect((await segmentsIn(folder)).length).toBe(7);
    expect(journal.bytes).toBe(7 * 4096);
    journal.release(100);
    await until(() => journal.bytes === 4 * 4096);
    expect((await allOf(journal, 100)).length).toBe(100);
    journal.release(200);
    await until(() => journal.bytes === 4096);
    expect((await segmentsIn(folder)).length).toBe(1);
  });

  test('a released segment is used again, and its old records never come back', async () => {
    const folder = await newFolder();
    const journal = await openJournal(folder, SMALL);
    for (let round = 0; round < 20; round++) {
      fill(journal, 37);
      expect((await allOf(journal, round * 37)).length).toBe(37);
      journal.release(journal.lastSeq);
      await until(() => journal.bytes === 4096);
    }
    const seqs = (await allOf(journal)).map(({ seq }) => seq);
    await journal.stop();
    const again = await openJournal(folder, SMALL);
    expect((await allOf(again)).map(({ seq }) => seq)).toEqual(seqs);
    expect((await readdir(folder)).filter((name) => name.endsWith('.damaged'))).toEqual([]);
  });

  test('in a steady flow two files are written again and again', async () => {
    const folder = await newFolder();
    const journal = await openJournal(folder, SMALL);
    const files = new Set<number>();
    const perSegment = Math.floor((4096 - 64) / 120);
    for (let n = 0; n < 12 * perSegment; n++) {
      journal.release(journal.append('x'.repeat(100)));
      await until(() => journal.bytes === 4096);
      if (n % perSegment === perSegment - 1) await until(() => existsSync(join(folder, 'spare')));
      for (const path of await segmentsIn(folder)) files.add((await stat(path)).ino);
    }
    expect(files.size).toBe(2);

    // Old records still stand behind the last one; they must not come back.
    for (let n = 0; n < 5; n++) journal.append(`new ${n}`);
    const last = journal.lastSeq;
    await journal.stop();
    const again = await openJournal(folder, SMALL);
    expect((await allOf(again)).map(({ payload }) => payload).slice(-5)).toEqual(['new 0', 'new 1', 'new 2', 'new 3', 'new 4']);
    expect(again.append('next')).toBe(last + 1);
  });

  test('seq and id go on when everything was released before the restart', async () => {
    const folder = await newFolder();
    const journal = await openJournal(folder, SMALL);
    fill(journal, 100);
    journal.release(100);
    await journal.stop();
    const again = await openJournal(folder, SMALL);
    again.release(100);
    expect(again.id).toBe(journal.id);
    expect(again.append('next')).toBe(101);
    expect((await allOf(again, 100)).map(({ payload }) => payload)).toEqual(['next']);
  });

  test('a replay that releases as it goes sees every record', async () => {
    const journal = await openJournal(await newFolder(), SMALL);
    fill(journal, 300);
    let seen = 0;
    for await (const { seq } of journal.replay(0)) {
      expect(seq).toBe(++seen);
      journal.release(seq);
    }
    expect(seen).toBe(300);
  });
});
