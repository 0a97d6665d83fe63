import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import type { StreamPart } from '../../../src/core/answer.ts';
import { ProviderError } from '../../../src/core/provider-error.ts';
import { readStream } from '../laws.ts';
import { expectLawfulParts } from '../lawful-parts.ts';
import { chat, sse } from './asking.ts';

const odd: fc.Arbitrary<unknown> = fc.oneof(
  fc.constantFrom(null, undefined, '', 'null', 'nu', '{}', '{"x":1}', 'text', 'a', -1, 0, 1, 1e300, true, [], {}),
  fc.jsonValue({ maxDepth: 2 }),
);
const mostly = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<unknown> =>
  fc.oneof({ weight: 4, arbitrary: value }, { weight: 1, arbitrary: odd });
const text = mostly(fc.constantFrom('Hello', ' ', '', 'null', '{"x":', '1}'));
const call = mostly(fc.record({ id: text, type: text, function: mostly(fc.record({ name: text, arguments: text })) }));
const message = mostly(
  fc.record({
    content: mostly(fc.record({ type: mostly(fc.constantFrom('text', 'thinking')), text, thinking: text }, { requiredKeys: [] })),
    tool_plan: text,
    tool_calls: mostly(fc.oneof(call, fc.array(call, { maxLength: 2 }))),
    citations: mostly(
      fc.record({ start: odd, end: odd, sources: mostly(fc.array(odd, { maxLength: 2 })), type: text, content_index: odd }),
    ),
  }),
);
const usage = mostly(
  fc.record({ tokens: mostly(fc.record({ input_tokens: odd, output_tokens: odd })), cached_tokens: odd, billed_units: odd }),
);
const event = fc.record(
  {
    type: mostly(
      fc.constantFrom(
        'message-start',
        'content-start',
        'content-delta',
        'content-end',
        'tool-plan-delta',
        'tool-call-start',
        'tool-call-delta',
        'tool-call-end',
        'citation-start',
        'citation-end',
        'message-end',
      ),
    ),
    id: text,
    index: mostly(fc.nat({ max: 2 })),
    delta: mostly(
      fc.record({ message, finish_reason: mostly(fc.constantFrom('COMPLETE', 'MAX_TOKENS', 'TOOL_CALL', 'ERROR')), usage, error: text }),
    ),
    logprobs: odd,
  },
  { requiredKeys: ['type'] },
);

/** What a reader made of a stream before it failed, if it did. */
function read(bytes: string): { readonly parts: StreamPart[]; readonly failed: boolean } {
  const reader = chat().reader();
  const parts: StreamPart[] = [];
  const recording = {
    push: (one: Parameters<typeof reader.push>[0]) => {
      const made = reader.push(one);
      parts.push(...made);
      return made;
    },
    end: () => reader.end(),
    finished: false,
  };
  try {
    readStream([bytes], 'sse', recording);
    return { parts, failed: false };
  } catch (error) {
    expect(error).toBeInstanceOf(ProviderError);
    return { parts, failed: true };
  }
}

test('whatever a server sends, what is told obeys the order of a stream, and a failure is one of the provider', () => {
  fc.assert(
    fc.property(fc.array(event, { maxLength: 14 }), (events) => {
      const { parts, failed } = read(sse(events));
      expectLawfulParts(parts);
      expect(parts.some(({ type }) => type === 'finish')).toBe(!failed);
      expect(read(sse(events))).toEqual({ parts, failed });
    }),
    { numRuns: 1000 },
  );
});
