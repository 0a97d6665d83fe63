import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { madeOnce } from '../../scripts/made-once.ts';

let home: string;
beforeEach(async () => {
  home = await mkdtemp(path.join(tmpdir(), 'made-once-'));
});
afterEach(() => rm(home, { recursive: true }));

test('what is there is not made again', async () => {
  const folder = path.join(home, 'thing');
  await madeOnce(folder, (workshop) => writeFile(path.join(workshop, 'who'), 'first'));
  await madeOnce(folder, () => Promise.reject(new Error('made twice')));
  expect(await readFile(path.join(folder, 'who'), 'utf8')).toBe('first');
});

test('many makers at once leave one whole folder and no rubbish', async () => {
  const folder = path.join(home, 'deep', 'thing');
  const makers = Array.from({ length: 8 }, (_, number) =>
    madeOnce(folder, async (workshop) => {
      await writeFile(path.join(workshop, 'a'), String(number));
      await writeFile(path.join(workshop, 'b'), String(number));
    }),
  );
  expect(new Set(await Promise.all(makers))).toEqual(new Set([folder]));
  expect(await readFile(path.join(folder, 'a'), 'utf8')).toBe(await readFile(path.join(folder, 'b'), 'utf8'));
  expect(await readdir(path.join(home, 'deep'))).toEqual(['thing']);
});

test('a failure is told, and the next try starts afresh', async () => {
  const folder = path.join(home, 'thing');
  await expect(madeOnce(folder, () => Promise.reject(new Error('no wheel')))).rejects.toThrow('no wheel');
  expect(await readdir(home)).toEqual([]);
  await madeOnce(folder, (workshop) => writeFile(path.join(workshop, 'a'), ''));
  expect(await readdir(home)).toEqual(['thing']);
});
