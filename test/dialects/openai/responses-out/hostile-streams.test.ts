import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import type { StreamPart } from '../../../../src/core/answer.ts';
import { ProviderError } from '../../../../src/core/provider-error.ts';
import { readStream } from '../../laws.ts';
import { chat, sse } from './asking.ts';

const odd: fc.Arbitrary<unknown> = fc.oneof(
  fc.constantFrom(null, undefined, '', 'null', '{}', '{"x":1}', 'text', 'a', -1, 0, 1, 1e300, true, [], {}),
  fc.jsonValue({ maxDepth: 2 }),
);
const mostly = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<unknown> =>
  fc.oneof({ weight: 5, arbitrary: value }, { weight: 1, arbitrary: odd });
const text = mostly(fc.constantFrom('Hello', ' ', '', 'He', '{"x":', '1}', '{"x":1}'));
const name = mostly(fc.constantFrom('a', 'b', ''));
const part = mostly(
  fc.record(
    { type: mostly(fc.constantFrom('output_text', 'refusal', 'summary_text')), text, refusal: text, annotations: odd, logprobs: odd },
    { requiredKeys: ['type'] },
  ),
);
const item = mostly(
  fc.record(
    {
      type: mostly(
        fc.constantFrom('message', 'reasoning', 'function_call', 'custom_tool_call', 'web_search_call', 'image_generation_call', 'new'),
      ),
      id: name,
      call_id: name,
      name,
      arguments: text,
      input: text,
      result: text,
      encrypted_content: text,
      content: mostly(fc.array(part, { maxLength: 2 })),
      summary: mostly(fc.array(part, { maxLength: 2 })),
    },
    { requiredKeys: ['type'] },
  ),
);
const response = mostly(
  fc.record(
    {
      id: name,
      status: mostly(fc.constantFrom('completed', 'incomplete', 'failed')),
      output: mostly(fc.array(item, { maxLength: 3 })),
      usage: mostly(fc.record({ input_tokens: odd, output_tokens: odd })),
      incomplete_details: odd,
      error: odd,
    },
    { requiredKeys: [] },
  ),
);
const event = fc.record(
  {
    type: mostly(
      fc.constantFrom(
        'response.created',
        'response.output_item.added',
        'response.output_item.added',
        'response.output_item.done',
        'response.output_text.delta',
        'response.output_text.done',
        'response.output_text.annotation.added',
        'response.refusal.delta',
        'response.reasoning_summary_text.delta',
        'response.reasoning_text.delta',
        'response.function_call_arguments.delta',
        'response.function_call_arguments.done',
        'response.completed',
        'response.incomplete',
        'response.unknown',
      ),
    ),
    output_index: mostly(fc.nat({ max: 3 })),
    content_index: mostly(fc.nat({ max: 1 })),
    item_id: name,
    item,
    response,
    delta: text,
    text,
    arguments: text,
    annotation: odd,
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
  let whole = 0;
  fc.assert(
    fc.property(fc.array(event, { maxLength: 14 }), (events) => {
      const { parts, failed } = read(sse(events));
      expectLawful(parts);
      if (!failed) whole++;
      expect(parts.some(({ type }) => type === 'finish')).toBe(!failed);
      expect(read(sse(events))).toEqual({ parts, failed });
    }),
    { numRuns: 1000 },
  );
  expect(whole).toBeGreaterThan(100);
});

function expectLawful(parts: readonly StreamPart[]): void {
  expect(parts.slice(1).some(({ type }) => type === 'start')).toBe(false);
  if (parts.length > 0) expect(parts[0]?.type).toBe('start');
  const finish = parts.findIndex(({ type }) => type === 'finish');
  if (finish !== -1) expect(parts.slice(finish + 1).every(({ type }) => type === 'usage')).toBe(true);
  const open = new Map<number, string>();
  const ids = new Set<string>();
  let last = -1;
  for (const one of parts) {
    if (one.type === 'text_delta' || one.type === 'reasoning_delta') expect(typeof one.text).toBe('string');
    if (one.type === 'tool_call_start') {
      // A custom tool's call takes a number too, and is told in chat's own form.
      expect([one.index > last, ids.has(one.id), one.id === '']).toEqual([true, false, false]);
      last = one.index;
      ids.add(one.id);
      open.set(one.index, '');
    }
    if (one.type === 'tool_call_delta') {
      expect(open.has(one.index)).toBe(true);
      open.set(one.index, open.get(one.index) + one.arguments);
    }
    if (one.type === 'tool_call_end') {
      expect(open.get(one.index)).not.toBe('');
      open.delete(one.index);
    }
  }
  if (finish !== -1) expect(open.size).toBe(0);
}
