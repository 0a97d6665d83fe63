import { describe, expect, test } from 'vitest';
import type { StreamPart } from '../../src/core/answer.ts';
import { foldStream } from '../../src/core/fold-stream.ts';

describe('folding a stream', () => {
  test('neighbouring pieces join and other parts keep their place', () => {
    const parts: StreamPart[] = [
      { type: 'start', id: 'a', created: 1, model: 'm' },
      { type: 'reasoning_delta', text: 'hm' },
      { type: 'reasoning_delta', text: 'm' },
      { type: 'reasoning_signature', signature: 's', origin: 'anthropic' },
      { type: 'reasoning_delta', text: 'again' },
      { type: 'text_delta', text: 'Hel' },
      { type: 'text_delta', text: 'lo' },
      { type: 'finish', finish: { reason: 'stop' } },
      { type: 'usage', usage: { inputTokens: 1, outputTokens: 2 } },
    ];
    expect(foldStream(parts)).toEqual({
      id: 'a',
      created: 1,
      model: 'm',
      choices: [
        {
          index: 0,
          parts: [
            { type: 'reasoning', text: 'hmm', signature: 's', origin: 'anthropic' },
            { type: 'reasoning', text: 'again' },
            { type: 'text', text: 'Hello' },
          ],
          finish: { reason: 'stop' },
        },
      ],
      usage: { inputTokens: 1, outputTokens: 2 },
    });
  });

  test('calls whose pieces interleave stay apart, and a call without arguments has an empty object', () => {
    const answer = foldStream([
      { type: 'tool_call_start', index: 0, id: 'a', name: 'f' },
      { type: 'tool_call_start', index: 1, id: 'b', name: 'g' },
      { type: 'tool_call_start', index: 2, id: 'c', name: 'h' },
      { type: 'tool_call_delta', index: 1, arguments: '{"x"' },
      { type: 'tool_call_delta', index: 0, arguments: '[]' },
      { type: 'tool_call_delta', index: 1, arguments: ':1}' },
    ]);
    expect(answer.choices[0]?.parts.map((part) => part.type === 'tool_call' && part.arguments)).toEqual(['[]', '{"x":1}', '{}']);
  });

  test('citations do not interrupt a text', () => {
    const answer = foldStream([
      { type: 'text_delta', text: 'a' },
      { type: 'citation', citation: { type: 'citation', url: 'https://example.com' } },
      { type: 'text_delta', text: 'b' },
    ]);
    expect(answer.choices[0]?.parts[0]).toEqual({ type: 'text', text: 'ab' });
  });

  test('members beside the content interrupt neither text nor thoughts, blocks of another dialect do', () => {
    const native = (dialect: string, raw: Record<string, unknown>): StreamPart => ({
      type: 'native',
      native: { type: 'native', dialect, raw },
    });
    const types = (dialect: string, raw: Record<string, unknown>): unknown[] | undefined =>
      foldStream([
        { type: 'reasoning_delta', text: 'a' },
        native(dialect, raw),
        { type: 'reasoning_delta', text: 'b' },
        { type: 'text_delta', text: 'c' },
        native(dialect, raw),
        { type: 'text_delta', text: 'd' },
      ]).choices[0]?.parts.map(({ type }) => type);
    expect(types('openai', { reasoning_details: [] })).toEqual(['reasoning', 'native', 'text', 'native']);
    expect(types('anthropic', { citations: [] })).toEqual(['reasoning', 'native', 'text', 'native']);
    expect(types('anthropic', { type: 'server_tool_use' })).toEqual(['reasoning', 'native', 'reasoning', 'text', 'native', 'text']);
  });

  test('choices come in order with their own log probabilities', () => {
    const answer = foldStream([
      { type: 'text_delta', text: 'B', choice: 1 },
      { type: 'text_delta', text: 'A', logprobs: { content: [1] } },
      { type: 'text_delta', text: 'A', logprobs: { content: [2], refusal: null } },
      { type: 'finish', finish: { reason: 'length' }, choice: 1 },
    ]);
    expect(answer.choices).toEqual([
      { index: 0, parts: [{ type: 'text', text: 'AA' }], finish: { reason: 'stop' }, logprobs: { content: [1, 2], refusal: null } },
      { index: 1, parts: [{ type: 'text', text: 'B' }], finish: { reason: 'length' } },
    ]);
  });

  test('nothing at all is one empty choice', () => {
    expect(foldStream([])).toEqual({ choices: [{ index: 0, parts: [], finish: { reason: 'stop' } }] });
  });
});
