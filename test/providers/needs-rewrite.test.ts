import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../../src/core/json-object.ts';
import { whyNotCallable } from '../../src/providers/catalogue/catalogue.ts';
import { applyQuirks } from '../../src/providers/quirks/apply.ts';
import { needsRewrite, type QuirkPlan } from '../../src/providers/quirks/plan.ts';
import { catalogue, resolve } from './resolving.ts';

const plan = (model: string, more: JsonObject = {}): QuirkPlan => resolve({ model, api_key: 'k', ...more }).quirks;
const asks = (quirks: QuirkPlan, body: JsonObject): boolean => needsRewrite(quirks, new Set(Object.keys(body)), JSON.stringify(body));

const ordinary = {
  model: 'm',
  messages: [
    { role: 'system', content: 'Be brief. The "developer" and "cache_control" of this text are only words: null, strict.' },
    {
      role: 'user',
      content: [
        { type: 'text', text: 'hi' },
        { type: 'image_url', image_url: { url: 'https://x/y.png' } },
      ],
    },
  ],
  stream: true,
  stream_options: { include_usage: true },
  max_tokens: 100,
  temperature: 0.7,
  top_p: 0.9,
  user: 'u',
  tools: [{ type: 'function', function: { name: 'f', parameters: { type: 'object', properties: {} } } }],
  tool_choice: 'auto',
};

describe('a body of ordinary members passes as it came', () => {
  test.each([
    'openai/gpt-4o',
    'lm_studio/m',
    'hosted_vllm/m',
    'llamacpp/m',
    'llamafile/m',
    'openai_like/m',
    'litellm_proxy/m',
    'perplexity-agent/m',
    'xinference/m',
  ])('to %s', (model) => {
    expect(asks(plan(model, { api_base: 'http://10.0.0.5:1/v1' }), ordinary)).toBe(false);
  });

  test('to OpenAI at its own address', () => {
    expect(asks(plan('openai/gpt-4o'), ordinary)).toBe(false);
    expect(asks(plan('openai/text-embedding-3-small'), { model: 'm', input: ['a'], encoding_format: 'float', dimensions: 8 })).toBe(false);
  });
});

describe('a body is opened', () => {
  test.each([
    ['two token limits', 'openai/gpt-4o', { max_tokens: 1, max_completion_tokens: 2 }],
    ['a token limit of 0', 'openai/gpt-4o', { max_tokens: 0 }],
    ['a negative token limit', 'openai/gpt-4o', { max_tokens: -1 }],
    ['max_tokens for a reasoning model', 'openai/gpt-5-mini', { max_tokens: 5 }],
    ['a temperature for a reasoning model', 'openai/o4-mini', { temperature: 1 }],
    ['a system turn for an o-series model', 'openai/o3', { messages: [{ role: 'system', content: 'a' }] }],
    ['stop for OpenAI', 'openai/gpt-4o', { stop: ['a', 'b', 'c', 'd', 'e'] }],
    ['extra_body', 'openai/gpt-4o', { extra_body: { a: 1 } }],
    ['a tool choice without tools', 'openai/gpt-4o', { tool_choice: 'auto' }],
    ['an effort as an object', 'openai/gpt-5-mini', { reasoning_effort: { effort: 'low', summary: 'auto' } }],
    ['a schema', 'openai/gpt-4o', { response_format: { type: 'json_schema', json_schema: { schema: {} } } }],
    ['reasoning of another provider', 'openai/gpt-4o', { messages: [{ role: 'assistant', content: 'a', reasoning_content: 'b' }] }],
    [
      'a cache mark',
      'openai/gpt-4o',
      { messages: [{ role: 'user', content: [{ type: 'text', text: 'a', cache_control: { type: 'ephemeral' } }] }] },
    ],
    ['a signature in an id', 'openai/gpt-4o', { messages: [{ role: 'tool', tool_call_id: 'call_1__thought__abc', content: '' }] }],
    ['a developer turn for another server', 'hosted_vllm/m', { messages: [{ role: 'developer', content: 'a' }] }],
    ['strict tools for vLLM', 'hosted_vllm/m', { tools: [{ type: 'function', function: { name: 'f', strict: true } }] }],
    ['a null for Groq', 'groq/m', { messages: [{ role: 'assistant', content: null }] }],
    ['json_object for LM Studio', 'lm_studio/m', { response_format: { type: 'json_object' } }],
    ['everything for OpenRouter', 'openrouter/a/b', {}],
    ['a null encoding format', 'hosted_vllm/m', { encoding_format: null }],
  ])('with %s', (_, model, body) => {
    expect(asks(plan(model), body)).toBe(true);
  });

  test('with a member that the deployment always drops', () => {
    expect(asks(plan('openai/gpt-4o', { additional_drop_params: ['tools[*].x', 'seed'] }), { seed: 1 })).toBe(true);
    expect(asks(plan('openai/gpt-4o', { additional_drop_params: ['seed'] }), { top_p: 1 })).toBe(false);
  });
});

