import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import type { StreamPart } from '../../../src/core/answer.ts';
import { ProviderError } from '../../../src/core/provider-error.ts';
import { readStream } from '../laws.ts';
import { chat, COMMAND_A, COMMAND_R, LLAMA } from './asking.ts';

const odd: fc.Arbitrary<unknown> = fc.oneof(
  fc.constantFrom(null, undefined, '', 'null', '{}', '{"x":1}', 'text', -1, 0, 1, 1e300, true, [], {}, { toString: 1 }),
  fc.jsonValue({ maxDepth: 2 }),
);
const mostly = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<unknown> =>
  fc.oneof({ weight: 5, arbitrary: value }, { weight: 1, arbitrary: odd });
const text = mostly(fc.constantFrom('Hello', ' ', '', 'Hello ', '{"x":', '1}'));
const named = { name: mostly(fc.constantFrom('f', 'g', '')), arguments: text };
const call = mostly(
  fc.record(
    { id: mostly(fc.constantFrom('a', 'b', '')), ...named, parameters: odd, function: mostly(fc.record(named)) },
    { requiredKeys: [] },
  ),
);
const calls = mostly(fc.array(call, { maxLength: 2 }));
const citations = mostly(
  fc.array(fc.record({ start: odd, end: odd, documentIds: odd, sources: mostly(fc.array(odd, { maxLength: 2 })) }, { requiredKeys: [] }), {
    maxLength: 2,
  }),
);
const message = mostly(
  fc.record(
    {
      content: mostly(
        fc.array(
          mostly(
            fc.record(
              { type: mostly(fc.constantFrom('TEXT', 'THINKING', 'IMAGE')), text, thinking: text, imageUrl: odd },
              { requiredKeys: ['type'] },
            ),
          ),
          { maxLength: 2 },
        ),
      ),
      reasoningContent: text,
      refusal: text,
      toolCalls: calls,
      toolPlan: text,
      annotations: odd,
      citations,
    },
    { requiredKeys: [] },
  ),
);
const usage = mostly(
  fc.record(
    { promptTokens: odd, completionTokens: odd, totalTokens: odd, promptTokensDetails: odd, completionTokensDetails: odd },
    { requiredKeys: [] },
  ),
);
const event = fc.record(
  {
    index: mostly(fc.nat({ max: 2 })),
    message,
    text,
    toolCalls: calls,
    citations,
    documents: odd,
    logprobs: odd,
    logProbabilities: odd,
    groundingMetadata: odd,
    serviceTier: odd,
    finishReason: mostly(fc.constantFrom('stop', 'COMPLETE', 'MAX_TOKENS', 'TOOL_CALL', 'ERROR')),
    usage,
  },
  { requiredKeys: [] },
);

/** What a reader made of a stream before it failed, if it did. */
function read(events: readonly unknown[], model: string): { readonly parts: StreamPart[]; readonly failed: boolean } {
  const reader = chat({}, { model }).reader();
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
    readStream([events.map((one) => `data: ${JSON.stringify(one)}\n\n`).join('')], 'sse', recording);
    return { parts, failed: false };
  } catch (error) {
    expect(error).toBeInstanceOf(ProviderError);
    return { parts, failed: true };
  }
}

test.each([LLAMA, COMMAND_R, COMMAND_A])(
  'whatever a server sends, what is told of %s obeys the order of a stream, and a failure is one of the provider',
  (model) => {
    fc.assert(
      fc.property(fc.array(event, { maxLength: 12 }), (events) => {
        const { parts, failed } = read(events, model);
        expect(faultsOf(parts)).toEqual([]);
        if (!failed) expect(parts.some(({ type }) => type === 'finish')).toBe(true);
        expect(JSON.stringify(read(events, model))).toBe(JSON.stringify({ parts, failed }));
      }),
      { numRuns: 400 },
    );
  },
);

/** What in the order of the parts is against the rules of a stream. */
function faultsOf(parts: readonly StreamPart[]): string[] {
  const faults: string[] = [];
  const told = parts.filter(({ type }) => type !== 'usage');
  if (told.length > 0 && told.findLastIndex(({ type }) => type === 'start') !== 0) faults.push('start');
  const seen = new Map<string, string>();
  const ids = new Set<string>();
  const ended = new Set<number>();
  for (const part of told) {
    if (part.type === 'start' || part.type === 'usage') continue;
    if (ended.has(part.choice ?? 0)) faults.push(`${part.type} behind the end`);
    if (part.type === 'finish') ended.add(part.choice ?? 0);
    if ((part.type === 'text_delta' || part.type === 'reasoning_delta') && typeof part.text !== 'string') faults.push('text');
    if (part.type === 'tool_call_start') {
      if (ids.has(part.id) || part.id === '' || part.name === '') faults.push('call without a name of its own');
      ids.add(part.id);
      seen.set(`${part.choice ?? 0}/${part.index}`, '');
    }
    if (part.type === 'tool_call_delta' || part.type === 'tool_call_end') {
      const key = `${part.choice ?? 0}/${part.index}`;
      const before = seen.get(key);
      if (before === undefined || (part.type === 'tool_call_end' && before === '')) faults.push(part.type);
      if (part.type === 'tool_call_delta') seen.set(key, `${before}${part.arguments}`);
    }
  }
  return faults;
}
