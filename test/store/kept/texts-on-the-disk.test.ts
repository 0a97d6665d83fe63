import { randomBytes } from 'node:crypto';
import { mkdir, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { describe, expect, test } from 'vitest';
import { BOUNDS, bytesIn, filesIn, HOUR_MS, newFolder, opened } from './opening.ts';

const MEGABYTE = 1_048_576;

describe('a text that was put', () => {
  test('is there at once, and after a restart', async () => {
    const folder = await newFolder();
    const texts = opened(folder);
    texts.put('a', 'me', 'one');
    expect(await texts.get('a')).toBe('one');
    await texts.stop();
    expect(await texts.get('a')).toBe('one');
    const again = opened(folder);
    expect(await again.get('a')).toBe('one');
    expect(await again.get('b')).toBeNull();
  });

  test('replaces the one before it, also for the next process', async () => {
    const folder = await newFolder();
    const texts = opened(folder);
    texts.put('a', 'me', 'first');
    await texts.stop();
    texts.put('a', 'me', 'second');
    await texts.stop();
    const again = opened(folder);
    expect(await again.get('a')).toBe('second');
    await again.remove('a');
    expect(await opened(folder).get('a')).toBeNull();
  });

  test('before the folder was read counts more than what is in it', async () => {
    const folder = await newFolder();
    const texts = opened(folder);
    texts.put('a', 'me', 'old');
    texts.put('b', 'me', 'kept');
    await texts.stop();
    const again = opened(folder);
    again.put('a', 'me', 'new');
    expect([await again.get('a'), await again.get('b')]).toEqual(['new', 'kept']);
    await again.stop();
    expect(await opened(folder).get('a')).toBe('new');
  });

  test('may be of any characters and of megabytes', async () => {
    const folder = await newFolder();
    const text = `grüß 👋 \u0000 ${randomBytes(6 * MEGABYTE).toString('base64')}`;
    const texts = opened(folder);
    texts.put('a', 'me', text);
    await texts.stop();
    expect((await opened(folder).get('a')) === text).toBe(true);
  });

  test('is on the disk without a word of it, of its key or of its owner, for the owner of the folder alone', async () => {
    const folder = await newFolder();
    const texts = opened(folder);
    texts.put('canary-key', 'canary-owner', 'canary-text '.repeat(1000));
    await texts.stop();
    const bytes = await bytesIn(folder);
    expect(bytes.length).toBeGreaterThan(12_000);
    for (const encoding of ['utf8', 'base64', 'hex'] as const)
      for (const word of ['canary', 'texts of this test'])
        expect(bytes.toString('latin1')).not.toContain(Buffer.from(word).toString(encoding).replace(/=+$/, ''));
    const [file = ''] = await filesIn(folder);
    expect([(await stat(folder)).mode & 0o777, (await stat(file)).mode & 0o777]).toEqual([0o700, 0o600]);
  });
});

describe('a process that was killed', () => {
  test('leaves everything that was written before, wherever the last write was torn', async () => {
    const folder = await newFolder();
    const texts = opened(folder);
    texts.put('a', 'me', 'first');
    await texts.stop();
    const [file = ''] = await filesIn(folder);
    const whole = (await stat(file)).size;
    texts.put('b', 'me', 'second');
    await texts.stop();
    const bytes = await readFile(file);
    for (let size = bytes.length - 1; size >= whole; size--) {
      await writeFile(file, bytes.subarray(0, size));
      const again = opened(folder);
      expect([await again.get('a'), await again.get('b')]).toEqual(['first', null]);
    }
    for (const size of [0, 3, 10, 40]) {
      await writeFile(file, bytes.subarray(0, size));
      const again = opened(folder);
      expect(await again.get('a')).toBeNull();
      again.put('c', 'me', 'third');
      await again.stop();
      expect(await opened(folder).get('c')).toBe('third');
    }
  });

  test('takes no other text along where bytes went bad', async () => {
    const folder = await newFolder();
    const texts = opened(folder);
    for (const key of ['a', 'b', 'c']) texts.put(key, 'me', key.repeat(100));
    await texts.stop();
    const [file = ''] = await filesIn(folder);
    const bytes = await readFile(file);
    bytes.fill(7, bytes.length - 150, bytes.length - 100);
    await writeFile(file, bytes);
    const again = opened(folder);
    expect([await again.get('a'), await again.get('b'), await again.get('c')]).toEqual(['a'.repeat(100), 'b'.repeat(100), null]);
  });
});

describe('what was removed', () => {
  test('is overwritten before the promise resolves, and stays away', async () => {
    const folder = await newFolder();
    const texts = opened(folder);
    for (const key of ['a', 'b', 'c']) texts.put(key, 'me', key.repeat(5000));
    await texts.stop();
    const before = await bytesIn(folder);
    await texts.remove('b');
    const after = await bytesIn(folder);
    expect(after.length).toBe(before.length);
    const zeros = after.indexOf(Buffer.alloc(5000));
    expect(zeros).toBeGreaterThan(5000);
    expect(after.indexOf(before.subarray(zeros, zeros + 64))).toBe(-1);
    const again = opened(folder);
    expect([await again.get('a'), await again.get('b'), await again.get('c')]).toEqual(['a'.repeat(5000), null, 'c'.repeat(5000)]);
  });

  test('while it was being written is not left behind', async () => {
    const folder = await newFolder();
    const texts = opened(folder);
    texts.put('a', 'me', 'a');
    const removed = texts.remove('a');
    texts.put('b', 'me', 'b');
    await removed;
    await texts.stop();
    const again = opened(folder);
    expect([await again.get('a'), await again.get('b')]).toEqual([null, 'b']);
  });

  test('may be all that one owner has', async () => {
    const folder = await newFolder();
    const texts = opened(folder);
    for (let n = 0; n < 20; n++) texts.put(`key-${n}`, n % 2 === 0 ? 'gone' : 'stays', `text ${n}`);
    await texts.stop();
    await opened(folder).removeOf('gone');
    const again = opened(folder);
    const found = await Promise.all(Array.from({ length: 20 }, (_, n) => again.get(`key-${n}`)));
    expect(found).toEqual(Array.from({ length: 20 }, (_, n) => (n % 2 === 0 ? null : `text ${n}`)));
  });
});

describe('bounds', () => {
  test('a text is gone after its time, its file an hour later', async () => {
    const folder = await newFolder();
    const clock = { time: 1_000_000 };
    const texts = opened(folder, { clock });
    texts.put('a', 'me', 'old');
    await texts.stop();
    clock.time += 23 * HOUR_MS;
    texts.put('b', 'me', 'young');
    expect([await texts.get('a'), await texts.get('b')]).toEqual(['old', 'young']);
    await texts.stop();
    expect(await filesIn(folder)).toHaveLength(2);
    clock.time += HOUR_MS;
    expect([await texts.get('a'), await texts.get('b')]).toEqual([null, 'young']);
    texts.sweep();
    await texts.stop();
    expect(await filesIn(folder)).toHaveLength(1);
    clock.time += 24 * HOUR_MS;
    const again = opened(folder, { clock });
    await again.stop();
    expect(again.empty).toBe(true);
    await expect.poll(() => filesIn(folder)).toEqual([]);
  });

  test('more entries than there may be push out the oldest, over a restart too', async () => {
    const folder = await newFolder();
    const texts = opened(folder, { bounds: { entries: 10 } });
    for (let n = 0; n < 15; n++) texts.put(`key-${n}`, 'me', `text ${n}`);
    await texts.stop();
    for (const each of [texts, opened(folder, { bounds: { entries: 10 } })]) {
      const found = await Promise.all(Array.from({ length: 15 }, (_, n) => each.get(`key-${n}`)));
      expect(found.map((text) => text !== null)).toEqual([...Array<boolean>(5).fill(false), ...Array<boolean>(10).fill(true)]);
    }
  });

  test('more bytes than there may be take the oldest file with them', async () => {
    const folder = await newFolder();
    const texts = opened(folder, { bounds: { bytes: 10 * MEGABYTE } });
    for (let n = 0; n < 30; n++) {
      texts.put(`key-${n}`, 'me', String(n).padEnd(MEGABYTE));
      await texts.stop();
      expect((await bytesIn(folder)).length).toBeLessThanOrEqual(10 * MEGABYTE);
    }
    expect(await texts.get('key-0')).toBeNull();
    expect((await texts.get('key-29'))?.trim()).toBe('29');
    texts.put('large', 'me', 'x'.repeat(11 * MEGABYTE));
    expect(await texts.get('large')).toBeNull();
    expect((await texts.get('key-29'))?.trim()).toBe('29');
  });

  test('a text that is replaced over and over takes no more room', async () => {
    const folder = await newFolder();
    const texts = opened(folder, { bounds: { bytes: 10 * MEGABYTE } });
    for (let n = 0; n < 40; n++) {
      texts.put('call_0', 'me', String(n).padEnd(MEGABYTE));
      await texts.stop();
    }
    expect((await bytesIn(folder)).length).toBeLessThanOrEqual(5 * MEGABYTE);
    expect((await texts.get('call_0'))?.trim()).toBe('39');
  });
});

test('under another salt key the files are deleted with a warning, and keeping begins anew', async () => {
  const folder = await newFolder();
  const texts = opened(folder);
  texts.put('a', 'me', 'one');
  await texts.stop();
  const warned: string[] = [];
  const other = opened(folder, { salt: 'another', warned });
  expect(await other.get('a')).toBeNull();
  expect(warned).toEqual([expect.stringContaining('another salt key')]);
  expect(await filesIn(folder)).toEqual([]);
  other.put('b', 'me', 'two');
  await other.stop();
  warned.length = 0;
  expect(await opened(folder, { salt: 'another', warned }).get('b')).toBe('two');
  expect(warned).toEqual([]);
});

test('a disk that refuses is told of once; texts wait in memory and are written when it takes them', async () => {
  const folder = await newFolder();
  await mkdir(dirname(folder), { recursive: true });
  await writeFile(folder, 'a file where the folder should be');
  const clock = { time: Date.now() };
  const warned: string[] = [];
  const texts = opened(folder, { clock, warned });
  texts.put('a', 'me', 'one');
  await texts.stop();
  clock.time += 10_000;
  texts.put('b', 'me', 'two');
  await texts.stop();
  expect([await texts.get('a'), await texts.get('b')]).toEqual(['one', 'two']);
  expect(warned.filter((text) => text.includes('cannot be written'))).toHaveLength(1);
  await rm(folder);
  clock.time += 10_000;
  texts.sweep();
  await texts.stop();
  const again = opened(folder, { clock });
  expect([await again.get('a'), await again.get('b')]).toEqual(['one', 'two']);
});

test('a file that vanished loses its texts and nothing else', async () => {
  const folder = await newFolder();
  const texts = opened(folder);
  texts.put('a', 'me', 'one');
  await texts.stop();
  const [file = ''] = await filesIn(folder);
  await truncate(file, 20);
  expect(await texts.get('a')).toBeNull();
  await rm(file);
  expect(await texts.get('a')).toBeNull();
  await expect(texts.remove('a')).rejects.toThrow('ENOENT');
  texts.put('b', 'me', 'two');
  expect(await texts.get('b')).toBe('two');
  expect(BOUNDS.entries).toBeGreaterThan(1);
});
