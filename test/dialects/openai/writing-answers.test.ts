import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Answer, StreamPart } from '../../../src/core/answer.ts';
import { foldStream } from '../../../src/core/fold-stream.ts';
import { writeChatAnswer } from '../../../src/dialects/openai/chat/answer.ts';
import { readChatAnswer } from '../../../src/dialects/openai/chat/read-answer.ts';
import { ChatStreamWriter, type StreamShape } from '../../../src/dialects/openai/chat/stream.ts';
import { ChatStreamReader } from '../../../src/dialects/openai/chat/stream-reader.ts';
import { canonical, readStream } from '../laws.ts';
import { wireCase } from '../wire-case.ts';
import { readAsOfficialClient } from './official-client.ts';

const SHAPE: StreamShape = { id: 'chatcmpl-1', model: 'm', created: 5, includeUsage: true };
const USAGE = { inputTokens: 10, outputTokens: 5 };

function write(parts: readonly StreamPart[], shape: Partial<StreamShape> = {}): string {
  const writer = new ChatStreamWriter({ ...SHAPE, ...shape });
  return parts.map((part) => writer.write(part)).join('') + writer.finish();
}

function chunks(text: string): Record<string, unknown>[] {
  return text
    .trimEnd()
    .split('\n\n')
    .filter((event) => event !== 'data: [DONE]')
    .map((event) => JSON.parse(event.slice(6)) as Record<string, unknown>);
}

const finish: StreamPart = { type: 'finish', finish: { reason: 'stop' } };

describe('a whole answer for the client', () => {
  test('has every member the interface promises', () => {
    const answer: Answer = {
      choices: [
        {
          index: 0,
          parts: [
            { type: 'reasoning', text: 'hm', signature: 'S', origin: 'anthropic' },
            { type: 'reasoning', text: '', encrypted: 'E', origin: 'anthropic' },
            { type: 'text', text: 'Hi' },
            { type: 'tool_call', id: 'c', name: 'f', arguments: '{}', signature: 'G' },
            { type: 'citation', url: 'https://a', title: 'A', start: 0, end: 2 },
            { type: 'media', kind: 'image', source: { type: 'data', data: 'AAAA' }, mediaType: 'image/png' },
          ],
          finish: { reason: 'stop', native: 'end_turn' },
        },
      ],
      usage: { inputTokens: 10, outputTokens: 5, cacheReadTokens: 3, cacheWriteTokens: 2, cacheWriteHourTokens: 1, webSearchRequests: 1 },
    };
    expect(writeChatAnswer(answer, SHAPE)).toEqual({
      id: 'chatcmpl-1',
      object: 'chat.completion',
      created: 5,
      model: 'm',
      system_fingerprint: null,
      service_tier: null,
      choices: [
        {
          index: 0,
          finish_reason: 'tool_calls',
          logprobs: null,
          message: {
            role: 'assistant',
            content: 'Hi',
            refusal: null,
            tool_calls: [
              {
                index: 0,
                id: 'c',
                type: 'function',
                function: { name: 'f', arguments: '{}' },
                provider_specific_fields: { thought_signature: 'G' },
              },
            ],
            reasoning_content: 'hm',
            thinking_blocks: [
              { type: 'thinking', thinking: 'hm', signature: 'S' },
              { type: 'redacted_thinking', data: 'E' },
            ],
            annotations: [{ type: 'url_citation', url_citation: { start_index: 0, end_index: 2, url: 'https://a', title: 'A' } }],
            images: [{ index: 0, type: 'image_url', image_url: { url: 'data:image/png;base64,AAAA' } }],
            provider_specific_fields: { native_finish_reason: 'end_turn' },
          },
        },
      ],
      usage: {
        prompt_tokens: 10,
        completion_tokens: 5,
        total_tokens: 15,
        prompt_tokens_details: {
          cached_tokens: 3,
          audio_tokens: 0,
          text_tokens: null,
          image_tokens: null,
          cache_creation_tokens: 3,
          cache_creation_token_details: { ephemeral_5m_input_tokens: 2, ephemeral_1h_input_tokens: 1 },
        },
        completion_tokens_details: {
          reasoning_tokens: 0,
          audio_tokens: 0,
          accepted_prediction_tokens: 0,
          rejected_prediction_tokens: 0,
          text_tokens: null,
        },
        cache_creation_input_tokens: 3,
        cache_read_input_tokens: 3,
        server_tool_use: { web_search_requests: 1 },
      },
    });
  });

  test('content is null beside calls alone and empty when there is nothing', () => {
    const content = (...parts: Answer['choices'][number]['parts']): unknown =>
      (
        writeChatAnswer({ choices: [{ index: 0, parts, finish: { reason: 'stop' } }] }, SHAPE)['choices'] as {
          message: { content: unknown };
        }[]
      )[0]?.message.content;
    expect(content({ type: 'tool_call', id: 'c', name: 'f', arguments: '{}' })).toBeNull();
    expect(content({ type: 'refusal', text: 'no' })).toBeNull();
    expect(content()).toBe('');
  });

  test('calls come back as function_call to a client of the legacy form', () => {
    const answer = readChatAnswer(wireCase('openai/tools').response);
    expect(writeChatAnswer(answer, { ...SHAPE, legacyFunctions: true })['choices']).toMatchObject([
      { finish_reason: 'function_call', message: { function_call: { name: 'get_weather', arguments: '{"city":"Linz"}' } } },
    ]);
  });

  test.each([
    'text',
    'tools',
    'parallel-tools',
    'refusal',
    'length',
    'two-choices',
    'logprobs',
    'citations',
    'openrouter-reasoning',
    'mistral-thinking',
  ])('%s: reading after writing gives the same answer', (name) => {
    const answer = readChatAnswer(wireCase(`openai/${name}`).response);
    const again = readChatAnswer(writeChatAnswer(answer, { ...SHAPE, model: answer.model ?? '' }));
    // The money a provider reports goes to the spend row and not to the client.
    const plain = ({ usage, ...rest }: Answer) =>
      canonical({ ...rest, ...(usage ? { usage: { ...usage, reportedCost: '', serviceTier: '' } } : {}) });
    expect(plain(again)).toEqual(plain(answer));
  });
});

