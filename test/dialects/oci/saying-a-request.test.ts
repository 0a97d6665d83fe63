import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../../../src/core/json-object.ts';
import { wireCase } from '../wire-case.ts';
import { call, chat, COMMAND_A, COMMAND_R, GEMINI, GPT, GROK, HI, LLAMA, oci, result, said, sent, tool } from './asking.ts';

const CITY = { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] };
const NAMED = { type: 'object', properties: { city: { type: 'string', description: 'Its name' } }, required: ['city'] };
const PIXEL = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNkYAAAAAYAAjCB0C8AAAAASUVORK5CYII=';
const image = { type: 'image_url', image_url: { url: `data:image/png;base64,${PIXEL}`, detail: 'high' } };
const text = (words: string) => ({ type: 'TEXT', text: words });

describe('a request', () => {
  test.each([
    ['oci/text', { max_tokens: 50 }, LLAMA],
    ['oci/parallel-tools', { tools: [tool('get_weather', CITY, 'Weather of a city'), tool('get_time')], tool_choice: 'auto' }, LLAMA],
    ['oci-cohere/text', { max_tokens: 50 }, COMMAND_R],
    ['oci-cohere/tool-calls', { tools: [tool('get_weather', NAMED, 'Weather of a city'), tool('get_time')] }, COMMAND_R],
    ['oci-cohere-v2/text', { max_tokens: 50 }, COMMAND_A],
    [
      'oci-cohere-v2/tool-calls',
      { tools: [tool('get_weather', NAMED, 'Weather of a city'), tool('get_time')], tool_choice: 'required' },
      COMMAND_A,
    ],
  ])('is said as the documentation of %s does', (name, body, model) => {
    expect(sent(body, { model })).toEqual(wireCase(name).request);
    expect(chat(body, { model }).path).toBe('/20231130/actions/chat');
  });

  test.each([LLAMA, COMMAND_R, COMMAND_A])('for a stream asks for its usage too (%s)', (model) => {
    expect(said({ stream: true }, { model })).toMatchObject({ isStream: true, streamOptions: { isIncludeUsage: true } });
    expect(chat({ stream: true }, { model }).headers).toEqual({ accept: 'text/event-stream' });
    expect(said({}, { model })).not.toHaveProperty('isStream');
  });

  test('names an endpoint of its own where the deployment does, or where the model is one', () => {
    const compartment = 'c';
    const dedicated = { servingType: 'DEDICATED', endpointId: 'ocid1.generativeaiendpoint.oc1..e' };
    const serving = (model: string, scope: Record<string, string>) => sent({}, { model, scope: { compartment, ...scope } })['servingMode'];
    expect(serving(LLAMA, { mode: 'DEDICATED', endpoint: 'ocid1.generativeaiendpoint.oc1..e' })).toEqual(dedicated);
    expect(serving('ocid1.generativeaiendpoint.oc1..e', {})).toEqual(dedicated);
    expect(serving('ocid1.generativeaiendpoint.oc1..e', { mode: 'DEDICATED' })).toEqual(dedicated);
    expect(serving('ocid1.generativeaimodel.oc1..m', {})).toEqual({ servingType: 'ON_DEMAND', modelId: 'ocid1.generativeaimodel.oc1..m' });
  });

  test('speaks the form that its owner names', () => {
    const format = (model: string, scope: Record<string, string> = {}) =>
      said({}, { model, scope: { compartment: 'c', ...scope } })['apiFormat'];
    expect([format(LLAMA), format(COMMAND_R), format(COMMAND_A), format('cohere.command-a-vision-07-2025')]).toEqual([
      'GENERIC',
      'COHERE',
      'COHEREV2',
      'COHEREV2',
    ]);
    expect(format('ocid1.generativeaiendpoint.oc1..e', { format: 'COHERE' })).toBe('COHERE');
    expect(format(COMMAND_A, { format: 'COHERE' })).toBe('COHERE');
  });

  test.each([LLAMA, COMMAND_R, COMMAND_A])('cannot be led to another account by its client (%s)', (model) => {
    const odd = {
      oci_compartment_id: 'other',
      oci_endpoint_id: 'other',
      oci_serving_mode: 'DEDICATED',
      oci_api_format: 'GENERIC',
      oci_key: 'k',
    };
    expect(sent(odd, { model })).toEqual(sent({}, { model }));
    expect(sent({ compartmentId: 'other', servingMode: { servingType: 'DEDICATED' } }, { model })).toMatchObject({
      compartmentId: 'ocid1.compartment.oc1..c',
      servingMode: { servingType: 'ON_DEMAND', modelId: model },
    });
  });

  test('carries what is said in Oracle’s own words', () => {
    expect(said({ isEcho: true, topK: 5 })).toMatchObject({ isEcho: true, topK: 5 });
    expect(
      said({ safetyMode: 'OFF', promptTruncation: 'AUTO_PRESERVE_ORDER', documents: [{ title: 'a', snippet: 'b' }] }, { model: COMMAND_R }),
    ).toMatchObject({
      safetyMode: 'OFF',
      promptTruncation: 'AUTO_PRESERVE_ORDER',
      documents: [{ title: 'a', snippet: 'b' }],
    });
    expect(said({ safety_mode: 'strict', citation_options: { mode: 'fast' } }, { model: COMMAND_A })).toMatchObject({
      safetyMode: 'STRICT',
      citationOptions: { mode: 'FAST' },
    });
  });
});

