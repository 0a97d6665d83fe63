import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { completion, FakeProvider, json } from '../support/fake-provider.ts';
import { startGateway, type TestGateway } from '../support/gateway.ts';
import { expectNothingLeft } from '../exchange/leaks.ts';

let provider: FakeProvider;
let gateway: TestGateway;

beforeAll(async () => {
  provider = await FakeProvider.start(json(completion('Hello')));
  gateway = await startGateway(`model_list:
  - { model_name: fast, litellm_params: { model: openai/m, api_base: "${provider.url}/v1", api_key: sk-secret-of-provider, input_cost_per_token: 0.01, output_cost_per_token: 0.01 } }
  - { model_name: other, litellm_params: { model: openai/m, api_base: "${provider.url}/v1", api_key: sk-x } }
  - { model_name: claude, litellm_params: { model: anthropic/claude-sonnet-4-5, api_base: "${provider.url}", api_key: sk-x } }
  - { model_name: resting, litellm_params: { model: openai/resting, api_base: "${provider.url}/v1", api_key: sk-x } }
  - { model_name: resting, litellm_params: { model: openai/resting, api_base: "${provider.url}/v1/", api_key: sk-y } }
general_settings: { max_request_size_mb: 1, strict_status: true }
router_settings: { num_retries: 0, cooldown_time: 30 }
`);
});

afterAll(async () => {
  await gateway.stop();
  await provider.stop();
});

const HI = { model: 'fast', messages: [{ role: 'user', content: 'Hi' }] };

interface Refusal {
  readonly status: number;
  readonly error: {
    readonly message: string;
    readonly type: string;
    readonly param: string | null;
    readonly code: string;
    readonly provider_specific_fields?: unknown;
  };
  readonly headers: Headers;
}

async function refusal(
  body: unknown,
  key: string | null = gateway.masterKey,
  headers: Record<string, string> = {},
  path = '/v1/chat/completions',
): Promise<Refusal> {
  const answer = await gateway.call('POST', path, body, key, headers);
  const text = await answer.text();
  expect(answer.headers.get('content-type'), text).toBe('application/json');
  expect(answer.headers.get('x-litellm-call-id')).toBeTruthy();
  return { status: answer.status, error: (JSON.parse(text) as { error: Refusal['error'] }).error, headers: answer.headers };
}

/** Nobody upstream is asked and nothing is held for a call that is refused. */
async function refusedWithoutTraffic(ask: () => Promise<Refusal>): Promise<Refusal> {
  const before = provider.seen.length;
  const answer = await ask();
  expect(provider.seen.length).toBe(before);
  await expectNothingLeft(gateway);
  return answer;
}

describe('credentials (data-plane 5.3)', () => {
  test('none', async () => {
    const { status, error } = await refusedWithoutTraffic(() => refusal(HI, null));
    expect([status, error]).toEqual([
      401,
      { message: 'Authentication Error, No api key passed in.', type: 'auth_error', param: null, code: '401' },
    ]);
  });

  test('not a key', async () => {
    const { status, error } = await refusedWithoutTraffic(() => refusal(HI, 'abcd-something-long-wxyz'));
    expect(status).toBe(401);
    expect(error).toMatchObject({
      type: 'auth_error',
      param: null,
      message: "LiteLLM Virtual Key expected. Received=abcd****wxyz, expected to start with 'sk-'.",
    });
  });

  test('an unknown key', async () => {
    const { status, error, headers } = await refusedWithoutTraffic(() => refusal(HI, 'sk-nobody-knows-this-one'));
    expect(status).toBe(401);
    expect(error).toMatchObject({ type: 'token_not_found_in_db', param: 'key' });
    expect(error.message).toMatch(
      /^Authentication Error, Invalid proxy server token passed\. Received API Key = sk-\.\.\.-one, Key Hash \(Token\) =[0-9a-f]{64}\. Unable to find token/,
    );
    expect(headers.get('x-should-retry')).toBe('false');
  });

  test('an expired key', async () => {
    const key = await gateway.key({ duration: '1s' });
    await expect.poll(async () => (await refusal({ ...HI, model: 'unknown' }, key)).status, { timeout: 5000, interval: 100 }).toBe(401);
    const { error } = await refusedWithoutTraffic(() => refusal(HI, key));
    expect(error).toMatchObject({
      type: 'expired_key',
      message: expect.stringContaining('Authentication Error - Expired Key. Key Expiry time '),
    });
    expect(JSON.stringify(error)).not.toContain(key);
  });

  test('a blocked key', async () => {
    const key = await gateway.key();
    await gateway.call('POST', '/key/block', { key });
    const { status, error } = await refusedWithoutTraffic(() => refusal(HI, key));
    expect([status, error]).toEqual([
      401,
      { message: expect.stringContaining('Key is blocked.'), type: 'auth_error', param: null, code: '401' },
    ]);
  });

  test('a model that the key may not use, without a word of those it may', async () => {
    const key = await gateway.key({ models: ['other'] });
    const { status, error } = await refusedWithoutTraffic(() => refusal(HI, key));
    expect([status, error.type, error.param]).toEqual([403, 'key_model_access_denied', 'model']);
    expect(error.message).toContain('key not allowed to access model');
    expect(error.message).toContain('is not available for this API key');
    expect(error.message).not.toContain('other');
  });

  test('a route that the key may not call', async () => {
    const { status, error } = await refusedWithoutTraffic(async () =>
      refusal(HI, await gateway.key({ allowed_routes: ['/v1/embeddings'] })),
    );
    expect([status, error.type, error.param]).toEqual([403, 'auth_error', null]);
    expect(error.message).toContain('not allowed to call this route');
  });
});

