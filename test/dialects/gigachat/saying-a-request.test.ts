import { describe, expect, test } from 'vitest';
import { wireCase } from '../wire-case.ts';
import { CITY, HI, sent, STATE, turns, WEATHER } from './asking.ts';

const calls = (...list: readonly (readonly [string, string, string])[]) =>
  list.map(([id, name, text]) => ({ id, type: 'function', function: { name, arguments: text } }));
const result = (id: string, content: string) => ({ role: 'tool', tool_call_id: id, content });

describe('a request', () => {
  test('is said as its documentation does', () => {
    const messages = [{ role: 'system', content: 'Be brief.' }, ...HI];
    expect(sent({ messages, temperature: 0.5, max_tokens: 50 })).toEqual(wireCase('gigachat/text').request);
  });

  test('asks for a stream, and for no usage, which comes unasked', () => {
    expect(sent({ stream: true, stream_options: { include_usage: true } })).toEqual({
      model: 'GigaChat-2-Max',
      messages: HI,
      stream: true,
    });
  });

  test('keeps GigaChat’s own words', () => {
    expect(sent({ repetition_penalty: 1.1, profanity_check: false })).toMatchObject({ repetition_penalty: 1.1, profanity_check: false });
  });

  test('with temperature 0 asks for the likeliest words', () => {
    expect(sent({ temperature: 0, top_p: 0.9 })).toMatchObject({ top_p: 0 });
    expect(sent({ temperature: 0 })).not.toHaveProperty('temperature');
  });

  test.each([
    ['none', undefined],
    ['minimal', 'low'],
    ['medium', 'medium'],
    ['xhigh', 'high'],
  ])('with effort %s asks for %s', (effort, wanted) => {
    expect(sent({ reasoning_effort: effort })['reasoning_effort']).toBe(wanted);
  });

  test.each([{ stop: ['x'] }, { seed: 1 }, { n: 2 }, { logprobs: true }, { presence_penalty: 1 }, { parallel_tool_calls: true }])(
    'with %o is refused, or goes without',
    (body) => {
      expect(() => sent(body)).toThrow(Object.keys(body)[0]);
      expect(sent(body, { drop: true })).toEqual({ model: 'GigaChat-2-Max', messages: HI });
    },
  );

  test('says nothing of what changes nothing', () => {
    expect(sent({ user: 'u', n: 1, parallel_tool_calls: false, metadata: { a: 'b' } })).toEqual({ model: 'GigaChat-2-Max', messages: HI });
  });
});

describe('functions', () => {
  test('are offered, called and answered as the documentation says', () => {
    const messages = [
      { role: 'user', content: 'Weather in Zürich?' },
      {
        role: 'assistant',
        content: null,
        tool_calls: calls(['c1', 'get_weather', '{"city":"Zürich"}']),
        thinking_blocks: [{ type: 'redacted_thinking', data: `gigachat:${STATE}` }],
      },
      result('c1', '{"rain":true}'),
    ];
    expect(sent({ messages, tools: [WEATHER] })).toEqual(wireCase('gigachat/function-result').request);
    expect(sent({ messages: messages.slice(0, 1), tools: [WEATHER] })).toEqual(wireCase('gigachat/function-call').request);
  });

  test('have lawful names, mapped back, and parameters also where they take nothing', () => {
    const tool = { type: 'function', function: { name: '3d-view' } };
    expect(sent({ tools: [tool] })['functions']).toEqual([{ name: '_3d_view', parameters: { type: 'object', properties: {} } }]);
  });

  test('may be forbidden, named, or required where there is one', () => {
    const tools = [WEATHER];
    expect(sent({ tools, tool_choice: 'none' })['function_call']).toBe('none');
    expect(sent({ tools, tool_choice: 'required' })['function_call']).toEqual({ name: 'get_weather' });
    const named = { type: 'function', function: { name: 'get_weather' } };
    expect(sent({ tools, tool_choice: named })['function_call']).toEqual({ name: 'get_weather' });
    expect(() => sent({ tools, tool_choice: { type: 'function', function: { name: 'other' } } })).toThrow('other');
  });

  test('of which any must be called are beyond it', () => {
    const tools = [WEATHER, { type: 'function', function: { name: 'other' } }];
    expect(() => sent({ tools, tool_choice: 'required' })).toThrow('tool_choice');
    expect(sent({ tools, tool_choice: 'required' }, { drop: true })['function_call']).toBe('auto');
  });
});