describe('the generic form', () => {
  test('says each parameter under its name', () => {
    const asked = {
      temperature: 0.5, top_p: 0.9, top_k: 40, n: 2, stop: ['a', ''], seed: 7, presence_penalty: 0.1, frequency_penalty: 0.2, logit_bias: { 5: 1 },
      logprobs: true, top_logprobs: 3, max_completion_tokens: 9, parallel_tool_calls: false, tools: [tool('f')], reasoning_effort: 'minimal', verbosity: 'low',
      service_tier: 'priority', prediction: { type: 'content', content: 'So' }, web_search_options: { search_context_size: 'low', user_location: { type: 'approximate', approximate: { city: 'Graz' } } },
    }; // prettier-ignore
    expect(said(asked)).toMatchObject({
      temperature: 0.5, topP: 0.9, topK: 40, numGenerations: 2, stop: ['a'], seed: 7, presencePenalty: 0.1, frequencyPenalty: 0.2, logitBias: { 5: 1 },
      logProbs: 3, maxTokens: 9, isParallelToolCalls: false, reasoningEffort: 'MINIMAL', verbosity: 'LOW', serviceTier: 'PRIORITY',
      prediction: { type: 'CONTENT', content: [text('So')] }, webSearchOptions: { searchContextSize: 'LOW', userLocation: { city: 'Graz' } },
    }); // prettier-ignore
  });

  test('leaves out what has no effect, and what says nothing', () => {
    const idle = {
      n: 1,
      user: 'u',
      store: false,
      metadata: { a: 'b' },
      presence_penalty: 0,
      frequency_penalty: 0,
      logprobs: false,
      stop: [],
      max_tokens: 0,
      service_tier: 'flex',
      reasoning_effort: 'none',
    };
    expect(said(idle)).toEqual(said());
  });

  test('names the limit of models that think under their name', () => {
    expect(said({ max_tokens: 9 }, { model: GPT })).toMatchObject({ maxCompletionTokens: 9 });
    expect(said({ max_tokens: 9 }, { model: 'openai.gpt-oss-120b' })).toMatchObject({ maxTokens: 9 });
  });

  test.each([
    [GPT, 'temperature', 0.2],
    [GPT, 'presence_penalty', 0.5],
    [GROK, 'stop', ['a']],
    [GROK, 'reasoning_effort', 'low'],
    ['xai.grok-3', 'reasoning_effort', 'low'],
    ['xai.grok-3-mini', 'stop', ['a']],
    [LLAMA, 'modalities', ['text', 'audio']],
    [LLAMA, 'audio', { voice: 'a', format: 'wav' }],
  ])('refuses for %s what it does not take: %s, or goes without', (model, name, value) => {
    expect(() => chat({ [name]: value }, { model })).toThrow(expect.objectContaining({ name: 'UnsupportedParamsError', param: name }));
    expect(said({ [name]: value }, { model, params: { drop: true } })).toEqual(said({}, { model }));
  });

  test('does not refuse what holds anyhow, nor what its owner allows', () => {
    expect(said({ temperature: 1, top_p: 1, presence_penalty: 0 }, { model: GPT })).toEqual(said({}, { model: GPT }));
    expect(said({ temperature: 0.2 }, { model: GPT, params: { allow: ['temperature'] } })).toMatchObject({ temperature: 0.2 });
    expect(said({ stop: ['a'] }, { model: 'xai.grok-4-1-fast-non-reasoning' })).toMatchObject({ stop: ['a'] });
  });

  test.each([
    [{ reasoning_effort: 'xhigh' }, 'HIGH'],
    [{ thinking: { type: 'enabled', budget_tokens: 6000 } }, 'MEDIUM'],
    [{ thinking: { type: 'enabled', budget_tokens: 20_000 }, reasoning_effort: 'low' }, 'HIGH'],
    [{ thinking: { type: 'enabled', budget_tokens: 100 } }, 'MINIMAL'],
    [{ thinking: { type: 'enabled', budget_tokens: 2000 } }, 'LOW'],
    [{ thinking: { type: 'adaptive' } }, undefined],
  ])('says %j as %s', (asked, level) => {
    expect(said(asked)['reasoningEffort']).toBe(level);
  });

  test('tells only who thinks not to, and refuses thinking to who cannot', () => {
    expect(said({ reasoning_effort: 'none' }, { abilities: { reasoning: true } })['reasoningEffort']).toBe('NONE');
    expect(said({ thinking: { type: 'disabled' } }, { abilities: { reasoning: false } })).not.toHaveProperty('reasoningEffort');
    expect(() => chat({ reasoning_effort: 'high' }, { abilities: { reasoning: false } })).toThrow('reasoning_effort');
    expect(() => chat({ reasoning_effort: 'a lot' })).toThrow("Invalid reasoning_effort 'a lot'");
  });

  test('asks for JSON, and for a schema under its name or one of ours', () => {
    expect(said({ response_format: { type: 'json_object' } })['responseFormat']).toEqual({ type: 'JSON_OBJECT' });
    const format = { type: 'json_schema', json_schema: { name: 'city', description: 'A city', schema: CITY, strict: true } };
    expect(said({ response_format: format })['responseFormat']).toEqual({
      type: 'JSON_SCHEMA',
      jsonSchema: { name: 'city', description: 'A city', schema: CITY, isStrict: true },
    });
    expect(said({ response_format: { type: 'json_schema', json_schema: { schema: CITY } } })['responseFormat']).toEqual({
      type: 'JSON_SCHEMA',
      jsonSchema: { name: 'response', schema: CITY },
    });
    expect(said({ response_format: { type: 'text' } })).not.toHaveProperty('responseFormat');
  });

  test('chooses tools by a word or by name, under a name that is lawful', () => {
    const tools = [tool('home/light on'), tool('f')];
    const choice = (tool_choice: unknown) => said({ tools, tool_choice })['toolChoice'];
    expect([choice('auto'), choice('none'), choice('required')]).toEqual([{ type: 'AUTO' }, { type: 'NONE' }, { type: 'REQUIRED' }]);
    expect(choice({ type: 'function', function: { name: 'home/light on' } })).toEqual({ type: 'FUNCTION', name: 'home_light_on' });
    expect(() => choice({ type: 'function', function: { name: 'g' } })).toThrow("Tool choice 'g' not found");
    const { response } = {
      response: {
        chatResponse: {
          choices: [{ message: { toolCalls: [{ id: 'a', name: 'home_light_on', arguments: '{}' }] }, finishReason: 'stop' }],
        },
      },
    };
    expect(chat({ tools }).answer(response).choices[0]?.parts).toEqual([
      { type: 'tool_call', id: 'a', name: 'home/light on', arguments: '{}' },
    ]);
  });

  test('puts references of a schema in place, and leaves alternatives to those who take them', () => {
    const schema = {
      $defs: { room: { type: 'object', properties: { name: { type: 'string' }, inner: { $ref: '#/$defs/room' } } } },
      type: 'object',
      properties: { room: { $ref: '#/$defs/room', description: 'Where' }, level: { anyOf: [{ type: 'integer', minimum: 0 }, { type: 'null' }], default: null }, kind: { type: ['string', 'null'] } },
      required: ['room', 'level', 'kind'],
    }; // prettier-ignore
    const parameters = (model: string) => (said({ tools: [tool('f', schema)] }, { model })['tools'] as JsonObject[])[0]?.['parameters'];
    const room = { type: 'object', properties: { name: { type: 'string' }, inner: { type: 'object' } }, description: 'Where' };
    expect(parameters(GEMINI)).toEqual({
      type: 'object',
      properties: { room, level: { type: 'integer', minimum: 0, default: null }, kind: { type: 'string' } },
      required: ['room'],
    });
    expect(parameters(GPT)).toEqual({
      type: 'object',
      properties: {
        room,
        level: { anyOf: [{ type: 'integer', minimum: 0 }, { type: 'null' }], default: null },
        kind: { type: ['string', 'null'] },
      },
      required: ['room', 'level', 'kind'],
    });
  });

  test('puts so many references of a schema in place and no more', () => {
    const doubling = Object.fromEntries(
      Array.from({ length: 40 }, (_, at) => [
        `d${at}`,
        { type: 'object', properties: { a: { $ref: `#/$defs/d${at + 1}` }, b: { $ref: `#/$defs/d${at + 1}` } } },
      ]),
    );
    const body = JSON.stringify(
      said({ tools: [tool('f', { $defs: doubling, type: 'object', properties: { x: { $ref: '#/$defs/d0' } } })] }),
    );
    expect(body.length).toBeLessThan(100_000);
    expect(body).not.toContain('$ref');
  });

  test('tells a conversation with calls, results and pictures', () => {
    const messages = [
      { role: 'system', content: 'Be brief.' },
      { role: 'developer', content: 'Really.' },
      { role: 'user', content: [{ type: 'text', text: 'What is this?' }, image] },
      { role: 'assistant', content: null, tool_calls: [call('a', 'f', '{"x":1}'), call('b', 'g', 'no JSON')] },
      result('b', 'second'),
      result('a', [{ type: 'text', text: 'first' }, image]),
      { role: 'assistant', content: 'So.', reasoning_content: 'A thought' },
    ];
    const picture = { type: 'IMAGE', imageUrl: { url: `data:image/png;base64,${PIXEL}`, detail: 'HIGH' } };
    expect(said({ messages })['messages']).toEqual([
      { role: 'SYSTEM', content: [text('Be brief.')] },
      { role: 'SYSTEM', content: [text('Really.')] },
      { role: 'USER', content: [text('What is this?'), picture] },
      {
        role: 'ASSISTANT',
        content: [text('.')],
        toolCalls: [
          { id: 'a', type: 'FUNCTION', name: 'f', arguments: '{"x":1}' },
          { id: 'b', type: 'FUNCTION', name: 'g', arguments: '{"arguments":"no JSON"}' },
        ],
      },
      { role: 'TOOL', toolCallId: 'a', content: [text('first')] },
      { role: 'TOOL', toolCallId: 'b', content: [text('second')] },
      { role: 'USER', content: [text('Attachments of the tool results above:'), picture] },
      { role: 'ASSISTANT', content: [text('So.')] },
    ]);
    expect((said({ messages }, { model: GPT })['messages'] as JsonObject[])[1]?.['role']).toBe('DEVELOPER');
  });

  test('gives Gemini calls one by one, each with its result', () => {
    const messages = [
      ...HI,
      { role: 'assistant', content: 'I look.', tool_calls: [call('a'), call('b')] },
      result('a', 'A'),
      result('b', 'B'),
      { role: 'user', content: 'And?' },
    ];
    const turns = said({ messages }, { model: GEMINI })['messages'] as JsonObject[];
    expect(
      turns.map(({ role, content, toolCalls, toolCallId }) => [
        role,
        (content as { text: string }[])[0]?.text,
        toolCallId ?? (toolCalls as { id: string }[] | undefined)?.map(({ id }) => id),
      ]),
    ).toEqual([
      ['USER', 'Hi', undefined],
      ['ASSISTANT', 'I look.', ['a']],
      ['TOOL', 'A', 'a'],
      ['ASSISTANT', '.', ['b']],
      ['TOOL', 'B', 'b'],
      ['USER', 'And?', undefined],
    ]);
  });

  test('takes sound, films and papers by their bytes', () => {
    const content = (part: JsonObject): unknown => {
      const [turn] = said({ messages: [{ role: 'user', content: [part] }] })['messages'] as { content: unknown[] }[];
      return turn?.content[0];
    };
    expect(content({ type: 'input_audio', input_audio: { data: 'UklGRg==', format: 'wav' } })).toEqual({
      type: 'AUDIO',
      audioUrl: { url: 'data:audio/wav;base64,UklGRg==' },
    });
    expect(content({ type: 'file', file: { file_data: 'data:application/pdf;base64,JVBERi0=', filename: 'a.pdf' } })).toEqual({
      type: 'DOCUMENT',
      documentUrl: { url: 'data:application/pdf;base64,JVBERi0=' },
    });
    expect(content({ type: 'video_url', video_url: { url: 'data:video/mp4;base64,AAAA' } })).toEqual({
      type: 'VIDEO',
      videoUrl: { url: 'data:video/mp4;base64,AAAA' },
    });
    expect(() => content({ type: 'file', file: { file_id: 'file-1' } })).toThrow('not by the id of a file');
    expect(oci.mustInline({ type: 'media', kind: 'image', source: { type: 'url', url: 'https://a.example/b.png' } })).toBe(true);
    expect(oci.mustInline({ type: 'media', kind: 'image', source: { type: 'data', data: PIXEL } })).toBe(false);
  });
});

