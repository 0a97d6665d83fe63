import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { FakeProvider } from '../support/fake-provider.ts';
import { startGateway, type TestGateway } from '../support/gateway.ts';
import { wire } from '../support/wire-answers.ts';
import { lastRow } from './leaks.ts';

let provider: FakeProvider;
let gateway: TestGateway;

beforeAll(async () => {
  provider = await FakeProvider.start();
  const row = (name: string, model: string, more = 'api_key: a-key-of-agents'): string =>
    `  - { model_name: ${name}, litellm_params: { model: "${model}", api_base: "${provider.url}", ${more} } }\n`;
  gateway = await startGateway(
    `model_list:
${row('a2a', 'a2a/weather')}${row('newer', 'a2a/weather', 'a2a_version: 1.0')}${row('dify', 'dify/helper')}${row('priced', 'dify/helper', 'api_key: k, input_cost_per_token: 0.000001, output_cost_per_token: 0.000002')}${row('langgraph', 'langgraph/agent')}${row('langflow', 'langflow/flow-1')}${row('coze', 'coze/bot-1', 'api_key: k, input_cost_per_token: 0.000001, output_cost_per_token: 0.000002')}
router_settings: { num_retries: 0, disable_cooldowns: true }
`,
  );
});

afterAll(async () => {
  await gateway.stop();
  await provider.stop();
});

interface Told {
  readonly choices: readonly {
    readonly message: { readonly content: string; readonly reasoning_content?: string; readonly provider_specific_fields?: object };
  }[];
}

const ask = (model: string, more: object = {}): Promise<Response> =>
  gateway.call('POST', '/v1/chat/completions', { model, messages: [{ role: 'user', content: 'Why is the sky blue?' }], ...more });

async function heard(model: string, fixture: string, more: object = {}): Promise<Told['choices'][number]['message']> {
  provider.behaviour = wire(fixture);
  const answer = await ask(model, more);
  expect(answer.status).toBe(200);
  const [choice] = ((await answer.json()) as Told).choices;
  if (!choice) throw new Error('no choice');
  return choice.message;
}

const BLUE = 'Light scatters — blue most 🌍.';

test.each([
  ['a2a', 'a2a/text', '/', 'authorization', 'Bearer a-key-of-agents'],
  ['dify', 'dify/text', '/chat-messages', 'authorization', 'Bearer a-key-of-agents'],
  ['langgraph', 'langgraph/text', '/runs/wait', 'x-api-key', 'a-key-of-agents'],
  ['langflow', 'langflow/text', '/api/v1/run/flow-1?stream=false', 'x-api-key', 'a-key-of-agents'],
  ['coze', 'coze/text', '/v3/chat', 'authorization', 'Bearer k'],
])('%s is asked at its address with its key, and answers whole', async (model, fixture, path, header, key) => {
  expect((await heard(model, fixture)).content).toBe(BLUE);
  expect(provider.last.path).toBe(path);
  expect(provider.last.headers[header]).toBe(key);
});