describe('limits (data-plane 5.3)', () => {
  test('a budget', async () => {
    const key = await gateway.key({ max_budget: 0.01, key_alias: 'app' });
    await gateway.call('POST', '/v1/chat/completions', HI, key);
    const { status, error, headers } = await refusedWithoutTraffic(() => refusal(HI, key));
    expect([status, error.type, error.param, error.code]).toEqual([422, 'budget_exceeded', null, '422']);
    expect(error.message).toMatch(/^Budget has been exceeded! Key=app \(sk-\.\.\.[\w-]{4}\) Current cost: 0\.15, Max budget: 0\.01/);
    expect(headers.get('x-should-retry')).toBe('false');
  });

  test('a rate limit', async () => {
    const key = await gateway.key({ rpm_limit: 1 });
    await gateway.call('POST', '/v1/chat/completions', HI, key);
    const { status, error, headers } = await refusedWithoutTraffic(() => refusal(HI, key));
    expect([status, error.type, error.param]).toEqual([429, 'throttling_error', null]);
    expect(error.message).toMatch(
      /^Rate limit exceeded for api_key: [0-9a-f]{64}\. Limit type: requests\. Current limit: 1, Remaining: 0\. Limit resets at: \d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC$/,
    );
    expect(Number(headers.get('retry-after'))).toBeGreaterThan(0);
    expect(headers.get('rate_limit_type')).toBe('requests');
    expect(headers.get('reset_at')).toMatch(/UTC$/);
  });
});

