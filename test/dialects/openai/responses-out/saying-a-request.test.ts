import { describe, expect, test } from 'vitest';
import { UnsupportedParamsError } from '../../../../src/core/errors.ts';
import type { Part } from '../../../../src/core/parts.ts';
import { answerOf, bodyOf, call, itemsOf, result, said, WEATHER } from './asking.ts';

test('a question is one item, and nothing of it is kept at the provider', () => {
  expect(bodyOf()).toEqual({ model: 'gpt-5.4', input: [{ role: 'user', content: 'Hi' }], store: false });
  expect(bodyOf({ stream: true, others: { store: true, metadata: { a: 'b' } } })).toMatchObject({
    stream: true,
    store: true,
    metadata: { a: 'b' },
  });
});

test('of two functions with one name the first is offered', () => {
  const tools = [WEATHER, { ...WEATHER, description: 'Again.' }];
  expect(bodyOf({ tools })['tools']).toEqual(bodyOf({ tools: [WEATHER] })['tools']);
});

describe('what the system says', () => {
  test('first are the instructions, and later keeps its place and its role', () => {
    expect(
      bodyOf({ messages: [said('system', 'Be brief.'), said('developer', 'Be kind.'), said('user', 'Hi'), said('system', 'Now!')] }),
    ).toMatchObject({
      instructions: 'Be brief.\n\nBe kind.',
      input: [
        { role: 'user', content: 'Hi' },
        { role: 'system', content: 'Now!' },
      ],
    });
  });

  test('alone is said to the model all the same', () => {
    const body = bodyOf({ messages: [said('system', 'Begin.')] });
    expect(body).toMatchObject({ input: [{ role: 'system', content: 'Begin.' }] });
    expect(body).not.toHaveProperty('instructions');
  });
});

test('pictures, papers and sounds are parts of a message', () => {
  const media = (rest: Partial<Part>): Part =>
    ({ type: 'media', kind: 'image', source: { type: 'url', url: 'https://a.example/x' }, ...rest }) as Part;
  expect(
    itemsOf([
      said(
        'user',
        'See',
        media({}),
        media({ source: { type: 'data', data: 'AAAA' }, mediaType: 'image/webp', detail: 'high' }),
        media({ kind: 'file' }),
        media({ kind: 'file', source: { type: 'data', data: 'JVBE' }, filename: 'a.pdf' }),
        media({ kind: 'file', source: { type: 'file_id', fileId: 'file-1' } }),
        media({ kind: 'audio', source: { type: 'data', data: 'SUQz' }, mediaType: 'audio/mpeg' }),
      ),
    ])[0]?.['content'],
  ).toEqual([
    { type: 'input_text', text: 'See' },
    { type: 'input_image', image_url: 'https://a.example/x', detail: 'auto' },
    { type: 'input_image', image_url: 'data:image/webp;base64,AAAA', detail: 'high' },
    { type: 'input_file', file_url: 'https://a.example/x' },
    { type: 'input_file', filename: 'a.pdf', file_data: 'data:application/pdf;base64,JVBE' },
    { type: 'input_file', file_id: 'file-1' },
    { type: 'input_audio', input_audio: { data: 'SUQz', format: 'mp3' } },
  ]);
  expect(() => itemsOf([said('user', media({ kind: 'video' }))])).toThrow('Videos');
});

