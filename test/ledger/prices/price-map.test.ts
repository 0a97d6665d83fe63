import { describe, expect, test } from 'vitest';
import { isAcceptable, readPriceMap } from '../../../src/ledger/prices/map.ts';
import { bookOf, dollars, NOON, usage } from './price-fixtures.ts';

describe('reading a price map', () => {
  test('numbers keep the digits they are written with, also beyond a double', () => {
    const { entries } = readPriceMap('{"m": {"input_cost_per_token": 0.1234567890123456789, "output_cost_per_token": "3e-7"}}');
    expect(entries.get('m')).toEqual({ input_cost_per_token: '0.1234567890123456789', output_cost_per_token: '3e-7' });
  });

  test('prices as text count like prices as numbers', () => {
    const book = bookOf('{"openai/m": {"input_cost_per_token": "3e-7", "output_cost_per_token": 3E-7}}');
    expect(
      dollars(book.priceOf({ provider: 'openai', model: 'm', custom: {} }).costOf(usage({ inputTokens: 1, outputTokens: 1 }), NOON)),
    ).toBe('0.0000006');
  });

  test('a bad entry never removes others', () => {
    const { entries, problems } = readPriceMap(
      '{"sample_spec": {}, "good": {"input_cost_per_token": 1}, "bad": {"input_cost_per_token": "free"}, "odd": 7, "owed": {"output_cost_per_token": -1}}',
    );
    expect([...entries.keys()]).toEqual(['good']);
    expect(problems).toEqual(['bad: input_cost_per_token: not a price', 'odd: not an object', 'owed: output_cost_per_token: negative']);
  });

  test('nulls are absent prices', () => {
    const { entries, problems } = readPriceMap('{"m": {"input_cost_per_token": 1e-6, "output_cost_per_token": null}}');
    expect([entries.size, problems]).toEqual([1, []]);
  });

  test.each([
    ['', SyntaxError],
    ['{"m": ', SyntaxError],
    ['[1]', TypeError],
  ])('%j is no price map', (text, error) => {
    expect(() => readPriceMap(text)).toThrow(error);
  });
});

describe('whether a fetched map replaces the last good one', () => {
  const mapOf = (size: number) => new Map(Array.from({ length: size }, (_, i) => [`m${i}`, {}]));

  test('it needs fifty models, and half of those we had', () => {
    expect(isAcceptable(mapOf(49), null)).toBe(false);
    expect(isAcceptable(mapOf(50), null)).toBe(true);
    expect(isAcceptable(mapOf(50), mapOf(101))).toBe(false);
    expect(isAcceptable(mapOf(51), mapOf(101))).toBe(true);
  });
});
