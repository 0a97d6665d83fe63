import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { UnsupportedParamsError } from '../../../src/core/errors.ts';
import type { JsonObject } from '../../../src/core/json-object.ts';
import type { Part } from '../../../src/core/parts.ts';
import type { ChatRequest, Message } from '../../../src/core/request.ts';
import { readChatRequest } from '../../../src/dialects/openai/chat/request.ts';
import { openai } from '../../../src/dialects/openai/index.ts';
import { target } from '../targets.ts';

const write = (request: ChatRequest): JsonObject => openai.chat(request, target('openai', 'up')).body;
const base: ChatRequest = { model: 'm', messages: [], stream: false, others: {}, extras: {} };

const maybe = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> => fc.option(value, { nil: undefined });
const given = <T extends object>(members: T): T =>
  Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined)) as T;
/** Absent members are left out. The type is the caller's word, since a union has no record of its own. */
const record = <T>(model: Readonly<Record<string, fc.Arbitrary<unknown>>>): fc.Arbitrary<T> =>
  fc.record(model).map((value) => given(value) as T);

const word = fc.string({ minLength: 1 });
const cache = maybe(fc.constantFrom({}, { ttl: '1h' }));
const json = fc.dictionary(word, fc.jsonValue()).map((value) => JSON.parse(JSON.stringify(value)) as Record<string, unknown>);
const text = record<Part>({ type: fc.constant('text'), text: word, cache });
const media = record<Part>({
  type: fc.constant('media'),
  kind: fc.constant('image'),
  source: fc.oneof(
    fc.webUrl().map((url) => ({ type: 'url', url })),
    fc.base64String({ minLength: 4 }).map((data) => ({ type: 'data', data })),
  ),
  detail: maybe(fc.constantFrom('low', 'high')),
  cache,
}).map((part) => (part.type === 'media' && part.source.type === 'data' ? Object.assign(part, { mediaType: 'image/png' }) : part));
const call = record<Part>({
  type: fc.constant('tool_call'),
  id: word.filter((id) => !id.includes('__thought__')),
  name: word,
  arguments: json.map((value) => JSON.stringify(value)),
  cache,
});
const result = record<Part>({
  type: fc.constant('tool_result'),
  callId: word.filter((id) => !id.includes('__thought__')),
  name: maybe(word),
  parts: fc.array(text, { maxLength: 3 }),
});

const message: fc.Arbitrary<Message> = fc.oneof(
  record<Message>({
    role: fc.constantFrom('system', 'developer', 'user'),
    parts: fc.array(fc.oneof(text, media), { maxLength: 4 }),
    name: maybe(word),
    cache,
  }),
  record<Message>({
    role: fc.constant('assistant'),
    parts: fc
      .tuple(
        fc.array(
          word.map((said): Part => ({ type: 'reasoning', text: said })),
          { maxLength: 1 },
        ),
        fc.array(text, { maxLength: 2 }),
        fc.array(call, { maxLength: 3 }),
      )
      .map((lists) => lists.flat()),
    cache,
  }),
  record<Message>({ role: fc.constant('tool'), parts: result.map((part) => [part]), cache }),
);

const tool = record<object>({
  type: fc.constant('function'),
  name: word,
  description: maybe(fc.string()),
  parameters: maybe(json),
  strict: maybe(fc.boolean()),
  cache,
});
const number = maybe(fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => (Object.is(value, -0) ? 0 : value)));

