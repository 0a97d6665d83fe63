import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { allOf, newFolder, openJournal } from './support.ts';

const CHILD = fileURLToPath(new URL('appending-child.ts', import.meta.url));
const LOOPS = 20;
const KEPT = 500;

/** Runs a child that appends, kills it once it told `lines` records. @returns payload lengths it told, by seq */
async function killedAfter(folder: string, lines: number): Promise<Map<number, number>> {
  const child = spawn(process.execPath, [CHILD, folder, String(KEPT)], { stdio: ['ignore', 'pipe', 'inherit'] });
  let told = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    told += text;
    if (told.split('\n').length > lines) child.kill('SIGKILL');
  });
  await once(child, 'close');
  const whole = told.split('\n').slice(0, -1);
  return new Map(whole.map((line) => line.split(' ').map(Number) as [number, number]));
}

describe('kill -9 in the middle of appends and releases', () => {
  test(`loses no record that append returned, ${LOOPS} times in one folder`, { timeout: 90_000 }, async () => {
    const folder = await newFolder();
    for (let loop = 0; loop < LOOPS; loop++) {
      const told = await killedAfter(folder, 1 + ((loop * 997) % 2500));
      const journal = await openJournal(folder, { segmentBytes: 16_384 });
      const found = new Map((await allOf(journal)).map(({ seq, payload }) => [seq, payload.length]));
      const last = Math.max(...told.keys());
      const expected = [...told].filter(([seq]) => seq > last - KEPT);
      expect(expected.length).toBeGreaterThan(0);
      for (const [seq, length] of expected) expect([seq, found.get(seq)]).toEqual([seq, length]);
      // Written and not yet told: one record at most.
      expect([...found.keys()].filter((seq) => seq > last).length).toBeLessThanOrEqual(1);
      expect(journal.append('on')).toBeGreaterThan(Math.max(...found.keys()));
      await journal.stop();
    }
    expect((await readdir(folder)).filter((name) => name.endsWith('.damaged'))).toEqual([]);
  });
});
