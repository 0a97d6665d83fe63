import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { Sealer } from '../../src/store/sealed.ts';

const sealer = new Sealer('a salt key');

test('any text comes back, and is not readable meanwhile', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', minLength: 4 }), (text) => {
      const sealed = sealer.seal(text);
      expect(sealer.open(sealed)).toBe(text.toWellFormed());
      expect(sealed).toMatch(/^v2:gcm:[\w-]+$/);
    }),
  );
});

test('the same text is sealed differently each time', () => {
  expect(sealer.seal('text')).not.toBe(sealer.seal('text'));
});

test('nothing comes of another key, of a changed text, or of what was never sealed', () => {
  const sealed = sealer.seal('a secret');
  expect(new Sealer('another salt key').open(sealed)).toBeNull();
  const changed = sealed.slice(0, -1) + (sealed.endsWith('A') ? 'B' : 'A');
  for (const text of [changed, sealed.slice(0, 20), 'v2:gcm:', 'a secret', '']) expect(sealer.open(text)).toBeNull();
});
