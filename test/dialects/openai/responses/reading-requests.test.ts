import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../../src/core/json-object.ts';
import { readResponsesRequest } from '../../../../src/dialects/openai/responses/request.ts';
import { sealed } from '../../../../src/dialects/openai/responses/sealed.ts';
import { history, read } from './wire.ts';

const call = (id: string): JsonObject => ({ type: 'function_call', call_id: id, name: 'f', arguments: '{"a":1}' });
const result = (id: string, output: unknown = 'ok'): JsonObject => ({ type: 'function_call_output', call_id: id, output });
const says = (text: string): JsonObject => ({
  type: 'message',
  role: 'assistant',
  content: [{ type: 'output_text', text, annotations: [] }],
});

describe('a request', () => {
  it('says a text as the user, after the instructions', () => {
    expect(read({ instructions: 'Be kind.' }).request.messages).toEqual([
      { role: 'system', parts: [{ type: 'text', text: 'Be kind.' }] },
      { role: 'user', parts: [{ type: 'text', text: 'Hi' }] },
    ]);
  });

  it('is for the group, whatever model the body names, and no stream unless it says so', () => {
    expect(read().request).toMatchObject({ model: 'group', stream: false });
    expect(read({ stream: true }).request.stream).toBe(true);
  });

  it('has each setting in the words of the hub', () => {
    const { request } = read({
      max_output_tokens: 50,
      temperature: 0.5,
      top_p: 0.9,
      top_logprobs: 3,
      user: 'u',
      service_tier: 'flex',
      reasoning: { effort: 'low', summary: 'auto' },
      prompt_cache_key: 'k',
      safety_identifier: 's',
      text: { verbosity: 'low' },
    });
    expect(request).toMatchObject({
      maxOutputTokens: 50,
      temperature: 0.5,
      topP: 0.9,
      logprobs: true,
      topLogprobs: 3,
      user: 'u',
      serviceTier: 'flex',
      others: { verbosity: 'low', prompt_cache_key: 'k', safety_identifier: 's' },
    });
  });

  it('asks for thoughts by their effort alone: a summary is no word of chat', () => {
    expect(read({ reasoning: { effort: 'high', summary: 'detailed' } }).request.reasoning).toEqual({ effort: 'high' });
    expect(read({ reasoning: { summary: 'auto' } }).request.reasoning).toBeUndefined();
  });

  it('asks for probabilities when the client wants them included', () => {
    expect(read({ include: ['message.output_text.logprobs'] }).request.logprobs).toBe(true);
    expect(read({ top_logprobs: 0 }).request).not.toHaveProperty('topLogprobs');
  });

  it.each([
    [{ type: 'text' }, { type: 'text' }],
    [{ type: 'json_object' }, { type: 'json_object' }],
    [
      { type: 'json_schema', name: 'n', schema: { type: 'object' }, strict: true, description: 'd' },
      { type: 'json_schema', name: 'n', schema: { type: 'object' }, strict: true, description: 'd' },
    ],
  ])('has the format %j', (format, expected) => {
    expect(read({ text: { format } }).request.responseFormat).toEqual(expected);
  });

  it('tells no other provider what is for OpenAI, nor of the tier that is the usual one', () => {
    const { request } = read({ client_metadata: { installation: 'x' }, service_tier: 'auto' });
    expect(request.extras).toEqual({});
    expect(request).not.toHaveProperty('serviceTier');
  });

  it('carries parameters of the provider along, and none that are for the gateway', () => {
    const { request } = read({ num_ctx: 4096, metadata: { a: 'b' }, fallbacks: ['x'], litellm_metadata: {}, extra_body: {}, unset: null });
    expect(request.extras).toEqual({ num_ctx: 4096 });
    expect(JSON.stringify(request.others)).toBe('{}');
  });

  it('takes null for absent everywhere', () => {
    const names = [
      'instructions',
      'tools',
      'tool_choice',
      'max_output_tokens',
      'reasoning',
      'text',
      'include',
      'store',
      'metadata',
      'prompt',
    ];
    const { request, asked } = read(Object.fromEntries(names.map((name) => [name, null])));
    expect({ request, asked: { ...asked, tools: null } }).toEqual({ request: read().request, asked: { ...read().asked, tools: null } });
  });
});

