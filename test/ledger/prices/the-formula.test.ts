import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { addUsd, decimalOf, divideHalfUp, NO_USD, type Usd } from '../../../src/core/money.ts';
import type { Cost } from '../../../src/core/price.ts';
import type { Usage } from '../../../src/core/usage.ts';
import { billedTokens } from '../../../src/ledger/cost-quantities.ts';
import { bookOf, dollars, NOON, termsText, usage } from './price-fixtures.ts';

const DEAR = {
  input_cost_per_token: '3e-6',
  input_cost_per_token_above_200k_tokens: '6e-6',
  input_cost_per_token_flex: '1.5e-6',
  cache_read_input_token_cost: '3.3e-7',
  cache_creation_input_token_cost: '3.75e-6',
  cache_creation_input_token_cost_above_1hr: '6e-6',
  input_cost_per_audio_token: '4.1e-5',
  output_cost_per_token: '1.5e-5',
  output_cost_per_reasoning_token: '2.7e-5',
  output_cost_per_audio_token: '8e-5',
  input_cost_per_request: '0.0001',
};
const price = bookOf({}).priceOf({ provider: 'openai', model: 'x', custom: DEAR });
const plain = bookOf({}).priceOf({
  provider: 'openai',
  model: 'x',
  custom: { input_cost_per_token: '1e-6', output_cost_per_token: '2e-6' },
});

/** A usage whose details are parts of their totals. */
const tokens = fc.integer({ min: 0, max: 150_000 });
const lawful: fc.Arbitrary<Usage> = fc
  .record({
    text: tokens,
    read: tokens,
    write: tokens,
    hour: tokens,
    audio: tokens,
    image: tokens,
    out: tokens,
    thought: tokens,
    spoken: tokens,
    tier: fc.constantFrom('flex', 'priority', 'default', ''),
  })
  .map(({ text, read, write, hour, audio, image, out, thought, spoken, tier }) => ({
    inputTokens: text + read + write + hour + audio + image,
    outputTokens: out + thought + spoken,
    cacheReadTokens: read,
    cacheWriteTokens: write,
    cacheWriteHourTokens: hour,
    audioInputTokens: audio,
    imageInputTokens: image,
    reasoningTokens: thought,
    audioOutputTokens: spoken,
    serviceTier: tier,
  }));

/** Anything that a provider may send in place of a count. */
const odd = fc.oneof(tokens, fc.constantFrom(-1, 0.5, Number.NaN, Infinity, -Infinity, 1e300, Number.MAX_SAFE_INTEGER));
const lawless: fc.Arbitrary<Usage> = fc.record({
  inputTokens: odd,
  outputTokens: odd,
  cacheReadTokens: odd,
  cacheWriteTokens: odd,
  audioInputTokens: odd,
  cacheReadAudioTokens: odd,
  reasoningTokens: odd,
  seconds: odd,
  webSearchRequests: odd,
});

/** The products of the terms, summed exactly and rounded once. */
function sumOfTerms({ terms }: Cost): Usd {
  const products = terms.map(({ quantity, unitPrice }) => [decimalOf(quantity), decimalOf(unitPrice)] as const);
  const scale = Math.max(15, ...products.map(([a, b]) => a.scale + b.scale));
  const sum = products.reduce((total, [a, b]) => total + a.units * b.units * 10n ** BigInt(scale - a.scale - b.scale), 0n);
  return divideHalfUp(sum, 10n ** BigInt(scale - 15)) as Usd;
}

describe('laws', () => {
  test('the parts sum to the total, to the last digit', () => {
    fc.assert(
      fc.property(lawful, (used) => {
        const cost = price.costOf(used, NOON);
        expect(sumOfTerms(cost)).toBe(cost.total);
      }),
    );
  });

  test('every token is billed once', () => {
    fc.assert(
      fc.property(lawful, (used) => {
        const { output, reasoning, audio_output, image_output, ...input } = billedTokens(used);
        expect(Object.values(input).reduce((a, b) => a + b)).toBe(used.inputTokens);
        expect(output + reasoning + audio_output + image_output).toBe(used.outputTokens);
      }),
    );
  });

  test('where the provider tells its bill, that is paid, and not what was used', () => {
    const used = usage({
      inputTokens: 2935,
      outputTokens: 4,
      cacheReadTokens: 2928,
      reasoningTokens: 2,
      billed: { inputTokens: 2406, outputTokens: 2 },
    });
    expect(billedTokens(used)).toMatchObject({ input: 2406, cache_read: 0, output: 2, reasoning: 0 });
  });

  test('a cost is never negative and never breaks, whatever the provider reports', () => {
    fc.assert(
      fc.property(lawless, (used) => {
        const cost = price.costOf(used, NOON);
        expect(cost.total >= 0n).toBe(true);
        expect(sumOfTerms(cost)).toBe(cost.total);
      }),
    );
  });

  test('more text never costs less', () => {
    fc.assert(
      fc.property(lawful, tokens, tokens, (used, input, output) => {
        const more = { ...used, inputTokens: used.inputTokens + input, outputTokens: used.outputTokens + output };
        expect(price.costOf(more, NOON).total >= price.costOf(used, NOON).total).toBe(true);
      }),
    );
  });

  test('without prices for details a call costs its two totals', () => {
    fc.assert(
      fc.property(lawful, (used) => {
        const totals = plain.costOf(usage({ inputTokens: used.inputTokens, outputTokens: used.outputTokens }), NOON);
        expect(plain.costOf(used, NOON).total).toBe(totals.total);
      }),
    );
  });

  test('rounded rows add up without loss, in any order', () => {
    fc.assert(
      fc.property(fc.array(lawful, { maxLength: 30 }), (calls) => {
        const rows = calls.map((used) => price.costOf(used, NOON).total);
        const forward = rows.reduce(addUsd, NO_USD);
        expect(rows.reverse().reduce(addUsd, NO_USD)).toBe(forward);
        expect(forward).toBe(rows.map(BigInt).reduce((a, b) => a + b, 0n));
      }),
    );
  });

  test('an estimate is never below the cost of plain, freshly cached or reasoned tokens of the same number', () => {
    fc.assert(
      fc.property(tokens, tokens, fc.constantFrom(undefined, 'flex', 'priority'), (input, output, tier) => {
        const estimate = price.estimate(input, output, NOON, tier);
        const used = { inputTokens: input, outputTokens: output, ...(tier === undefined ? {} : { serviceTier: tier }) };
        for (const each of [used, { ...used, cacheWriteTokens: input }, { ...used, reasoningTokens: output }])
          expect(estimate >= price.costOf(each, NOON).total).toBe(true);
      }),
    );
  });
});

