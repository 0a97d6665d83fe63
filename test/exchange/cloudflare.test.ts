import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { FakeProvider, json } from '../support/fake-provider.ts';
import { startGateway, type TestGateway } from '../support/gateway.ts';
import { lastRow } from './leaks.ts';

const ROOT = '/client/v4/accounts/a1/ai';
const PNG = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNoAAAAggCBd81ytgAAAABJRU5ErkJggg==', 'base64');

let provider: FakeProvider;
let gateway: TestGateway;

beforeAll(async () => {
  provider = await FakeProvider.start();
  const row = (name: string, model: string, more = ''): string =>
    `  - { model_name: ${name}, litellm_params: { model: "cloudflare/${model}", api_base: "${provider.url}${ROOT}/v1", api_key: cf-secret${more} } }\n`;
  gateway = await startGateway(`model_list:
${row('flux', '@cf/black-forest-labs/flux-1-schnell', ', input_cost_per_image: 0.003')}${row('phoenix', '@cf/leonardo/phoenix-1.0', ', input_cost_per_pixel: 0.00000001')}${row('flux-2', '@cf/black-forest-labs/flux-2-dev')}${row('llama', '@cf/meta/llama-3.3-70b-instruct-fp8-fast')}${row('bge', '@cf/baai/bge-m3')}
router_settings: { num_retries: 0, disable_cooldowns: true }
`);
});

afterAll(async () => {
  await gateway.stop();
  await provider.stop();
});

beforeEach(() => {
  provider.seen.length = 0;
});

const draw = (model: string, more: object = {}): Promise<Response> =>
  gateway.call('POST', '/v1/images/generations', { model, prompt: 'A house', ...more });
const made = { result: { image: PNG.toString('base64') }, success: true, errors: [], messages: [] };

describe('pictures of Workers AI', () => {
  test('are asked for at the address of the model, once for each, and paid for by the picture', async () => {
    provider.behaviour = json(made);
    const answer = await draw('flux', { n: 2, steps: 4, response_format: 'b64_json' });
    expect(answer.status).toBe(200);
    expect(await answer.json()).toMatchObject({ data: [{ b64_json: PNG.toString('base64') }, { b64_json: PNG.toString('base64') }] });
    expect(provider.seen.map(({ path }) => path)).toEqual([0, 1].map(() => `${ROOT}/run/@cf/black-forest-labs/flux-1-schnell`));
    expect(provider.last.headers.authorization).toBe('Bearer cf-secret');
    expect(provider.last.json).toEqual({ prompt: 'A house', steps: 4 });
    expect(await lastRow(gateway)).toMatchObject({ call_type: 'aimage_generation', spend: '0.006' });
  });

  test('that come as bytes are told as base64, and paid for by their size', async () => {
    provider.behaviour = (_request, response) => {
      response.writeHead(200, { 'content-type': 'image/png' }).end(PNG);
    };
    const answer = await draw('phoenix', { size: '1024x512', num_steps: 20, negative_prompt: 'people' });
    expect(await answer.json()).toMatchObject({ data: [{ b64_json: PNG.toString('base64') }] });
    expect(provider.last.json).toEqual({ prompt: 'A house', width: 1024, height: 512, num_steps: 20, negative_prompt: 'people' });
    expect(await lastRow(gateway)).toMatchObject({ spend: '0.00524288' });
  });

  test('of FLUX.2 are asked for by a form', async () => {
    provider.behaviour = json(made);
    expect((await draw('flux-2', { size: '1024x1024' })).status).toBe(200);
    expect(String(provider.last.headers['content-type'])).toContain('multipart/form-data');
    expect(provider.last.body.toString()).toMatch(/name="width"\r\n\r\n1024\r\n[\s\S]*name="prompt"\r\n\r\nA house\r\n/);
    expect(await lastRow(gateway)).toMatchObject({ metadata: { unpriced: true } });
  });

  test('are not asked for with what the model cannot be told', async () => {
    const answer = await draw('flux', { size: '512x512' });
    expect(answer.status).toBe(400);
    expect(await answer.text()).toContain('size');
    expect((await draw('phoenix', { response_format: 'url' })).status).toBe(400);
    expect((await gateway.call('POST', '/v1/images/edits', { model: 'phoenix', prompt: 'A', images: [{ image_url: 'data:image/png;base64,AA' }] })).status).toBe(400); // prettier-ignore
    expect(provider.seen).toEqual([]);
  });
});

test('vectors come by its OpenAI interface', async () => {
  provider.behaviour = json({ object: 'list', data: [{ object: 'embedding', index: 0, embedding: [1, 2] }], model: '@cf/baai/bge-m3', usage: { prompt_tokens: 2, total_tokens: 2 } }); // prettier-ignore
  const answer = await gateway.call('POST', '/v1/embeddings', { model: 'bge', input: ['a'] });
  expect(await answer.json()).toMatchObject({ data: [{ embedding: [1, 2] }] });
  expect(provider.last).toMatchObject({ path: `${ROOT}/v1/embeddings`, json: { model: '@cf/baai/bge-m3' } });
});

describe.each([
  [401, 10000, 'Authentication error', 401, 'AuthenticationError'],
  [400, 5007, 'No such model @cf/x or task', 404, 'NotFoundError'],
  [400, 5004, 'Invalid data', 400, 'BadRequestError'],
  [403, 5018, 'This account is not allowed', 403, 'PermissionDeniedError'],
  [429, 3040, 'Capacity temporarily exceeded, please try again.', 429, 'RateLimitError'],
  [429, 3036, 'you have used up your daily free allocation of 10,000 neurons', 429, 'RateLimitError'],
  [200, 3040, 'Capacity temporarily exceeded, please try again.', 429, 'RateLimitError'],
  [408, 3007, 'Request timeout', 408, 'Timeout'],
])('a refusal with status %i and code %i', (status, code, message, told, kind) => {
  const envelope = { result: null, success: false, errors: [{ code, message }], messages: [] };

  test.each(['chat/completions', 'images/generations'])(`is told as ${told} by %s`, async (path) => {
    provider.behaviour = json(envelope, status);
    const body = path.startsWith('chat')
      ? { model: 'llama', messages: [{ role: 'user', content: 'Hi' }] }
      : { model: 'phoenix', prompt: 'A' };
    const answer = await gateway.call('POST', `/v1/${path}`, body);
    expect(answer.status).toBe(told);
    const { error } = (await answer.json()) as { error: { message: string } };
    expect(error.message).toContain(message);
    expect(error.message).toContain(kind);
  });
});
