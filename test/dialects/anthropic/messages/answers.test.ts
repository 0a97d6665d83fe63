import { describe, expect, it } from 'vitest';
import type { Finish } from '../../../../src/core/answer.ts';
import type { Part } from '../../../../src/core/parts.ts';
import { writeMessagesAnswer } from '../../../../src/dialects/anthropic/messages/answer.ts';
import { call, thought } from '../hub.ts';
import { answered, partsOf, SHAPE } from './wire.ts';

const text = (said: string): Part => ({ type: 'text', text: said });

function contentOf(...parts: readonly Part[]): unknown {
  return answered(parts)['content'];
}

describe('a whole answer', () => {
  it('is a message with everything a client looks for', () => {
    const usage = { inputTokens: 100, outputTokens: 7, cacheReadTokens: 60, cacheWriteTokens: 20, cacheWriteHourTokens: 10 };
    expect(answered([text('Hello')], { id: 'chatcmpl-1', model: 'upstream', usage })).toEqual({
      id: 'msg_gateway',
      type: 'message',
      role: 'assistant',
      model: 'public-name',
      content: [{ type: 'text', text: 'Hello' }],
      stop_reason: 'end_turn',
      stop_sequence: null,
      usage: {
        input_tokens: 10,
        cache_creation_input_tokens: 30,
        cache_read_input_tokens: 60,
        cache_creation: { ephemeral_5m_input_tokens: 20, ephemeral_1h_input_tokens: 10 },
        output_tokens: 7,
      },
    });
  });

  it('tells thoughts and searches of the usage where they were counted', () => {
    const usage = { inputTokens: 1, outputTokens: 9, reasoningTokens: 4, webSearchRequests: 2, serviceTier: 'default' };
    expect(answered([], { usage })['usage']).toMatchObject({
      output_tokens_details: { thinking_tokens: 4 },
      server_tool_use: { web_search_requests: 2 },
      service_tier: 'standard',
    });
  });

  it('never tells less than no input, whatever the provider counted', () => {
    expect(answered([], { usage: { inputTokens: 1, outputTokens: 1, cacheReadTokens: 5 } })['usage']).toMatchObject({ input_tokens: 0 });
  });

  it('keeps the id of a message', () => {
    expect(answered([], { id: 'msg_01' })['id']).toBe('msg_01');
  });

  it('is the first choice alone', () => {
    const choice = { parts: [text('a')], finish: { reason: 'stop' as const } };
    const answer = {
      choices: [
        { ...choice, index: 0 },
        { ...choice, index: 1, parts: [text('b')] },
      ],
    };
    expect(writeMessagesAnswer(answer, SHAPE)['content']).toEqual([{ type: 'text', text: 'a' }]);
    expect(writeMessagesAnswer({ choices: [] }, SHAPE)).toMatchObject({ content: [], stop_reason: 'end_turn' });
  });

  it('has thoughts, then text, then calls', () => {
    const thoughts: Part = { type: 'reasoning', text: 'hm' };
    expect(contentOf(call('a', 'f', '{"x":1}'), text('Hi'), thoughts)).toEqual([
      { type: 'thinking', thinking: 'hm', signature: '' },
      { type: 'text', text: 'Hi' },
      { type: 'tool_use', id: 'a', name: 'f', input: { x: 1 } },
    ]);
  });

  it('keeps the order of what Anthropic itself said', () => {
    const types = (contentOf(text('a'), thought('hm', 's'), call('a'), thought('so', 't')) as { type: string }[]).map(({ type }) => type);
    expect(types).toEqual(['text', 'thinking', 'tool_use', 'thinking']);
  });

  it('has no blocks for text and thoughts that say nothing', () => {
    expect(contentOf(text(''), { type: 'reasoning', text: '' }, call('a'))).toEqual([{ type: 'tool_use', id: 'a', name: 'f', input: {} }]);
  });

  it('marks proofs of other providers, so that they come back as theirs', () => {
    const parts: Part[] = [
      { type: 'reasoning', text: 'a', signature: 'c2ln', origin: 'anthropic' },
      { type: 'reasoning', text: 'b', signature: 'c2ln', origin: 'gemini' },
      { type: 'reasoning', text: '', encrypted: 'gAAA', origin: 'openai' },
    ];
    const content = contentOf(...parts);
    expect(content).toMatchObject([
      { signature: 'c2ln' },
      { signature: 'gemini:c2ln' },
      { type: 'redacted_thinking', data: 'openai:gAAA' },
    ]);
    expect(partsOf(content, 'assistant')).toEqual(parts);
  });

  it.each(['functions.get_weather:0', 'Ümlaut', 'toolu_b64_YQ', 'a b'])(
    'gives the call %s an id that clients take, and knows it again',
    (id) => {
      const content = contentOf(call(id));
      expect((content as { id: string }[])[0]?.id).toMatch(/^[a-zA-Z0-9_-]+$/);
      expect(partsOf(content, 'assistant')).toMatchObject([{ id }]);
    },
  );

  it('gives calls without an id one of their own', () => {
    const ids = (contentOf(call(''), call('')) as { id: string }[]).map(({ id }) => id);
    expect(new Set(ids).size).toBe(2);
    for (const id of ids) expect(id).toMatch(/^call_[0-9a-f]{24}$/);
  });

  it.each([
    ['', {}],
    ['{"n":12345678901234567890}', '{"n":12345678901234567890}'],
    ['[1]', { arguments: [1] }],
    ['not json', { arguments: 'not json' }],
  ])('has an object for the arguments %j', (args, input) => {
    const told = JSON.stringify((contentOf(call('a', 'f', args)) as { input: unknown }[])[0]?.input);
    expect(told).toBe(typeof input === 'string' ? input : JSON.stringify(input));
  });

  it('tells links as pages found, and what Anthropic cited in its own words', () => {
    const link: Part = { type: 'citation', url: 'https://a.example', title: 'A', start: 0, end: 2 };
    expect(contentOf(text('Hi'), link)).toEqual([
      {
        type: 'text',
        text: 'Hi',
        citations: [{ type: 'web_search_result_location', url: 'https://a.example', title: 'A', encrypted_index: '', cited_text: '' }],
      },
    ]);
    const own = { type: 'web_search_result_location', url: 'https://a.example', title: 'A', encrypted_index: 'x', cited_text: 'a' };
    const native: Part = { type: 'native', dialect: 'anthropic', raw: { citations: [own] } };
    expect(contentOf(text('Hi'), link, native)).toEqual([{ type: 'text', text: 'Hi', citations: [own] }]);
  });

  it('gives links that came before any text to the text', () => {
    expect(contentOf({ type: 'citation', url: 'https://a.example' }, text('Hi'))).toMatchObject([
      { text: 'Hi', citations: [{ title: null }] },
    ]);
  });

  it('has blocks and members of this dialect unchanged, those of others not', () => {
    const raw = { type: 'server_tool_use', id: 's', name: 'web_search', input: { query: 'a' } };
    const parts: Part[] = [
      { type: 'native', dialect: 'anthropic', raw },
      { type: 'native', dialect: 'openai', raw: { type: 'custom', text: 'b' } },
      { type: 'native', dialect: 'anthropic', raw: { stop_sequence: 'END', container: { id: 'c' } } },
    ];
    expect(answered(parts)).toMatchObject({ content: [raw], stop_sequence: 'END', container: { id: 'c' } });
  });
});

