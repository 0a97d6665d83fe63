import { describe, expect, test } from 'vitest';
import { decimalOf } from '../../../src/core/money.ts';
import { adjustmentsFor } from '../../../src/ledger/cost-adjustments.ts';
import { costBreakdown } from '../../../src/ledger/cost-breakdown.ts';
import { bookOf, dollars, NOON, termsText, usage } from './price-fixtures.ts';

const CUSTOM = { input_cost_per_token: '1e-6', output_cost_per_token: '3e-6', cache_read_input_token_cost: '1e-7' };
// 900*1e-6 + 100*1e-7 + 30*3e-6 = 0.0009 + 0.00001 + 0.00009
const USED = usage({ inputTokens: 1000, cacheReadTokens: 100, outputTokens: 30 });

function priceWith(adjustments: ReturnType<typeof adjustmentsFor>) {
  return bookOf({}).priceOf({ provider: 'openai', model: 'x', custom: CUSTOM, adjustments });
}

describe('discount, margin and fee', () => {
  const adjustments = adjustmentsFor(
    'openai',
    { openai: decimalOf('0.05') },
    { openai: { percentage: decimalOf('0.1'), fixed: decimalOf('0.0001') } },
  );

  test('the discount comes off, the margin goes on what is left, the fee on top', () => {
    // 0.001*0.95 = 0.00095, *1.1 = 0.001045, + 0.0001
    expect(dollars(priceWith(adjustments).costOf(USED, NOON))).toBe('0.001145');
  });

  test('each is a term, so that the terms still sum to the total', () => {
    expect(termsText(priceWith(adjustments).costOf(USED, NOON).terms).slice(-3)).toEqual([
      'discount -0.05*0.001',
      'margin 0.1*0.00095',
      'margin_fixed 1*0.0001',
    ]);
  });

  test('the breakdown of the row names them', () => {
    expect(costBreakdown(priceWith(adjustments).costOf(USED, NOON))).toEqual({
      input_cost: '0.0009',
      output_cost: '0.00009',
      cache_read_cost: '0.00001',
      cache_creation_cost: '0',
      tool_usage_cost: '0',
      original_cost: '0.001',
      discount_percent: '0.05',
      discount_amount: '0.00005',
      margin_percent: '0.1',
      margin_total_amount: '0.000195',
      total_cost: '0.001145',
    });
  });

  test('a reservation counts them in', () => {
    // 1000*1e-6 + 30*3e-6 = 0.00109, *0.95*1.1 = 0.00113905, + 0.0001
    expect(priceWith(adjustments).estimate(1000, 30, NOON)).toBe(1_239_050_000_000n);
  });

  test("the provider's own row is used before global", () => {
    const margins = { global: decimalOf('0.5'), openai: decimalOf('0.1') };
    expect(dollars(priceWith(adjustmentsFor('openai', {}, margins)).costOf(USED, NOON))).toBe('0.0011');
    expect(dollars(priceWith(adjustmentsFor('groq', {}, margins)).costOf(USED, NOON))).toBe('0.0015');
  });

  test("the provider's own figure is discounted too", () => {
    const price = bookOf({}).priceOf({ provider: 'openrouter', model: 'x', custom: {}, adjustments });
    expect(dollars(price.costOf(usage({ inputTokens: 1, reportedCost: '1' }), NOON))).toBe('1.0451');
  });

  test('a discount of more than everything gives nothing away', () => {
    expect(dollars(priceWith(adjustmentsFor('openai', { openai: decimalOf('1.5') }, {})).costOf(USED, NOON))).toBe('0');
  });

  test('a free model with a fee is not free', () => {
    const custom = { input_cost_per_token: '0', output_cost_per_token: '0' };
    const free = bookOf({}).priceOf({ provider: 'openai', model: 'x', custom });
    const fee = bookOf({}).priceOf({ provider: 'openai', model: 'x', custom, adjustments: { fixed: decimalOf('0.01') } });
    expect([free.free, fee.free, dollars(fee.costOf(USED, NOON))]).toEqual([true, false, '0.01']);
  });
});

test('a regional uplift multiplies the whole cost where the price has one', () => {
  const custom = { ...CUSTOM, regional_processing_uplift_multiplier_eu: '1.1' };
  const inRegion = (region: string) => bookOf({}).priceOf({ provider: 'openai', model: 'x', custom, adjustments: { region } });
  expect(dollars(inRegion('eu').costOf(USED, NOON))).toBe('0.0011');
  expect(dollars(inRegion('us').costOf(USED, NOON))).toBe('0.001');
});
