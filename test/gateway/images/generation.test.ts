import { setTimeout as wait } from 'node:timers/promises';
import OpenAI, { BadRequestError, RateLimitError, UnprocessableEntityError } from 'openai';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { wireCase } from '../../dialects/wire-case.ts';
import { expectNothingLeft, lastRow } from '../../exchange/leaks.ts';
import { FakeProvider, json, stream, type Behaviour } from '../../support/fake-provider.ts';
import { startGateway, type TestGateway } from '../../support/gateway.ts';
import { bytes, made, PIXEL, PIXEL_TEXT } from './images-gateway.ts';

let provider: FakeProvider;
let second: FakeProvider;
let gateway: TestGateway;
let client: OpenAI;

const GPT = wireCase('openai-images/gpt-image').response;
const DALL_E = wireCase('openai-images/dall-e-3').response;
const EVENTS = wireCase('openai-images/stream').stream.toString('utf8');

beforeAll(async () => {
  provider = await FakeProvider.start();
  second = await FakeProvider.start(json(made()));
  const row = (name: string, model: string, more = '', base = provider.url): string =>
    `  - { model_name: ${name}, litellm_params: { model: ${model}, api_base: "${base}/v1", api_key: sk-provider${more} } }\n`;
  gateway = await startGateway(`model_list:
${row('gpt', 'openai/gpt-image-1')}${row('gpt-15', 'openai/gpt-image-1.5')}${row('dalle3', 'openai/dall-e-3')}${row('dalle2', 'openai/dall-e-2')}${row('painter', 'openai/some-painter')}${row('own', 'openai/dall-e-3', ', output_cost_per_image: 0.5')}${row('by-pixel', 'openai/some-painter', ', output_cost_per_pixel: 0.00000002')}${row('at-home', 'localai/flux', ', size: 512x512')}${row('spare', 'openai/dall-e-3', '', second.url)}${row('claude', 'anthropic/claude-sonnet-4-5')}
  - { model_name: mute, litellm_params: { model: openai/dall-e-3, mock_response: "a grey cat" } }
router_settings: { num_retries: 0, disable_cooldowns: true, fallbacks: [{ at-home: [spare] }] }
`);
  client = new OpenAI({ baseURL: `${gateway.url}/v1`, apiKey: gateway.masterKey, maxRetries: 0 });
});

afterAll(async () => {
  await gateway.stop();
  await provider.stop();
  await second.stop();
});

beforeEach(() => {
  provider.seen.length = 0;
  second.seen.length = 0;
  provider.behaviour = json(GPT);
});

const draw = (more: Record<string, unknown> = {}, key = gateway.masterKey): Promise<Response> =>
  gateway.call('POST', '/v1/images/generations', { model: 'gpt', prompt: 'A grey cat', ...more }, key);

