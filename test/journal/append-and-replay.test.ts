import nodeFs from 'node:fs';
import { stat } from 'node:fs/promises';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { allOf, newFolder, openJournal, payloadsOf, segmentsIn } from './support.ts';

describe('appending and replaying', () => {
  test('seqs count from 1 and a replay gives the payloads back in order', async () => {
    const journal = await openJournal(await newFolder());
    expect(['a', '', 'ö€😀', '{"x":1}'].map((payload) => journal.append(payload))).toEqual([1, 2, 3, 4]);
    expect(await allOf(journal)).toEqual([
      { seq: 1, payload: 'a' },
      { seq: 2, payload: '' },
      { seq: 3, payload: 'ö€😀' },
      { seq: 4, payload: '{"x":1}' },
    ]);
  });

  test('a replay begins behind the given seq', async () => {
    const journal = await openJournal(await newFolder(), { segmentBytes: 4096 });
    for (let n = 1; n <= 500; n++) journal.append(`record ${n}`);
    for (const after of [0, 1, 250, 499, 500, 900]) {
      expect((await allOf(journal, after)).map(({ seq }) => seq)).toEqual(
        Array.from({ length: Math.max(0, 500 - after) }, (_, n) => after + n + 1),
      );
    }
  });

  test('any text survives a restart, whatever its length', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.string({ unit: 'grapheme', maxLength: 600 }), { maxLength: 60 }),
        fc.integer({ min: 0, max: 60 }),
        async (texts, cut) => {
          const folder = await newFolder();
          const first = await openJournal(folder, { segmentBytes: 16_384 });
          for (const text of texts.slice(0, cut)) first.append(text);
          const { id } = first;
          await first.stop();
          const second = await openJournal(folder, { segmentBytes: 16_384 });
          for (const text of texts.slice(cut)) second.append(text);
          expect(second.id).toBe(id);
          expect((await allOf(second)).map(({ seq, payload }) => [seq, payload])).toEqual(
            texts.map((text, index) => [index + 1, text.toWellFormed()]),
          );
          await second.stop();
        },
      ),
      { numRuns: 25 },
    );
  });

  test('a replay tells what was appended before it began, not what comes while it runs', async () => {
    const journal = await openJournal(await newFolder());
    journal.append('before');
    const replay = journal.replay(0);
    expect((await replay.next()).value).toEqual({ seq: 1, payload: 'before' });
    journal.append('after');
    expect((await replay.next()).done).toBe(true);
  });

  test('a payload as large as a segment is refused and spoils nothing', async () => {
    const journal = await openJournal(await newFolder(), { segmentBytes: 4096 });
    expect(() => journal.append('x'.repeat(4096))).toThrow(RangeError);
    expect(journal.append('x'.repeat(4000))).toBe(1);
    expect(journal.state).toBe('ok');
  });

  test('a database that remembers a later position is passed', async () => {
    const journal = await openJournal(await newFolder());
    journal.append('one');
    journal.continueAfter(500);
    journal.continueAfter(3);
    expect(journal.append('two')).toBe(501);
    expect(await payloadsOf(journal, 1)).toEqual(['two']);
  });

  test('only the owner can read the files', async () => {
    const folder = await newFolder();
    const journal = await openJournal(folder, { segmentBytes: 4096 });
    for (let n = 0; n < 200; n++) journal.append('x'.repeat(50));
    for (const path of await segmentsIn(folder)) expect((await stat(path)).mode & 0o777).toBe(0o600);
  });

  test('stopping brings the last record to the disk', async () => {
    const order: string[] = [];
    const fdatasync = ((fd: number, done: nodeFs.NoParamCallback) => {
      order.push('sync');
      nodeFs.fdatasync(fd, done);
    }) as typeof nodeFs.fdatasync;
    const journal = await openJournal(await newFolder(), { fs: { ...nodeFs, fdatasync }, syncMs: 60_000 });
    journal.append('last');
    order.push('appended');
    await journal.stop();
    expect(order.at(-1)).toBe('sync');
  });

  test('an emptied folder is another journal', async () => {
    const [one, two] = [await openJournal(await newFolder()), await openJournal(await newFolder())];
    expect(one.id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}$/);
    expect(one.id).not.toBe(two.id);
  });
});