describe('the first form of Cohere', () => {
  const asked = (messages: unknown, more: JsonObject = {}) => said({ messages, ...more }, { model: COMMAND_R });

  test('says each parameter under its name', () => {
    expect(asked(HI, { temperature: 0.5, top_p: 0.9, top_k: 40, stop: ['a'], seed: 7, presence_penalty: 0.1, frequency_penalty: 0.2, max_tokens: 9, n: 1 })).toMatchObject({
      temperature: 0.5, topP: 0.9, topK: 40, stopSequences: ['a'], seed: 7, presencePenalty: 0.1, frequencyPenalty: 0.2, maxTokens: 9,
    }); // prettier-ignore
    for (const [name, value] of Object.entries({
      tool_choice: 'required',
      n: 2,
      logprobs: true,
      logit_bias: { 1: 1 },
      reasoning_effort: 'low',
    })) {
      expect(() => asked(HI, { [name]: value, tools: [tool('f')] })).toThrow(expect.objectContaining({ param: name }));
    }
    expect(said({ tool_choice: 'required', tools: [tool('f')] }, { model: COMMAND_R, params: { drop: true } })).toMatchObject({
      tools: [{ name: 'f' }],
    });
    expect(asked(HI, { reasoning_effort: 'none' })).toEqual(asked(HI));
    expect(asked(HI, { tool_choice: 'none', tools: [tool('f')] })).toEqual(asked(HI));
  });

  test('puts the system’s words in front, and later ones in their place', () => {
    const messages = [
      { role: 'system', content: 'Be brief.' },
      { role: 'developer', content: 'Really.' },
      ...HI,
      { role: 'assistant', content: 'Yes?' },
      { role: 'system', content: 'Now in German.' },
      { role: 'user', content: 'Go on.' },
    ];
    expect(asked(messages)).toEqual({
      apiFormat: 'COHERE',
      preambleOverride: 'Be brief.\n\nReally.',
      chatHistory: [{ role: 'USER', message: 'Hi' }, { role: 'CHATBOT', message: 'Yes?' }, { role: 'SYSTEM', message: 'Now in German.' }],
      message: 'Go on.',
    }); // prettier-ignore
  });

  test('tells the results of the last calls apart, and earlier ones in the history', () => {
    const round = (id: string, city: string) => [
      { role: 'assistant', content: null, tool_calls: [call(id, 'get_weather', JSON.stringify({ city })), call(`${id}2`, 'get_time')] },
      result(id, 'rain'),
      result(`${id}2`, 'noon'),
    ];
    const results = (city: string) => [
      { call: { name: 'get_weather', parameters: { city } }, outputs: [{ output: 'rain' }] },
      { call: { name: 'get_time', parameters: {} }, outputs: [{ output: 'noon' }] },
    ];
    const chatbot = (city: string) => ({
      role: 'CHATBOT',
      message: '.',
      toolCalls: [
        { name: 'get_weather', parameters: { city } },
        { name: 'get_time', parameters: {} },
      ],
    });
    expect(asked([...HI, ...round('a', 'Graz'), ...round('b', 'Linz')])).toEqual({
      apiFormat: 'COHERE',
      message: '',
      chatHistory: [{ role: 'USER', message: 'Hi' }, chatbot('Graz'), { role: 'TOOL', toolResults: results('Graz') }, chatbot('Linz')],
      toolResults: results('Linz'),
    });
    expect(asked([...HI, ...round('a', 'Graz'), { role: 'user', content: 'And?' }])).toMatchObject({
      message: 'And?',
      chatHistory: [{ role: 'USER' }, chatbot('Graz'), { role: 'TOOL' }, { role: 'CHATBOT', message: '.' }],
    });
  });

  test('says what a schema says beyond types behind the description', () => {
    const schema = { type: 'object', properties: { n: { type: 'integer', description: 'How many', minimum: 1 }, tags: { type: 'array', items: { type: 'string' } }, deep: { type: ['object', 'null'] }, odd: { enum: ['a', 'b'] } }, required: ['n', 'deep'] }; // prettier-ignore
    expect((asked(HI, { tools: [tool('1 f', schema, 'Does it')] })['tools'] as JsonObject[])[0]).toEqual({
      name: '_1_f',
      description: 'Does it',
      parameterDefinitions: {
        n: { type: 'int', description: 'How many JSON Schema: {"minimum":1}', isRequired: true },
        tags: { type: 'List', description: 'JSON Schema: {"items":{"type":"string"}}', isRequired: false },
        deep: { type: 'Dict', isRequired: false },
        odd: { type: 'str', description: 'JSON Schema: {"enum":["a","b"]}', isRequired: false },
      },
    });
  });

  test('asks for JSON by a member, and beside tools in words', () => {
    const response_format = { type: 'json_schema', json_schema: { name: 'c', schema: CITY } };
    expect(asked(HI, { response_format })['responseFormat']).toEqual({ type: 'JSON_OBJECT', schema: CITY });
    const beside = asked(HI, { response_format, tools: [tool('f')] });
    expect(beside).not.toHaveProperty('responseFormat');
    expect(beside['preambleOverride']).toContain('JSON Schema');
  });

  test('takes files of text as documents, and no pictures', () => {
    const file = {
      type: 'file',
      file: { file_data: `data:text/plain;base64,${Buffer.from('Tall.').toString('base64')}`, filename: 'a.txt' },
    };
    expect(asked([{ role: 'user', content: [file, { type: 'text', text: 'Who?' }] }])).toMatchObject({
      message: 'Who?',
      documents: [{ title: 'a.txt', text: 'Tall.' }],
    });
    expect(() => asked([{ role: 'user', content: [image] }])).toThrow('This model of Cohere takes text');
    expect(() => asked([...HI, { role: 'assistant', tool_calls: [call('a')] }, result('a', [image])])).toThrow(
      'text alone as the result of a tool',
    );
  });
});

