import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { wireCase } from '../dialects/wire-case.ts';
import { FakeProvider, json, stream, type Behaviour } from '../support/fake-provider.ts';
import { startGateway, type TestGateway } from '../support/gateway.ts';
import { wire } from '../support/wire-answers.ts';
import { contentOf, eventsIn, lastRow } from './leaks.ts';

let provider: FakeProvider;
let gateway: TestGateway;
let key: string;

const PRICES = 'input_cost_per_token: 0.0000025, output_cost_per_token: 0.00001';

beforeAll(async () => {
  provider = await FakeProvider.start();
  const row = (name: string, model: string, more = ''): string =>
    `  - { model_name: ${name}, litellm_params: { model: ${model}, api_base: "${provider.url}", api_key: co-secret, ${PRICES}${more} } }\n`;
  gateway = await startGateway(`model_list:
${row('command', 'cohere_chat/command-a-03-2025')}${row('old-name', 'cohere/v1/command-r-08-2024')}${row('thinker', 'cohere/command-a-reasoning-08-2025')}${row('vectors', 'cohere/embed-v4.0')}${row('drops', 'cohere/command-a-03-2025', ', drop_params: true')}
  - { model_name: "all/*", litellm_params: { model: "cohere/*", api_base: "${provider.url}", api_key: co-secret } }
  - { model_name: whole-address, litellm_params: { model: cohere/command-a-03-2025, api_base: "${provider.url}/some/where/v2/chat", api_key: co-secret } }
router_settings: { num_retries: 0, disable_cooldowns: true }
`);
  key = await gateway.key({ max_budget: 10 });
});

afterAll(async () => {
  await gateway.stop();
  await provider.stop();
});

interface Body {
  readonly choices: { readonly message: Record<string, unknown>; readonly finish_reason: string }[];
  readonly usage: Record<string, unknown>;
  readonly error: { readonly type: string; readonly code: string; readonly message: string };
}

async function ask(model: string, more: Record<string, unknown> = {}): Promise<{ answer: Response; body: Body }> {
  const answer = await gateway.call('POST', '/v1/chat/completions', { model, messages: [{ role: 'user', content: 'Hi' }], ...more }, key);
  return { answer, body: (await answer.clone().json()) as Body };
}

test('a call reaches Cohere at its own address with its own key, and is paid for by what Cohere bills', async () => {
  provider.behaviour = wire('cohere/cached-prompt');
  const { answer, body } = await ask('command', { top_p: 0.5 });
  expect(answer.status).toBe(200);
  expect(provider.last).toMatchObject({ method: 'POST', path: '/v2/chat', headers: { authorization: 'Bearer co-secret' } });
  expect(provider.last.json).toEqual({ model: 'command-a-03-2025', messages: [{ role: 'user', content: 'Hi' }], stream: false, p: 0.5 });
  expect(body).toMatchObject({ model: 'command', choices: [{ finish_reason: 'stop', message: { content: 'Yes.' } }] });
  expect(body.usage).toMatchObject({
    prompt_tokens: 2048,
    completion_tokens: 5,
    total_tokens: 2053,
    prompt_tokens_details: { cached_tokens: 1984 },
  });
  // 1,900 and 5 tokens are billed of the 2,048 and 5 that were counted.
  expect(answer.headers.get('x-litellm-response-cost')).toBe('0.0048');
  expect(await lastRow(gateway)).toMatchObject({ spend: '0.0048', prompt_tokens: 2048, completion_tokens: 5, cache_read_tokens: 1984 });
});

test('a stream is told in the words of OpenAI and paid for alike', async () => {
  provider.behaviour = wire('cohere/text');
  const asked = { model: 'command', messages: [{ role: 'user', content: 'Hi' }], stream: true, stream_options: { include_usage: true } };
  const text = await (await gateway.call('POST', '/v1/chat/completions', asked, key)).text();
  const events = eventsIn(text);
  expect(contentOf(events)).toBe('Light scatters — blue most 🌍.');
  expect(events.at(-1)).toBe('[DONE]');
  expect(events.at(-2)).toMatchObject({ choices: [], usage: { prompt_tokens: 512, completion_tokens: 12 } });
  expect(await lastRow(gateway)).toMatchObject({ spend: '0.000165', prompt_tokens: 512, completion_tokens: 12 });
});

