import { describe, expect, test } from 'vitest';
import type { OutwardChat } from '../../../src/core/dialect.ts';
import type { MediaPart } from '../../../src/core/parts.ts';
import type { ChatRequest } from '../../../src/core/request.ts';
import { anthropic } from '../../../src/dialects/anthropic/index.ts';
import { hasLinkedMedia } from '../../../src/dialects/anthropic/messages/linked-media.ts';
import { target } from '../targets.ts';

const HI: ChatRequest['messages'] = [{ role: 'user', parts: [{ type: 'text', text: 'Hi' }] }];

function asked(members: Partial<ChatRequest> = {}, host?: 'vertex', model = 'claude-sonnet-4-5@20250929'): OutwardChat {
  const request: ChatRequest = { model: 'c', messages: HI, stream: false, others: {}, extras: {}, ...members };
  return anthropic.chat(request, { ...target('vertex_ai', model), ...(host === undefined ? {} : { host }) });
}

test('the same request goes to Vertex AI as to Anthropic, but for model, version and flags', () => {
  const request = { maxOutputTokens: 99, temperature: 0.5, stream: true };
  const { model, ...rest } = asked(request).body;
  const there = asked(request, 'vertex');
  expect(model).toBe('claude-sonnet-4-5@20250929');
  expect(there.body).toEqual({ ...rest, anthropic_version: 'vertex-2023-10-16' });
  expect(there.headers).toEqual({});
  expect(asked(request).headers).toEqual({ 'anthropic-version': '2023-06-01' });
});

test('flags stand in the body and in the header, in Vertex’s own words, and only those that it knows', () => {
  const betas = ['context-1m-2025-08-07', 'advanced-tool-use-2025-11-20', 'files-api-2025-04-14', 'made-up-2026-01-01'];
  const { body, headers } = asked({ extras: { betas } }, 'vertex');
  expect(body['anthropic_beta']).toEqual(['context-1m-2025-08-07', 'tool-search-tool-2025-10-19']);
  expect(headers).toEqual({ 'anthropic-beta': 'context-1m-2025-08-07,tool-search-tool-2025-10-19' });
});

describe('what Vertex AI does not know', () => {
  const schema = { type: 'object', properties: { a: { type: 'string' } } };

  test('is said by a tool in place of a format of output', () => {
    const wish = { responseFormat: { type: 'json_schema', name: 'x', schema } } as const;
    expect(asked(wish).body).toHaveProperty('output_config');
    expect(asked(wish, 'vertex').body).not.toHaveProperty('output_config');
    expect(asked(wish, 'vertex').body).toMatchObject({ tools: [{ name: 'json_tool_call' }] });
  });

  test('is left out of strict tools', () => {
    const tools = [{ type: 'function', name: 'f', parameters: schema, strict: true }] as const;
    expect(asked({ tools }).body).toMatchObject({ tools: [{ strict: true }] });
    expect((asked({ tools }, 'vertex').body['tools'] as object[])[0]).not.toHaveProperty('strict');
  });
});

test('effort is kept: Vertex takes it of newer models', () => {
  expect(asked({ reasoning: { effort: 'high' } }, 'vertex', 'claude-opus-4-7').body).toMatchObject({
    thinking: { type: 'adaptive' },
    output_config: { effort: 'high' },
  });
});

test('every medium is sent by its bytes', () => {
  const linked: MediaPart = { type: 'media', kind: 'image', source: { type: 'url', url: 'https://example.com/a.png' } };
  const inline: MediaPart = { type: 'media', kind: 'image', source: { type: 'data', data: 'AAAA' } };
  expect([anthropic.mustInline(linked, 'vertex'), anthropic.mustInline(linked), anthropic.mustInline(inline, 'vertex')]).toEqual([
    true,
    false,
    false,
  ]);
});

test('media that a client of Anthropic shows by their address are found, also in results', () => {
  const image = { type: 'image', source: { type: 'url', url: 'https://example.com/a.png' } };
  const inline = { type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'AAAA' } };
  const turn = (content: unknown): unknown => [{ role: 'user', content }];
  expect(hasLinkedMedia(turn([image]))).toBe(true);
  expect(hasLinkedMedia(turn([{ type: 'tool_result', tool_use_id: 't', content: [image] }]))).toBe(true);
  expect(hasLinkedMedia(turn([inline, { type: 'text', text: '"type":"url"' }]))).toBe(false);
  expect([hasLinkedMedia(turn('Hi')), hasLinkedMedia('Hi'), hasLinkedMedia([null])]).toEqual([false, false, false]);
});
