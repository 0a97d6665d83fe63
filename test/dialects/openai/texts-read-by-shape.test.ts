import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { StreamPart } from '../../../src/core/answer.ts';
import { ProviderError } from '../../../src/core/provider-error.ts';
import { ChatStreamReader } from '../../../src/dialects/openai/chat/stream-reader.ts';

const HEAD = { id: 'chatcmpl-1', object: 'chat.completion.chunk', created: 1_760_000_000, model: 'm' };

function chunk(delta: object, more: object = {}): string {
  return JSON.stringify({ ...HEAD, choices: [{ index: 0, delta, logprobs: null, finish_reason: null }], ...more });
}

/** Every event on its own, as it is read when it is the first of its shape. */
function parsedAlone(events: readonly string[]): StreamPart[] {
  const reader = new ChatStreamReader();
  return events.flatMap((data) => reader.read(JSON.parse(data) as Record<string, unknown>));
}

function readTogether(events: readonly string[]): StreamPart[] {
  const reader = new ChatStreamReader();
  return events.flatMap((data) => reader.push({ event: null, data }));
}

describe('events that only go on with a text', () => {
  test('say what they say when each is parsed', () => {
    const delta = fc.oneof(
      { weight: 8, arbitrary: fc.string({ unit: 'binary' }).map((content) => ({ content })) },
      fc.record({ role: fc.constant('assistant'), content: fc.string() }),
      fc.string().map((reasoning_content) => ({ content: null, reasoning_content })),
      fc.string({ minLength: 1 }).map((text) => ({ tool_calls: [{ index: 0, id: 'call_1', function: { name: 'f', arguments: text } }] })),
    );
    const more = fc.oneof({ weight: 6, arbitrary: fc.constant({}) }, fc.constant({ usage: { prompt_tokens: 1, completion_tokens: 2 } }));
    fc.assert(
      fc.property(fc.array(fc.tuple(delta, more), { maxLength: 30 }), (pieces) => {
        const events = pieces.map(([said, beside]) => chunk(said, beside));
        expect(readTogether(events)).toEqual(parsedAlone(events));
      }),
      { numRuns: 500 },
    );
  });

  test('belong to their own choice', () => {
    const at = (index: number, content: string): string =>
      JSON.stringify({ ...HEAD, choices: [{ index, delta: { content }, finish_reason: null }] });
    const events = [at(0, 'a'), at(1, 'b'), at(1, 'c'), at(0, 'd'), at(0, 'e')];
    expect(readTogether(events)).toEqual(parsedAlone(events));
  });

  test('are refused where their text is none', () => {
    const reader = new ChatStreamReader();
    reader.push({ event: null, data: chunk({ content: 'Hello' }) });
    expect(() => reader.push({ event: null, data: chunk({ content: 'MARK' }).replace('MARK', 'a\u0001b') })).toThrow('not JSON');
    expect(() => reader.push({ event: null, data: chunk({ content: 'MARK' }).replace('MARK', String.raw`a\q`) })).toThrow('not JSON');
  });

  test('are errors where the event is called one', () => {
    const reader = new ChatStreamReader();
    reader.push({ event: null, data: chunk({ content: 'Hello' }) });
    expect(() => reader.push({ event: 'error', data: chunk({ content: 'Hello' }) })).toThrow(ProviderError);
  });
});
