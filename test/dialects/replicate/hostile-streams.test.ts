import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import type { StreamPart } from '../../../src/core/answer.ts';
import { ProviderError } from '../../../src/core/provider-error.ts';
import { readStream } from '../laws.ts';
import { chat } from './asking.ts';

const text = fc.constantFrom('Hello', ' ', '', '<think>', '</think>', '\n\n', 'a\nb', '{"x":', '🌍');
const odd = fc.oneof(fc.constantFrom(null, '', 'null', -1, 0, 1e300, true, [], {}), fc.jsonValue({ maxDepth: 2 }));
const count = fc.oneof({ weight: 3, arbitrary: fc.nat({ max: 50 }) }, { weight: 1, arbitrary: odd });
const prediction = fc.record(
  {
    id: odd,
    status: fc.constantFrom('succeeded', 'failed', 'processing', '', null),
    output: fc.oneof(odd, fc.array(text)),
    metrics: fc.oneof(odd, fc.record({ input_token_count: count, output_token_count: count }, { requiredKeys: [] })),
  },
  { requiredKeys: [] },
);
const event = fc.oneof(
  { weight: 6, arbitrary: fc.record({ event: fc.constant('output'), data: text }) },
  { weight: 1, arbitrary: fc.record({ event: fc.constantFrom('logs', 'message', 'ping', 'constructor'), data: text }) },
  { weight: 1, arbitrary: fc.record({ event: fc.constant('done'), data: fc.oneof(fc.constantFrom('{}', '', '{"reason":""}', '{"reason":"error"}', 'x'), odd.map((value) => JSON.stringify(value))) }) }, // prettier-ignore
  { weight: 1, arbitrary: fc.record({ event: fc.constant('error'), data: fc.oneof(text, odd.map((value) => JSON.stringify({ detail: value }))) }) }, // prettier-ignore
  { weight: 2, arbitrary: fc.record({ event: fc.constant('job'), data: fc.oneof(prediction, odd).map((value) => JSON.stringify(value)) }) },
);

function sse(events: readonly { readonly event: string; readonly data: string }[]): string {
  return events.map(({ event: name, data }) => `event: ${name}\n${data.split('\n').map((line) => `data: ${line}\n`).join('')}\n`).join(''); // prettier-ignore
}

/** What a reader made of a stream before it failed, if it did. */
function read(bytes: string): { readonly parts: StreamPart[]; readonly failed: boolean } {
  const reader = chat({ max_tokens: 20 }).reader();
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
      if (parts.length > 0) expect(parts[0]?.type).toBe('start');
      expect(parts.slice(1).some(({ type }) => type === 'start')).toBe(false);
      const finish = parts.findIndex(({ type }) => type === 'finish');
      expect(finish !== -1).toBe(!failed);
      if (finish !== -1) expect(parts.slice(finish + 1).every(({ type }) => type === 'usage')).toBe(true);
      for (const part of parts) {
        if (part.type === 'text_delta' || part.type === 'reasoning_delta') expect(part.text).not.toBe('');
        if (part.type === 'usage') expect(part.usage.inputTokens + part.usage.outputTokens).toBeGreaterThanOrEqual(0);
      }
      if (!failed) whole++;
    }),
    { numRuns: 1000 },
  );
  expect(whole).toBeGreaterThan(50);
});
