import { expect, test } from 'vitest';
import { KeysByAge } from '../../src/identity/keys-by-age.ts';
import { VirtualKey, type KeyFields } from '../../src/identity/virtual-key.ts';

const key = (hash: string, createdAt: number, successor: string | null = null): VirtualKey =>
  new VirtualKey({ hash, createdAt, successor } as KeyFields);

const hashesOf = (keys: KeysByAge): string[] => keys.newestFirst.map(({ keyHash }) => keyHash);

test('keys of one moment have an order, and old texts in their grace are none', () => {
  const keys = new KeysByAge([key('a', 1), key('c', 1), key('old', 2, 'b'), key('b', 1), key('d', 0)]);
  expect(hashesOf(keys)).toEqual(['c', 'b', 'a', 'd']);
  keys.add(key('older', 3, 'b'));
  expect(hashesOf(keys)).toEqual(['c', 'b', 'a', 'd']);
});

test('after any comings and goings the order is that of a list made anew', () => {
  const live = new Map<string, VirtualKey>();
  const keys = new KeysByAge([]);
  for (let n = 0; n < 3000; n++) {
    // A fixed walk over 97 names and 11 moments, with keys that are replaced and keys that go.
    const hash = String((n * 7919) % 97);
    const old = live.get(hash);
    if (old) keys.remove(old);
    live.delete(hash);
    if (n % 5 === 0) continue;
    const fresh = key(hash, (n * 31) % 11);
    live.set(hash, fresh);
    keys.add(fresh);
  }
  expect(live.size).toBeGreaterThan(50);
  expect(hashesOf(keys)).toEqual(hashesOf(new KeysByAge(live.values())));
});

test('a key that is not there leaves all others', () => {
  const keys = new KeysByAge([key('a', 1), key('b', 2)]);
  keys.remove(key('a', 1));
  keys.remove(key('z', 9));
  expect(hashesOf(keys)).toEqual(['b', 'a']);
});
