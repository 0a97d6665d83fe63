import { describe, expect, it } from 'vitest';
import { foldStream } from '../../../src/core/fold-stream.ts';
import type { Part } from '../../../src/core/parts.ts';
import { writeChatAnswer } from '../../../src/dialects/openai/chat/answer.ts';
import { readChatRequest } from '../../../src/dialects/openai/chat/request.ts';
import { ChatStreamWriter } from '../../../src/dialects/openai/chat/stream.ts';

const SHAPE = { id: 'chatcmpl-1', model: 'm', created: 1 };
const PNG = 'iVBORw0KGgo=';
const PARTS: readonly Part[] = [
  { type: 'native', dialect: 'gemini', raw: { gemini_parts: [{ toolCall: { id: 'x' } }] } },
  { type: 'text', text: 'Here:' },
  { type: 'native', dialect: 'gemini', raw: { thought_signatures: ['s1'] } },
  { type: 'media', kind: 'image', source: { type: 'data', data: PNG }, mediaType: 'image/png', signature: 's2' },
  { type: 'tool_call', id: 'a', name: 'f', arguments: '{}', signature: 's3' },
];

type Message = Record<string, unknown>;

function written(): Message {
  const answer = writeChatAnswer({ choices: [{ index: 0, parts: PARTS, finish: { reason: 'tool_calls' } }] }, SHAPE);
  return (answer['choices'] as { message: Message }[])[0]?.message ?? {};
}

function readBack(message: Message): readonly Part[] {
  const messages = [{ role: 'user', content: 'Hi' }, message];
  return readChatRequest({ model: 'm', messages }, 'm').messages[1]?.parts ?? [];
}

describe('what Gemini wants back', () => {
  it('stands beside the message, on its pictures and on its calls', () => {
    expect(written()).toMatchObject({
      content: 'Here:',
      provider_specific_fields: { gemini_parts: [{ toolCall: { id: 'x' } }], thought_signatures: ['s1'] },
      images: [{ image_url: { url: `data:image/png;base64,${PNG}` }, provider_specific_fields: { thought_signature: 's2' } }],
      tool_calls: [{ id: 'a', provider_specific_fields: { thought_signature: 's3' } }],
    });
  });

  it('is understood when a client brings it', () => {
    expect(readBack(written())).toEqual([
      { type: 'text', text: 'Here:' },
      { type: 'media', kind: 'image', source: { type: 'data', data: PNG }, mediaType: 'image/png', signature: 's2' },
      { type: 'tool_call', id: 'a', name: 'f', arguments: '{}', signature: 's3' },
      { type: 'native', dialect: 'gemini', raw: { thought_signatures: ['s1'], gemini_parts: [{ toolCall: { id: 'x' } }] } },
    ]);
  });

  it('is nothing when a client lost it, or brings something odd in its place', () => {
    const plain = { role: 'assistant', content: 'Hi' };
    for (const odd of [undefined, null, 'x', {}, { thought_signatures: 'x', gemini_parts: null }])
      expect(readBack({ ...plain, provider_specific_fields: odd })).toEqual([{ type: 'text', text: 'Hi' }]);
  });

  it('goes out in a stream too', () => {
    const writer = new ChatStreamWriter({ ...SHAPE, includeUsage: false });
    const native = { type: 'native' as const, dialect: 'gemini', raw: { thought_signatures: ['s1'] } };
    expect(writer.write({ type: 'native', native })).toContain('"delta":{"provider_specific_fields":{"thought_signatures":["s1"]}}');
  });
});

it('blocks of another dialect are no members of a message', () => {
  const native = { type: 'native' as const, dialect: 'anthropic', raw: { type: 'server_tool_use', id: 'x' } };
  expect(JSON.stringify(writeChatAnswer({ choices: [{ index: 0, parts: [native], finish: { reason: 'stop' } }] }, SHAPE))).not.toContain(
    'server_tool_use',
  );
});

it('members beside the message do not break its text', () => {
  const native = { type: 'native' as const, dialect: 'gemini', raw: { thought_signatures: ['s1'] } };
  const { choices } = foldStream([
    { type: 'text_delta', text: 'a' },
    { type: 'native', native },
    { type: 'text_delta', text: 'b' },
  ]);
  expect(choices[0]?.parts).toEqual([{ type: 'text', text: 'ab' }, native]);
});

it('a file may say which part of a video is looked at, and how closely', () => {
  const file = { file_id: 'https://youtu.be/abc', detail: 'low', video_metadata: { fps: 5, start_offset: '10s' } };
  const read = (members: object) =>
    readChatRequest({ model: 'm', messages: [{ role: 'user', content: [{ type: 'file', file: members }] }] }, 'm');
  expect(read(file).messages[0]?.parts).toEqual([
    { type: 'media', kind: 'file', source: { type: 'url', url: 'https://youtu.be/abc' }, detail: 'low', clip: { fps: 5, start: '10s' } },
  ]);
  expect(() => read({ ...file, video_metadata: { fps: 'many' } })).toThrow(/video_metadata\.fps/);
});

it('Google’s own tools are taken as they stand', () => {
  const body = { model: 'm', messages: [{ role: 'user', content: 'Hi' }], tools: [{ googleSearch: {} }, { url_context: {} }] };
  expect(readChatRequest(body, 'm').tools).toEqual([
    { type: 'native', dialect: 'gemini', raw: { googleSearch: {} } },
    { type: 'native', dialect: 'gemini', raw: { url_context: {} } },
  ]);
  expect(() => readChatRequest({ ...body, tools: [{ somethingElse: {} }] }, 'm')).toThrow(/tools\[0\]\.type/);
});
