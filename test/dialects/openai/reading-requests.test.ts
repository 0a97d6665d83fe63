import { describe, expect, test } from 'vitest';
import { InvalidRequestError } from '../../../src/core/errors.ts';
import type { Part } from '../../../src/core/parts.ts';
import { GATEWAY_ONLY_MEMBERS, readChatRequest, usesLegacyFunctions } from '../../../src/dialects/openai/chat/request.ts';
import { wireCase } from '../wire-case.ts';

const USER = { role: 'user', content: 'Hi' };
const read = (body: object) => readChatRequest({ messages: [USER], ...body }, 'group');
const partsOf = (message: object): readonly Part[] => read({ messages: [message] }).messages[0]?.parts ?? [];
const contentOf = (part: object): Part | undefined => partsOf({ role: 'user', content: [part] })[0];

describe('reading a chat request', () => {
  test('the model is the one the call is for, and absent or null members are absent', () => {
    expect(readChatRequest({ model: 'alias', messages: [USER], temperature: null, tools: null, stop: null, user: null }, 'group')).toEqual({
      model: 'group',
      stream: false,
      messages: [{ role: 'user', parts: [{ type: 'text', text: 'Hi' }] }],
      others: {},
      extras: {},
    });
  });

  test('parameters get their fields', () => {
    const body = {
      temperature: 0.5,
      top_p: 0.9,
      top_k: 40,
      n: 2,
      stop: 'END',
      seed: 7,
      presence_penalty: 1,
      frequency_penalty: -1,
      logit_bias: { '50256': -100 },
      logprobs: true,
      top_logprobs: 3,
      user: 'u',
      service_tier: 'flex',
      stream: true,
      parallel_tool_calls: false,
    };
    expect(read(body)).toMatchObject({
      temperature: 0.5,
      topP: 0.9,
      topK: 40,
      n: 2,
      stop: ['END'],
      seed: 7,
      presencePenalty: 1,
      frequencyPenalty: -1,
      logitBias: { '50256': -100 },
      logprobs: true,
      topLogprobs: 3,
      user: 'u',
      serviceTier: 'flex',
      stream: true,
      parallelToolCalls: false,
      extras: {},
      others: {},
    });
  });

  test('of two limits on output max_completion_tokens wins', () => {
    expect(read({ max_tokens: 10, max_completion_tokens: 20 }).maxOutputTokens).toBe(20);
    expect(read({ max_tokens: 10 }).maxOutputTokens).toBe(10);
  });

  test('reasoning comes as a word, as an object, or as Anthropic thinking', () => {
    expect(read({ reasoning_effort: 'low' }).reasoning).toEqual({ effort: 'low' });
    expect(read({ reasoning_effort: { effort: 'high', summary: 'auto' } }).reasoning).toEqual({ effort: 'high', summary: 'auto' });
    const thinking = { type: 'enabled', budget_tokens: 2048 };
    expect(read({ thinking }).reasoning).toEqual({ thinking: { type: 'enabled', budgetTokens: 2048, raw: thinking } });
  });

  test('parameters of OpenAI without a field are kept apart from parameters of providers', () => {
    const { others, extras } = read({
      modalities: ['text'],
      prediction: { type: 'content', content: 'x' },
      verbosity: 'low',
      store: false,
      num_ctx: 4096,
      chat_template_kwargs: { enable_thinking: false },
    });
    expect(others).toEqual({ modalities: ['text'], prediction: { type: 'content', content: 'x' }, verbosity: 'low', store: false });
    expect(extras).toEqual({ num_ctx: 4096, chat_template_kwargs: { enable_thinking: false } });
  });

  test('members for the gateway reach no provider, and what SDKs wrap in extra_body does', () => {
    const noise = Object.fromEntries([...GATEWAY_ONLY_MEMBERS].map((name) => [name, name === 'extra_body' ? { safety: 1 } : 'x']));
    const { others, extras } = read({
      ...noise,
      litellm_session_id: 's',
      input_cost_per_token: 0,
      output_cost_per_token_batches: 0,
      stream_options: { include_usage: true },
    });
    expect(others).toEqual({});
    expect(extras).toEqual({ safety: 1 });
  });

  test('metadata goes on with store, strings alone', () => {
    expect(read({ metadata: { a: 'b' } }).others).toEqual({});
    expect(read({ store: true, metadata: { a: 'b', tags: ['x'] } }).others).toEqual({ store: true, metadata: { a: 'b' } });
  });

  test.each([
    [{ messages: undefined }, "Missing required parameter: 'messages'.", 'messages'],
    [{ messages: null }, "Missing required parameter: 'messages'.", 'messages'],
    [{ messages: 'hi' }, "Invalid type for 'messages': expected an array of objects, but got a string instead.", 'messages'],
    [{ messages: ['hi'] }, "Invalid type for 'messages[0]': expected an object, but got a string instead.", 'messages[0]'],
    [{ messages: [{ content: 'x' }] }, "Missing required parameter: 'messages[0].role'.", 'messages[0].role'],
    [
      { messages: [{ role: 'user', content: 7 }] },
      "Invalid type for 'messages[0].content': expected an array of objects or a string, but got a number instead.",
      'messages[0].content',
    ],
    [
      { messages: [{ role: 'user', content: [{ text: 'x' }] }] },
      "Missing required parameter: 'messages[0].content[0].type'.",
      'messages[0].content[0].type',
    ],
    [{ messages: [{ role: 'robot', content: 'x' }] }, /^Invalid value: 'robot'/, 'messages[0].role'],
    [{ messages: [{ role: 'tool', content: 'x' }] }, "Missing required parameter: 'messages[0].tool_call_id'.", 'messages[0].tool_call_id'],
    [{ tools: [{ type: 'function', function: {} }] }, "Missing required parameter: 'tools[0].function.name'.", 'tools[0].function.name'],
    [{ temperature: 'hot' }, "Invalid type for 'temperature': expected a number, but got a string instead.", 'temperature'],
    [{ stop: [7] }, "Invalid type for 'stop[0]': expected a string, but got a number instead.", 'stop[0]'],
    [{ stream: 'yes' }, "Invalid type for 'stream': expected a boolean, but got a string instead.", 'stream'],
    [{ response_format: 'json' }, "Invalid type for 'response_format': expected an object, but got a string instead.", 'response_format'],
  ])('%j is refused by name', (body, message, param) => {
    const attempt = (): unknown => read(body);
    expect(attempt).toThrow(InvalidRequestError);
    expect(attempt).toThrow(message);
    expect(attempt).toThrow(expect.objectContaining({ param }));
  });

  test('odd but rightly typed requests are for the provider to judge', () => {
    expect(read({ messages: [] }).messages).toEqual([]);
  });
});

