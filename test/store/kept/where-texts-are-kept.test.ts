import { expect, test } from 'vitest';
import { KeptTexts } from '../../../src/store/kept/kept-texts.ts';
import { MemoryTexts } from '../../../src/store/kept/memory-texts.ts';
import { Sealer } from '../../../src/store/sealed.ts';
import { BOUNDS, filesIn, newFolder, opened } from './opening.ts';

function keptIn(directory: string): KeptTexts {
  return new KeptTexts({
    clock: { now: () => Date.now(), elapsed: () => Date.now() },
    log: { info: () => undefined, warn: () => undefined },
    sealer: new Sealer('salt'),
    directory,
    what: 'texts of this test',
    bounds: BOUNDS,
  });
}

test('what memory holds goes along to the disk; away from it nothing stays there', async () => {
  const folder = await newFolder();
  const texts = keptIn(folder);
  texts.start();
  texts.put('a', 'me', 'one');
  expect(await filesIn(folder)).toEqual([]);
  texts.use('disk');
  expect(await texts.get('a')).toBe('one');
  await texts.stop();
  expect(await filesIn(folder)).toHaveLength(1);
  texts.use('memory');
  await texts.stop();
  expect(await texts.get('a')).toBeNull();
  expect(await filesIn(folder)).toEqual([]);
  texts.use('disk');
  texts.put('b', 'me', 'two');
  await texts.stop();
  expect(await opened(folder).get('b')).toBe('two');
});

test('a start that keeps nothing on the disk deletes what an earlier one left there', async () => {
  const folder = await newFolder();
  const left = opened(folder);
  left.put('a', 'me', 'one');
  await left.stop();
  const texts = keptIn(folder);
  texts.use('none');
  texts.start();
  texts.put('b', 'me', 'two');
  await texts.stop();
  expect([await texts.get('a'), await texts.get('b'), texts.empty]).toEqual([null, null, true]);
  await expect.poll(() => filesIn(folder)).toEqual([]);
});

test('memory is bounded by entries, bytes and age', async () => {
  const clock = { time: 0 };
  const texts = new MemoryTexts({ now: () => clock.time, elapsed: () => 0 }, { entries: 3, bytes: 40, lifeMs: 10 });
  for (const key of ['a', 'b', 'c', 'd']) texts.put(key, 'me', 'text');
  expect([await texts.get('a'), await texts.get('b')]).toEqual([null, 'text']);
  texts.put('e', 'me', 'x'.repeat(30));
  expect([await texts.get('b'), await texts.get('d'), await texts.get('e')]).toEqual([null, 'text', 'x'.repeat(30)]);
  texts.put('f', 'me', 'x'.repeat(50));
  expect([await texts.get('f'), await texts.get('e')]).toEqual([null, 'x'.repeat(30)]);
  await texts.removeOf('me');
  expect(texts.empty).toBe(true);
  texts.put('g', 'me', 'text');
  clock.time = 10;
  expect(await texts.get('g')).toBeNull();
  texts.put('h', 'me', 'text');
  clock.time = 20;
  texts.sweep();
  expect(texts.empty).toBe(true);
});