const text = fc.constantFrom('a', 'developer', 'null', '"strict"');
const parts: readonly JsonObject[] = [
  { type: 'text', text: 'a' },
  { type: 'text', text: 'b', cache_control: { type: 'ephemeral' } },
  { type: 'image_url', image_url: { url: 'https://x/y.png' } },
  { type: 'input_audio', input_audio: { data: 'AA', format: 'wav' } },
  { type: 'file', file: { file_data: 'data:video/mp4;base64,AA' } },
];
const messageExtras: readonly JsonObject[] = [
  { name: 'ann' },
  { reasoning_content: 'r' },
  { thinking_blocks: [{ type: 'thinking', thinking: 't', signature: 's' }] },
  { tool_calls: [{ id: 'call_1', type: 'function', function: { name: 'f', arguments: '{}' } }] },
  { tool_call_id: 'call_1' },
  { tool_call_id: 'c__thought__x' },
  { cache_control: { type: 'ephemeral' } },
  { refusal: null },
];
const members: readonly JsonObject[] = [
  { max_tokens: -1 },
  { max_tokens: 5 },
  { max_completion_tokens: 7 },
  { temperature: 0 },
  { temperature: 2 },
  { n: 1 },
  { n: 2 },
  { stop: ['a'] },
  { stop: ['a', 'b', 'c', 'd', 'e'] },
  { seed: 1 },
  { user: 'u' },
  { logprobs: true, top_logprobs: 2 },
  { presence_penalty: 0.5 },
  { thinking: { type: 'enabled', budget_tokens: 3000 } },
  { thinking: { type: 'disabled' } },
  { reasoning_effort: 'none' },
  { reasoning_effort: 'low' },
  { reasoning_effort: { effort: 'high' } },
  { response_format: { type: 'text' } },
  { response_format: { type: 'json_object' } },
  { response_format: { type: 'json_object', schema: {} } },
  { response_format: { type: 'json_schema', json_schema: { schema: {} } } },
  { tools: [{ type: 'function', function: { name: 'f', strict: true, parameters: {} } }] },
  { tools: [{ type: 'function', function: { name: 'f' } }], tool_choice: 'required' },
  { tools: [{ type: 'custom', custom: { name: 'c' } }] },
  { tool_choice: 'auto' },
  { extra_body: { x: 1 } },
  { store: true },
  { prompt_cache_key: 'k' },
  { parallel_tool_calls: false },
  { stream_options: { include_usage: true } },
];
const few = (pieces: readonly JsonObject[], most: number): fc.Arbitrary<JsonObject> =>
  fc.array(fc.constantFrom(...pieces), { maxLength: most }).map((chosen) => Object.assign({}, ...chosen) as JsonObject);
const message = fc
  .tuple(
    fc.constantFrom('user', 'assistant', 'system', 'developer', 'tool'),
    fc.oneof(text, fc.array(fc.constantFrom(...parts), { minLength: 1, maxLength: 2 })),
    few(messageExtras, 1),
  )
  .map(([role, content, extras]): JsonObject => Object.assign({ role, content }, extras));
const anyBody = fc
  .tuple(fc.array(message, { minLength: 1, maxLength: 2 }), few(members, 3))
  .map(([messages, chosen]): JsonObject => Object.assign({ model: 'm', messages }, chosen));

/** Values for placeholders, and a base for rows that have none. */
const placed = (base: string | undefined): JsonObject => ({
  account_id: 'a',
  gateway_id: 'b',
  product_id: 'c',
  aws_region_name: 'd',
  ...(base === undefined ? { api_base: 'http://h/v1' } : {}),
});

test('what is not opened would not have been changed, whatever provider and body', () => {
  const rows = catalogue.rows.filter((row) => row.dialect === 'openai' && whyNotCallable(row) === null);
  const models = ['gpt-4o', 'gpt-5.1', 'o3', 'claude-x', 'qwen3', 'kimi-k2.5', 'mistral-small-latest', 'grok-4'];
  const all = rows.flatMap((row) =>
    models.map((name) => resolve({ ...placed(row.base), model: `${row.id}/${name}`, api_key: 'k' }, { AZURE_RESOURCE_NAME: 'e' })),
  );
  // Most rows have the same quirks: one of each kind, so that the rare ones are tried often.
  const plans = [...new Map(all.map((one) => [JSON.stringify(one.quirks.quirks), one])).values()];
  let passed = 0;
  fc.assert(
    fc.property(fc.constantFrom(...plans), anyBody, ({ quirks, provider, model }, body) => {
      const before = structuredClone(body);
      const context = { provider, model, params: { drop: true, allow: [], modify: false } };
      const after = applyQuirks(body, quirks, context);
      expect(body).toEqual(before);
      if (asks(quirks, body)) return;
      passed++;
      expect(after).toEqual(before);
    }),
    { numRuns: 6000, seed: 11 },
  );
  expect(passed).toBeGreaterThan(300);
});

test('applying twice is applying once', () => {
  const quirks = plan('mistral/mistral-small-latest');
  const context = { provider: 'mistral', model: 'm', params: { drop: true, allow: [], modify: false } };
  fc.assert(
    fc.property(anyBody, (body) => {
      const once = applyQuirks(body, quirks, context);
      expect(applyQuirks(once, quirks, context)).toEqual(once);
    }),
    { numRuns: 300, seed: 12 },
  );
});
