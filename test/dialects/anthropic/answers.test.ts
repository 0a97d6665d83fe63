import { describe, expect, it } from 'vitest';
import { MalformedAnswerError } from '../../../src/core/provider-error.ts';
import { answerOf, write } from './hub.ts';

const partsOf = (name: string): unknown => answerOf(name).choices[0]?.parts;
const finishOf = (name: string): unknown => answerOf(name).choices[0]?.finish;
const native = (raw: unknown) => ({ type: 'native', dialect: 'anthropic', raw });

describe('an answer', () => {
  it('has the provider’s id and model', () => {
    expect(answerOf('text')).toMatchObject({ id: 'msg_text', model: 'claude-sonnet-4-5-20250929' });
  });

  it('has text and calls, arguments as JSON text', () => {
    expect(partsOf('tools')).toEqual([
      { type: 'text', text: 'Let me look.' },
      { type: 'tool_call', id: 'toolu_01', name: 'get_weather', arguments: '{"city":"Köln"}' },
    ]);
    expect(partsOf('tool-without-arguments')).toEqual([{ type: 'tool_call', id: 'toolu_t', name: 'GetDateTime', arguments: '{}' }]);
  });

  it('has thoughts with their proof, withheld and encrypted ones too', () => {
    expect(partsOf('thinking')).toMatchObject([
      { type: 'reasoning', text: '27 is 3 cubed. Not prime.', signature: expect.stringMatching(/^EqQB/) as string, origin: 'anthropic' },
      { type: 'text' },
    ]);
    expect(partsOf('redacted-thinking')).toEqual([
      { type: 'reasoning', text: '', encrypted: 'EmwKAhgBEgy3va3pzix/LafPsn4a', origin: 'anthropic' },
      { type: 'reasoning', text: '', signature: 'c2lnMw==', origin: 'anthropic' },
      { type: 'text', text: 'I cannot say.' },
    ]);
  });

  it('has citations of pages with the range of their text, and all citations in the provider’s form', () => {
    expect(partsOf('web-search')).toMatchObject([
      { type: 'text', text: 'I will search.' },
      native({ type: 'server_tool_use', input: { query: 'claude shannon birth' } }),
      native({ type: 'web_search_tool_result' }),
      { type: 'text', text: 'He was born on April 30, 1916' },
      { type: 'citation', url: 'https://example.org/shannon', title: 'Claude Shannon', start: 29, end: 43 },
      native({ citations: [{ type: 'web_search_result_location' }] }),
    ]);
    const whole = 'I will search.He was born on April 30, 1916';
    expect(whole.slice(29, 43)).toBe('April 30, 1916');
    expect(partsOf('citations')).toContainEqual(native({ citations: [expect.objectContaining({ type: 'char_location' })] }));
  });

  it('keeps blocks it does not know, whole', () => {
    expect(partsOf('unknown-events-and-blocks')).toEqual([
      native({ type: 'hologram', shape: 'cube', data: 'abcd' }),
      { type: 'text', text: 'Hi' },
    ]);
    expect(partsOf('compaction')).toContainEqual(native({ type: 'compaction', content: 'So far: the user plans a trip.' }));
  });

  it('may be empty', () => {
    expect(answerOf('empty').choices).toEqual([{ index: 0, parts: [], finish: { reason: 'stop', native: 'end_turn' } }]);
  });
});

describe('the reason to stop', () => {
  it.each([
    ['text', 'stop', 'end_turn'],
    ['stop-sequence', 'stop', 'stop_sequence'],
    ['tools', 'tool_calls', 'tool_use'],
    ['max-tokens', 'length', 'max_tokens'],
    ['refusal', 'content_filter', 'refusal'],
  ])('of %s is %s', (name, reason, word) => {
    expect(finishOf(name)).toEqual({ reason, native: word });
  });

  it.each([
    ['pause_turn', 'stop'],
    ['compaction', 'stop'],
    ['model_context_window_exceeded', 'length'],
    ['a_new_reason', 'stop'],
  ])('%s is %s', (word, reason) => {
    expect(write({}).answer({ content: [], stop_reason: word }).choices[0]?.finish).toEqual({ reason, native: word });
  });

  it('is a call whenever there is one, except at a limit', () => {
    const content = [{ type: 'tool_use', id: 'a', name: 'f', input: {} }];
    expect(write({}).answer({ content, stop_reason: 'end_turn' }).choices[0]?.finish.reason).toBe('tool_calls');
    expect(write({}).answer({ content, stop_reason: 'max_tokens' }).choices[0]?.finish.reason).toBe('length');
  });

  it('comes with what else the provider says of it', () => {
    expect(partsOf('refusal')).toContainEqual(
      native({ stop_details: { type: 'refusal', category: 'cyber', explanation: 'Asks for an attack.' } }),
    );
    expect(partsOf('stop-sequence')).toContainEqual(native({ stop_sequence: 'three' }));
  });
});

describe('what is no answer', () => {
  it.each([null, 'hi', [], {}, { content: 'text' }])('%j is malformed', (body) => {
    expect(() => write({}).answer(body)).toThrow(MalformedAnswerError);
  });

  it('is an error when it holds one', () => {
    expect(() => write({}).answer({ type: 'error', error: { type: 'rate_limit_error', message: 'Slow down' } })).toThrow(
      expect.objectContaining({ status: 429 }),
    );
  });

  it('does not break on odd members', () => {
    const answer = write({}).answer({
      id: 7,
      content: [null, { type: 'text', text: null }, { type: 'tool_use', name: 'f' }],
      usage: 'none',
    });
    expect(answer.choices[0]).toEqual({
      index: 0,
      parts: [{ type: 'tool_call', id: '', name: 'f', arguments: '{}' }],
      finish: { reason: 'tool_calls' },
    });
    expect(answer).not.toHaveProperty('usage');
  });
});