describe('the second form of Cohere', () => {
  const asked = (messages: unknown, more: JsonObject = {}, abilities = {}) => said({ messages, ...more }, { model: COMMAND_A, abilities });

  test('tells a conversation with thoughts, calls, results and pictures', () => {
    const messages = [
      { role: 'system', content: 'Be brief.' },
      { role: 'user', content: [{ type: 'text', text: 'What is this?' }, image] },
      { role: 'assistant', content: 'I look.', reasoning_content: 'A thought', tool_calls: [call('a', 'f', '{"x":1}')] },
      result('a', 'rain'),
    ];
    expect(asked(messages)['messages']).toEqual([
      { role: 'SYSTEM', content: [text('Be brief.')] },
      {
        role: 'USER',
        content: [text('What is this?'), { type: 'IMAGE_URL', imageUrl: { url: `data:image/png;base64,${PIXEL}`, detail: 'HIGH' } }],
      },
      {
        role: 'ASSISTANT',
        content: [{ type: 'THINKING', thinking: 'A thought' }],
        toolPlan: 'I look.',
        toolCalls: [{ id: 'a', type: 'FUNCTION', function: { name: 'f', arguments: '{"x":1}' } }],
      },
      { role: 'TOOL', toolCallId: 'a', content: [text('rain')] },
    ]);
  });

  test('says each parameter under its name', () => {
    const more = {
      temperature: 0.5,
      top_p: 0.9,
      top_k: 40,
      stop: ['a'],
      seed: 7,
      presence_penalty: 0.1,
      frequency_penalty: 0.2,
      max_tokens: 9,
      logprobs: true,
      tool_choice: 'none',
      tools: [tool('f')],
      reasoning_effort: 'low',
    };
    expect(asked(HI, more, { reasoning: true })).toMatchObject({
      temperature: 0.5, topP: 0.9, topK: 40, stopSequences: ['a'], seed: 7, presencePenalty: 0.1, frequencyPenalty: 0.2, maxTokens: 9, isLogProbsEnabled: true,
      toolsChoice: 'NONE', thinking: { type: 'ENABLED', tokenBudget: 1024 },
    }); // prettier-ignore
    expect(asked(HI, { reasoning_effort: 'none' })['thinking']).toEqual({ type: 'DISABLED' });
    expect(asked(HI, { response_format: { type: 'json_schema', json_schema: { schema: CITY } } })['responseFormat']).toEqual({
      type: 'JSON_OBJECT',
      schema: CITY,
    });
  });

  test('has no member in Cohere’s own spelling', () => {
    const more = {
      tools: [tool('f', CITY)],
      tool_choice: 'required',
      max_tokens: 5,
      top_p: 0.5,
      stop: 'a',
      response_format: { type: 'json_object' },
      reasoning_effort: 'low',
    };
    const names: string[] = [];
    JSON.stringify(
      asked([...HI, { role: 'assistant', content: 'x', tool_calls: [call('a')] }, result('a')], more, { reasoning: true }),
      (name, value: unknown) => {
        names.push(name);
        return value;
      },
    );
    expect(names.filter((name) => name.includes('_'))).toEqual([]);
  });
});

