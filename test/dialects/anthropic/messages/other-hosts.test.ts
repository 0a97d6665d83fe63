import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../../src/core/json-object.ts';
import { forOtherHost } from '../../../../src/dialects/anthropic/messages/other-host.ts';
import { writeMessagesAnswer } from '../../../../src/dialects/anthropic/messages/answer.ts';
import { MessagesStreamWriter } from '../../../../src/dialects/anthropic/messages/stream.ts';
import { openai } from '../../../../src/dialects/openai/index.ts';
import { target } from '../../targets.ts';
import { call } from '../hub.ts';
import { read, SHAPE } from './wire.ts';

/** The body that an OpenAI-shaped provider gets. */
function sent(members: JsonObject): JsonObject {
  const { body } = openai.chat(forOtherHost(read(members)).request, target('openai', 'gpt-x'));
  return JSON.parse(JSON.stringify(body)) as JsonObject;
}

function saidBy(content: unknown): unknown {
  return sent({ messages: [{ role: 'user', content }] })['messages'];
}

describe('for a host of other models', () => {
  it('the system prompt is one text without the lines for bookkeeping', () => {
    const system = [
      { type: 'text', text: 'x-anthropic-billing-header: cc_version=2.1' },
      { type: 'text', text: 'You are an agent.' },
      { type: 'text', text: 'Be brief.' },
    ];
    expect(sent({ system })['messages']).toEqual([
      { role: 'system', content: 'You are an agent.\nBe brief.' },
      { role: 'user', content: 'Hi' },
    ]);
    expect(sent({ system: system.slice(0, 1) })['messages']).toEqual([{ role: 'user', content: 'Hi' }]);
  });

  it('marks of the cache keep the blocks of the system prompt apart', () => {
    const system = [
      { type: 'text', text: 'A', cache_control: { type: 'ephemeral' } },
      { type: 'text', text: 'B' },
    ];
    expect(sent({ system })['messages']).toContainEqual({ role: 'system', content: system });
  });

  it('tools that Anthropic runs are left out, the client’s own are functions whatever else they say', () => {
    const tools = [
      { type: 'code_execution_20250825', name: 'code_execution' },
      { name: 'f', input_schema: { type: 'object' }, defer_loading: true },
    ];
    expect(sent({ tools, tool_choice: { type: 'tool', name: 'code_execution' } })).toMatchObject({
      tools: [{ type: 'function', function: { name: 'f', parameters: { type: 'object' } } }],
    });
    expect(sent({ tools, tool_choice: { type: 'tool', name: 'code_execution' } })).not.toHaveProperty('tool_choice');
    expect(sent({ tools, tool_choice: { type: 'tool', name: 'f' } })).toHaveProperty('tool_choice');
  });

  it('what is left out is told, a line each', () => {
    const tools = [
      { name: 'f', input_schema: { type: 'object' }, defer_loading: true },
      { type: 'web_search_20250305', name: 'web_search' },
      { type: 'code_execution_20250825', name: 'code_execution' },
    ];
    expect(forOtherHost(read({ tools, mcp_servers: [{ type: 'url', url: 'https://m.example', name: 'm' }] })).leftOut).toEqual([
      "tools.2: this provider cannot run 'code_execution_20250825'",
      'mcp_servers: this provider knows none',
    ]);
    expect(forOtherHost(read({ tools: tools.slice(0, 2) })).leftOut).toEqual([]);
  });

  it('what only Anthropic’s accounts know is told to nobody else', () => {
    const own = {
      billing_policy: { type: 'billing_policy' },
      compaction: {},
      fallback_credit_token: 't',
      workspace_id: 'w',
      diagnostics: {},
    };
    expect(sent(own)).toEqual(sent({}));
  });

  it('a tier that is the usual one anyway is not asked for', () => {
    expect(sent({ service_tier: 'auto' })).not.toHaveProperty('service_tier');
    expect(sent({ service_tier: 'standard_only' })).toHaveProperty('service_tier', 'default');
  });

  it('a search of the web is asked for in their words, without tools and a choice among them', () => {
    const body = sent({
      tools: [{ type: 'web_search_20250305', name: 'web_search' }],
      tool_choice: { type: 'auto', disable_parallel_tool_use: true },
    });
    expect(body['web_search_options']).toEqual({});
    expect(body).not.toHaveProperty('tools');
    expect(body).not.toHaveProperty('tool_choice');
    expect(body).not.toHaveProperty('parallel_tool_calls');
  });

  it('documents are files or text, with what was said about them', () => {
    const pdf = { type: 'base64', media_type: 'application/pdf', data: 'JVBE' };
    expect(
      saidBy([
        { type: 'document', source: pdf, title: 'bill.pdf', citations: { enabled: true }, context: 'Of May.' },
        { type: 'document', source: { type: 'text', media_type: 'text/plain', data: 'Grüße' }, title: 'Note' },
        {
          type: 'document',
          source: {
            type: 'content',
            content: [
              { type: 'text', text: 'a' },
              { type: 'text', text: 'b' },
            ],
          },
        },
        { type: 'search_result', title: 'Köln', source: 'https://k.example', content: [{ type: 'text', text: 'A city.' }] },
      ]),
    ).toEqual([
      {
        role: 'user',
        content: [
          { type: 'text', text: 'Of May.' },
          { type: 'file', file: { file_data: 'data:application/pdf;base64,JVBE', filename: 'bill.pdf' } },
          { type: 'text', text: 'Note\nGrüße' },
          { type: 'text', text: 'a\nb' },
          { type: 'text', text: 'Köln\nhttps://k.example\nA city.' },
        ],
      },
    ]);
  });

  it('a search result inside a tool result is text, and an error says so', () => {
    const content = [{ type: 'search_result', title: 'T', source: 's', content: [{ type: 'text', text: 'a' }] }];
    expect(saidBy([{ type: 'tool_result', tool_use_id: 't', is_error: true, content }])).toEqual([
      { role: 'tool', tool_call_id: 't', content: 'Error: T\ns\na' },
    ]);
  });

  it('what Anthropic ran in earlier turns is left out, cited text stays', () => {
    const messages = [
      { role: 'user', content: 'Hi' },
      {
        role: 'assistant',
        content: [
          { type: 'server_tool_use', id: 's', name: 'web_search', input: {} },
          { type: 'web_search_tool_result', tool_use_id: 's', content: [] },
          { type: 'text', text: 'Found.', citations: [{ type: 'web_search_result_location', encrypted_index: 'x' }] },
        ],
      },
    ];
    expect(sent({ messages })['messages']).toEqual([
      { role: 'user', content: 'Hi' },
      { role: 'assistant', content: 'Found.' },
    ]);
  });

  it('members that they refuse are left out, members of their own go along', () => {
    const body = sent({
      betas: ['a'],
      container: 'c',
      mcp_servers: [],
      speed: 'fast',
      cache_control: { type: 'ephemeral' },
      output_config: { task_budget: {} },
      num_ctx: 1,
      service_tier: 'standard_only',
      metadata: { user_id: 'u'.repeat(100) },
      max_tokens: 7,
      stop_sequences: ['x'],
      thinking: { type: 'enabled', budget_tokens: 6000 },
    });
    expect(body).toEqual({
      model: 'gpt-x',
      messages: [{ role: 'user', content: 'Hi' }],
      max_tokens: 7,
      stop: ['x'],
      thinking: { type: 'enabled', budget_tokens: 6000 },
      user: 'u'.repeat(64),
      service_tier: 'default',
      num_ctx: 1,
    });
  });

  it('of the edits to the context the compaction is asked for', () => {
    const edits = [
      { type: 'clear_thinking_20251015', keep: 'all' },
      { type: 'compact_20260112', trigger: { type: 'input_tokens', value: 50_000 } },
    ];
    expect(sent({ context_management: { edits } })['context_management']).toEqual([{ type: 'compaction', compact_threshold: 50_000 }]);
    expect(sent({ context_management: { edits: edits.slice(0, 1) } })).not.toHaveProperty('context_management');
  });

  it('long names of tools are shortened everywhere, and the answer has the client’s own', () => {
    const long = `mcp__${'server'.repeat(12)}__`;
    const tools = ['a', 'b'].map((end) => ({ name: long + end, input_schema: { type: 'object' } }));
    const messages = [
      { role: 'user', content: 'Hi' },
      { role: 'assistant', content: [{ type: 'tool_use', id: 't', name: `${long}b`, input: {} }] },
    ];
    const { request, names } = forOtherHost(read({ tools, messages, tool_choice: { type: 'tool', name: `${long}b` } }));
    const [a, b] = (request.tools ?? []).map((tool) => (tool.type === 'function' ? tool.name : ''));
    expect([a?.length, b?.length, a === b]).toEqual([64, 64, false]);
    expect(request.toolChoice).toEqual({ type: 'function', name: b });
    expect(request.messages[1]?.parts).toMatchObject([{ name: b }]);
    const answer = { choices: [{ index: 0, parts: [call('t', b)], finish: { reason: 'stop' as const } }] };
    expect(writeMessagesAnswer(answer, { ...SHAPE, names })['content']).toMatchObject([{ name: `${long}b` }]);
    const writer = new MessagesStreamWriter({ ...SHAPE, names });
    expect(writer.write({ type: 'tool_call_start', index: 0, id: 't', name: b ?? '' })).toContain(`"${long}b"`);
  });

  it('the request itself stays as it was', () => {
    const request = read({ system: 'A', tools: [{ type: 'web_search_20250305', name: 'web_search' }] });
    const before = structuredClone(request);
    forOtherHost(request);
    expect(request).toEqual(before);
  });
});