test('a stream that Cohere ends with an error has failed, and what it billed is booked', async () => {
  provider.behaviour = stream([wireCase('cohere/error-in-mid-stream').stream.toString('utf8')]);
  const asked = { model: 'command', messages: [{ role: 'user', content: 'Hi' }], stream: true };
  const text = await (await gateway.call('POST', '/v1/chat/completions', asked, key)).text();
  expect(eventsIn(text).at(-1)).toMatchObject({ error: { message: expect.stringContaining('internal error while generating') } });
  expect(text).not.toContain('[DONE]');
  expect(await lastRow(gateway)).toMatchObject({ status: 'failure' });
});

test('citations stand as annotations where they have an address, and whole in the fields of the provider', async () => {
  provider.behaviour = wire('cohere/citations');
  const { body } = await ask('command', { documents: ['Emperor penguins are the tallest.'] });
  expect(provider.last.json).toMatchObject({ documents: ['Emperor penguins are the tallest.'] });
  expect(body.choices[0]?.message).toMatchObject({
    annotations: [{ type: 'url_citation', url_citation: { url: 'https://example.org/penguins', start_index: 4, end_index: 20 } }],
    provider_specific_fields: { citations: [{ text: 'emperor penguins' }, { text: 'Antarctica.' }], native_finish_reason: 'COMPLETE' },
  });
});

test('a plan comes back to Cohere as the plan that it was', async () => {
  const tools = [{ type: 'function', function: { name: 'get_weather' } }];
  provider.behaviour = wire('cohere/tool-calls');
  const { body } = await ask('command', { tools });
  expect(body.choices[0]).toMatchObject({ finish_reason: 'tool_calls', message: { content: expect.stringContaining('I will look up') } });
  const { content, tool_calls: calls } = body.choices[0]?.message ?? {};
  const results = (calls as { id: string }[]).map(({ id }) => ({ role: 'tool', tool_call_id: id, content: 'fine' }));
  await ask('command', {
    tools,
    messages: [{ role: 'user', content: 'Hi' }, { role: 'assistant', content, tool_calls: calls }, ...results],
  });
  expect((provider.last.json['messages'] as unknown[])[1]).toEqual({
    role: 'assistant',
    tool_plan: content,
    tool_calls: (wireCase('cohere/tool-calls').response as { message: { tool_calls: { function: object }[] } }).message.tool_calls.map(
      (one, i) => (i === 0 ? one : { ...one, function: { ...one.function, arguments: '{}' } }),
    ),
  });
});

test('thoughts that a client lost come back to Cohere with their call', async () => {
  provider.behaviour = wire('cohere/thinking-with-tools');
  const { body } = await ask('thinker');
  const { reasoning_content: thought, tool_calls: calls } = body.choices[0]?.message ?? {};
  expect(thought).toBe('The weather is asked for.');
  const history = [
    { role: 'user', content: 'Hi' },
    { role: 'assistant', content: null, tool_calls: calls },
  ];
  await ask('thinker', { messages: [...history, { role: 'tool', tool_call_id: 'get_weather_0', content: '11 degrees' }] });
  expect((provider.last.json['messages'] as unknown[])[1]).toMatchObject({ content: [{ type: 'thinking', thinking: thought }] });
});

describe('parameters', () => {
  test('that Cohere has not are 400 unless they may be dropped', async () => {
    provider.behaviour = wire('cohere/text');
    expect((await ask('command', { n: 2 })).answer.status).toBe(400);
    expect((await ask('drops', { n: 2, logit_bias: { 1: 2 } })).answer.status).toBe(200);
    expect(Object.keys(provider.last.json)).toEqual(['model', 'messages', 'stream']);
  });
});

test('a name of version 1 is asked over version 2, and a whole address stays as it is', async () => {
  provider.behaviour = wire('cohere/text');
  await ask('old-name');
  expect(provider.last).toMatchObject({ path: '/v2/chat', json: { model: 'command-r-08-2024' } });
  await ask('whole-address');
  expect(provider.last.path).toBe('/some/where/v2/chat');
});

test('a limit is 429 and says when to come back', async () => {
  provider.behaviour = wire('cohere/error-429');
  const { answer, body } = await ask('command');
  expect(answer.status).toBe(429);
  expect(answer.headers.get('retry-after')).toBe('6');
  expect(body.error.message).toContain('CohereException - You are using a Trial key');
});

