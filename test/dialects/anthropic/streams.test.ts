import { describe, expect, it } from 'vitest';
import { MalformedAnswerError, ProviderError, TruncatedStreamError } from '../../../src/core/provider-error.ts';
import { foldStream } from '../../../src/core/fold-stream.ts';
import { wireCase } from '../wire-case.ts';
import { readEvents, streamParts, write } from './hub.ts';

const start = { type: 'message_start', message: { id: 'msg_1', model: 'm', usage: { input_tokens: 3, output_tokens: 1 } } };
const stop = { type: 'message_stop' };
const ended = (reason: string) => ({ type: 'message_delta', delta: { stop_reason: reason }, usage: { output_tokens: 2 } });
const opened = (index: number, content_block: object) => ({ type: 'content_block_start', index, content_block });
const delta = (index: number, type: string, more: object) => ({ type: 'content_block_delta', index, delta: { type, ...more } });
const closed = (index: number) => ({ type: 'content_block_stop', index });

describe('a stream', () => {
  it('begins with the id and ends with the reason and the usage', () => {
    const parts = streamParts('text');
    expect(parts[0]).toEqual({ type: 'start', id: 'msg_text', model: 'claude-sonnet-4-5-20250929' });
    expect(parts.filter(({ type }) => type === 'text_delta')).toHaveLength(3);
    expect(parts.slice(-2)).toMatchObject([
      { type: 'finish', finish: { reason: 'stop' } },
      { type: 'usage', usage: { inputTokens: 21, outputTokens: 12 } },
    ]);
  });

  it('counts tool calls, not blocks, and passes pieces of arguments on as they come', () => {
    expect(streamParts('tools').filter(({ type }) => type.startsWith('tool_call'))).toEqual([
      { type: 'tool_call_start', index: 0, id: 'toolu_01', name: 'get_weather' },
      { type: 'tool_call_delta', index: 0, arguments: '{"city"' },
      { type: 'tool_call_delta', index: 0, arguments: ':"Kö' },
      { type: 'tool_call_delta', index: 0, arguments: 'ln"}' },
      { type: 'tool_call_end', index: 0 },
    ]);
    expect(streamParts('parallel-tools').filter(({ type }) => type === 'tool_call_start')).toMatchObject([{ index: 0 }, { index: 1 }]);
  });

  it('says {} for a call without arguments', () => {
    expect(streamParts('tool-without-arguments')).toContainEqual({ type: 'tool_call_delta', index: 0, arguments: '{}' });
  });

  it('takes arguments that came with the start of their block', () => {
    const parts = readEvents([
      start,
      opened(0, { type: 'tool_use', id: 'a', name: 'f', input: { x: 1 } }),
      closed(0),
      ended('tool_use'),
      stop,
    ]);
    expect(parts).toContainEqual({ type: 'tool_call_delta', index: 0, arguments: '{"x":1}' });
  });

  it('gives the signature behind its thought, joined from its pieces', () => {
    const kinds = streamParts('thinking-with-tools').map(({ type }) => type);
    expect(kinds.slice(0, 4)).toEqual(['start', 'reasoning_delta', 'reasoning_signature', 'tool_call_start']);
    expect(streamParts('thinking-with-tools')).toContainEqual({ type: 'reasoning_signature', signature: 'c2lnMg==', origin: 'anthropic' });
  });

  it('may start a second time: only the usage counts', () => {
    const parts = streamParts('second-message-start');
    expect(parts.filter(({ type }) => type === 'start')).toEqual([{ type: 'start', id: 'msg_first', model: 'claude-sonnet-4-5-20250929' }]);
    expect(parts.at(-1)).toMatchObject({ type: 'usage', usage: { inputTokens: 15, outputTokens: 4 } });
  });

  it('replaces totals by later ones and never adds them', () => {
    expect(streamParts('web-search').at(-1)).toMatchObject({
      usage: { inputTokens: 6039, outputTokens: 91, webSearchRequests: 1, serviceTier: 'standard' },
    });
    expect(streamParts('prompt-caching').at(-1)).toMatchObject({ usage: { inputTokens: 4205, cacheReadTokens: 3000 } });
  });

  it('says nothing after its end', () => {
    const reader = write({}).reader();
    reader.push({ event: null, data: JSON.stringify(start) });
    reader.push({ event: null, data: JSON.stringify(ended('end_turn')) });
    expect(reader.push({ event: null, data: JSON.stringify(stop) })).not.toEqual([]);
    expect(reader.push({ event: null, data: JSON.stringify({ type: 'error', error: { message: 'late' } }) })).toEqual([]);
    expect(reader.end()).toEqual([]);
  });

  it('may be cut into readers that know nothing of each other', () => {
    const chat = write({});
    const read = (): unknown =>
      foldStream(chat.reader().push({ event: null, data: JSON.stringify(opened(0, { type: 'tool_use', id: 'a', name: 'f' })) }));
    expect(read()).toEqual(read());
  });
});

