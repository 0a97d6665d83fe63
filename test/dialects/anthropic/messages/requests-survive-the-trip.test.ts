import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../../src/core/json-object.ts';
import { anthropic } from '../../../../src/dialects/anthropic/index.ts';
import { readMessagesRequest } from '../../../../src/dialects/anthropic/messages/request.ts';
import { wireCase, wireCases } from '../../wire-case.ts';
import { target } from '../hub.ts';
import { body } from './wire.ts';

/** What a provider of this dialect gets, read from its own kind of body. */
function again(asked: JsonObject, model: string): JsonObject {
  const written = anthropic.chat(readMessagesRequest(asked, 'group'), target(model)).body;
  return JSON.parse(JSON.stringify(written)) as JsonObject;
}

/** Text in its longer form, as blocks. */
function meaning(asked: JsonObject): JsonObject {
  const messages = asked['messages'] as { role: string; content: unknown }[];
  return {
    ...asked,
    stream: asked['stream'] ?? false,
    ...(typeof asked['system'] === 'string' ? { system: [{ type: 'text', text: asked['system'] }] } : {}),
    messages: messages.map(({ role, content }) => ({
      role,
      content: typeof content === 'string' ? [{ type: 'text', text: content }] : content,
    })),
  };
}

describe('a request read and written again asks for the same', () => {
  const documented = wireCases('anthropic')
    .map((name) => ({ name, asked: wireCase(name).request }))
    .filter(({ asked }) => 'messages' in asked);

  it.each(documented)('$name', ({ asked }) => {
    expect(again(asked, asked['model'] as string)).toEqual(meaning(asked));
  });

  const model = 'claude-sonnet-4-5-20250929';
  it.each<[string, JsonObject]>([
    ['system blocks with marks', { system: [{ type: 'text', text: 'A', cache_control: { type: 'ephemeral', ttl: '1h' } }] }],
    ['sampling', { temperature: 0.5, stop_sequences: ['a'], metadata: { user_id: 'u-1' }, service_tier: 'standard_only' }],
    ['top_k', { top_k: 5 }],
    ['thinking', { max_tokens: 8000, thinking: { type: 'enabled', budget_tokens: 2000, display: 'omitted' } }],
    ['thinking that is off', { thinking: { type: 'disabled' } }],
    [
      'tools of both kinds and a choice',
      {
        tools: [
          { name: 'f', description: 'd', input_schema: { type: 'object', properties: {} }, cache_control: { type: 'ephemeral' } },
          { name: 'g', input_schema: { type: 'object', properties: {} }, eager_input_streaming: true },
          { type: 'web_search_20250305', name: 'web_search', max_uses: 3 },
          { type: 'bash_20250124', name: 'bash' },
        ],
        tool_choice: { type: 'tool', name: 'f', disable_parallel_tool_use: true },
      },
    ],
    [
      'calls of tools that only this dialect can describe',
      {
        tools: [
          { type: 'bash_20250124', name: 'bash' },
          { name: 'g', input_schema: { type: 'object', properties: {} }, input_examples: [{}] },
        ],
        messages: [
          { role: 'user', content: 'Hi' },
          {
            role: 'assistant',
            content: [
              { type: 'tool_use', id: 'toolu_1', name: 'bash', input: { command: 'ls' } },
              { type: 'tool_use', id: 'toolu_2', name: 'g', input: {} },
            ],
          },
          {
            role: 'user',
            content: [
              { type: 'tool_result', tool_use_id: 'toolu_1', content: 'a' },
              { type: 'tool_result', tool_use_id: 'toolu_2', content: 'b' },
            ],
          },
        ],
      },
    ],
    ['members that only this dialect has', { container: 'c', mcp_servers: [{ type: 'url', url: 'https://m.example', name: 'm' }] }],
    ['edits of the context', { context_management: { edits: [{ type: 'clear_tool_uses_20250919' }] } }],
    [
      'a history with thoughts, calls and results',
      {
        tools: [{ name: 'f', input_schema: { type: 'object', properties: {} } }],
        messages: [
          { role: 'user', content: 'Hi' },
          {
            role: 'assistant',
            content: [
              { type: 'thinking', thinking: 'hm', signature: 'c2ln' },
              { type: 'redacted_thinking', data: 'ZGF0YQ==' },
              { type: 'server_tool_use', id: 'srvtoolu_1', name: 'web_search', input: { query: 'a' } },
              { type: 'web_search_tool_result', tool_use_id: 'srvtoolu_1', content: [] },
              { type: 'text', text: 'Let me see.', citations: [{ type: 'char_location', cited_text: 'a' }] },
              {
                type: 'tool_use',
                id: 'toolu_1',
                name: 'f',
                input: { n: 1.5, deep: { list: [1, null] } },
                cache_control: { type: 'ephemeral' },
              },
              { type: 'tool_use', id: 'toolu_2', name: 'f', input: {} },
            ],
          },
          {
            role: 'user',
            content: [
              {
                type: 'tool_result',
                tool_use_id: 'toolu_1',
                content: [
                  { type: 'text', text: 'a' },
                  { type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'iVBORw0KGgo=' } },
                  { type: 'search_result', source: 's', title: 't', content: [{ type: 'text', text: 'x' }] },
                ],
                cache_control: { type: 'ephemeral' },
              },
              { type: 'tool_result', tool_use_id: 'toolu_2', content: 'boom', is_error: true },
              { type: 'text', text: 'Go on.' },
            ],
          },
        ],
      },
    ],
    [
      'documents of every source',
      {
        messages: [
          {
            role: 'user',
            content: [
              { type: 'document', source: { type: 'base64', media_type: 'application/pdf', data: 'JVBERi0xLjQK' }, title: 'a' },
              { type: 'document', source: { type: 'url', url: 'https://example.com/a.pdf' }, cache_control: { type: 'ephemeral' } },
              { type: 'document', source: { type: 'text', media_type: 'text/plain', data: 'Grüße' } },
              { type: 'document', source: { type: 'content', content: 'abc' }, citations: { enabled: true } },
              { type: 'image', source: { type: 'file', file_id: 'file_1' } },
            ],
          },
        ],
      },
    ],
  ])('%s', (_, members) => {
    const asked = body({ model, ...members });
    expect(again(asked, model)).toEqual(meaning(asked));
  });

  it('an effort and a schema, on models that have them', () => {
    const schema = { type: 'object', properties: { a: { type: 'string' } }, required: ['a'], additionalProperties: false };
    const asked = body({
      model: 'claude-opus-4-8',
      thinking: { type: 'adaptive' },
      output_config: { effort: 'high', format: { type: 'json_schema', schema }, task_budget: { type: 'tokens', total: 5 } },
    });
    expect(again(asked, 'claude-opus-4-8')).toEqual(meaning(asked));
  });
});