describe('images through the official client', () => {
  test('pass byte for byte, and are billed by their tokens', async () => {
    const answer = await client.images.generate({ model: 'gpt', prompt: 'A grey cat', size: '1024x1024', quality: 'medium' });
    expect(answer).toEqual(GPT);
    expect(provider.last.path).toBe('/v1/images/generations');
    expect(provider.last.headers['authorization']).toBe('Bearer sk-provider');
    expect(provider.last.json).toEqual({ model: 'gpt-image-1', prompt: 'A grey cat', size: '1024x1024', quality: 'medium' });
    // 10 words at 5, 40 of images at 10, 1056 out at 40 US dollars a million.
    expect(await lastRow(gateway)).toMatchObject({
      call_type: 'aimage_generation',
      status: 'success',
      spend: '0.04269',
      prompt_tokens: 50,
      completion_tokens: 1056,
    });
  });

  test('come as events, one after another', async () => {
    provider.behaviour = stream(EVENTS.split(/(?<=\n\n)/));
    const events = [];
    for await (const event of await client.images.generate({ model: 'gpt-15', prompt: 'A cat', stream: true, partial_images: 1 }))
      events.push(event);
    expect(events).toMatchObject([
      { type: 'image_generation.partial_image', partial_image_index: 0 },
      { type: 'image_generation.completed', b64_json: PIXEL_TEXT },
    ]);
    expect(provider.last.json).toMatchObject({ stream: true, partial_images: 1 });
    // What comes out is an image: 4260 at 32, and 50 words at 5 US dollars a million.
    expect(await lastRow(gateway)).toMatchObject({ spend: '0.13657', prompt_tokens: 50, completion_tokens: 4260 });
  });

  test('come as one event from a model that does not stream', async () => {
    provider.behaviour = json(DALL_E);
    const events = [];
    for await (const event of await client.images.generate({ model: 'dalle3', prompt: 'A cat', stream: true })) events.push(event);
    expect(events).toEqual([
      {
        type: 'image_generation.completed',
        created_at: 1_713_833_628,
        url: 'https://images.example/made.png',
        revised_prompt: 'A grey cat on a sofa, in soft light.',
      },
    ]);
    expect(provider.last.json).not.toHaveProperty('stream');
    expect(await lastRow(gateway)).toMatchObject({ spend: '0.04' });
  });

  test('raise the client’s own errors', async () => {
    const ask = { model: 'gpt', prompt: 'A cat' } as const;
    provider.behaviour = json({ error: { message: 'slow down' } }, 429);
    await expect(client.images.generate(ask)).rejects.toBeInstanceOf(RateLimitError);
    provider.behaviour = json(
      {
        error: {
          message: 'Your request was rejected by the safety system.',
          code: 'moderation_blocked',
          type: 'image_generation_user_error',
        },
      },
      400,
    );
    await expect(client.images.generate(ask)).rejects.toMatchObject({ status: 400, code: 'moderation_blocked' });
    await expect(client.images.generate({ ...ask, prompt: undefined as unknown as string })).rejects.toBeInstanceOf(BadRequestError);
    const beggar = new OpenAI({ baseURL: `${gateway.url}/v1`, apiKey: await gateway.key({ max_budget: 0 }), maxRetries: 0 });
    await expect(beggar.images.generate(ask)).rejects.toBeInstanceOf(UnprocessableEntityError);
  });
});