describe('details that do not fit their total', () => {
  test('cached audio is billed at the cached rate only', () => {
    const cost = price.costOf(usage({ inputTokens: 100, audioInputTokens: 80, cacheReadTokens: 60, cacheReadAudioTokens: 60 }), NOON);
    expect(termsText(cost.terms)).toEqual([
      'input 20*0.000003',
      'cache_read_audio 60*0.00000033',
      'audio_input 20*0.000041',
      'request 1*0.0001',
    ]);
  });

  test('an overlap that the provider does not tell is not billed twice', () => {
    // 80 audio and 60 cached in 100: at least 40 are both
    const cost = price.costOf(usage({ inputTokens: 100, audioInputTokens: 80, cacheReadTokens: 60 }), NOON);
    expect(termsText(cost.terms)).toEqual(['cache_read 60*0.00000033', 'audio_input 40*0.000041', 'request 1*0.0001']);
  });

  test('a detail larger than the total is believed', () => {
    const cost = price.costOf(usage({ inputTokens: 10, cacheReadTokens: 500, outputTokens: 1, reasoningTokens: 7 }), NOON);
    expect(termsText(cost.terms)).toEqual(['cache_read 500*0.00000033', 'reasoning 7*0.000027', 'request 1*0.0001']);
  });
});

describe('prices that are not stated', () => {
  test('an hour of cache costs what five minutes cost, cached tokens what plain ones cost', () => {
    const some = bookOf({}).priceOf({
      provider: 'openai',
      model: 'x',
      custom: { input_cost_per_token: '1e-6', cache_creation_input_token_cost: '2e-6' },
    });
    const cost = some.costOf(usage({ inputTokens: 30, cacheReadTokens: 10, cacheWriteHourTokens: 10, audioInputTokens: 10 }), NOON);
    expect(termsText(cost.terms)).toEqual(['cache_read 10*0.000001', 'cache_write_1h 10*0.000002', 'audio_input 10*0.000001']);
  });
});

describe('the explanation', () => {
  test('names tier and threshold', () => {
    expect(price.costOf(usage({ inputTokens: 200_001 }), NOON).origin?.rule).toBe('openai/x above_200k');
    expect(price.costOf(usage({ inputTokens: 1, serviceTier: 'flex' }), NOON).origin?.rule).toBe('openai/x flex');
  });

  test('shows seconds as they were reported', () => {
    const speech = bookOf({}).priceOf({ provider: 'openai', model: 'x', custom: { input_cost_per_second: '0.0001' } });
    const cost = speech.costOf(usage({ seconds: 3.24 }), NOON);
    expect([dollars(cost), termsText(cost.terms)]).toEqual(['0.000324', ['seconds 3.24*0.0001']]);
  });
});

describe('what makes every token dearer', () => {
  const entry = { input_cost_per_token: 5e-6, output_cost_per_token: 2.5e-5, cache_read_input_token_cost: 5e-7, search_context_cost_per_query: { search_context_size_medium: 0.01 } }; // prettier-ignore
  const map = { 'claude-x': { litellm_provider: 'anthropic', ...entry, provider_specific_entry: { fast: 6, us: 1.1 } } };
  const fast = bookOf(map).priceOf({ provider: 'anthropic', model: 'claude-x', custom: {} });
  const used = { inputTokens: 1000, cacheReadTokens: 400, outputTokens: 100, webSearchRequests: 1 };

  test('multiplies tokens, one factor after the other, and nothing beside them', () => {
    const cost = fast.costOf(usage({ ...used, premiums: ['fast', 'us'] }), NOON);
    // (600 * 5e-6 + 400 * 5e-7 + 100 * 2.5e-5) * 6 * 1.1 + 0.01
    expect(dollars(cost)).toBe('0.04762');
    expect(termsText(cost.terms).slice(3)).toEqual(['fast_premium 5*0.0057', 'us_premium 0.1*0.0342', 'web_search 1*0.01']);
  });

  test('is nothing where the price does not know the word', () => {
    expect(dollars(fast.costOf(usage({ ...used, premiums: ['elsewhere', '__proto__'] }), NOON))).toBe('0.0157');
    const own = bookOf(map).priceOf({ provider: 'anthropic', model: 'claude-x', custom: { input_cost_per_token: '0', output_cost_per_token: '0' } }); // prettier-ignore
    expect(dollars(own.costOf(usage({ inputTokens: 5, outputTokens: 5, premiums: ['fast'] }), NOON))).toBe('0');
  });
});