const request = record<ChatRequest>({
  model: fc.constant('up'),
  messages: fc.array(message, { maxLength: 5 }),
  stream: fc.boolean(),
  tools: maybe(fc.uniqueArray(tool, { minLength: 1, maxLength: 3, selector: (item) => (item as { name: string }).name })),
  toolChoice: maybe(
    fc.oneof(
      fc.constantFrom({ type: 'auto' }, { type: 'none' }, { type: 'required' }),
      word.map((name) => ({ type: 'function', name })),
    ),
  ),
  parallelToolCalls: maybe(fc.boolean()),
  responseFormat: maybe(
    fc.oneof(
      fc.constantFrom({ type: 'text' }, { type: 'json_object' }),
      record<object>({ type: fc.constant('json_schema'), name: word, schema: json, strict: maybe(fc.boolean()) }),
    ),
  ),
  maxOutputTokens: maybe(fc.nat()),
  temperature: number,
  topP: number,
  topK: number,
  n: maybe(fc.nat()),
  stop: maybe(fc.array(word)),
  seed: maybe(fc.integer()),
  presencePenalty: number,
  frequencyPenalty: number,
  logitBias: maybe(fc.dictionary(word, fc.integer())),
  logprobs: maybe(fc.boolean()),
  topLogprobs: maybe(fc.nat()),
  reasoning: maybe(
    fc.oneof(
      word.map((effort) => ({ effort })),
      fc.constant({ effort: 'low', summary: 'auto' }),
      fc.constant({ thinking: { type: 'enabled', budgetTokens: 1024, raw: { type: 'enabled', budget_tokens: 1024, display: 'x' } } }),
    ),
  ),
  user: maybe(fc.string()),
  serviceTier: maybe(word),
  webSearch: maybe(fc.constantFrom({}, { contextSize: 'low', userLocation: { type: 'approximate' } })),
  others: fc.constantFrom({}, { modalities: ['text'], verbosity: 'low' }),
  extras: fc.constantFrom({}, { num_ctx: 4096, safety_settings: [{ a: null }] }),
});

describe('a request through the hub', () => {
  test('reading after writing gives the same request', () => {
    fc.assert(
      fc.property(request, (original) => {
        const wire = JSON.parse(JSON.stringify(write(original))) as JsonObject;
        expect(readChatRequest(wire, 'up')).toEqual(JSON.parse(JSON.stringify(original)));
      }),
      { numRuns: 200 },
    );
  });

  test('a stream asks for usage, since the bill needs it', () => {
    expect(write({ ...base, stream: true })).toMatchObject({ stream: true, stream_options: { include_usage: true } });
    expect(write(base)).not.toHaveProperty('stream_options');
  });

  test('nothing that the client did not say is sent', () => {
    expect(write(base)).toEqual({ model: 'up', messages: [] });
  });

  test('media inside tool results follow the results in a message of the user', () => {
    const image: Part = { type: 'media', kind: 'image', source: { type: 'data', data: 'AAAA' }, mediaType: 'image/png' };
    const messages: Message[] = [
      { role: 'tool', parts: [{ type: 'tool_result', callId: 'a', parts: [image] }] },
      { role: 'tool', parts: [{ type: 'tool_result', callId: 'b', parts: [{ type: 'text', text: 'ok' }], isError: true }] },
      { role: 'user', parts: [{ type: 'text', text: 'And?' }] },
    ];
    expect(write({ ...base, messages })['messages']).toEqual([
      { role: 'tool', tool_call_id: 'a', content: 'The result is attached to the next message.' },
      { role: 'tool', tool_call_id: 'b', content: 'Error: ok' },
      {
        role: 'user',
        content: [
          { type: 'text', text: 'Attachments of the tool results above:' },
          { type: 'image_url', image_url: { url: 'data:image/png;base64,AAAA' } },
        ],
      },
      { role: 'user', content: 'And?' },
    ]);
  });

  test('signatures and encrypted thoughts of another provider stay behind', () => {
    const parts: Part[] = [
      { type: 'reasoning', text: 'hm', signature: 'S', origin: 'anthropic' },
      { type: 'reasoning', text: '', encrypted: 'E', origin: 'anthropic' },
      { type: 'tool_call', id: 'c', name: 'f', arguments: '{}', signature: 'G' },
    ];
    expect(write({ ...base, messages: [{ role: 'assistant', parts }] })['messages']).toEqual([
      {
        role: 'assistant',
        content: null,
        reasoning_content: 'hm',
        tool_calls: [{ id: 'c', type: 'function', function: { name: 'f', arguments: '{}' } }],
      },
    ]);
  });

  test('a tool only another dialect knows is refused, or dropped when that is allowed', () => {
    const tools = [{ type: 'native' as const, dialect: 'anthropic', raw: { type: 'bash_20250124' } }];
    expect(() => write({ ...base, tools })).toThrow(UnsupportedParamsError);
    expect(openai.chat({ ...base, tools, toolChoice: { type: 'auto' } }, target('openai', 'up', { drop: true })).body).toEqual({
      model: 'up',
      messages: [],
    });
  });

  test('audio and files must be inlined, images and videos go by address', () => {
    const at = (kind: 'image' | 'audio' | 'video' | 'file') =>
      openai.mustInline({ type: 'media', kind, source: { type: 'url', url: 'https://a/b' } });
    expect([at('image'), at('video'), at('audio'), at('file')]).toEqual([false, false, true, true]);
  });
});