describe('reading content parts', () => {
  test.each([
    [
      { type: 'image_url', image_url: 'https://a/b.png' },
      { type: 'media', kind: 'image', source: { type: 'url', url: 'https://a/b.png' } },
    ],
    [
      { type: 'image_url', image_url: { url: 'data:image/jpg;base64,AAAA', detail: 'high' } },
      { type: 'media', kind: 'image', source: { type: 'data', data: 'AAAA' }, mediaType: 'image/jpeg', detail: 'high' },
    ],
    [
      { type: 'image_url', image_url: { url: 'https://a/b', format: 'image/webp' } },
      { type: 'media', kind: 'image', source: { type: 'url', url: 'https://a/b' }, mediaType: 'image/webp' },
    ],
    [
      { type: 'input_audio', input_audio: { data: 'AAAA', format: 'mp3' } },
      { type: 'media', kind: 'audio', source: { type: 'data', data: 'AAAA' }, mediaType: 'audio/mp3' },
    ],
    [
      { type: 'video_url', video_url: { url: 'https://a/b.mp4' } },
      { type: 'media', kind: 'video', source: { type: 'url', url: 'https://a/b.mp4' } },
    ],
    [
      { type: 'file', file: { file_id: 'file-1' } },
      { type: 'media', kind: 'file', source: { type: 'file_id', fileId: 'file-1' } },
    ],
    [
      { type: 'file', file: { file_id: 'https://a/b.pdf', format: 'application/pdf' } },
      { type: 'media', kind: 'file', source: { type: 'url', url: 'https://a/b.pdf' }, mediaType: 'application/pdf' },
    ],
    [
      { type: 'file', file: { file_data: 'data:application/pdf;base64,AAAA', filename: 'a.pdf' } },
      { type: 'media', kind: 'file', source: { type: 'data', data: 'AAAA' }, mediaType: 'application/pdf', filename: 'a.pdf' },
    ],
    [
      { type: 'document', title: 'T', source: { type: 'base64', media_type: 'application/pdf', data: 'AAAA' } },
      { type: 'media', kind: 'file', source: { type: 'data', data: 'AAAA' }, mediaType: 'application/pdf', filename: 'T' },
    ],
    [
      { type: 'document', source: { type: 'text', media_type: 'text/plain', data: 'words' } },
      { type: 'text', text: 'words' },
    ],
    [
      { type: 'image', source: { type: 'url', url: 'https://a/b.png' } },
      { type: 'media', kind: 'image', source: { type: 'url', url: 'https://a/b.png' } },
    ],
    [
      { type: 'text', text: 'x', cache_control: { type: 'ephemeral', ttl: '1h' } },
      { type: 'text', text: 'x', cache: { ttl: '1h' } },
    ],
    [
      { type: 'hologram', x: 1 },
      { type: 'native', dialect: 'openai', raw: { type: 'hologram', x: 1 } },
    ],
  ])('%j', (raw, part) => {
    expect(contentOf(raw)).toEqual(part);
  });

  test('a document with citations is something only Anthropic can say', () => {
    const raw = { type: 'document', source: { type: 'text', data: 'x' }, citations: { enabled: true } };
    expect(contentOf(raw)).toEqual({ type: 'native', dialect: 'anthropic', raw });
  });
});

