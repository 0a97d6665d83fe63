import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { PIXEL, PIXEL_TEXT } from '../gateway/images/images-gateway.ts';
import { FakeProvider, json, type Behaviour } from '../support/fake-provider.ts';
import { startGateway, type TestGateway } from '../support/gateway.ts';
import { lastRow } from './leaks.ts';

let provider: FakeProvider;
let gateway: TestGateway;

beforeAll(async () => {
  provider = await FakeProvider.start();
  const row = (name: string, model: string): string =>
    `  - { model_name: ${name}, litellm_params: { model: "huggingface/${model}", api_base: "${provider.url}", api_key: hf_secret, input_cost_per_image: 0.01 } }\n`;
  gateway = await startGateway(`model_list:
${row('flux', 'black-forest-labs/FLUX.1-schnell')}${row('together', 'together/black-forest-labs/FLUX.1-schnell')}${row('nebius', 'nebius/black-forest-labs/flux-dev')}
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

const painted: Behaviour = (_request, response) => {
  response.writeHead(200, { 'content-type': 'image/png' }).end(PIXEL);
};
const draw = (model: string, more: object = {}): Promise<Response> =>
  gateway.call('POST', '/v1/images/generations', { model, prompt: 'A house', ...more });

describe('pictures of Hugging Face', () => {
  test('are asked for in its own words, come as bytes, and are paid for by the picture', async () => {
    provider.behaviour = painted;
    const answer = await draw('flux', { n: 2, size: '768x512', num_inference_steps: 4, response_format: 'b64_json' });
    expect(answer.status).toBe(200);
    expect(await answer.json()).toMatchObject({ data: [{ b64_json: PIXEL_TEXT }, { b64_json: PIXEL_TEXT }] });
    expect(provider.seen).toHaveLength(2);
    expect(provider.last).toMatchObject({ path: '/', headers: { accept: 'image/png', authorization: 'Bearer hf_secret' } });
    expect(provider.last.json).toEqual({ inputs: 'A house', parameters: { width: 768, height: 512, num_inference_steps: 4 } });
    expect(await lastRow(gateway)).toMatchObject({ call_type: 'aimage_generation', spend: '0.02', custom_llm_provider: 'huggingface' });
  });

  test('are asked for by the prompt alone where nothing else is said', async () => {
    provider.behaviour = painted;
    expect((await draw('flux')).status).toBe(200);
    expect(provider.last.json).toEqual({ inputs: 'A house' });
  });

  test.each([
    ['together', 'black-forest-labs/FLUX.1-schnell', 'base64'],
    ['nebius', 'black-forest-labs/flux-dev', 'b64_json'],
  ])('are made by %s in OpenAI’s words', async (model, name, format) => {
    provider.behaviour = json({ data: [{ b64_json: PIXEL_TEXT }] });
    const answer = await draw(model, { size: '1024x768', response_format: 'b64_json' });
    expect(await answer.json()).toMatchObject({ data: [{ b64_json: PIXEL_TEXT }] });
    expect(provider.last.path).toBe('/images/generations');
    expect(provider.last.json).toEqual({ model: name, prompt: 'A house', width: 1024, height: 768, response_format: format });
  });

  test('are neither told by an address nor changed', async () => {
    provider.behaviour = painted;
    const refused = await draw('flux', { response_format: 'url' });
    expect([refused.status, await refused.text()]).toEqual([400, expect.stringContaining('response_format')]);
    const edit = await gateway.call('POST', '/v1/images/edits', { model: 'flux', prompt: 'Blue', images: [{ image_url: 'https://x.example/a.png' }] }); // prettier-ignore
    expect(edit.status).toBe(400);
    expect(provider.seen).toEqual([]);
  });

  test('of a model that loads come later: the error says when', async () => {
    provider.behaviour = json({ error: 'Model is currently loading', estimated_time: 20 }, 503);
    const answer = await draw('flux');
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '20']);
  });
});