describe('requests (data-plane 6.2)', () => {
  test('an unknown model', async () => {
    const { status, error } = await refusedWithoutTraffic(() => refusal({ ...HI, model: 'unheard-of' }));
    const message =
      '/chat/completions: Invalid model name passed in model=unheard-of. Call `/v1/models` to view available models for your key.';
    expect([status, error]).toEqual([
      400,
      { message, type: 'invalid_request_error', param: null, code: '400', provider_specific_fields: { error: message } },
    ]);
  });

  test.each([
    ['messages', { model: 'fast' }, '/v1/chat/completions', '/chat/completions'],
    ['input', { model: 'fast' }, '/v1/embeddings', '/embeddings'],
  ])('without %s', async (name, body, path, route) => {
    const { status, error } = await refusedWithoutTraffic(() => refusal(body, gateway.masterKey, {}, path));
    expect([status, error]).toEqual([
      400,
      { message: `${route}: Missing required parameter: '${name}'.`, type: 'invalid_request_error', param: name, code: '400' },
    ]);
  });

  test.each([
    ['no model', { messages: [] }],
    ['a model that is no text', { model: 3, messages: [] }],
    ['messages that are no list', { model: 'fast', messages: 'hi' }],
    ['a stream that is neither true nor false', { ...HI, stream: 'yes' }],
    ['a base URL of its own', { ...HI, api_base: 'http://evil.example' }],
    ['a key of its own', { ...HI, api_key: 'sk-own' }],
    ['a duplicate model', '{"model":"fast","model":"other","messages":[]}'],
    ['broken JSON', '{"model": "fast", '],
    ['JSON that is no object', '[1]'],
    ['nothing', ''],
    ['nesting without end', `{"model":"fast","messages":${'['.repeat(200)}${']'.repeat(200)}}`],
  ])('with %s are 400', async (_name, body) => {
    const { status, error } = await refusedWithoutTraffic(() => refusal(body));
    expect(status).toBe(400);
    expect(error).toMatchObject({ type: 'invalid_request_error', code: '400' });
  });

  test('broken JSON says where', async () => {
    expect((await refusal('{"model": "fast", }')).error).toMatchObject({
      param: 'request_body',
      message: expect.stringMatching(/^Invalid JSON payload: .*line 1 column \d+ \(char \d+\)$/),
    });
    expect((await refusal('[1]')).error.message).toBe('Invalid JSON payload: expected an object');
  });

  test('odd ones that are typed right are left to the provider', async () => {
    for (const messages of [[], [{ role: 'oracle', content: 'x' }]])
      expect((await gateway.call('POST', '/v1/chat/completions', { model: 'fast', messages })).status).toBe(200);
  });

  test('over the size limit', async () => {
    const { status, error } = await refusedWithoutTraffic(() => refusal({ ...HI, x: 'y'.repeat(1_100_000) }));
    expect([status, error.message]).toEqual([413, expect.stringContaining('Request size is too large')]);
  });

  test('with a parameter that the provider cannot take, unless it is dropped', async () => {
    const { status, error } = await refusedWithoutTraffic(() => refusal({ ...HI, model: 'claude', logit_bias: { 1: 2 } }));
    expect([status, error.type, error.param]).toEqual([400, 'invalid_request_error', 'logit_bias']);
    expect(error.message).toMatch(
      /^litellm\.UnsupportedParamsError: anthropic does not support parameters: \["logit_bias"\], for model=claude-sonnet-4-5\. To drop these, set `litellm\.drop_params=True`/,
    );
  });

  test('to a group whose deployments all rest', async () => {
    provider.behaviour = json({ error: { message: 'slow down' } }, 429);
    await gateway.call('POST', '/v1/chat/completions', { ...HI, model: 'resting', num_retries: 1 });
    provider.behaviour = json(completion('Hello'));
    const { status, error, headers } = await refusedWithoutTraffic(() => refusal({ ...HI, model: 'resting' }));
    expect([status, error.type]).toEqual([429, 'rate_limit_error']);
    expect(error.message).toMatch(/^No deployments available for selected model, Try again in (30|29) seconds\. Passed model=resting\./);
    expect(Number(headers.get('retry-after'))).toBeGreaterThan(25);
    expect(headers.get('x-should-retry')).toBe('false');
  });
});

describe('routes', () => {
  test('an unknown one is 404 in both shapes, a wrong method 405', async () => {
    const unknown = await gateway.call('POST', '/v1/chat/nothing', HI);
    expect(unknown.status).toBe(404);
    expect(await unknown.json()).toMatchObject({ detail: expect.anything(), error: { code: '404' } });
    const wrong = await gateway.call('GET', '/v1/chat/completions');
    expect([wrong.status, wrong.headers.get('allow')]).toEqual([405, 'POST']);
  });

  test.each([
    '/v1/chat/completions',
    '/chat/completions',
    '/chat/completions/',
    '//v1//chat/completions',
    '/engines/fast/chat/completions',
    '/openai/deployments/fast/chat/completions',
    '/openai/deployments/fast/chat/completions?api-version=2024-06-01',
  ])('%s is a chat call', async (path) => {
    expect((await gateway.call('POST', path, HI)).status).toBe(200);
  });

  test('the model of the path wins over that of the body', async () => {
    expect(await (await gateway.call('POST', '/openai/deployments/other/chat/completions', HI)).json()).toMatchObject({ model: 'other' });
  });
});

describe("a provider's words", () => {
  test('come in the known layout, without its secrets', async () => {
    provider.behaviour = json(
      {
        error: {
          message: 'Incorrect API key provided: sk-secret-of-provider. Try https://x.example/?key=abcdefghijklmnop',
          type: 'invalid_request_error',
          code: 'invalid_api_key',
          param: null,
        },
      },
      401,
    );
    const { status, error } = await refusal(HI);
    expect(status).toBe(401);
    expect(error).toMatchObject({ type: 'invalid_request_error', code: 'invalid_api_key', param: null });
    expect(error.message).toMatch(
      /^litellm\.AuthenticationError: OpenAIException - Incorrect API key provided: .*\. Received Model Group=fast\nAvailable Model Group Fallbacks=None$/s,
    );
    expect(error.message).not.toMatch(/sk-secret-of-provider|abcdefghijklmnop/);
    expect(gateway.log.join('')).not.toContain('sk-secret-of-provider');
    provider.behaviour = json(completion('Hello'));
  });

  test('are cut at 8 kB', async () => {
    provider.behaviour = json({ error: { message: 'x'.repeat(20_000) } }, 500);
    expect((await refusal(HI)).error.message.length).toBeLessThan(8500);
    provider.behaviour = json(completion('Hello'));
  });
});