describe('reading the history', () => {
  test('reasoning comes from signed blocks, else from the text beside them', () => {
    const blocks = [
      { type: 'thinking', thinking: 'hm', signature: 'sig' },
      { type: 'redacted_thinking', data: 'enc' },
    ];
    expect(partsOf({ role: 'assistant', content: 'x', reasoning_content: 'hm', thinking_blocks: blocks }).slice(0, 2)).toEqual([
      { type: 'reasoning', text: 'hm', signature: 'sig', origin: 'anthropic' },
      { type: 'reasoning', text: '', encrypted: 'enc', origin: 'anthropic' },
    ]);
    expect(partsOf({ role: 'assistant', content: 'x', reasoning_content: 'hm' })[0]).toEqual({ type: 'reasoning', text: 'hm' });
  });

  test('a thought signature is found in its member, in Google’s, and behind the id', () => {
    const call = (extra: object): Part | undefined =>
      partsOf({
        role: 'assistant',
        content: null,
        tool_calls: [{ id: 'c', type: 'function', function: { name: 'f', arguments: '' }, ...extra }],
      })[0];
    const expected = { type: 'tool_call', id: 'c', name: 'f', arguments: '{}', signature: 'S' };
    expect(call({ provider_specific_fields: { thought_signature: 'S' } })).toEqual(expected);
    expect(call({ extra_content: { google: { thought_signature: 'S' } } })).toEqual(expected);
    expect(call({ id: 'c__thought__S' })).toEqual(expected);
    expect(partsOf({ role: 'tool', tool_call_id: 'c__thought__S', content: 'ok' })[0]).toMatchObject({ callId: 'c' });
  });

  test('legacy functions become tools, calls and results that belong together', () => {
    const { request } = wireCase('openai/legacy-function');
    const { messages, tools, toolChoice, others } = readChatRequest(request, 'm');
    expect(tools).toMatchObject([{ type: 'function', name: 'get_weather' }]);
    expect(toolChoice).toEqual({ type: 'auto' });
    expect(others).toEqual({});
    const call = messages[1]?.parts[0];
    expect(call).toMatchObject({ type: 'tool_call', name: 'get_weather', arguments: '{"city":"Wien"}' });
    expect(messages[2]).toMatchObject({
      role: 'tool',
      parts: [{ type: 'tool_result', name: 'get_weather', callId: call?.type === 'tool_call' ? call.id : 'none' }],
    });
    expect(usesLegacyFunctions(request)).toBe(true);
  });

  test('members without a word in the hub ride along', () => {
    const details = [{ type: 'reasoning.encrypted', data: 'x' }];
    expect(partsOf({ role: 'assistant', content: 'a', prefix: true, reasoning_details: details })[1]).toEqual({
      type: 'native',
      dialect: 'openai',
      raw: { prefix: true, reasoning_details: details },
    });
    expect(partsOf({ role: 'assistant', content: 'a', provider_specific_fields: { reasoning_details: details } })[1]).toMatchObject({
      raw: { reasoning_details: details },
    });
  });

  test('tool results may hold a list, and say whose result they are', () => {
    expect(
      partsOf({
        role: 'tool',
        tool_call_id: 'c',
        name: 'f',
        content: [
          { type: 'text', text: 'a' },
          { type: 'image_url', image_url: 'https://a/b' },
        ],
      }),
    ).toMatchObject([{ type: 'tool_result', callId: 'c', name: 'f', parts: [{ type: 'text' }, { type: 'media' }] }]);
  });
});

