import { request as httpRequest, type IncomingMessage } from 'node:http';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { completion, FakeProvider, json, stream, streamedEvents } from '../support/fake-provider.ts';
import { startGateway, type TestGateway } from '../support/gateway.ts';

let provider: FakeProvider;
let gateway: TestGateway;

beforeAll(async () => {
  provider = await FakeProvider.start();
  gateway = await startGateway(`model_list:
  - { model_name: fast, litellm_params: { model: openai/m, api_base: "${provider.url}/v1", api_key: sk-x, input_cost_per_token: 0.000001, output_cost_per_token: 0.000002 }, model_info: { id: the-id } }
  - { model_name: unpriced, litellm_params: { model: openai/nobody-knows-this, api_base: "${provider.url}/v1", api_key: sk-x } }
  - { model_name: "größe/模型", litellm_params: { model: openai/m, api_base: "${provider.url}/v1", api_key: sk-x } }
  - { model_name: claude, litellm_params: { model: anthropic/claude-sonnet-4-5, api_base: "${provider.url}", api_key: sk-x } }
router_settings: { num_retries: 0 }
`);
});

afterAll(async () => {
  await gateway.stop();
  await provider.stop();
});

beforeEach(() => {
  provider.behaviour = (request, response) =>
    (request.json['stream'] === true ? stream(streamedEvents(['Hello'])) : json(completion('Hello')))(request, response);
});

const HI = { model: 'fast', messages: [{ role: 'user', content: 'Hi' }] };
const chat = (more: Record<string, unknown> = {}, key = gateway.masterKey, headers: Record<string, string> = {}): Promise<Response> =>
  gateway.call('POST', '/v1/chat/completions', { ...HI, ...more }, key, headers);
const size = (headers: Headers): number => [...headers].reduce((sum, [name, value]) => sum + name.length + value.length + 4, 0);

describe('an answer tells', () => {
  test('where the call has been and what it cost', async () => {
    const { headers } = await chat();
    expect(Object.fromEntries(headers)).toMatchObject({
      'x-litellm-call-id': expect.stringMatching(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}$/),
      'x-litellm-model-id': 'the-id',
      'x-litellm-model-group': 'fast',
      'x-litellm-model-name': 'openai/m',
      'x-litellm-model-api-base': `${provider.url}/v1`,
      'x-litellm-version': expect.stringMatching(/^\d+\.\d+\.\d+$/),
      'x-gateway-version': expect.stringMatching(/^\d+\.\d+\.\d+/),
      'x-litellm-response-cost': '0.00002',
      'x-litellm-attempted-retries': '0',
      'x-litellm-max-retries': '0',
      'x-litellm-attempted-fallbacks': '0',
      'x-litellm-response-duration-ms': expect.stringMatching(/^\d+(\.\d+)?$/),
      'x-litellm-overhead-duration-ms': expect.stringMatching(/^\d+(\.\d+)?$/),
      'content-type': 'application/json',
    });
    for (const [name, value] of headers) expect([name, value]).not.toEqual([name, expect.stringMatching(/^(None|null|undefined|NaN|)$/)]);
  });

  test("the key's limits and spend, with this call in it", async () => {
    const key = await gateway.key({ max_budget: 1.5, tpm_limit: 100_000, rpm_limit: 50 });
    await (await chat({}, key)).text();
    const { headers } = await chat({}, key);
    expect(Object.fromEntries(headers)).toMatchObject({
      'x-litellm-key-spend': '0.00004',
      'x-litellm-key-max-budget': '1.5',
      'x-litellm-key-tpm-limit': '100000',
      'x-litellm-key-rpm-limit': '50',
      'x-ratelimit-limit-requests': '50',
      'x-ratelimit-remaining-requests': '48',
      'x-ratelimit-limit-tokens': '100000',
    });
    const streamed = await chat({ stream: true }, key);
    expect(streamed.headers.get('x-litellm-key-spend')).toBe('0.00004');
    expect(streamed.headers.get('x-litellm-response-cost')).toBeNull();
    await streamed.text();
  });

  test('that a model has no price, in place of a cost', async () => {
    const { headers } = await chat({ model: 'unpriced' });
    expect([headers.get('x-gateway-unpriced'), headers.get('x-litellm-response-cost')]).toEqual(['true', null]);
  });

  test('the id that the client gave, when it can be printed', async () => {
    expect((await chat({}, gateway.masterKey, { 'x-litellm-call-id': 'my-call_1.2:3' })).headers.get('x-litellm-call-id')).toBe(
      'my-call_1.2:3',
    );
    expect((await chat({}, gateway.masterKey, { 'x-litellm-call-id': 'x'.repeat(129) })).headers.get('x-litellm-call-id')).toMatch(
      /^[0-9a-f-]{36}$/,
    );
  });

  test('a name that HTTP cannot carry, percent-encoded', async () => {
    const answer = await chat({ model: 'größe/模型' });
    expect(answer.status).toBe(200);
    expect(decodeURIComponent(answer.headers.get('x-litellm-model-group') ?? '')).toBe('größe/模型');
  });
});

