import { copyFile, readdir, readFile, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { findRecord, RecordEncoder } from '../../src/journal/record.ts';
import { allOf, newFolder, openJournal, payloadsOf, segmentsIn } from './support.ts';

const SMALL = { segmentBytes: 4096 };
const RECORDS = 100;

/** A folder with four segments of numbered records. */
async function filledFolder(): Promise<string> {
  const folder = await newFolder();
  const journal = await openJournal(folder, SMALL);
  for (let n = 1; n <= RECORDS; n++) journal.append(`${n} ${'z'.repeat(n + 60)}`);
  await journal.stop();
  return folder;
}

function texts(count: number): string[] {
  return Array.from({ length: count }, (_, n) => `${n + 1} ${'z'.repeat(n + 61)}`);
}

async function damagedIn(folder: string): Promise<string[]> {
  return (await readdir(folder)).filter((name) => name.endsWith('.damaged'));
}

describe('damage', () => {
  test('a tail that was torn off ends the replay, and appending goes on behind it', async () => {
    const folder = await filledFolder();
    const last = (await segmentsIn(folder)).at(-1) ?? '';
    const bytes = await readFile(last);
    const end = bytes.findLastIndex((byte) => byte !== 0);
    for (const cut of [1, 8, 30, 90]) {
      const torn = Buffer.from(bytes).fill(0, end - cut);
      await writeFile(last, torn);
      const journal = await openJournal(folder, SMALL);
      expect(await payloadsOf(journal)).toEqual(texts(RECORDS - 1));
      expect(journal.append('next')).toBe(RECORDS);
      expect((await payloadsOf(journal)).at(-1)).toBe('next');
      await journal.stop();
    }
    expect(await damagedIn(folder)).toEqual([]);
  });

  test('a file that lost its end is read as far as it goes', async () => {
    const folder = await filledFolder();
    await truncate((await segmentsIn(folder)).at(-1) ?? '', 200);
    const journal = await openJournal(folder, SMALL);
    const found = await payloadsOf(journal);
    expect(found).toEqual(texts(found.length));
    journal.append('next');
    expect(await payloadsOf(journal)).toEqual([...texts(found.length), 'next']);
  });

  test('a whole record is found behind any stretch of nothing, wherever it begins', () => {
    const encoder = new RecordEncoder(7);
    encoder.encode(12, 'behind');
    for (const start of [8, 4080, 4088, 4096, 4104, 8184, 8192, 20_000, 65_528]) {
      const bytes = Buffer.alloc(65_536 + 64);
      encoder.buffer.copy(bytes, start, 0, encoder.size);
      expect(findRecord(bytes, 0, 3, 7)?.start).toBe(start);
      // What is written before it is no record, and hides none.
      bytes.fill(1, 0, 4);
      expect(findRecord(bytes, 0, 3, 7)?.start).toBe(start);
    }
    expect(findRecord(Buffer.alloc(65_536), 0, 3, 7)).toBeNull();
  });

  test('damage in the middle ends the replay, is told, and what follows is kept aside', async () => {
    const folder = await filledFolder();
    const [, second = ''] = await segmentsIn(folder);
    const bytes = await readFile(second);
    bytes[1500] = (bytes[1500] ?? 0) ^ 4;
    await writeFile(second, bytes);
    const errors: string[] = [];
    const journal = await openJournal(folder, { ...SMALL, log: { warn: () => {}, error: (_, message) => errors.push(message) } });
    const found = await allOf(journal);
    expect(found.map(({ payload }) => payload)).toEqual(texts(found.length));
    expect(found.length).toBeLessThan(RECORDS);
    expect(errors).toEqual(['the journal is damaged: what follows the damage is set aside in files named .damaged']);
    const aside = Buffer.concat(await Promise.all((await damagedIn(folder)).map((name) => readFile(join(folder, name)))));
    for (let n = found.length + 2; n <= RECORDS; n++) expect(aside.indexOf(`${n} ${'z'.repeat(n + 60)}`)).toBeGreaterThan(-1);

    expect(journal.append('next')).toBe(1_000_000_000 + RECORDS + 1);
    await journal.stop();
    const again = await openJournal(folder, { ...SMALL, log: { warn: () => {}, error: (_, message) => errors.push(message) } });
    expect(await payloadsOf(again)).toEqual([...texts(found.length), 'next']);
    expect(errors).toHaveLength(1);
  });

  test('flipped bits anywhere never crash, never change a record, and never give a seq twice', async () => {
    const folder = await filledFolder();
    const originals = await Promise.all((await segmentsIn(folder)).map(async (path) => ({ path, bytes: await readFile(path) })));
    const flips = fc.array(fc.record({ file: fc.nat(originals.length - 1), at: fc.nat(4095), bit: fc.nat(7) }), {
      minLength: 1,
      maxLength: 4,
    });
    await fc.assert(
      fc.asyncProperty(flips, async (chosen) => {
        const broken = await newFolder();
        const copies = originals.map(({ path, bytes }) => ({ name: path.slice(folder.length), bytes: Buffer.from(bytes) }));
        for (const { file, at, bit } of chosen) {
          const bytes = copies[file]?.bytes;
          if (bytes) bytes[at] = (bytes[at] ?? 0) ^ (1 << bit);
        }
        for (const { name, bytes } of copies) await writeFile(join(broken, name), bytes);
        const journal = await openJournal(broken, SMALL);
        const found = await allOf(journal);
        expect(found.map(({ payload }) => payload)).toEqual(texts(found.length));
        const seq = journal.append('next');
        // A flip in the very last record looks like a torn tail: its seq was never acknowledged by anybody.
        expect(seq).toBeGreaterThanOrEqual(RECORDS);
        await journal.stop();
        const again = await openJournal(broken, SMALL);
        expect((await allOf(again)).map((record) => record.payload)).toEqual([...texts(found.length), 'next']);
        await again.stop();
      }),
      { numRuns: 150 },
    );
  });

  test('records of another journal in the same folder are not taken for ours', async () => {
    const [folder, other] = [await filledFolder(), await filledFolder()];
    const [, , third = ''] = await segmentsIn(other);
    await copyFile(third, join(folder, third.slice(other.length)));
    const found = await payloadsOf(await openJournal(folder, SMALL));
    expect(found).toEqual(texts(found.length));
    expect(found.length).toBeLessThan(RECORDS);
  });
});