describe('items', () => {
  it('are messages of every role, with or without their type', () => {
    const roles = ['system', 'developer', 'user', 'assistant'];
    expect(history(...roles.map((role) => ({ role, content: 'x' })))).toEqual(
      roles.map((role) => ({ role, parts: [{ type: 'text', text: 'x' }] })),
    );
    expect(history({ type: 'message', role: 'user', content: 'x' })).toEqual(history({ role: 'user', content: 'x' }));
  });

  it('hold text, pictures, files and sound', () => {
    const content = [
      { type: 'input_text', text: 'a', prompt_cache_breakpoint: { mode: 'explicit' } },
      { type: 'input_image', image_url: 'data:image/png;base64,AAAA', detail: 'low' },
      { type: 'input_image', image_url: 'https://example.com/a.png' },
      { type: 'input_image', file_id: 'file_1' },
      { type: 'input_file', file_data: 'data:application/pdf;base64,BBBB', filename: 'b.pdf' },
      { type: 'input_file', file_url: 'https://example.com/c.pdf' },
      { type: 'input_file', file_id: 'file_2' },
      { type: 'input_audio', input_audio: { data: 'CCCC', format: 'wav' } },
    ];
    expect(history({ role: 'user', content })[0]?.parts).toEqual([
      { type: 'text', text: 'a', cache: {} },
      { type: 'media', kind: 'image', source: { type: 'data', data: 'AAAA' }, mediaType: 'image/png', detail: 'low' },
      { type: 'media', kind: 'image', source: { type: 'url', url: 'https://example.com/a.png' } },
      { type: 'media', kind: 'image', source: { type: 'file_id', fileId: 'file_1' } },
      { type: 'media', kind: 'file', source: { type: 'data', data: 'BBBB' }, mediaType: 'application/pdf', filename: 'b.pdf' },
      { type: 'media', kind: 'file', source: { type: 'url', url: 'https://example.com/c.pdf' } },
      { type: 'media', kind: 'file', source: { type: 'file_id', fileId: 'file_2' } },
      { type: 'media', kind: 'audio', source: { type: 'data', data: 'CCCC' }, mediaType: 'audio/wav' },
    ]);
  });

  it('of one answer are one turn: thoughts, text, then calls', () => {
    const thought = { type: 'reasoning' as const, text: 'hm', signature: 's', origin: 'anthropic' };
    const reasoning = { type: 'reasoning', id: 'rs_1', summary: [], encrypted_content: sealed([thought]) };
    expect(
      history({ role: 'user', content: 'Hi' }, reasoning, says('Let me see.'), call('a'), call('b'), result('a'), result('b')),
    ).toEqual([
      { role: 'user', parts: [{ type: 'text', text: 'Hi' }] },
      {
        role: 'assistant',
        parts: [
          thought,
          { type: 'text', text: 'Let me see.' },
          { type: 'tool_call', id: 'a', name: 'f', arguments: '{"a":1}' },
          { type: 'tool_call', id: 'b', name: 'f', arguments: '{"a":1}' },
        ],
      },
      { role: 'tool', parts: [{ type: 'tool_result', callId: 'a', parts: [{ type: 'text', text: 'ok' }] }] },
      { role: 'tool', parts: [{ type: 'tool_result', callId: 'b', parts: [{ type: 'text', text: 'ok' }] }] },
    ]);
  });

  it('begin a new turn of the model behind results', () => {
    expect(history(call('a'), result('a'), call('b'), result('b')).map(({ role }) => role)).toEqual([
      'assistant',
      'tool',
      'assistant',
      'tool',
    ]);
  });

  it('hold results with pictures', () => {
    const output = [
      { type: 'input_text', text: 'see' },
      { type: 'input_image', image_url: 'data:image/jpg;base64,AAAA' },
    ];
    expect(history(call('a'), result('a', output))[1]?.parts).toEqual([
      {
        type: 'tool_result',
        callId: 'a',
        parts: [
          { type: 'text', text: 'see' },
          { type: 'media', kind: 'image', source: { type: 'data', data: 'AAAA' }, mediaType: 'image/jpeg' },
        ],
      },
    ]);
  });

  it('drop thoughts that this gateway did not seal, and keep the turn whole', () => {
    const foreign = { type: 'reasoning', summary: [{ type: 'summary_text', text: 'hm' }], encrypted_content: 'gAAAAABo' };
    expect(history(says('a'), foreign, call('a'))).toHaveLength(1);
    expect(history(foreign, { type: 'reasoning', summary: [] })).toEqual([]);
  });

  it('bring back the signature of a call, in its own place or behind the id', () => {
    const signed = { ...call('a'), provider_specific_fields: { thought_signature: 's1' } };
    expect(history(signed, call('b__thought__s2'))[0]?.parts).toMatchObject([
      { id: 'a', signature: 's1' },
      { id: 'b', signature: 's2' },
    ]);
    expect(history(result('b__thought__s2'))[0]?.parts).toMatchObject([{ callId: 'b' }]);
  });

  it('bring back a picture that the model made', () => {
    expect(history({ type: 'image_generation_call', id: 'ig_1', status: 'completed', result: 'AAAA' })).toEqual([
      { role: 'assistant', parts: [{ type: 'media', kind: 'image', source: { type: 'data', data: 'AAAA' }, mediaType: 'image/png' }] },
    ]);
  });

  it('leave out steps that OpenAI ran, and tell which', () => {
    const { request, asked } = read({ input: [says('a'), { type: 'web_search_call', id: 'ws_1' }, says('b')] });
    expect(request.messages).toEqual([
      {
        role: 'assistant',
        parts: [
          { type: 'text', text: 'a' },
          { type: 'text', text: 'b' },
        ],
      },
    ]);
    expect(asked.leftOut).toEqual(["input[1]: this provider knows no 'web_search_call'"]);
  });

  it('may name an item that is known elsewhere', () => {
    const found = { id: 'msg_1', ...says('before') };
    const body = { input: [{ type: 'item_reference', id: 'msg_1' }, { id: 'msg_1' }] };
    const { request, asked } = readResponsesRequest(body, 'group', (id) => (id === 'msg_1' ? found : null));
    expect(request.messages).toEqual([{ role: 'assistant', parts: Array.from({ length: 2 }, () => ({ type: 'text', text: 'before' })) }]);
    expect(asked.input).toEqual([found, found]);
  });
});

describe('what only Responses asks for', () => {
  it('has the defaults of OpenAI', () => {
    expect(read().asked).toMatchObject({
      previousResponseId: null,
      store: true,
      background: false,
      include: [],
      truncation: 'disabled',
      metadata: {},
      leftOut: [],
    });
  });

  it('is told apart from the request', () => {
    const members = {
      previous_response_id: 'resp_1',
      store: false,
      background: true,
      include: ['x'],
      truncation: 'auto',
      metadata: { a: 'b' },
    };
    const { request, asked } = read(members);
    expect(asked).toMatchObject({
      previousResponseId: 'resp_1',
      store: false,
      background: true,
      include: ['x'],
      truncation: 'auto',
      metadata: { a: 'b' },
    });
    expect(request).toEqual(read().request);
  });

  it('holds the input in its long form', () => {
    expect(read().asked.input).toEqual([{ type: 'message', role: 'user', content: [{ type: 'input_text', text: 'Hi' }] }]);
    expect(readResponsesRequest({ input: read().asked.input }, 'group').request).toEqual(read().request);
  });
});
