import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { isExactNumber, parseExact } from '../../src/core/exact-json.ts';

/** A number as JSON may write it, or text that looks like one. */
const values = fc.oneof(
  fc.stringMatching(/^-?(0|[1-9]\d{0,24})(\.\d{1,20})?([eE][+-]?\d{1,3})?$/),
  fc.double({ noNaN: true, noDefaultInfinity: true }).map(String),
  fc.maxSafeInteger().map(String),
  fc.string().map((text) => JSON.stringify(text)),
  fc.constantFrom('null', 'true', '{}', '[]', '-0', '0', '9007199254740993', '"1.5"'),
);

test('what is parsed is written back as it stood, to the last digit', () => {
  fc.assert(
    fc.property(fc.array(values), fc.string(), (texts, name) => {
      const json = `{${JSON.stringify(`a${name}`)}:[${texts.join(',')}]}`;
      expect(JSON.stringify(parseExact(json))).toBe(json);
    }),
    { numRuns: 500 },
  );
});

test.each(['1.5', '1e3', '2E-7', '-0', '12345678901234567', '9007199254740993'])('%s is kept as its text', (text) => {
  expect(isExactNumber(parseExact(text))).toBe(true);
  expect(isExactNumber((parseExact(`{"in":[${text}]}`) as { readonly in: unknown[] }).in[0])).toBe(true);
});

test('whole numbers that a double holds are numbers', () => {
  expect(parseExact('[0, 7, -12, 999999999999999, 9007199254740991]')).toEqual([0, 7, -12, 999_999_999_999_999, 9_007_199_254_740_991]);
});
