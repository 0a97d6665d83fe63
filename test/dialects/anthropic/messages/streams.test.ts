import { describe, expect, it } from 'vitest';
import type { StreamPart } from '../../../../src/core/answer.ts';
import { UNCOUNTED } from '../../../../src/dialects/anthropic/messages/write-usage.ts';
import { MessagesStreamWriter } from '../../../../src/dialects/anthropic/messages/stream.ts';
import { eventsOf, readAsOfficialClient, SHAPE, streamed } from './wire.ts';

const start = (index: number, id = `call_${index}`): StreamPart => ({ type: 'tool_call_start', index, id, name: 'f' });
const piece = (index: number, text: string): StreamPart => ({ type: 'tool_call_delta', index, arguments: text });
const end = (index: number): StreamPart => ({ type: 'tool_call_end', index });
const text = (said: string): StreamPart => ({ type: 'text_delta', text: said });

/** Types of events, deltas with theirs and the place of the block. */
function outline(parts: readonly StreamPart[]): string[] {
  return eventsOf(streamed(parts)).map(({ type, index, delta }) => {
    const place = index === undefined ? '' : ` ${JSON.stringify(index)}`;
    return type === 'content_block_delta' ? `${(delta as { type: string }).type}${place}` : `${type}${place}`;
  });
}