describe('a stream for the client', () => {
  test('begins with the role, ends with an empty delta, and leaves nulls out', () => {
    const text = write([
      { type: 'start', id: 'up-1', created: 9, model: 'x', extras: { system_fingerprint: 'fp' } },
      { type: 'text_delta', text: 'Hi' },
      finish,
      { type: 'usage', usage: USAGE },
    ]);
    const head = { id: 'up-1', object: 'chat.completion.chunk', created: 9, model: 'm', system_fingerprint: 'fp' };
    expect(chunks(text)).toEqual([
      { ...head, choices: [{ index: 0, delta: { role: 'assistant', content: '' } }] },
      { ...head, choices: [{ index: 0, delta: { content: 'Hi' } }] },
      { ...head, choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] },
      { ...head, choices: [], usage: expect.objectContaining({ prompt_tokens: 10, total_tokens: 15 }) as unknown },
    ]);
    expect(text.endsWith('\n\ndata: [DONE]\n\n')).toBe(true);
  });

  test('usage comes only to clients that asked, and may be counted by us', () => {
    const writer = new ChatStreamWriter(SHAPE);
    expect(writer.write(finish) + writer.finish(USAGE)).toContain('"usage":{"prompt_tokens":10');
    expect(write([finish, { type: 'usage', usage: USAGE }], { includeUsage: false })).not.toContain('usage');
  });

  test('calls begin with everything but arguments, and never end without any', () => {
    const text = write([
      { type: 'tool_call_start', index: 0, id: 'a', name: 'f', signature: 'G' },
      { type: 'tool_call_delta', index: 0, arguments: '{"x":1}' },
      { type: 'tool_call_end', index: 0 },
      { type: 'tool_call_start', index: 1, id: 'b', name: 'g' },
      { type: 'tool_call_end', index: 1 },
      finish,
    ]);
    const deltas = chunks(text).flatMap((chunk) =>
      (chunk['choices'] as { delta: unknown; finish_reason?: string }[]).map((choice) => choice.delta),
    );
    expect(deltas.slice(1, -1)).toEqual([
      {
        tool_calls: [
          {
            index: 0,
            id: 'a',
            type: 'function',
            function: { name: 'f', arguments: '' },
            provider_specific_fields: { thought_signature: 'G' },
          },
        ],
      },
      { tool_calls: [{ index: 0, function: { arguments: '{"x":1}' } }] },
      { tool_calls: [{ index: 1, id: 'b', type: 'function', function: { name: 'g', arguments: '' } }] },
      { tool_calls: [{ index: 1, function: { arguments: '{}' } }] },
    ]);
    expect(text).toContain('"finish_reason":"tool_calls"');
  });

  test('thinking blocks come as pieces and a signature, or whole with their signature', () => {
    const parts: StreamPart[] = [
      { type: 'reasoning_delta', text: 'h' },
      { type: 'reasoning_delta', text: 'm' },
      { type: 'reasoning_signature', signature: 'S', origin: 'anthropic' },
      { type: 'reasoning_encrypted', encrypted: 'E', origin: 'anthropic' },
      finish,
    ];
    const blocks = (shape: Partial<StreamShape>): unknown[] =>
      chunks(write(parts, shape)).flatMap(
        (chunk) => (chunk['choices'] as { delta: { thinking_blocks?: unknown[] } }[])[0]?.delta.thinking_blocks ?? [],
      );
    const last = { type: 'redacted_thinking', data: 'E' };
    expect(blocks({ thinkingBlocks: true })).toEqual([
      { type: 'thinking', thinking: 'h', signature: null },
      { type: 'thinking', thinking: 'm', signature: null },
      { type: 'thinking', thinking: '', signature: 'S' },
      last,
    ]);
    expect(blocks({})).toEqual([{ type: 'thinking', thinking: 'hm', signature: 'S' }, last]);
  });

  test('an answer without anything is still an answer', () => {
    expect(chunks(write([])).at(-1)).toMatchObject({ choices: [{ delta: {}, finish_reason: 'stop' }] });
  });

  test('legacy clients get function_call deltas', () => {
    const text = write(
      [
        { type: 'tool_call_start', index: 0, id: 'a', name: 'f' },
        { type: 'tool_call_delta', index: 0, arguments: '{}' },
        { type: 'tool_call_end', index: 0 },
        finish,
      ],
      { legacyFunctions: true },
    );
    expect(text).toContain('"delta":{"function_call":{"name":"f","arguments":""}}');
    expect(text).toContain('"finish_reason":"function_call"');
    expect(text).not.toContain('tool_calls');
  });

  const said = fc.string({ minLength: 1 });
  const call = fc.record({ id: fc.uuid(), name: said, pieces: fc.array(said, { maxLength: 3 }) });
  const turn = fc.record({
    thoughts: fc.array(said, { maxLength: 3 }),
    texts: fc.array(said, { maxLength: 3 }),
    refusals: fc.array(said, { maxLength: 2 }),
    calls: fc.uniqueArray(call, { maxLength: 3, selector: ({ id }) => id }),
  });
  const partsOf = (
    {
      thoughts,
      texts,
      refusals,
      calls,
    }: { thoughts: string[]; texts: string[]; refusals: string[]; calls: { id: string; name: string; pieces: string[] }[] },
    choice: number,
  ): StreamPart[] => {
    const at = choice === 0 ? {} : { choice };
    return [
      ...thoughts.map((text): StreamPart => ({ type: 'reasoning_delta', text, ...at })),
      ...texts.map((text): StreamPart => ({ type: 'text_delta', text, ...at })),
      ...refusals.map((text): StreamPart => ({ type: 'refusal_delta', text, ...at })),
      ...calls.flatMap(({ id, name, pieces }, index): StreamPart[] => [
        { type: 'tool_call_start', index, id, name, ...at },
        ...pieces.map((text): StreamPart => ({ type: 'tool_call_delta', index, arguments: text, ...at })),
        { type: 'tool_call_end', index, ...at },
      ]),
      { type: 'finish', finish: { reason: calls.length > 0 ? 'tool_calls' : 'stop' }, ...at },
    ];
  };

  test('reading after writing gives the same answer, and the official client reads it too', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(turn, { minLength: 1, maxLength: 2 }), async (turns) => {
        const parts: StreamPart[] = [
          { type: 'start', id: 'i', created: 1, model: 'm' },
          ...turns.flatMap(partsOf),
          { type: 'usage', usage: USAGE },
        ];
        const text = write(parts);
        expect(canonical(foldStream(readStream([text], 'sse', new ChatStreamReader())))).toEqual(canonical(foldStream(parts)));
        expect((await readAsOfficialClient(text)).choices).toHaveLength(turns.length);
      }),
      { numRuns: 60 },
    );
  });
});