describe("a provider's headers", () => {
  test('come along under a name of their own, hop-by-hop ones and cookies never', async () => {
    provider.behaviour = json(completion('Hello'), 200, {
      'x-request-id': 'req_1',
      'openai-processing-ms': '12',
      'set-cookie': 'a=b',
      connection: 'keep-alive',
      'x-ratelimit-remaining-requests': '7',
      'x-ratelimit-reset-requests': '1s',
    });
    const { headers } = await chat();
    expect(Object.fromEntries(headers)).toMatchObject({
      'llm_provider-x-request-id': 'req_1',
      'llm_provider-openai-processing-ms': '12',
      'x-ratelimit-remaining-requests': '7',
      'x-ratelimit-reset-requests': '1s',
    });
    expect([...headers.keys()].filter((name) => /cookie|llm_provider-(connection|content|transfer|keep-alive)/.test(name))).toEqual([]);
  });

  test("of Anthropic's rate limits are told in OpenAI's words", async () => {
    provider.behaviour = json(
      {
        id: 'msg_1',
        type: 'message',
        role: 'assistant',
        model: 'c',
        content: [{ type: 'text', text: 'Hi' }],
        stop_reason: 'end_turn',
        usage: { input_tokens: 1, output_tokens: 1 },
      },
      200,
      {
        'anthropic-ratelimit-requests-limit': '50',
        'anthropic-ratelimit-requests-remaining': '49',
        'anthropic-ratelimit-tokens-reset': '2026-01-01T00:00:00Z',
      },
    );
    expect(Object.fromEntries((await chat({ model: 'claude' })).headers)).toMatchObject({
      'x-ratelimit-limit-requests': '50',
      'x-ratelimit-remaining-requests': '49',
      'x-ratelimit-reset-tokens': '2026-01-01T00:00:00Z',
    });
  });

  test('give way: all headers together stay below 4096 bytes', async () => {
    provider.behaviour = json(
      completion('Hello'),
      200,
      Object.fromEntries(Array.from({ length: 60 }, (_, i) => [`x-custom-${i}`, 'v'.repeat(200)])),
    );
    const answer = await chat();
    expect(size(answer.headers)).toBeLessThan(4096);
    expect([...answer.headers.keys()].filter((name) => name.startsWith('llm_provider-')).length).toBeGreaterThan(3);
    expect(answer.headers.get('x-litellm-model-id')).toBe('the-id');
  });
});

describe('an error tells', () => {
  test('the same, and how long the provider asks to wait', async () => {
    provider.behaviour = json({ error: { message: 'slow down', type: 'rate_limit_error' } }, 429, {
      'retry-after': '3',
      'x-request-id': 'req_2',
      'x-ratelimit-remaining-requests': '0',
    });
    const { status, headers } = await chat();
    expect(status).toBe(429);
    expect(Object.fromEntries(headers)).toMatchObject({
      'retry-after': '3',
      'llm_provider-x-request-id': 'req_2',
      'x-ratelimit-remaining-requests': '0',
      'x-litellm-model-id': 'the-id',
      'x-litellm-attempted-retries': '0',
      'x-litellm-response-cost': '0',
    });
    expect(headers.get('x-should-retry')).toBeNull();
  });

  test('that coming back soon is no use when the wait is longer than a voice turn', async () => {
    provider.behaviour = json({ error: { message: 'slow down' } }, 429, { 'retry-after': '6' });
    const { headers } = await chat();
    expect([headers.get('retry-after'), headers.get('x-should-retry')]).toEqual(['6', 'false']);
  });

  test('its call id, also before anything is known of the call', async () => {
    for (const answer of [
      await gateway.call('POST', '/v1/chat/completions', HI, null),
      await gateway.call('GET', '/nowhere'),
      await chat({ model: 'unheard-of' }),
    ]) {
      expect(answer.headers.get('x-litellm-call-id')).toBeTruthy();
      expect(size(answer.headers)).toBeLessThan(4096);
    }
  });
});

test('a stream has the headers of a stream', async () => {
  const answer = await chat({ stream: true });
  expect(Object.fromEntries(answer.headers)).toMatchObject({
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-cache',
    'x-accel-buffering': 'no',
    'x-litellm-model-group': 'fast',
  });
  expect(answer.headers.get('content-length')).toBeNull();
  await answer.text();
});

test('a stream that waits for a local model gives signs of life, and its error then comes as an event', async () => {
  await gateway.configure(`model_list:
  - { model_name: loading, litellm_params: { model: openai/m, api_base: "${provider.url}/v1", api_key: sk-x, keepalive_seconds: 1, stream_timeout: 2.6 } }
router_settings: { num_retries: 0 }
`);
  await expect.poll(() => gateway.parts.router.find('loading') !== null, { timeout: 5000 }).toBe(true);
  provider.behaviour = () => undefined;
  const request = httpRequest(`${gateway.url}/v1/chat/completions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${gateway.masterKey}` },
  });
  request.end(JSON.stringify({ ...HI, model: 'loading', stream: true }));
  const answer = await new Promise<IncomingMessage>((resolve) => request.on('response', resolve));
  let text = '';
  for await (const chunk of answer as AsyncIterable<Buffer>) text += chunk.toString();
  expect(answer.statusCode).toBe(200);
  expect(text.startsWith(': keep-alive\n\n')).toBe(true);
  expect(text).toMatch(
    /data: \{"error":\{"message":"litellm\.Timeout: the first byte time-out of 2\.6 seconds passed.*"code":"408"\}\}\n\n$/,
  );
  expect(text).not.toContain('[DONE]');
});

test('browsers may read every header', async () => {
  const answer = await chat({}, gateway.masterKey, { origin: 'https://app.example' });
  expect(answer.headers.get('access-control-allow-origin')).toMatch(/^(\*|https:\/\/app\.example)$/);
  expect(answer.headers.get('access-control-expose-headers')).toBeTruthy();
  const before = await fetch(`${gateway.url}/v1/chat/completions`, {
    method: 'OPTIONS',
    headers: {
      origin: 'https://app.example',
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'authorization, x-stainless-os',
    },
  });
  expect(before.ok).toBe(true);
  expect(before.headers.get('access-control-allow-headers')?.toLowerCase()).toContain('authorization');
});