test('the names behind a wildcard are those that Cohere lists', async () => {
  provider.behaviour = json({ models: [{ name: 'command-a-03-2025', endpoints: ['chat'] }, { name: 'embed-v4.0' }, { id: 'x' }] });
  await gateway.parts.modelLists.refresh();
  expect(provider.last).toMatchObject({ method: 'GET', path: '/v1/models?page_size=1000', headers: { authorization: 'Bearer co-secret' } });
  const { data } = (await (await gateway.call('GET', '/v1/models')).json()) as { data: { id: string }[] };
  expect(data.map(({ id }) => id).filter((id) => id.startsWith('all/'))).toEqual(['all/command-a-03-2025', 'all/embed-v4.0']);
});

describe('embeddings', () => {
  const embed = (more: Record<string, unknown> = {}) =>
    gateway.call('POST', '/v1/embeddings', { model: 'vectors', input: ['Why is the sky blue?', 'Why is the grass green?'], ...more }, key);

  test('are told in the words of OpenAI and paid for', async () => {
    provider.behaviour = wire('cohere/embeddings');
    const answer = await embed({ input_type: 'search_query', dimensions: 256, truncate: 'END' });
    expect(provider.last).toMatchObject({ path: '/v2/embed', headers: { authorization: 'Bearer co-secret' } });
    expect(provider.last.json).toEqual(wireCase('cohere/embeddings').request);
    expect(await answer.json()).toMatchObject({
      object: 'list',
      model: 'vectors',
      data: [
        { index: 0, embedding: [0.01, -0.5, 0.25] },
        { index: 1, embedding: [-0.01, 0.06, 0.125] },
      ],
      usage: { prompt_tokens: 12, total_tokens: 12 },
    });
    expect(await lastRow(gateway)).toMatchObject({ spend: '0.00003', prompt_tokens: 12 });
  });

  test('in base64 are made here', async () => {
    provider.behaviour = wire('cohere/embeddings');
    const { data } = (await (await embed({ encoding_format: 'base64' })).json()) as { data: { embedding: string }[] };
    const bytes = Buffer.from(data[0]?.embedding ?? '', 'base64');
    expect([bytes.length, bytes.readFloatLE(4)]).toEqual([12, -0.5]);
  });

  describe('of more inputs than Cohere takes at once', () => {
    const input = Array.from({ length: 200 }, (_, i) => `text ${i}`);
    const number = (text: string): number => Number(text.slice('text '.length));
    const batch: Behaviour = (request, response) => {
      const { texts } = request.json as { texts: string[] };
      const meta = { billed_units: { input_tokens: texts.length } };
      return json({ embeddings: { float: texts.map((text) => [number(text)]) }, meta })(request, response);
    };

    test('are made in several calls, and told and paid for as one', async () => {
      provider.behaviour = batch;
      const before = provider.seen.length;
      const answer = (await (await embed({ input })).json()) as { data: { index: number; embedding: number[] }[]; usage: object };
      expect(provider.seen.slice(before).map(({ json: sent }) => (sent['texts'] as string[]).length)).toEqual([96, 96, 8]);
      expect(answer.data.map(({ index, embedding }) => [index, embedding[0]])).toEqual(input.map((_, i) => [i, i]));
      expect(answer.usage).toEqual({ prompt_tokens: 200, total_tokens: 200 });
      expect(await lastRow(gateway)).toMatchObject({ spend: '0.0005', prompt_tokens: 200, status: 'success' });
    });

    test('fail together when one of the calls fails', async () => {
      let calls = 0;
      provider.behaviour = (request, response) => (calls++ === 1 ? json({ message: 'no' }, 503) : batch)(request, response);
      expect((await embed({ input })).status).toBe(503);
      expect(calls).toBe(2);
      expect(await lastRow(gateway)).toMatchObject({ status: 'failure' });
    });

    test('have the time of one call', async () => {
      provider.behaviour = async (request, response) => {
        await new Promise((resolve) => setTimeout(resolve, 400));
        return batch(request, response);
      };
      const answer = await embed({ input, timeout: 0.6 });
      expect([answer.status, await answer.text()]).toEqual([408, expect.stringContaining('time-out of 0.6 seconds')]);
    });
  });

  test('that Cohere refuses are refused in its words', async () => {
    provider.behaviour = json({ message: 'invalid request: inputs contains an element that is the empty string at index 0' }, 400);
    const answer = await embed();
    expect([answer.status, await answer.text()]).toEqual([400, expect.stringContaining('empty string at index 0')]);
  });
});
