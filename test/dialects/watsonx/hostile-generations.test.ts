import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import type { StreamPart } from '../../../src/core/answer.ts';
import { ProviderError } from '../../../src/core/provider-error.ts';
import { GenerationReader } from '../../../src/dialects/watsonx/generation-reader.ts';

const odd: fc.Arbitrary<unknown> = fc.oneof(
  fc.constantFrom(null, undefined, '', 'text', -1, 0, 1, 1.5, 1e300, true, [], {}),
  fc.jsonValue({ maxDepth: 2 }),
);
const mostly = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<unknown> =>
  fc.oneof({ weight: 5, arbitrary: value }, { weight: 1, arbitrary: odd });
const result = mostly(
  fc.record(
    {
      generated_text: mostly(fc.constantFrom('Hello', ' ', '', 'null')),
      generated_token_count: mostly(fc.nat({ max: 9 })),
      input_token_count: mostly(fc.nat({ max: 9 })),
      stop_reason: mostly(fc.constantFrom('not_finished', 'NOT_FINISHED', 'eos_token', 'max_tokens', 'error', 'new')),
    },
    { requiredKeys: [] },
  ),
);
const body = mostly(
  fc.record(
    { model_id: mostly(fc.constant('m')), created_at: mostly(fc.constant('2026-01-01T00:00:00Z')), results: mostly(fc.array(result)), errors: odd },
    { requiredKeys: ['results'] },
  ),
); // prettier-ignore
const event = fc.record({ event: fc.constantFrom('message', 'message', 'message', null, 'error'), data: fc.oneof(body.map((value) => JSON.stringify(value) ?? ''), fc.constantFrom('', '{', 'null')) }); // prettier-ignore

test('whatever a server sends, what is told obeys the order of a stream, and a failure is one of the provider', () => {
  fc.assert(
    fc.property(fc.array(event, { maxLength: 10 }), (events) => {
      const reader = new GenerationReader();
      const parts: StreamPart[] = [];
      let failed = false;
      try {
        for (const each of events) parts.push(...reader.push(each));
        parts.push(...reader.end());
      } catch (error) {
        expect(error).toBeInstanceOf(ProviderError);
        failed = true;
      }
      expect(parts.slice(1).some(({ type }) => type === 'start')).toBe(false);
      if (parts.length > 0) expect(parts[0]?.type).toBe('start');
      expect(parts.at(-1)?.type === 'finish').toBe(!failed);
      expect(reader.finished).toBe(!failed);
      for (const part of parts)
        if (part.type === 'usage') {
          expect(Number.isInteger(part.usage.inputTokens)).toBe(true);
          expect(part.usage.outputTokens).toBeLessThanOrEqual(1_000_000_000);
        }
    }),
    { numRuns: 1000 },
  );
});