describe('a history', () => {
  test('with several calls in a turn becomes one with one call a turn', () => {
    expect(
      turns([
        ...HI,
        { role: 'assistant', content: 'I look.', tool_calls: calls(['a', 'f', '{"x":1}'], ['b', 'g', 'x']) },
        result('b', 'rain'),
        result('a', '{"ok":1}'),
      ]),
    ).toEqual([
      { role: 'user', content: 'Hi' },
      { role: 'assistant', content: 'I look.', function_call: { name: 'f', arguments: { x: 1 } } },
      { role: 'function', name: 'f', content: '{"ok":1}' },
      { role: 'assistant', content: '', function_call: { name: 'g', arguments: { arguments: 'x' } } },
      { role: 'function', name: 'g', content: '{"result":"rain"}' },
    ]);
  });

  test('has one word of the system, in front; what it says later is said by the user', () => {
    expect(
      turns([
        { role: 'system', content: 'A' },
        { role: 'developer', content: 'B' },
        { role: 'user', content: 'C' },
        { role: 'system', content: 'D' },
        { role: 'assistant', content: 'E' },
      ]),
    ).toEqual([
      { role: 'system', content: 'A\n\nB' },
      { role: 'user', content: 'C\n\nD' },
      { role: 'assistant', content: 'E' },
    ]);
    expect(turns([{ role: 'system', content: 'A' }])).toEqual([{ role: 'user', content: 'A' }]);
  });

  test('brings back no proof of another provider', () => {
    const thinking_blocks = [
      { type: 'redacted_thinking', data: 'of-anthropic' },
      { type: 'thinking', thinking: 'x', signature: 'gigachat:no-state' },
    ];
    expect(turns([...HI, { role: 'assistant', content: 'A', thinking_blocks }])).toEqual([...HI, { role: 'assistant', content: 'A' }]);
  });

  test('takes files that were uploaded, and says so of others', () => {
    const file = { type: 'file', file: { file_id: 'f-1' } };
    expect(turns([{ role: 'user', content: [{ type: 'text', text: 'What is this?' }, file] }])).toEqual([
      { role: 'user', content: 'What is this?', attachments: ['f-1'] },
    ]);
    const picture = { type: 'image_url', image_url: { url: 'data:image/png;base64,AAAA' } };
    expect(() => turns([{ role: 'user', content: [picture] }])).toThrow('GigaChat takes pictures by the id of a file');
  });
});

describe('an answer in JSON', () => {
  const format = { type: 'json_schema', json_schema: { name: 'capital', schema: CITY } };

  test('that keeps to a schema is a form that must be filled in', () => {
    const messages = [{ role: 'user', content: 'Capital of Austria?' }];
    expect(sent({ messages, response_format: format })).toEqual(wireCase('gigachat/form').request);
  });

  test.each([
    ['beside functions', { tools: [WEATHER], response_format: format }, JSON.stringify(CITY)],
    ['without a schema', { response_format: { type: 'json_object' } }, 'one JSON object'],
    ['that is no object', { response_format: { type: 'json_schema', json_schema: { name: 'l', schema: { type: 'array' } } } }, '"array"'],
  ])('%s is asked for in words', (_case, body, words) => {
    const [system] = sent(body)['messages'] as { role: string; content: string }[];
    expect(system).toMatchObject({ role: 'system', content: expect.stringContaining(words) as string });
    expect(JSON.stringify(sent(body)['functions'] ?? [])).not.toContain('answer_in_json');
  });
});
