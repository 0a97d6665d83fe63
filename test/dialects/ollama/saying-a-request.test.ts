import { describe, expect, test } from 'vitest';
import { InvalidRequestError, UnsupportedParamsError } from '../../../src/core/errors.ts';
import type { ChatRequest } from '../../../src/core/request.ts';
import { ollama } from '../../../src/dialects/ollama/index.ts';
import { wireCase } from '../wire-case.ts';
import { chat, said, TIME, WEATHER } from './asking.ts';

const picture = { type: 'media', kind: 'image', mediaType: 'image/png', source: { type: 'data', data: 'iVBORw0KGgo=' } } as const;

const DOCUMENTED: Record<string, Partial<ChatRequest>> = {
  'ollama/text': {
    messages: [said('developer', 'You are terse.'), said('user', 'Why is the sky blue?')],
    stream: true,
    maxOutputTokens: 64,
    temperature: 0.2,
    stop: ['END'],
    extras: { num_ctx: 8192, keep_alive: '30m' },
  },
  'ollama/thinking': { messages: [said('user', 'How many r in strawberry?')], stream: true, reasoning: { effort: 'high' } },
  'ollama/tool-calls': { messages: [said('user', 'Weather in Zürich, and the time?')], stream: true, tools: [WEATHER, TIME] },
  'ollama/tool-results': {
    messages: [
      said('user', 'Weather in Zürich, and the time?'),
      said(
        'assistant',
        { type: 'reasoning', text: 'Two calls.', signature: 'sealed', origin: 'anthropic' },
        { type: 'tool_call', id: 'call_a1b2c3d4', name: 'get_weather', arguments: '{"city":"Zürich"}' },
        { type: 'tool_call', id: 'call_e5f6g7h8', name: 'get_time', arguments: '{}' },
      ),
      said('tool', { type: 'tool_result', callId: 'call_a1b2c3d4', parts: [{ type: 'text', text: '11 degrees' }] }),
      said('tool', { type: 'tool_result', callId: 'call_e5f6g7h8', parts: [{ type: 'text', text: '08:00' }] }),
    ],
    tools: [WEATHER, TIME],
  },
  'ollama/image': { messages: [said('user', 'What is this?', picture, 'In one word.')] },
  'ollama/logprobs': { stream: true, logprobs: true, topLogprobs: 1 },
  'ollama/structured': {
    messages: [said('user', 'A fruit as JSON')],
    responseFormat: { type: 'json_schema', schema: { type: 'object', properties: { name: { type: 'string' } }, required: ['name'] } },
  },
};

test.each(Object.keys(DOCUMENTED))('the request of %s is said as documented', (name) => {
  const call = chat(DOCUMENTED[name]);
  expect(call.path).toBe('/api/chat');
  expect(call.framing).toBe('ndjson');
  expect(JSON.parse(JSON.stringify(call.body))).toEqual(wireCase(name).request);
});

describe('options', () => {
  test('every sampling parameter lands below options under its own name', () => {
    const { body } = chat({ topP: 0.9, topK: 40, seed: 7, presencePenalty: 0.5, frequencyPenalty: -0.5, maxOutputTokens: -1 });
    expect(body['options']).toEqual({ top_p: 0.9, top_k: 40, seed: 7, presence_penalty: 0.5, frequency_penalty: -0.5, num_predict: -1 });
  });

  test("what the client says in Ollama's words wins", () => {
    const { body } = chat({
      temperature: 1,
      seed: 1,
      responseFormat: { type: 'json_object' },
      reasoning: { effort: 'low' },
      extras: { options: { temperature: 0, num_gpu: 1 }, seed: 2, format: { type: 'array' }, think: false, truncate: false },
    });
    expect(body).toMatchObject({
      options: { temperature: 0, seed: 2, num_gpu: 1 },
      format: { type: 'array' },
      think: false,
      truncate: false,
    });
  });

  test('extras cannot replace the model, the messages or the stream flag', () => {
    const { body } = chat({ extras: { model: 'other', messages: [], stream: true } });
    expect(body).toMatchObject({ model: 'qwen3:8b', stream: false, messages: [{ content: 'Hi' }] });
  });

  test('nothing is sent that was not said', () => {
    expect(Object.keys(chat().body)).toEqual(['model', 'messages', 'stream']);
  });

  test('a JSON object without a schema is the word json, plain text is nothing', () => {
    expect(chat({ responseFormat: { type: 'json_object' } }).body['format']).toBe('json');
    expect(chat({ responseFormat: { type: 'text' } }).body).not.toHaveProperty('format');
  });
});