describe('reading tools and formats', () => {
  test('Anthropic tools are understood: its own stay native, plain functions become common', () => {
    const search = { type: 'web_search_20250305', name: 'web_search' };
    const schema = { type: 'object', properties: {} };
    expect(
      read({
        tools: [
          search,
          { name: 'f', input_schema: schema, cache_control: { type: 'ephemeral' } },
          { name: 'g', input_schema: schema, defer_loading: true },
        ],
      }).tools,
    ).toEqual([
      { type: 'native', dialect: 'anthropic', raw: search },
      { type: 'function', name: 'f', parameters: schema, cache: {} },
      { type: 'native', dialect: 'anthropic', raw: { name: 'g', input_schema: schema, defer_loading: true } },
    ]);
  });

  test('of two functions of one name the first stays', () => {
    expect(read({ tools: [1, 2].map((n) => ({ type: 'function', function: { name: 'f', description: String(n) } })) }).tools).toEqual([
      { type: 'function', name: 'f', description: '1' },
    ]);
  });

  test.each([
    ['required', { type: 'required' }],
    ['any', { type: 'required' }],
    [{ type: 'any' }, { type: 'required' }],
    [
      { type: 'tool', name: 'f' },
      { type: 'function', name: 'f' },
    ],
    [
      { type: 'function', function: { name: 'f' } },
      { type: 'function', name: 'f' },
    ],
  ])('tool_choice %j', (raw, choice) => {
    expect(read({ tool_choice: raw }).toolChoice).toEqual(choice);
  });

  test('a choice only OpenAI can say is kept for it', () => {
    const allowed = { type: 'allowed_tools', allowed_tools: { mode: 'auto', tools: [] } };
    expect(read({ tool_choice: allowed })).toMatchObject({ others: { tool_choice: allowed } });
  });

  const schema = { type: 'object' };
  test.each([
    [{ response_format: { type: 'text' } }, { type: 'text' }],
    [{ response_format: { type: 'json_object' } }, { type: 'json_object' }],
    [{ response_format: { type: 'json_object', schema } }, { type: 'json_schema', schema }],
    [{ response_format: { type: 'json_schema', schema } }, { type: 'json_schema', schema }],
    [
      { response_format: { type: 'json_schema', json_schema: { name: 'n', schema, strict: true } } },
      { type: 'json_schema', name: 'n', schema, strict: true },
    ],
    [{ response_schema: schema }, { type: 'json_schema', schema }],
  ])('%j', (body, format) => {
    expect(read(body).responseFormat).toEqual(format);
    expect(read(body).extras).toEqual({});
  });
});