describe('embeddings', () => {
  const { request, response } = wireCase('oci/embeddings');
  const asked = (input: readonly string[] | readonly (readonly number[])[], extras: JsonObject = {}, dimensions?: number) =>
    oci.embeddings?.(
      { model: 'e', input, single: false, extras, ...(dimensions === undefined ? {} : { dimensions }) },
      { ...chatTarget, model: 'cohere.embed-multilingual-v3.0' },
    );
  const chatTarget = {
    provider: 'oci',
    model: '',
    abilities: {} as never,
    params: { drop: false, allow: [], modify: false },
    scope: { compartment: 'ocid1.compartment.oc1..c' },
  };

  test('are asked for and read as the documentation says', () => {
    const outward = asked(['a', 'b']);
    expect(outward?.path).toBe('/20231130/actions/embedText');
    expect(JSON.parse(JSON.stringify(outward?.body))).toEqual(request);
    expect(outward?.answer(response)).toEqual({
      vectors: [
        [0.25, -0.5],
        [1, 2],
      ],
      usage: { inputTokens: 6, outputTokens: 0, raw: { promptTokens: 6, completionTokens: 0, totalTokens: 6 } },
    });
  });

  test('take words of Cohere’s API and of Oracle’s, and pictures', () => {
    expect(asked(['a'], { input_type: 'search_query', truncate: 'end', oci_compartment_id: 'x', compartmentId: 'x' }, 256)?.body).toEqual({
      compartmentId: 'ocid1.compartment.oc1..c',
      servingMode: { servingType: 'ON_DEMAND', modelId: 'cohere.embed-multilingual-v3.0' },
      inputs: ['a'],
      inputType: 'SEARCH_QUERY',
      truncate: 'END',
      outputDimensions: 256,
    });
    const picture = `data:image/png;base64,${PIXEL}`;
    expect(asked([picture])?.body).toMatchObject({ inputs: [picture], inputType: 'IMAGE' });
    expect(asked([picture, 'a'])?.body).toMatchObject({
      embedContents: [
        { type: 'IMAGE', imageUrl: { url: picture } },
        { type: 'TEXT', text: 'a' },
      ],
    });
    expect(() => asked([[1, 2]])).toThrow('not token lists');
  });

  test('of another type are what was asked for, and fewer than asked for are no answer', () => {
    expect(asked(['a'], { embeddingTypes: ['base64'] })?.answer({ embeddings: null, embeddingsByType: { base64: ['AAAA'] } })).toEqual({
      vectors: ['AAAA'],
    });
    expect(() => asked(['a', 'b', 'c'])?.answer(response)).toThrow('3 embeddings');
    expect(() => asked(['a'])?.answer({ code: '400', message: 'Bad' })).toThrow('Bad');
  });
});