describe('parameters that Ollama does not have', () => {
  test.each([{ n: 2 }, { logitBias: { '1': 1 } }, { others: { modalities: ['audio'] } }])('%j is refused', (request) => {
    expect(() => chat(request)).toThrow(UnsupportedParamsError);
  });

  test('they vanish when dropping is on', () => {
    const { body } = chat({ n: 2, logitBias: { '1': 1 } }, { params: { drop: true } });
    expect(Object.keys(body)).toEqual(['model', 'messages', 'stream']);
  });

  test('they go out as they are when the owner allows them by name', () => {
    const { body } = chat({ n: 2, others: { verbosity: 'low' } }, { params: { allow: ['n', 'verbosity'] } });
    expect(body).toMatchObject({ n: 2, verbosity: 'low' });
  });

  test('those without effect on the answer vanish without a word', () => {
    const { body } = chat({ n: 1, user: 'ann', parallelToolCalls: true, others: { store: false, prompt_cache_key: 'k' } });
    expect(Object.keys(body)).toEqual(['model', 'messages', 'stream']);
  });
});

describe('messages', () => {
  const messages = (...list: ChatRequest['messages']) => chat({ messages: list }).body['messages'];

  test('text parts become paragraphs, the pieces of an answer stay one text', () => {
    expect(messages(said('user', 'a', 'b'), said('assistant', 'c', 'd'))).toMatchObject([{ content: 'a\n\nb' }, { content: 'cd' }]);
  });

  test('a refusal in the history is what the assistant said', () => {
    expect(messages(said('assistant', { type: 'refusal', text: 'No.' }))).toEqual([{ role: 'assistant', content: 'No.' }]);
  });

  test("other dialects' parts and sealed thoughts stay behind", () => {
    const sealed = { type: 'reasoning', text: '', encrypted: 'xyz', origin: 'openai' } as const;
    const native = { type: 'native', dialect: 'anthropic', raw: {} } as const;
    expect(messages(said('assistant', sealed, native, 'Hi'))).toEqual([{ role: 'assistant', content: 'Hi' }]);
  });

  test('a tool result may hold an image and a name of its own', () => {
    const result = { type: 'tool_result', callId: 'x', name: 'camera', parts: [picture, { type: 'text', text: 'taken' }] } as const;
    expect(messages(said('tool', result))).toEqual([
      { role: 'tool', content: 'taken', images: ['iVBORw0KGgo='], tool_name: 'camera', tool_call_id: 'x' },
    ]);
  });

  test('long whole numbers in arguments keep their digits', () => {
    const call = { type: 'tool_call', id: 'x', name: 'f', arguments: '{"id": 123456789012345678901234567890, "n": 1.5}' } as const;
    expect(JSON.stringify(messages(said('assistant', call)))).toContain('"arguments":{"id":123456789012345678901234567890,"n":1.5}');
  });

  test.each([
    ['', {}],
    ['[1]', { arguments: '[1]' }],
    ['{"a":', { arguments: '{"a":' }],
  ])('arguments %j that are no object do not end the conversation', (text, sent) => {
    const call = { type: 'tool_call', id: 'x', name: 'f', arguments: text } as const;
    expect(messages(said('assistant', call))).toMatchObject([{ tool_calls: [{ function: { arguments: sent } }] }]);
  });

  test.each([
    [{ ...picture, source: { type: 'file_id', fileId: 'f' } } as const],
    [{ ...picture, kind: 'audio', mediaType: 'audio/wav' } as const],
  ])('media without a place are refused', (media) => {
    expect(() => messages(said('user', media))).toThrow(InvalidRequestError);
  });
});

test('images by URL are to be fetched first', () => {
  const image = { ...picture, source: { type: 'url', url: 'https://example.org/a.png' } } as const;
  expect(ollama.mustInline(image)).toBe(true);
  expect(ollama.mustInline(picture)).toBe(false);
});
