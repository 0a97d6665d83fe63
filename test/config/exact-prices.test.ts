import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isPriceKey } from '../../src/config/keys.ts';
import { decimalOf, usdOf, usdText } from '../../src/core/money.ts';
import { configOf } from './support.ts';

const row = (params: string, info = ''): string =>
  `model_list:\n  - model_name: m\n    litellm_params: {model: openai/m${params ? `, ${params}` : ''}}\n    model_info: {${info}}\n`;

describe('prices and budgets', () => {
  test('keep every digit that stands in the file', async () => {
    const { models } = await configOf(
      row('input_cost_per_token: 0.000000150000000000000000001, output_cost_per_token: 6e-07', 'cache_read_input_token_cost: "3.75e-8"'),
    );
    expect(models[0]?.prices).toEqual({
      input_cost_per_token: '0.000000150000000000000000001',
      output_cost_per_token: '6e-07',
      cache_read_input_token_cost: '3.75e-8',
    });
  });

  test('of litellm_params win over those of model_info, and an empty one is none', async () => {
    const { models } = await configOf(
      row('input_cost_per_token: 1, output_cost_per_token: null', 'input_cost_per_token: 2, output_cost_per_token: 3'),
    );
    expect(models[0]?.prices).toEqual({ input_cost_per_token: '1', output_cost_per_token: '3' });
  });

  test('inside tiers are decimal text too, while token ranges are numbers', async () => {
    const { models } = await configOf(
      row(
        '',
        'tiered_pricing: [{range: [0, 32000], input_cost_per_token: 0.10}], search_context_cost_per_query: {search_context_size_low: 0.030}',
      ),
    );
    expect(models[0]?.prices).toEqual({
      tiered_pricing: [{ range: [0, 32000], input_cost_per_token: '0.10' }],
      search_context_cost_per_query: { search_context_size_low: '0.030' },
    });
  });

  test('are shown as numbers', async () => {
    const { models } = await configOf(row('input_cost_per_token: 1e-6, max_budget: 10.50'));
    expect(models[0]?.shown).toMatchObject({ input_cost_per_token: 0.000001, max_budget: 10.5 });
    expect(models[0]?.params).toMatchObject({ max_budget: '10.50' });
  });

  test('of the whole gateway and of new keys are exact', async () => {
    const { litellm } = await configOf(
      'litellm_settings:\n  max_budget: 100.000000000000001\n  default_key_generate_params: {max_budget: 0.10, models: [a]}\n',
    );
    expect(litellm.maxBudget && usdText(litellm.maxBudget)).toBe('100.000000000000001');
    expect(litellm.defaultKeyParams).toEqual({ max_budget: '0.10', models: ['a'] });
  });

  test('survive the file whatever their digits', async () => {
    const digits = fc.string({ unit: fc.constantFrom('0', '1', '2', '5', '9'), minLength: 1, maxLength: 14 });
    await fc.assert(
      fc.asyncProperty(fc.nat(999_999), digits, async (whole, fraction) => {
        const text = `${whole}.${fraction}`;
        const { models, litellm } = await configOf(`${row(`input_cost_per_token: ${text}`)}litellm_settings: {max_budget: ${text}}\n`);
        expect(decimalOf(String(models[0]?.prices['input_cost_per_token']))).toEqual(decimalOf(text));
        expect(litellm.maxBudget).toBe(usdOf(text));
      }),
      { numRuns: 60 },
    );
  });
});

describe('price keys', () => {
  test.each([
    'input_cost_per_token',
    'output_cost_per_token_above_200k_tokens_priority',
    'cache_creation_input_token_cost_above_1hr',
    'input_cost_per_video_per_second',
    'search_context_cost_per_query',
    'tiered_pricing',
    'ocr_cost_per_page',
    'code_interpreter_cost_per_session',
    'cache_read_input_audio_token_cost',
  ])('%s is one', (key) => expect(isPriceKey(key)).toBe(true));

  test.each(['model', 'max_tokens', 'cost_center', 'rpm', 'include_cost_in_streaming_usage', 'disable_end_user_cost_tracking'])(
    '%s is none',
    (key) => {
      expect(isPriceKey(key)).toBe(false);
    },
  );
});