describe('an earlier turn', () => {
  test('comes back in its order: thoughts as they were sealed, text, calls, results', () => {
    const parts = answerOf('thinking-with-tools').choices[0]?.parts ?? [];
    expect(itemsOf([said('user', 'Hi'), said('assistant', ...parts), result('call_Cc3', '11 °C')])).toEqual([
      { role: 'user', content: 'Hi' },
      {
        type: 'reasoning',
        id: 'rs_03',
        summary: [{ type: 'summary_text', text: '**Looking** up the weather.\n\nZürich it is.' }],
        encrypted_content: 'gAAAAABsealed-03==',
      },
      { role: 'assistant', content: 'I look it up.' },
      { type: 'function_call', call_id: 'call_Cc3', name: 'get_weather', arguments: '{"city":"Zürich"}' },
      { type: 'function_call_output', call_id: 'call_Cc3', output: '11 °C' },
    ]);
  });

  test('leaves the thoughts of other providers behind', () => {
    const parts = answerOf('thinking-with-tools').choices[0]?.parts ?? [];
    const foreign: Part[] = [
      { type: 'reasoning', text: 'hm', signature: 'EqoB', origin: 'anthropic' },
      { type: 'reasoning', text: 'plain' },
      { type: 'reasoning', text: 'odd', signature: 'openai.', origin: 'responses' },
    ];
    for (const items of [itemsOf([said('assistant', ...parts)], { provider: 'xai' }), itemsOf([said('assistant', ...foreign, 'Yes.')])])
      expect(items.map(({ type }) => type)).not.toContain('reasoning');
  });

  test('holds what the provider ran itself, custom calls and refusals', () => {
    const custom = answerOf('custom-tool').choices[0]?.parts ?? [];
    const items = itemsOf([
      said('assistant', ...(answerOf('web-search').choices[0]?.parts ?? [])),
      said('assistant', ...custom),
      result('call_Ee5', '1'),
      said('assistant', { type: 'refusal', text: 'No.' }),
    ]);
    expect(items.map(({ type, role }) => type ?? role)).toEqual([
      'web_search_call',
      'web_search_call',
      'assistant',
      'function_call',
      'custom_tool_call',
      'custom_tool_call_output',
      'assistant',
    ]);
    expect(items.at(-1)).toEqual({ role: 'assistant', content: [{ type: 'refusal', refusal: 'No.' }] });
  });

  test('has results with pictures in them, and says which of them are errors', () => {
    const picture: Part = { type: 'media', kind: 'image', source: { type: 'data', data: 'AAAA' } };
    const failed = said('tool', { type: 'tool_result', callId: 'b', parts: [{ type: 'text', text: 'no' }], isError: true });
    expect(itemsOf([said('assistant', call('a'), call('b')), result('a', 'See', picture), failed]).slice(2)).toEqual([
      {
        type: 'function_call_output',
        call_id: 'a',
        output: [
          { type: 'input_text', text: 'See' },
          { type: 'input_image', image_url: 'data:image/png;base64,AAAA', detail: 'auto' },
        ],
      },
      { type: 'function_call_output', call_id: 'b', output: 'Error: no' },
    ]);
  });

  test('shows a picture of the assistant as the user would, and shortens ids that are too long, both ends alike', () => {
    const picture: Part = { type: 'media', kind: 'image', source: { type: 'data', data: 'AAAA' } };
    expect(itemsOf([said('assistant', 'Here.', picture)])).toMatchObject([{ role: 'assistant' }, { role: 'user' }]);
    const [one, other] = itemsOf([said('assistant', call('x'.repeat(90))), result('x'.repeat(90))]);
    expect(one?.['call_id']).toBe(other?.['call_id']);
    expect(String(one?.['call_id']).length).toBeLessThanOrEqual(64);
  });
});

describe('tools', () => {
  test('are lax unless they say that they are strict', () => {
    const bare = { type: 'function', name: 'now' } as const;
    expect(
      bodyOf({ tools: [WEATHER, { ...bare, strict: true }], toolChoice: { type: 'function', name: 'now' }, parallelToolCalls: false }),
    ).toMatchObject({
      tools: [
        { type: 'function', name: 'get_weather', description: 'Weather of a city', parameters: WEATHER.parameters, strict: false },
        { type: 'function', name: 'now', parameters: { type: 'object', properties: {} }, strict: true },
      ],
      tool_choice: { type: 'function', name: 'now' },
      parallel_tool_calls: false,
    });
  });

  test('of chat take the form that they have here, and those of this dialect stay', () => {
    const grammar = { type: 'grammar', grammar: { syntax: 'lark', definition: 'start: "a"' } };
    const raw = (value: Record<string, unknown>) => ({ type: 'native' as const, dialect: 'openai', raw: value });
    const allowed = { type: 'allowed_tools', allowed_tools: { mode: 'auto', tools: [{ type: 'function', function: { name: 'f' } }] } };
    expect(
      bodyOf({
        tools: [raw({ type: 'custom', custom: { name: 'sql', format: grammar } }), raw({ type: 'image_generation' })],
        webSearch: { contextSize: 'low', userLocation: { type: 'approximate', approximate: { country: 'AT' } } },
        others: { tool_choice: allowed },
      }),
    ).toMatchObject({
      tools: [
        { type: 'custom', name: 'sql', format: { type: 'grammar', syntax: 'lark', definition: 'start: "a"' } },
        { type: 'image_generation' },
        { type: 'web_search', search_context_size: 'low', user_location: { type: 'approximate', country: 'AT' } },
      ],
      tool_choice: { type: 'allowed_tools', mode: 'auto', tools: [{ type: 'function', name: 'f' }] },
    });
  });

  test('that only another provider understands are refused, or left out', () => {
    const tools = [{ type: 'native' as const, dialect: 'anthropic', raw: { type: 'bash_20250124', name: 'bash' } }];
    expect(() => bodyOf({ tools })).toThrow(UnsupportedParamsError);
    expect(bodyOf({ tools }, { params: { drop: true } })).not.toHaveProperty('tools');
  });
});