describe('a stream that is not quite as described', () => {
  it('needs no event names', () => {
    const reader = write({}).reader();
    const parts = [start, delta(0, 'text_delta', { text: 'x' }), ended('end_turn'), stop].flatMap((event) =>
      reader.push({ event: null, data: JSON.stringify(event) }),
    );
    expect(foldStream(parts).choices[0]?.parts).toEqual([{ type: 'text', text: 'x' }]);
  });

  it('may name its events only outside the data', () => {
    expect(write({}).reader().push({ event: 'message_start', data: '{"message":{"id":"msg_1"}}' })).toEqual([
      { type: 'start', id: 'msg_1' },
    ]);
  });

  it('may leave out starts and ends of blocks', () => {
    const events = [
      start,
      delta(0, 'thinking_delta', { thinking: 'Hm.' }),
      closed(0),
      delta(1, 'text_delta', { text: 'x' }),
      opened(2, { type: 'tool_use', id: 'a', name: 'f' }),
      ended('tool_use'),
      stop,
    ];
    expect(foldStream(readEvents(events)).choices[0]).toEqual({
      index: 0,
      parts: [
        { type: 'reasoning', text: 'Hm.' },
        { type: 'text', text: 'x' },
        { type: 'tool_call', id: 'a', name: 'f', arguments: '{}' },
      ],
      finish: { reason: 'tool_calls', native: 'tool_use' },
    });
  });

  it('may end without message_stop when the reason was told', () => {
    expect(readEvents([start, delta(0, 'text_delta', { text: 'x' }), ended('end_turn')]).slice(-2)).toMatchObject([
      { type: 'finish', finish: { reason: 'stop' } },
      { type: 'usage' },
    ]);
  });

  it('may end without a reason', () => {
    expect(readEvents([start, stop]).slice(-2)).toMatchObject([{ type: 'finish', finish: { reason: 'stop' } }, { type: 'usage' }]);
  });

  it('may use an index twice', () => {
    const answer = foldStream(
      readEvents([start, opened(0, { type: 'tool_use', id: 'a', name: 'f' }), opened(0, { type: 'tool_use', id: 'b', name: 'g' }), stop]),
    );
    expect(answer.choices[0]?.parts).toMatchObject([
      { id: 'a', arguments: '{}' },
      { id: 'b', arguments: '{}' },
    ]);
  });
});

describe('a stream that fails', () => {
  const failureOf = (act: () => unknown): ProviderError => {
    try {
      act();
    } catch (error) {
      if (error instanceof ProviderError) return error;
    }
    throw new Error('did not fail');
  };

  it('with its first event is an error with a status', () => {
    expect(failureOf(() => streamParts('overloaded-as-first-event'))).toMatchObject({
      status: 529,
      retryable: true,
      failure: { type: 'overloaded_error', message: 'Overloaded' },
    });
  });

  it('in its middle is an error', () => {
    expect(failureOf(() => streamParts('error-in-mid-stream'))).toMatchObject({
      status: 500,
      failure: { class: 'InternalServerError', type: 'api_error' },
    });
  });

  it('by being cut off is an error, never a stop', () => {
    expect(() => streamParts('cut-off')).toThrow(TruncatedStreamError);
    expect(() => write({}).reader().end()).toThrow(TruncatedStreamError);
  });

  it('with broken JSON is an error', () => {
    expect(failureOf(() => write({}).reader().push({ event: null, data: '{"type":' }))).toBeInstanceOf(MalformedAnswerError);
  });

  it('gives what came before', () => {
    const reader = write({}).reader();
    const events = wireCase('anthropic/error-in-mid-stream')
      .stream.toString()
      .split('\n')
      .filter((line) => line.startsWith('data: '));
    expect(events.slice(0, 3).flatMap((line) => reader.push({ event: null, data: line.slice(6) }))).toContainEqual({
      type: 'text_delta',
      text: 'It begins',
    });
  });
});
