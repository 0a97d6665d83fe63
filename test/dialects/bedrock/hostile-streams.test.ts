import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import type { StreamPart } from '../../../src/core/answer.ts';
import { ProviderError } from '../../../src/core/provider-error.ts';
import { exception } from '../../support/aws-frames.ts';
import { readStream } from '../laws.ts';
import { bytesOf, chat } from './asking.ts';

const odd: fc.Arbitrary<unknown> = fc.oneof(
  fc.constantFrom(null, undefined, '', '{}', '{"x":1}', 'text', 'a', -1, 0, 1, 1e300, true, [], {}),
  fc.jsonValue({ maxDepth: 2 }),
);
const mostly = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<unknown> =>
  fc.oneof({ weight: 4, arbitrary: value }, { weight: 1, arbitrary: odd });
const text = mostly(fc.constantFrom('Hello', ' ', '', 'null', '{"x":', '1}'));
const use = mostly(
  fc.record({ toolUseId: text, name: mostly(fc.constantFrom('f', 'json_tool_call')), type: text, input: text }, { requiredKeys: [] }),
);
const thought = mostly(fc.record({ text, signature: text, redactedContent: text }, { requiredKeys: [] }));
const said = mostly(
  fc.record(
    {
      text,
      toolUse: use,
      reasoningContent: thought,
      citation: odd,
      toolResult: odd,
      image: mostly(fc.record({ format: text, source: odd })),
    },
    { requiredKeys: [] },
  ),
);
const payload = fc.record(
  {
    contentBlockIndex: mostly(fc.nat({ max: 2 })),
    start: mostly(fc.record({ toolUse: use, toolResult: odd }, { requiredKeys: [] })),
    delta: said,
    stopReason: mostly(fc.constantFrom('end_turn', 'tool_use', 'max_tokens', 'malformed_tool_use')),
    additionalModelResponseFields: odd,
    usage: mostly(fc.record({ inputTokens: odd, outputTokens: odd, cacheReadInputTokens: odd, cacheDetails: mostly(fc.array(odd)) })),
    trace: odd,
    serviceTier: odd,
  },
  { requiredKeys: [] },
);
const event = fc.tuple(
  fc.constantFrom(
    'messageStart',
    'contentBlockStart',
    'contentBlockDelta',
    'contentBlockDelta',
    'contentBlockStop',
    'messageStop',
    'metadata',
    'new',
  ),
  payload,
);

/** What a reader made of a stream before it failed, if it did. */
function read(bytes: Uint8Array): { readonly parts: StreamPart[]; readonly failed: boolean } {
  const reader = chat({ responseFormat: { type: 'json_object' } }).reader();
  const parts: StreamPart[] = [];
  const recording = {
    push: (one: Parameters<typeof reader.push>[0]) => {
      const made = reader.push(one);
      parts.push(...made);
      return made;
    },
    end: () => {
      const made = reader.end();
      parts.push(...made);
      return made;
    },
    finished: false,
  };
  try {
    readStream([bytes], 'aws-event-stream', recording);
    return { parts, failed: false };
  } catch (error) {
    expect(error).toBeInstanceOf(ProviderError);
    return { parts, failed: true };
  }
}

test('whatever a server sends, what is told obeys the order of a stream, and a failure is one of the provider', () => {
  fc.assert(
    fc.property(fc.array(event, { maxLength: 14 }), (events) => {
      const { parts, failed } = read(bytesOf(events));
      expectLawful(parts);
      expect(parts.some(({ type }) => type === 'finish')).toBe(!failed);
      expect(read(bytesOf(events))).toEqual({ parts, failed });
    }),
    { numRuns: 1000 },
  );
});

test('an exception ends the stream, whatever stood before it', () => {
  fc.assert(
    fc.property(fc.array(event, { maxLength: 6 }), fc.string(), (events, type) => {
      const { parts, failed } = read(Buffer.concat([bytesOf(events), exception(type, 'No')]));
      expectLawful(parts);
      expect(failed).toBe(!parts.some((part) => part.type === 'finish'));
    }),
    { numRuns: 300 },
  );
});

function expectLawful(parts: readonly StreamPart[]): void {
  expect(parts.slice(1).some(({ type }) => type === 'start')).toBe(false);
  if (parts.length > 0) expect(parts[0]?.type).toBe('start');
  const finish = parts.findIndex(({ type }) => type === 'finish');
  if (finish !== -1) expect(parts.slice(finish + 1).every(({ type }) => type === 'usage')).toBe(true);
  const open = new Map<number, string>();
  const ids = new Set<string>();
  let next = 0;
  for (const part of parts) {
    if (part.type === 'text_delta' || part.type === 'reasoning_delta') expect(part.text).toBeTypeOf('string');
    if (part.type === 'tool_call_start') {
      expect([part.index, ids.has(part.id), part.id === '']).toEqual([next++, false, false]);
      ids.add(part.id);
      open.set(part.index, '');
    }
    if (part.type === 'tool_call_delta') {
      expect(open.has(part.index)).toBe(true);
      open.set(part.index, open.get(part.index) + part.arguments);
    }
    if (part.type === 'tool_call_end') {
      expect(open.get(part.index)).not.toBe('');
      open.delete(part.index);
    }
  }
  if (finish !== -1) expect(open.size).toBe(0);
}