describe('the reason to stop', () => {
  const refusal: Part = { type: 'refusal', text: 'No.' };
  it.each<[Finish, Part[], string]>([
    [{ reason: 'stop' }, [], 'end_turn'],
    [{ reason: 'stop', native: 'eos' }, [], 'end_turn'],
    [{ reason: 'stop', native: 'stop_sequence' }, [], 'stop_sequence'],
    [{ reason: 'stop', native: 'pause_turn' }, [], 'pause_turn'],
    [{ reason: 'stop' }, [call('a')], 'tool_use'],
    [{ reason: 'tool_calls' }, [call('a')], 'tool_use'],
    [{ reason: 'tool_calls' }, [], 'end_turn'],
    [{ reason: 'stop', native: 'tool_use' }, [text('{}')], 'end_turn'],
    [{ reason: 'length' }, [], 'max_tokens'],
    [{ reason: 'length' }, [call('a')], 'max_tokens'],
    [{ reason: 'length', native: 'model_context_window_exceeded' }, [], 'model_context_window_exceeded'],
    [{ reason: 'content_filter' }, [], 'refusal'],
    [{ reason: 'stop' }, [refusal], 'refusal'],
  ])('%j with %j is %s', (finish, parts, expected) => {
    const answer = writeMessagesAnswer({ choices: [{ index: 0, parts, finish }] }, SHAPE);
    expect(answer['stop_reason']).toBe(expected);
  });
});