describe('a request', () => {
  test('passes as it came, less what is for the gateway', async () => {
    const body = '{"model": "painter",  "prompt":"A cat", "seed": 12345678901234567890, "metadata": {"tags": ["a"]}, "steps": 4}';
    const answer = await fetch(`${gateway.url}/v1/images/generations`, {
      method: 'POST',
      headers: { authorization: `Bearer ${gateway.masterKey}`, 'content-type': 'application/json' },
      body,
    });
    expect(answer.status).toBe(200);
    expect(provider.last.body.toString('utf8')).toBe('{"model": "some-painter","prompt":"A cat","seed": 12345678901234567890,"steps": 4}');
    expect(await lastRow(gateway)).toMatchObject({ request_tags: ['a'] });
  });

  test('is completed by what the deployment sets', async () => {
    await draw({ model: 'at-home' });
    expect(provider.last.json).toMatchObject({ model: 'flux', size: '512x512' });
    await draw({ model: 'at-home', size: '256x256' });
    expect(provider.last.json).toMatchObject({ size: '256x256' });
  });

  test.each(['b64_json', 'url'])('for the form %s of a model that gives base64 alone', async (response_format) => {
    const answer = await draw({ response_format });
    if (response_format === 'url') {
      expect(answer.status).toBe(400);
      expect(await answer.text()).toContain('does not support parameters: [\\"response_format\\"]');
      expect((await draw({ response_format, drop_params: true })).status).toBe(200);
    } else expect(answer.status).toBe(200);
    expect(provider.last.json).not.toHaveProperty('response_format');
  });

  test('for more images than one request makes becomes several', async () => {
    provider.behaviour = json(DALL_E);
    const answer = await client.images.generate({ model: 'dalle3', prompt: 'A cat', n: 3, quality: 'hd', size: '1024x1792' });
    expect(answer.data).toHaveLength(3);
    expect(answer.data?.[2]).toMatchObject({
      url: 'https://images.example/made.png',
      revised_prompt: 'A grey cat on a sofa, in soft light.',
    });
    expect(provider.seen.map((seen) => seen.json['n'])).toEqual([1, 1, 1]);
    expect(await lastRow(gateway)).toMatchObject({
      spend: '0.36',
      metadata: {
        cost_terms: [{ kind: 'image', quantity: '3', unitPrice: '0.12' }],
        price: { rule: 'openai/dall-e-3 hd, above 1048576 pixels' },
      },
    });
  });

  test('that fails in the middle of several gives what was made, and bills that', async () => {
    let asked = 0;
    provider.behaviour = (request, response) => (asked++ < 2 ? json(DALL_E) : json({ error: { message: 'no' } }, 500))(request, response);
    const answer = await client.images.generate({ model: 'dalle3', prompt: 'A cat', n: 4 });
    expect(answer.data).toHaveLength(2);
    expect(await lastRow(gateway)).toMatchObject({ spend: '0.08', status: 'success' });
  });

  test.each([
    ['without a prompt', { prompt: undefined }, "Missing required parameter: 'prompt'"],
    ['with a list as prompt', { prompt: ['a'] }, "'prompt' must be a text"],
    ['with a text as stream', { stream: 'yes' }, "'stream' must be true or false"],
    ['for more images than are asked for one by one', { model: 'dalle3', n: 11 }, "'n' must be at most 10 for this model"],
    ['to a provider without images', { model: 'claude' }, 'Images are not supported for provider Anthropic'],
  ])('%s is refused', async (_name, more, message) => {
    const answer = await draw(more);
    expect(answer.status).toBe(400);
    expect(await answer.text()).toContain(message);
    expect(provider.seen).toHaveLength(0);
    await expectNothingLeft(gateway);
  });

  test('falls back to another group', async () => {
    provider.behaviour = json({ error: { message: 'no' } }, 500);
    const answer = await draw({ model: 'at-home' });
    expect(answer.status).toBe(200);
    expect(answer.headers.get('x-litellm-attempted-fallbacks')).toBe('1');
    expect(second.last.json).toMatchObject({ model: 'dall-e-3' });
    expect(await lastRow(gateway)).toMatchObject({ spend: '0.04', model_group: 'spare' });
  });

  test.each([
    '/images/generations',
    '/engines/gpt/images/generations',
    '/openai/deployments/gpt/images/generations?api-version=2025-01-01',
  ])('is taken at %s', async (path) => {
    expect((await gateway.call('POST', path, { model: 'gpt', prompt: 'A cat' })).status).toBe(200);
  });
});

