import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readUsage, writeUsage } from '../../../src/dialects/openai/usage.ts';
import { plainDecimal } from '../../../src/dialects/plain-decimal.ts';
import { wireCase } from '../wire-case.ts';

const read = (raw: object, tier?: unknown) => {
  const { raw: _, ...usage } = readUsage(raw, tier) ?? { raw: null };
  return usage;
};
const base = { prompt_tokens: 100, completion_tokens: 50, total_tokens: 150 };

describe('usage', () => {
  test('all parts of OpenAI are read', () => {
    const raw = {
      ...base,
      prompt_tokens_details: { cached_tokens: 40, audio_tokens: 5, image_tokens: 6 },
      completion_tokens_details: { reasoning_tokens: 20, audio_tokens: 3, accepted_prediction_tokens: 2, rejected_prediction_tokens: 1 },
    };
    expect(read(raw, 'flex')).toEqual({
      inputTokens: 100,
      outputTokens: 50,
      cacheReadTokens: 40,
      audioInputTokens: 5,
      imageInputTokens: 6,
      reasoningTokens: 20,
      audioOutputTokens: 3,
      acceptedPredictionTokens: 2,
      rejectedPredictionTokens: 1,
      serviceTier: 'flex',
    });
  });

  test.each([
    ['DeepSeek', { ...base, prompt_cache_hit_tokens: 64, prompt_cache_miss_tokens: 36 }, { cacheReadTokens: 64 }],
    ['Moonshot', { ...base, cached_tokens: 30 }, { cacheReadTokens: 30 }],
    ['Mistral', { ...base, num_cached_tokens: 12 }, { cacheReadTokens: 12 }],
    [
      'OpenRouter',
      { ...base, cost: 0.00057, prompt_tokens_details: { cached_tokens: 64, cache_write_tokens: 8 } },
      { cacheReadTokens: 64, cacheWriteTokens: 8, reportedCost: '0.00057' },
    ],
    [
      'OpenRouter with a key of one’s own: its fee, and what the provider bills beside it',
      { ...base, cost: 0.00095, is_byok: true, cost_details: { upstream_inference_cost: 0.019 } },
      { reportedCost: '0.01995' },
    ],
    [
      'OpenRouter with its own key: what the provider bills is inside',
      { ...base, cost: 0.02, is_byok: false, cost_details: { upstream_inference_cost: 0.019 } },
      { reportedCost: '0.02' },
    ],
    [
      'another gateway',
      {
        ...base,
        prompt_tokens_details: {
          cache_creation_tokens: 9,
          cache_creation_token_details: { ephemeral_5m_input_tokens: 5, ephemeral_1h_input_tokens: 4 },
        },
      },
      { cacheWriteTokens: 5, cacheWriteHourTokens: 4 },
    ],
    ['Perplexity', { ...base, num_search_queries: 2, cost: { total_cost: 0.006 } }, { webSearchRequests: 2, reportedCost: '0.006' }],
    [
      'xAI, reasoning apart',
      { ...base, total_tokens: 170, completion_tokens_details: { reasoning_tokens: 20 }, cost_in_usd_ticks: 123456 },
      { outputTokens: 70, reasoningTokens: 20, reportedCost: '0.0000123456' },
    ],
    ['an embedding', { prompt_tokens: 8, total_tokens: 8 }, { inputTokens: 8, outputTokens: 0 }],
    [
      'the Responses words',
      { input_tokens: 7, output_tokens: 3, input_tokens_details: { cached_tokens: 2 } },
      { inputTokens: 7, outputTokens: 3, cacheReadTokens: 2 },
    ],
  ])('%s', (_, raw, expected) => {
    expect(read(raw)).toMatchObject(expected);
  });

  test.each([undefined, null, {}, { prompt_tokens: null }, { prompt_tokens: 0, completion_tokens: 0 }, 'x'])('%j counts nothing', (raw) => {
    expect(readUsage(raw)).toBeUndefined();
  });

  test('the raw object stays for the explanation', () => {
    const raw = wireCase('openai/groq-reasoning').response as { usage: object };
    expect(readUsage(raw.usage)?.raw).toBe(raw.usage);
  });

  test('reading after writing gives the same counts, and the total is the sum', () => {
    const count = fc.nat({ max: 1_000_000 });
    const part = fc.option(fc.integer({ min: 1, max: 1000 }), { nil: undefined });
    const usage = fc
      .record({
        inputTokens: count,
        outputTokens: count,
        cacheReadTokens: part,
        cacheWriteTokens: part,
        cacheWriteHourTokens: part,
        audioInputTokens: part,
        imageInputTokens: part,
        audioOutputTokens: part,
        reasoningTokens: part,
        webSearchRequests: part,
      })
      .filter(({ inputTokens, outputTokens }) => inputTokens + outputTokens > 0)
      .map((value) => JSON.parse(JSON.stringify(value)) as typeof value);
    fc.assert(
      fc.property(usage, (value) => {
        const written = writeUsage(value as never);
        expect(written['total_tokens']).toBe(value.inputTokens + value.outputTokens);
        expect(read(written)).toEqual(value);
      }),
    );
  });
});

describe('a plain decimal', () => {
  test.each([
    [5e-7, '0.0000005'],
    [1.5e21, '1500000000000000000000'],
    ['0.10', '0.1'],
    ['123456e-10', '0.0000123456'],
    [0, '0'],
    [12, '12'],
    [-1, undefined],
    [Number.NaN, undefined],
    ['1e9999', undefined],
    ['', undefined],
  ])('%j is %s', (value, text) => {
    expect(plainDecimal(value)).toBe(text);
  });

  test('is the same number', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, noNaN: true, noDefaultInfinity: true }), (value) => {
        const text = plainDecimal(value) ?? '';
        expect(Number(text)).toBe(value === 0 ? 0 : value);
        expect(text).toMatch(/^\d+(\.\d*[1-9])?$/);
      }),
    );
  });
});