test.each([
  ['a2a', 'a2a/text'],
  ['dify', 'dify/text'],
  ['langgraph', 'langgraph/text'],
  ['langflow', 'langflow/text'],
  ['coze', 'coze/text'],
])('%s answers as a stream too', async (model, fixture) => {
  provider.behaviour = wire(fixture);
  const text = await (await ask(model, { stream: true })).text();
  const pieces = [...text.matchAll(/^data: (\{.*)$/gm)].map(
    ([, json]) => JSON.parse(json ?? '') as { choices: { delta: { content?: string } }[] },
  );
  expect(pieces.map(({ choices }) => choices[0]?.delta.content ?? '').join('')).toBe(BLUE);
  expect(text).toContain('data: [DONE]');
});

test('a conversation that the agent keeps is named in metadata, and told in the answer', async () => {
  const { provider_specific_fields: fields } = await heard('dify', 'dify/text', { metadata: { conversation_id: 'c-1' } });
  expect(provider.last.json).toMatchObject({ conversation_id: 'c-1' });
  expect(fields).toMatchObject({ conversation_id: '45701982-8118-4bc5-8e9b-64562b4555f2' });
  expect((await heard('a2a', 'a2a/text')).provider_specific_fields).toEqual({ context_id: 'ctx-3', task_id: 'task-7' });
});

test('the newer version of A2A is spoken where the row says so', async () => {
  const message = await heard('newer', 'a2a/newer-version');
  expect(message).toMatchObject({ content: 'A circle.', images: [{ image_url: { url: 'data:image/png;base64,iVBORw0KGgo=' } }] });
  expect(provider.last.headers['a2a-version']).toBe('1.0');
  expect(provider.last.json).toMatchObject({ method: 'SendMessage' });
  expect(provider.last.json).not.toHaveProperty('a2a_version');
});

test('two calls of one flow never share a session', async () => {
  await heard('langflow', 'langflow/text');
  const { session_id: first } = provider.last.json;
  await heard('langflow', 'langflow/text');
  expect(first).toMatch(/^[0-9a-f-]{36}$/);
  expect(provider.last.json['session_id']).not.toBe(first);
});

describe('money', () => {
  test('is what the provider counted at the row’s price', async () => {
    await heard('priced', 'dify/text');
    expect((await gateway.rows()).at(-1)).toMatchObject({ spend: '0.000057', prompt_tokens: 33, completion_tokens: 12 });
    await heard('coze', 'coze/text');
    expect((await gateway.rows()).at(-1)).toMatchObject({ spend: '0.000052', custom_llm_provider: 'coze' });
  });

  test('is what Dify says it was where the row has no price', async () => {
    await heard('dify', 'dify/agent');
    expect((await gateway.rows()).at(-1)).toMatchObject({ spend: '0.000057' });
  });

  test('of an agent that does not count is an estimate, and marked as one', async () => {
    await heard('a2a', 'a2a/message');
    const row = await lastRow(gateway);
    expect(row).toMatchObject({ custom_llm_provider: 'a2a', metadata: { usage_estimated: true } });
    expect(Number(row['completion_tokens'])).toBeGreaterThan(0);
  });
});

describe('a failure', () => {
  test('inside a 200 has the status it means, whole and as a stream', async () => {
    for (const [model, fixture, status] of [
      ['a2a', 'a2a/error-parameters', 400],
      ['a2a', 'a2a/failed-task', 500],
      ['coze', 'coze/refused', 401],
      ['coze', 'coze/failed', 500],
      ['dify', 'dify/error-in-stream', 400],
      ['langgraph', 'langgraph/graph-error', 500],
    ] as const) {
      provider.behaviour = wire(fixture);
      for (const stream of [false, true])
        expect([fixture, stream, (await ask(model, { stream })).status]).toEqual([fixture, stream, status]);
    }
  });

  test('of a parameter that an agent does not take names it', async () => {
    const answer = await ask('langgraph', { temperature: 0.2 });
    expect(answer.status).toBe(400);
    expect(await answer.text()).toContain('langgraph does not support parameters: [\\"temperature\\"]');
  });
});

test('Anthropic’s clients and Responses are answered too', async () => {
  provider.behaviour = wire('langgraph/tools-inside');
  const message = await gateway.call('POST', '/v1/messages', {
    model: 'langgraph',
    max_tokens: 50,
    messages: [{ role: 'user', content: 'Hi' }],
    drop_params: true,
  });
  expect(await message.json()).toMatchObject({
    content: [{ type: 'thinking' }, { type: 'text', text: 'I look.\n\nIt rains.' }],
    stop_reason: 'max_tokens',
  });
  provider.behaviour = wire('coze/text');
  const response = await gateway.call('POST', '/v1/responses', { model: 'coze', input: 'Hi' });
  expect(await response.text()).toContain(BLUE);
});