describe('a stream', () => {
  it('tells a text from its start to its end', () => {
    const usage = { inputTokens: 10, outputTokens: 2, cacheReadTokens: 4 };
    const parts: StreamPart[] = [
      { type: 'start', id: 'chatcmpl-1', model: 'upstream' },
      text('Hel'),
      text('lo'),
      { type: 'finish', finish: { reason: 'stop' } },
      { type: 'usage', usage },
    ];
    const told = (input: number, output: number, read: number): unknown => ({
      input_tokens: input,
      cache_creation_input_tokens: 0,
      cache_read_input_tokens: read,
      cache_creation: { ephemeral_5m_input_tokens: 0, ephemeral_1h_input_tokens: 0 },
      output_tokens: output,
    });
    const message = { id: 'msg_gateway', type: 'message', role: 'assistant', model: 'public-name', content: [], stop_reason: null };
    expect(eventsOf(streamed(parts))).toEqual([
      { type: 'message_start', message: { ...message, stop_sequence: null, usage: UNCOUNTED } },
      { type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } },
      { type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: 'Hel' } },
      { type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: 'lo' } },
      { type: 'content_block_stop', index: 0 },
      { type: 'message_delta', delta: { stop_reason: 'end_turn', stop_sequence: null }, usage: told(6, 2, 4) },
      { type: 'message_stop' },
    ]);
  });

  it('has a start and an end when the provider said nothing', () => {
    expect(outline([])).toEqual(['message_start', 'message_delta', 'message_stop']);
  });

  it('tells each piece when it comes', () => {
    const writer = new MessagesStreamWriter(SHAPE);
    expect(eventsOf(writer.write({ type: 'start', id: 'msg_1' })).map(({ type }) => type)).toEqual(['message_start']);
    expect(writer.write(text('Hel'))).toContain('Hel');
    expect(writer.write(text('lo'))).toContain('lo');
    expect(writer.write({ type: 'finish', finish: { reason: 'stop' } })).toBe('');
  });

  it('tells in its first event what is known of the usage then', () => {
    const usage = { inputTokens: 5, outputTokens: 0 };
    expect(eventsOf(streamed([{ type: 'usage', usage }, { type: 'start' }]))[0]).toMatchObject({ message: { usage: { input_tokens: 5 } } });
  });

  it('tells the usage that we counted when the provider gave none', () => {
    const writer = new MessagesStreamWriter(SHAPE);
    expect(writer.finish({ inputTokens: 3, outputTokens: 4 })).toContain('"output_tokens":4');
  });

  it('ends once, and says nothing afterwards', () => {
    const writer = new MessagesStreamWriter(SHAPE);
    writer.finish();
    expect(writer.write(text('late')) + writer.write({ type: 'start' }) + writer.finish()).toBe('');
  });

  it('closes a block before the next opens: thoughts, text, calls', () => {
    const parts: StreamPart[] = [
      { type: 'reasoning_delta', text: 'hm' },
      text('Let me see.'),
      start(0),
      piece(0, '{"x":'),
      piece(0, '1}'),
      end(0),
      { type: 'finish', finish: { reason: 'tool_calls' } },
    ];
    expect(outline(parts)).toEqual([
      'message_start',
      'content_block_start 0',
      'thinking_delta 0',
      'signature_delta 0',
      'content_block_stop 0',
      'content_block_start 1',
      'text_delta 1',
      'content_block_stop 1',
      'content_block_start 2',
      'input_json_delta 2',
      'input_json_delta 2',
      'content_block_stop 2',
      'message_delta',
      'message_stop',
    ]);
  });

  it('opens no empty text before a call', () => {
    expect(outline([text(''), start(0), end(0)])).toEqual([
      'message_start',
      'content_block_start 0',
      'input_json_delta 0',
      'content_block_stop 0',
      'message_delta',
      'message_stop',
    ]);
  });

  it('begins a call with no input, which follows in pieces', () => {
    const events = eventsOf(streamed([start(0, 'functions.f:0'), piece(0, '{"x":1}'), end(0)]));
    expect(events.slice(1, 3)).toEqual([
      {
        type: 'content_block_start',
        index: 0,
        content_block: { type: 'tool_use', id: 'toolu_b64_ZnVuY3Rpb25zLmY6MA', name: 'f', input: {} },
      },
      { type: 'content_block_delta', index: 0, delta: { type: 'input_json_delta', partial_json: '{"x":1}' } },
    ]);
  });

  it('tells arguments while they come, and calls whose pieces alternate one after the other', () => {
    const writer = new MessagesStreamWriter(SHAPE);
    writer.write(start(0));
    expect(writer.write(piece(0, '{"a"'))).toContain('input_json_delta');
    expect(writer.write(start(1))).toBe('');
    expect(writer.write(piece(1, '{"b"'))).toBe('');
    expect(writer.write(piece(0, ':1'))).toContain('"index":0');
    expect(writer.write(piece(1, ':2}'))).toBe('');
    const next = eventsOf(writer.write(piece(0, '}')));
    expect(next.map(({ type, index }) => [type, index])).toEqual([
      ['content_block_delta', 0],
      ['content_block_stop', 0],
      ['content_block_start', 1],
      ['content_block_delta', 1],
    ]);
    expect(next[3]?.['delta']).toEqual({ type: 'input_json_delta', partial_json: '{"b":2}' });
  });

  it('ends a call when its arguments are whole and something else begins, though the provider ends all calls at last', () => {
    const writer = new MessagesStreamWriter(SHAPE);
    for (const part of [start(0), piece(0, '{"a":"}\\"'), piece(0, '[","b":[{}]}')]) writer.write(part);
    expect(eventsOf(writer.write(start(1))).map(({ type, index }) => [type, index])).toEqual([
      ['content_block_stop', 0],
      ['content_block_start', 1],
    ]);
    expect(writer.write(piece(1, '{"b"'))).toContain('"index":1');
    expect(writer.write(end(0)) + writer.write(piece(0, ' '))).toBe('');
  });

  it('puts arguments that are no object into one', async () => {
    const parts = [start(0), piece(0, ' ['), piece(0, '1]'), end(0)];
    expect((await readAsOfficialClient(streamed(parts))).content).toMatchObject([{ input: { arguments: [1] } }]);
  });

  it('refuses more interleaved pieces than can wait', () => {
    const writer = new MessagesStreamWriter(SHAPE);
    writer.write(start(0));
    writer.write(start(1));
    const flood = (): void => {
      for (let i = 0; i < 20; i++) writer.write(piece(1, ' '.repeat(1024 * 1024)));
    };
    expect(flood).toThrow('more than can be put in order');
  });

  it('signs thoughts with the proof of the provider, and with nothing when there is none', () => {
    const parts: StreamPart[] = [
      { type: 'reasoning_delta', text: 'a' },
      { type: 'reasoning_signature', signature: 'c2ln', origin: 'anthropic' },
      { type: 'reasoning_delta', text: 'b' },
      { type: 'reasoning_encrypted', encrypted: 'gAAA', origin: 'openai' },
    ];
    const events = eventsOf(streamed(parts));
    const signatures = events.flatMap(({ delta }) => ((delta as { type?: string })?.type === 'signature_delta' ? [delta] : []));
    expect(signatures).toEqual([
      { type: 'signature_delta', signature: 'c2ln' },
      { type: 'signature_delta', signature: '' },
    ]);
    expect(events).toContainEqual({
      type: 'content_block_start',
      index: 2,
      content_block: { type: 'redacted_thinking', data: 'openai:gAAA' },
    });
  });

  it('tells links behind the text they belong to', () => {
    const link: StreamPart = { type: 'citation', citation: { type: 'citation', url: 'https://a.example' } };
    expect(outline([link, text('a'), text('b'), link, start(0), end(0)]).slice(1, 7)).toEqual([
      'content_block_start 0',
      'text_delta 0',
      'citations_delta 0',
      'text_delta 0',
      'citations_delta 0',
      'content_block_stop 0',
    ]);
  });

  it('streams the input of a tool that the provider ran, and tells other blocks of its own whole', () => {
    const native = (raw: unknown): StreamPart => ({ type: 'native', native: { type: 'native', dialect: 'anthropic', raw } });
    const result = { type: 'web_search_tool_result', tool_use_id: 's', content: [] };
    const events = eventsOf(
      streamed([native({ type: 'server_tool_use', id: 's', name: 'web_search', input: { query: 'a' } }), native(result)]),
    );
    expect(events.slice(1, 6)).toEqual([
      { type: 'content_block_start', index: 0, content_block: { type: 'server_tool_use', id: 's', name: 'web_search', input: {} } },
      { type: 'content_block_delta', index: 0, delta: { type: 'input_json_delta', partial_json: '{"query":"a"}' } },
      { type: 'content_block_stop', index: 0 },
      { type: 'content_block_start', index: 1, content_block: result },
      { type: 'content_block_stop', index: 1 },
    ]);
  });

  it('tells members of this dialect where its clients look for them', () => {
    const raw = { stop_sequence: 'END', container: { id: 'c' }, context_management: { applied_edits: [] } };
    const parts: StreamPart[] = [
      { type: 'native', native: { type: 'native', dialect: 'anthropic', raw } },
      { type: 'finish', finish: { reason: 'stop', native: 'stop_sequence' } },
    ];
    expect(eventsOf(streamed(parts)).at(-2)).toMatchObject({
      delta: { stop_reason: 'stop_sequence', stop_sequence: 'END', container: { id: 'c' } },
      context_management: { applied_edits: [] },
    });
  });

  it('is about the first choice alone', () => {
    expect(streamed([text('a'), { type: 'text_delta', text: 'SECOND', choice: 1 }])).not.toContain('SECOND');
  });
});
