import type OpenAI from 'openai';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ANSWER, billOf, lastRow, PRICE_LINES, startLocalHouse, type LocalHouse } from './gateway-over-llama.ts';

/** llama.cpp speaks Anthropic's Messages API too, in its own way: blocks that overlap, empty signatures, blocks without members. */
let house: LocalHouse;
let client: OpenAI;

beforeAll(async () => {
  house = await startLocalHouse(
    'chat',
    (url) => `
model_list:
  - { model_name: local, litellm_params: { model: anthropic/tiny, api_base: ${url}, api_key: none }, model_info: ${PRICE_LINES} }
router_settings: { num_retries: 0 }
`,
  );
  ({ client } = house);
});

afterAll(() => house.stop());

const ask = (content: string) => [{ role: 'user' as const, content }];
const WEATHER = {
  type: 'function' as const,
  function: { name: 'get_weather', parameters: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] } },
};

test('a chat is answered, and cached tokens count as part of the prompt', async () => {
  await client.chat.completions.create({ model: 'local', messages: ask('hello') });
  const { model, choices, usage } = await client.chat.completions.create({ model: 'local', messages: ask('hello') });
  expect({ model, choices }).toMatchObject({ model: 'local', choices: [{ finish_reason: 'stop', message: { content: ANSWER } }] });
  const cached = usage?.prompt_tokens_details?.cached_tokens ?? 0;
  expect(cached).toBeGreaterThan(0);
  expect(usage).toMatchObject({ prompt_tokens: 25, completion_tokens: 11, total_tokens: 36 });
  expect(await lastRow(house.gateway)).toMatchObject({
    prompt_tokens: 25,
    completion_tokens: 11,
    cache_read_tokens: cached,
    spend: billOf({ input: 25, cached, output: 11 }),
    custom_llm_provider: 'anthropic',
  });
});

test('a stream brings the same text, a finish and the usage', async () => {
  const answer = await client.chat.completions
    .stream({ model: 'local', messages: ask('hello'), stream_options: { include_usage: true } })
    .finalChatCompletion();
  expect(answer).toMatchObject({
    choices: [{ finish_reason: 'stop', message: { content: ANSWER } }],
    usage: { prompt_tokens: 25, completion_tokens: 11 },
  });
});

test.each([false, true])('a tool call has its name and arguments (stream: %s)', async (stream) => {
  const body = { model: 'local', messages: ask('the weather?'), tools: [WEATHER] };
  const answer = stream ? await client.chat.completions.stream(body).finalChatCompletion() : await client.chat.completions.create(body);
  expect(answer.choices).toMatchObject([
    { finish_reason: 'tool_calls', message: { tool_calls: [{ type: 'function', function: { name: 'get_weather' } }] } },
  ]);
  const [call] = answer.choices[0]?.message.tool_calls ?? [];
  expect(call?.type === 'function' && JSON.parse(call.function.arguments)).toEqual({ city: 'Rome' });
});

test('a thought that overlaps the text is kept apart from it', async () => {
  let thought = '';
  let text = '';
  for await (const { choices } of await client.chat.completions.create({ model: 'local', messages: ask('please think'), stream: true })) {
    const delta: { content?: string | null; reasoning_content?: string } = choices[0]?.delta ?? {};
    thought += delta.reasoning_content ?? '';
    text += delta.content ?? '';
  }
  expect([thought, text]).toEqual(['Someone wants tea', ANSWER]);
});

test('too long a prompt is told as such', async () => {
  await expect(client.chat.completions.create({ model: 'local', messages: ask('x'.repeat(9000)) })).rejects.toMatchObject({
    status: 400,
    code: 'context_length_exceeded',
  });
});