describe('parameters', () => {
  test('have their own names here', () => {
    expect(
      bodyOf({
        maxOutputTokens: 300,
        temperature: 0.5,
        topP: 0.9,
        user: 'lou',
        serviceTier: 'flex',
        logprobs: true,
        topLogprobs: 2,
        responseFormat: { type: 'json_schema', schema: { type: 'object' }, strict: true },
        others: { verbosity: 'low', prompt_cache_key: 'k', safety_identifier: 's' },
        extras: { max_tool_calls: 3 },
      }),
    ).toEqual({
      model: 'gpt-5.4',
      input: [{ role: 'user', content: 'Hi' }],
      store: false,
      max_output_tokens: 300,
      temperature: 0.5,
      top_p: 0.9,
      user: 'lou',
      service_tier: 'flex',
      top_logprobs: 2,
      include: ['message.output_text.logprobs'],
      text: { format: { type: 'json_schema', name: 'response', schema: { type: 'object' }, strict: true }, verbosity: 'low' },
      prompt_cache_key: 'k',
      safety_identifier: 's',
      max_tool_calls: 3,
    });
  });

  test('a limit is not lower than OpenAI lets it be', () => {
    expect(bodyOf({ maxOutputTokens: 1 })).toMatchObject({ max_output_tokens: 16 });
    expect(bodyOf({ maxOutputTokens: -1 })).not.toHaveProperty('max_output_tokens');
  });

  test.each([
    [
      { effort: 'low', summary: 'auto' },
      { effort: 'low', summary: 'auto' },
    ],
    [{ effort: 'disable' }, { effort: 'none' }],
    [{ thinking: { type: 'enabled', budgetTokens: 12_000, raw: {} } }, { effort: 'high' }],
    [{ thinking: { type: 'enabled', budgetTokens: 1024, raw: {} } }, { effort: 'minimal' }],
    [{ thinking: { type: 'disabled', raw: {} } }, { effort: 'none' }],
  ])('%j thinks like %j, and its thoughts come back sealed', (reasoning, told) => {
    expect(bodyOf({ reasoning })).toMatchObject({ reasoning: told, include: ['reasoning.encrypted_content'] });
  });

  test('a model that is known to think gives its thoughts sealed, another is not asked for them', () => {
    expect(bodyOf({}, { abilities: { reasoning: true } })).toMatchObject({ include: ['reasoning.encrypted_content'] });
    expect(bodyOf({}, { abilities: { reasoning: false } })).not.toHaveProperty('include');
  });

  const LOST = { n: 2, stop: ['x'], seed: 1, presencePenalty: 1, frequencyPenalty: 1, logitBias: { 1: 2 }, others: { prediction: {} } };

  test('without a place are refused by name, left out where they may be, or sent where the owner wants it', () => {
    const names = ['n', 'stop', 'seed', 'presence_penalty', 'frequency_penalty', 'logit_bias', 'prediction'];
    try {
      bodyOf(LOST);
      expect.unreachable();
    } catch (error) {
      expect(error).toBeInstanceOf(UnsupportedParamsError);
      for (const name of names) expect(String(error)).toContain(name);
    }
    expect(Object.keys(bodyOf(LOST, { params: { drop: true } }))).toEqual(['model', 'input', 'store']);
    expect(bodyOf({ seed: 1 }, { params: { allow: ['seed'] } })).toMatchObject({ seed: 1 });
    expect(Object.keys(bodyOf({ n: 1, stop: [], presencePenalty: 0 }))).toEqual(['model', 'input', 'store']);
  });
});