describe('an answer', () => {
  const forms: readonly (readonly [string, Behaviour])[] = [
    ['images under another name', json({ images: [{ image: PIXEL_TEXT }] })],
    ['a list of base64', json({ base64: [PIXEL_TEXT] })],
    ['data addresses', json({ data: [{ url: `data:image/png;base64,${PIXEL_TEXT}` }] })],
    ['lists by kind', json({ data: { image_base64: [PIXEL_TEXT] } })],
    ['one image', json({ image: PIXEL_TEXT, finish_reason: 'SUCCESS' })],
    ['the image itself', bytes(PIXEL, 'image/png')],
  ];
  test.each(forms)('of %s is told in OpenAI’s words', async (_name, behaviour) => {
    provider.behaviour = behaviour;
    const { data } = (await (await draw({ model: 'painter' })).json()) as { data: unknown };
    expect(data).toEqual([{ url: null, b64_json: PIXEL_TEXT, revised_prompt: null }]);
  });

  test.each([
    ['an error in a 200', json({ error: { message: 'loading', code: 503 } }), 503],
    ['a page', bytes('<html>', 'text/html'), 502],
    ['JSON without an image', json({ data: [] }), 502],
    ['a filter’s refusal', json({ image: '', finish_reason: 'CONTENT_FILTERED' }), 400],
    ['broken JSON', bytes('{"data": [{"b64', 'application/json'), 500],
    ['nothing', bytes('', 'application/json'), 502],
  ])('that is %s is an error with a true status', async (_name, behaviour, status) => {
    provider.behaviour = behaviour;
    expect((await draw({ model: 'dalle3' })).status).toBe(status);
    expect(await lastRow(gateway)).toMatchObject({ status: 'failure', spend: '0' });
  });

  test('of events that break off tells it in an event, and bills what came', async () => {
    const [first = ''] = EVENTS.split(/(?<=\n\n)/);
    provider.behaviour = stream([first]);
    const text = await (await draw({ stream: true })).text();
    expect(text.slice(first.length)).toMatch(/^data: \{"error":.*api_connection_error/);
    expect(await lastRow(gateway)).toMatchObject({ status: 'failure', spend: '0' });
  });

  test('of events with an error is that error', async () => {
    provider.behaviour = stream(['event: error\ndata: {"type":"error","error":{"message":"blocked","code":"moderation_blocked"}}\n\n']);
    const answer = await draw({ stream: true });
    expect(answer.status).toBe(500);
    expect(await answer.text()).toContain('moderation_blocked');
  });

  test('of many megabytes passes', async () => {
    const large = Buffer.alloc(9_000_000, 'A').toString('latin1');
    provider.behaviour = json({ created: 1, data: [{ b64_json: large }, { b64_json: large }] });
    const { data } = (await (await draw({ model: 'painter' })).json()) as { data: { b64_json: string }[] };
    expect(data.map(({ b64_json }) => b64_json.length)).toEqual([large.length, large.length]);
  });

  test('of a mock is an image of its own', async () => {
    const answer = await client.images.generate({ model: 'mute', prompt: 'A cat', n: 2 });
    expect(answer.data).toHaveLength(2);
    expect(answer.data?.[0]).toMatchObject({ b64_json: PIXEL_TEXT, revised_prompt: 'a grey cat' });
    expect(await lastRow(gateway)).toMatchObject({ spend: '0.08' });
    const events = [];
    for await (const event of await client.images.generate({ model: 'mute', prompt: 'A cat', stream: true })) events.push(event.type);
    expect(events).toEqual(['image_generation.completed']);
  });
});

describe('the bill', () => {
  const billed = async (behaviour: Behaviour, more: Record<string, unknown>): Promise<Record<string, unknown>> => {
    provider.behaviour = behaviour;
    const answer = await draw(more);
    expect(answer.status).toBe(200);
    await answer.arrayBuffer();
    return lastRow(gateway);
  };

  test.each([
    ['dalle3', {}, '0.04'],
    ['dalle3', { size: '1024x1024', quality: 'standard' }, '0.04'],
    ['dalle3', { size: '1792x1024' }, '0.08'],
    ['dalle3', { quality: 'hd' }, '0.08'],
    ['dalle3', { size: '1024x1792', quality: 'hd' }, '0.12'],
    ['dalle2', { size: '256x256', n: 2 }, '0.032'],
    ['dalle2', { size: '512x512', n: 2 }, '0.036'],
    ['dalle2', { n: 2 }, '0.04'],
    ['own', { size: '1024x1792', quality: 'hd' }, '0.5'],
    ['by-pixel', { size: '512x512', n: 2 }, '0.01048576'],
  ])('of %s with %j is %s', async (model, more: Record<string, unknown>, spend) => {
    const n = typeof more['n'] === 'number' ? more['n'] : 1;
    expect(await billed(json(made(n)), { model, ...more })).toMatchObject({ spend });
    expect((await lastRow(gateway))['metadata']).not.toHaveProperty('usage_estimated');
  });

  test('is by the images that came, not by those asked for', async () => {
    expect(await billed(json(made(1)), { model: 'dalle2', n: 4 })).toMatchObject({ spend: '0.02', metadata: { reserved: '0.08' } });
  });

  test('is an estimate where tokens have a price and nobody told them', async () => {
    expect(await billed(json(made()), { model: 'gpt', quality: 'low', size: '1024x1024' })).toMatchObject({
      spend: '0.010895',
      metadata: { usage_estimated: true },
    });
  });

  test('is marked where no price is known', async () => {
    expect(await billed(json(made()), { model: 'painter' })).toMatchObject({ spend: '0', metadata: { unpriced: true } });
  });

  test('stands in the headers, and nothing does where no price is known', async () => {
    provider.behaviour = json(made());
    expect((await draw({ model: 'dalle3' })).headers.get('x-litellm-response-cost')).toBe('0.04');
    const unpriced = await draw({ model: 'painter' });
    expect(unpriced.headers.get('x-litellm-response-cost')).toBeNull();
    expect(unpriced.headers.get('x-gateway-unpriced')).toBe('true');
  });

  test('is set aside before the call: size, quality and number', async () => {
    const key = await gateway.key({ max_budget: 0.2 });
    let answer = (): void => undefined;
    const answered = new Promise<void>((resolve) => (answer = resolve));
    provider.behaviour = async (request, response) => {
      await answered;
      await json(DALL_E)(request, response);
    };
    const first = draw({ model: 'dalle3', size: '1024x1792', quality: 'hd' }, key);
    await expect.poll(() => provider.seen.length).toBe(1);
    const refused = await draw({ model: 'dalle3', size: '1024x1792', quality: 'hd' }, key);
    expect(refused.status).toBe(422);
    expect(refused.headers.get('x-should-retry')).toBe('true');
    answer();
    expect((await first).status).toBe(200);
    await expectNothingLeft(gateway);
  });

  test('of a client that left while an image was made is what was asked for, and says so', async () => {
    provider.behaviour = async () => wait(60_000, undefined, { ref: false });
    const controller = new AbortController();
    const call = client.images.generate({ model: 'dalle3', prompt: 'A cat', quality: 'hd' }, { signal: controller.signal });
    await expect.poll(() => provider.seen.length).toBe(1);
    controller.abort();
    await expect(call).rejects.toThrow(/abort/i);
    await provider.last.gone;
    expect(await lastRow(gateway)).toMatchObject({
      status: 'success',
      spend: '0.08',
      metadata: { client_left: true, usage_estimated: true },
    });
  });

  test('of a client that left a stream is what was asked for', async () => {
    const [first = ''] = EVENTS.split(/(?<=\n\n)/);
    provider.behaviour = async (_request, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' }).write(first);
      await wait(60_000, undefined, { ref: false });
    };
    const answer = await draw({ stream: true, quality: 'low', size: '1024x1024' });
    await answer.body?.cancel();
    await provider.last.gone;
    expect(await lastRow(gateway)).toMatchObject({ status: 'success', spend: '0.010895', metadata: { client_left: true } });
  });
});

describe('images by their addresses', () => {
  test('are fetched where base64 was asked for and only addresses come', async () => {
    const home = await FakeProvider.start((request, response) =>
      request.path === '/made.png'
        ? bytes(PIXEL, 'image/png')(request, response)
        : json({ created: 1, data: [{ url: `${home.url}/made.png`, revised_prompt: 'Grey.' }] })(request, response),
    );
    const own = await startGateway(
      `model_list: [{ model_name: home, litellm_params: { model: localai/flux, api_base: "${home.url}/v1", api_key: sk-x } }]`,
    );
    const body = { model: 'home', prompt: 'A cat' };
    const answer = await own.call('POST', '/v1/images/generations', { ...body, response_format: 'b64_json' });
    expect(await answer.json()).toEqual({
      created: expect.any(Number) as number,
      data: [{ url: null, b64_json: PIXEL_TEXT, revised_prompt: 'Grey.' }],
    });
    const plain = await own.call('POST', '/v1/images/generations', body);
    expect(await plain.json()).toMatchObject({ data: [{ url: `${home.url}/made.png` }] });
    await own.stop();
    await home.stop();
  });

  test('that nobody may fetch stay what they are', async () => {
    provider.behaviour = json({ created: 1, data: [{ url: 'http://169.254.169.254/latest/meta-data' }] });
    const answer = await draw({ model: 'painter', response_format: 'b64_json' });
    expect(await answer.json()).toMatchObject({ data: [{ url: 'http://169.254.169.254/latest/meta-data', b64_json: null }] });
  });
});
