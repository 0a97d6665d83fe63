import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Usage } from '../../../src/core/usage.ts';
import { mergedUsage, usageOf } from '../../../src/dialects/anthropic/usage.ts';
import { answerOf } from './hub.ts';

const counted = (raw: unknown): Usage | undefined => {
  const usage = usageOf(raw);
  if (!usage) return undefined;
  const { raw: _, ...rest } = usage;
  return rest;
};

describe('usage', () => {
  it('has the cache inside the input', () => {
    const { raw, ...usage } = answerOf('prompt-caching').usage ?? {};
    expect(usage).toEqual({
      inputTokens: 4205,
      outputTokens: 3,
      cacheReadTokens: 3000,
      cacheWriteTokens: 200,
      cacheWriteHourTokens: 1000,
      serviceTier: 'priority',
    });
    expect(raw).toMatchObject({ input_tokens: 5, cache_creation: { ephemeral_1h_input_tokens: 1000 } });
  });

  it('takes a write to the cache without a life as one of five minutes', () => {
    expect(counted({ input_tokens: 1, output_tokens: 1, cache_creation_input_tokens: 7 })).toEqual({
      inputTokens: 8,
      outputTokens: 1,
      cacheWriteTokens: 7,
    });
  });

  it('tells tokens of thought, searches and the tier', () => {
    expect(
      counted({
        input_tokens: 1,
        output_tokens: 9,
        output_tokens_details: { thinking_tokens: 4 },
        server_tool_use: { web_search_requests: 2, web_fetch_requests: 1 },
        service_tier: 'standard',
      }),
    ).toEqual({
      inputTokens: 1,
      outputTokens: 9,
      reasoningTokens: 4,
      webSearchRequests: 2,
      serviceTier: 'standard',
    });
  });

  it('sums the model’s own rounds and leaves an advisor’s out', () => {
    expect(counted(answerOf('compaction').usage?.raw)).toEqual({
      inputTokens: 180_000 + 23_000 + 500 + 40,
      outputTokens: 4500,
      cacheReadTokens: 500,
      cacheWriteTokens: 10,
      cacheWriteHourTokens: 30,
    });
  });

  it('takes the top-level numbers after a switch to another model, and when only an advisor is listed', () => {
    const top = { input_tokens: 5, output_tokens: 6 };
    expect(
      counted({
        ...top,
        iterations: [
          { type: 'message', input_tokens: 99, output_tokens: 99 },
          { type: 'fallback_message', model: 'm', input_tokens: 5, output_tokens: 6 },
        ],
      }),
    ).toEqual({ inputTokens: 5, outputTokens: 6 });
    expect(counted({ ...top, iterations: [{ type: 'advisor_message', input_tokens: 99, output_tokens: 99 }] })).toEqual({
      inputTokens: 5,
      outputTokens: 6,
    });
    expect(counted({ ...top, iterations: null })).toEqual({ inputTokens: 5, outputTokens: 6 });
  });

  it.each([undefined, null, 'x', {}, { service_tier: 'standard' }])('%j is none at all', (raw) => {
    expect(usageOf(raw)).toBeUndefined();
  });

  it('never has a part larger than its total, whatever a provider sends', () => {
    const number = fc.oneof(fc.nat(), fc.constant(null), fc.constant(-1), fc.constant('7'));
    const raw = fc.record({
      input_tokens: fc.nat(),
      output_tokens: number,
      cache_read_input_tokens: number,
      cache_creation_input_tokens: number,
      cache_creation: fc.oneof(fc.constant(null), fc.record({ ephemeral_5m_input_tokens: number, ephemeral_1h_input_tokens: number })),
      output_tokens_details: fc.oneof(fc.constant(null), fc.record({ thinking_tokens: number })),
    });
    fc.assert(
      fc.property(raw, (sample) => {
        const usage = usageOf(sample) ?? { inputTokens: 0, outputTokens: 0 };
        const inside = (usage.cacheReadTokens ?? 0) + (usage.cacheWriteTokens ?? 0) + (usage.cacheWriteHourTokens ?? 0);
        expect(inside).toBeLessThanOrEqual(usage.inputTokens);
        expect(usage.reasoningTokens ?? 0).toBeLessThanOrEqual(usage.outputTokens);
      }),
    );
  });
});

describe('usage that comes in pieces', () => {
  it('lets later numbers replace earlier ones', () => {
    expect(mergedUsage({ input_tokens: 5, output_tokens: 1 }, { input_tokens: 50, output_tokens: 9 })).toEqual({
      input_tokens: 50,
      output_tokens: 9,
    });
  });

  it('keeps what a null or a zero does not repeat', () => {
    expect(
      mergedUsage({ input_tokens: 5, output_tokens: 0 }, { input_tokens: 0, cache_read_input_tokens: null, output_tokens: 0 }),
    ).toEqual({ input_tokens: 5, output_tokens: 0 });
    expect(mergedUsage({ input_tokens: 5 }, null)).toEqual({ input_tokens: 5 });
  });
});

it.each([
  [{ speed: 'fast' }, ['fast']],
  [{ speed: 'standard', inference_geo: 'us' }, ['us']],
  [{ speed: 'fast', inference_geo: 'us' }, ['fast', 'us']],
  [{ speed: 'standard', inference_geo: 'global' }, undefined],
  [{ inference_geo: 'not_available' }, undefined],
])('%j is told as what makes tokens dearer: %j', (more, premiums) => {
  expect(usageOf({ input_tokens: 1, output_tokens: 2, ...more })?.premiums).toEqual(premiums);
});
