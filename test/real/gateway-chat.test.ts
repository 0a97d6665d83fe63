import type OpenAI from 'openai';
import { zodResponseFormat } from 'openai/helpers/zod';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { ANSWER, billOf, lastRow, PRICE_LINES, startLocalHouse, type LocalHouse } from './gateway-over-llama.ts';

let house: LocalHouse;
let client: OpenAI;

beforeAll(async () => {
  house = await startLocalHouse(
    'chat',
    (url) => `
model_list:
  - { model_name: openai, litellm_params: { model: openai/tiny, api_base: ${url}/v1, api_key: none }, model_info: ${PRICE_LINES} }
  - { model_name: lm_studio, litellm_params: { model: lm_studio/tiny, api_base: ${url}/v1 }, model_info: ${PRICE_LINES} }
  - { model_name: hosted_vllm, litellm_params: { model: hosted_vllm/tiny, api_base: ${url}/v1 }, model_info: ${PRICE_LINES} }
  - { model_name: llamacpp, litellm_params: { model: llamacpp/tiny, api_base: ${url}/v1 }, model_info: ${PRICE_LINES} }
`,
  );
  ({ client } = house);
});

afterAll(() => house.stop());

const ask = (content: string) => [{ role: 'user' as const, content }];
const WEATHER = {
  type: 'function' as const,
  function: {
    name: 'get_weather',
    description: 'weather',
    parameters: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
  },
};

interface LlamaUsage {
  readonly prompt_tokens: number;
  readonly completion_tokens: number;
  readonly prompt_tokens_details?: { readonly cached_tokens?: number };
}

/** The row of the last call must say what the server said. */
async function expectBooked(usage: LlamaUsage, provider: string): Promise<void> {
  const cached = usage.prompt_tokens_details?.cached_tokens ?? 0;
  const row = await lastRow(house.gateway);
  expect(row).toMatchObject({
    prompt_tokens: usage.prompt_tokens,
    completion_tokens: usage.completion_tokens,
    cache_read_tokens: cached,
    spend: billOf({ input: usage.prompt_tokens, cached, output: usage.completion_tokens }),
    custom_llm_provider: provider,
    model: 'tiny',
    status: 'success',
  });
  expect(row['metadata']).not.toHaveProperty('usage_estimated');
}

describe.each(['openai', 'lm_studio', 'hosted_vllm', 'llamacpp'])('a local server behind the prefix %s', (provider) => {
  test('answers, and the row says the tokens that the server counted and what they cost to the last digit', async () => {
    const answer = await client.chat.completions.create({ model: provider, messages: ask('hello') });
    expect(answer).toMatchObject({
      model: provider,
      choices: [{ finish_reason: 'stop', message: { role: 'assistant', content: ANSWER } }],
    });
    const { usage } = answer;
    expect(usage).toMatchObject({ prompt_tokens: 25, completion_tokens: 11, total_tokens: 36 });
    await expectBooked(usage as LlamaUsage, provider);
  });

  test('streams the same, the split emoji whole, and books the usage it was not asked to show', async () => {
    const pieces: string[] = [];
    let shown = 0;
    for await (const chunk of await client.chat.completions.create({ model: provider, messages: ask('hello'), stream: true })) {
      if (chunk.usage) shown++;
      const text = chunk.choices[0]?.delta.content ?? '';
      if (text !== '') pieces.push(text);
    }
    expect(pieces.join('')).toBe(ANSWER);
    expect(pieces.length).toBeGreaterThan(4);
    expect(pieces).toContain('🫖');
    expect(shown).toBe(0);
    expect(await lastRow(house.gateway)).toMatchObject({
      prompt_tokens: 25,
      completion_tokens: 11,
      status: 'success',
      custom_llm_provider: provider,
    });
  });
});

test('tokens that the server had in its cache are booked at their own price', async () => {
  const asked = { model: 'openai', messages: ask('what is for tea?') };
  await client.chat.completions.create(asked);
  const { usage } = await client.chat.completions.create(asked);
  expect(usage?.prompt_tokens_details?.cached_tokens).toBeGreaterThan(0);
  await expectBooked(usage as LlamaUsage, 'openai');
});

test('a stream that asks for its usage gets it last, and that is what is booked', async () => {
  let usage: OpenAI.CompletionUsage | null | undefined;
  for await (const chunk of await client.chat.completions.create({
    model: 'openai',
    messages: ask('hello'),
    stream: true,
    stream_options: { include_usage: true },
  })) {
    expect(usage).toBeFalsy();
    ({ usage } = chunk);
  }
  expect(usage).toMatchObject({ prompt_tokens: 25, completion_tokens: 11 });
  await expectBooked(usage as LlamaUsage, 'openai');
});

test('the official client runs the tool that the model calls and gets the words that follow', async () => {
  const cities: unknown[] = [];
  const runner = client.chat.completions.runTools({
    model: 'openai',
    messages: ask('the weather?'),
    tools: [
      {
        ...WEATHER,
        function: {
          ...WEATHER.function,
          parse: (text: string) => JSON.parse(text) as { city: string },
          function: ({ city }: { city: string }) => {
            cities.push(city);
            return 'Sun';
          },
        },
      },
    ],
  });
  expect(await runner.finalContent()).toBe(ANSWER);
  expect(cities).toEqual(['Rome']);
});

test('a streamed tool call is folded by the official client, its arguments whole', async () => {
  const { choices } = await client.chat.completions
    .stream({ model: 'openai', messages: ask('the weather?'), tools: [WEATHER] })
    .finalChatCompletion();
  expect(choices).toMatchObject([
    {
      finish_reason: 'tool_calls',
      message: { tool_calls: [{ type: 'function', function: { name: 'get_weather', arguments: '{"city": "Rome"}' } }] },
    },
  ]);
});

test('an answer keeps to a JSON schema, and `parse` reads it', async () => {
  const fruit = z.object({ name: z.string(), ripe: z.boolean() });
  const { choices } = await client.chat.completions.parse({
    model: 'openai',
    messages: ask('a fruit'),
    response_format: zodResponseFormat(fruit, 'fruit'),
  });
  expect(choices[0]?.message.parsed).toEqual({ name: '', ripe: true });
});

test('thinking arrives as reasoning_content, apart from the text', async () => {
  const { choices } = await client.chat.completions.create({ model: 'openai', messages: ask('please think') });
  expect(choices[0]?.message).toMatchObject({ content: ANSWER, reasoning_content: 'Someone wants tea' });
});

test('thinking in a stream as well', async () => {
  let thought = '';
  let text = '';
  for await (const { choices } of await client.chat.completions.create({ model: 'openai', messages: ask('please think'), stream: true })) {
    const delta: { content?: string | null; reasoning_content?: string } = choices[0]?.delta ?? {};
    thought += delta.reasoning_content ?? '';
    text += delta.content ?? '';
  }
  expect([thought, text]).toEqual(['Someone wants tea', ANSWER]);
});
