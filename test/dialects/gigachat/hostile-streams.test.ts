import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import type { StreamPart } from '../../../src/core/answer.ts';
import { ProviderError } from '../../../src/core/provider-error.ts';
import { readStream } from '../laws.ts';
import { expectLawfulParts } from '../lawful-parts.ts';
import { chat } from './asking.ts';

const odd: fc.Arbitrary<unknown> = fc.oneof(
  fc.constantFrom(null, undefined, '', '{}', 'text', -1, 0, 1e300, true, [], {}),
  fc.jsonValue({ maxDepth: 2 }),
);
const mostly = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<unknown> =>
  fc.oneof({ weight: 4, arbitrary: value }, { weight: 1, arbitrary: odd });
const text = mostly(fc.constantFrom('Hello', ' ', '', 'null'));
const call = mostly(fc.record({ name: text, arguments: mostly(fc.constantFrom({ x: 1 }, {}, '{"y":2}')) }, { requiredKeys: [] }));
const delta = mostly(
  fc.record(
    {
      role: mostly(fc.constantFrom('assistant', 'function_in_progress')),
      content: text,
      reasoning_content: text,
      function_call: call,
      functions_state_id: mostly(fc.constantFrom('s1', 's2')),
    },
    { requiredKeys: [] },
  ),
);
const choice = mostly(
  fc.record(
    { delta, index: odd, finish_reason: mostly(fc.constantFrom('stop', 'function_call', 'blacklist', 'error')) },
    { requiredKeys: ['delta'] },
  ),
);
const event = mostly(
  fc.record(
    {
      choices: mostly(fc.array(choice, { maxLength: 2 })),
      created: odd,
      model: text,
      usage: mostly(fc.record({ prompt_tokens: odd, completion_tokens: odd, precached_prompt_tokens: odd })),
    },
    { requiredKeys: ['choices'] },
  ),
);

/** What a reader made of a stream before it failed, if it did. */
function read(events: readonly unknown[], done: boolean): { readonly parts: StreamPart[]; readonly failed: boolean } {
  const reader = chat().reader();
  const parts: StreamPart[] = [];
  const noted = (made: StreamPart[]): StreamPart[] => {
    parts.push(...made);
    return made;
  };
  const bytes = [...events.map((one) => JSON.stringify(one) ?? '""'), ...(done ? ['[DONE]'] : [])]
    .map((data) => `data: ${data}\n\n`)
    .join('');
  try {
    readStream([bytes], 'sse', { push: (one) => noted(reader.push(one)), end: () => noted(reader.end()), finished: false });
    return { parts, failed: false };
  } catch (error) {
    expect(error).toBeInstanceOf(ProviderError);
    return { parts, failed: true };
  }
}

test('whatever GigaChat sends, what is told obeys the order of a stream, and a failure is one of the provider', () => {
  fc.assert(
    fc.property(fc.array(event, { maxLength: 10 }), fc.boolean(), (events, done) => {
      const { parts, failed } = read(events, done);
      expectLawfulParts(parts);
      expect(parts.some(({ type }) => type === 'finish')).toBe(!failed);
      expect(read(events, done)).toEqual({ parts, failed });
    }),
    { numRuns: 1000 },
  );
});
