import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { wireCase } from '../dialects/wire-case.ts';
import { FORM_TYPE, form, type Part } from '../gateway/audio/forms.ts';
import { bytes, PIXEL, PIXEL_TEXT } from '../gateway/images/images-gateway.ts';
import { FakeProvider, json, type Behaviour } from '../support/fake-provider.ts';
import { startGateway, type TestGateway } from '../support/gateway.ts';
import { asked, predictions } from '../support/predictions.ts';
import { inTurn } from '../support/wire-answers.ts';
import { expectNothingLeft, lastRow } from './leaks.ts';

/** Images of providers that make them after they took the request, and of those that answer with the image itself. */
let provider: FakeProvider;
let gateway: TestGateway;

const documented = (name: string): Record<string, unknown> => wireCase(`images/${name}`).request;
const told = (name: string): Record<string, unknown> => wireCase(`images/${name}`).response as Record<string, unknown>;
/** Says so, and that it may be asked again at once. */
const soon = (body: unknown): Behaviour => json(body, 200, { 'retry-after-ms': '1' });
const url = (): string => provider.url;

beforeAll(async () => {
  provider = await FakeProvider.start();
  const row = (name: string, model: string, more = ''): string =>
    `  - { model_name: ${name}, litellm_params: { model: "${model}", api_base: "${provider.url}/v1", api_key: a-key-of-the-provider, output_cost_per_image: 0.05${more} } }\n`;
  gateway = await startGateway(`model_list:
${row('bfl', 'bfl/flux-pro-1.1')}${row('kontext', 'bfl/flux-kontext-pro')}${row('fill', 'bfl/flux-pro-1.0-fill')}${row('quick', 'bfl/flux-2-pro', ', timeout: 0.3')}${row('runway', 'runwayml/gen4_image')}${row('luma', 'luma/photon-1')}${row('schnell', 'replicate/black-forest-labs/flux-schnell')}${row('sdxl', 'replicate/stability-ai/sdxl:7762fd07cf82c948538e41f63f77d685e02b063e37e496e96eefd46c929f9bdc')}${row('nano', 'replicate/google/nano-banana')}${row('prodia', 'prodia/inference.flux-fast.schnell.txt2img.v2')}${row('segmind', 'segmind/sdxl1.0-txt2img')}
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

async function draw(model: string, more: Record<string, unknown> = {}): Promise<Record<string, unknown>> {
  const answer = await gateway.call('POST', '/v1/images/generations', { model, prompt: 'A grey cat', ...more });
  return { status: answer.status, ...((await answer.json()) as Record<string, unknown>) };
}

async function paint(model: string, more: readonly Part[] = []): Promise<Record<string, unknown>> {
  const parts: Part[] = [['model', model], ['prompt', 'Make it blue'], ...more, ['image', PIXEL, 'cat.png', 'image/png']];
  const answer = await fetch(`${gateway.url}/v1/images/edits`, {
    method: 'POST',
    headers: { authorization: `Bearer ${gateway.masterKey}`, 'content-type': FORM_TYPE },
    body: new Uint8Array(form(...parts)),
  });
  return { status: answer.status, ...((await answer.json()) as Record<string, unknown>) };
}

const addresses = (...urls: string[]): unknown[] => urls.map((address) => ({ url: address, b64_json: null, revised_prompt: null }));

/** A job at Black Forest Labs: taken, asked for once in vain, done. */
function bfl(done: unknown = told('bfl')): Behaviour {
  const begun = { id: 'd1f3', polling_url: `${provider.url}/v1/get_result?id=d1f3` };
  return inTurn(soon(begun), soon({ id: 'd1f3', status: 'Pending', result: null }), json(done));
}

describe('Black Forest Labs', () => {
  test('is asked for an image until it is there, which is paid once', async () => {
    provider.behaviour = bfl();
    const answer = await draw('bfl', { size: '1792x1024', user: 'ann' });
    expect(answer).toMatchObject({ status: 200, data: addresses('https://delivery-eu1.bfl.ai/results/cat.jpeg?sig=1') });
    expect(asked(provider.seen)).toEqual(['POST /v1/flux-pro-1.1', 'GET /v1/get_result?id=d1f3', 'GET /v1/get_result?id=d1f3']);
    expect(provider.seen[0]?.json).toEqual(documented('bfl'));
    for (const { headers } of provider.seen) expect(headers['x-key']).toBe('a-key-of-the-provider');
    expect(await lastRow(gateway)).toMatchObject({
      spend: '0.05',
      custom_llm_provider: 'black_forest_labs',
      call_type: 'aimage_generation',
    });
  });

  test('is asked once for each image, and each is paid', async () => {
    const jobs = [bfl(), bfl()];
    let at = -1;
    provider.behaviour = (request, response) => jobs[request.method === 'POST' ? ++at : at]?.(request, response);
    expect(await draw('bfl', { n: 2 })).toMatchObject({ status: 200, data: [{}, {}] });
    expect(asked(provider.seen).filter((line) => line.startsWith('POST'))).toHaveLength(2);
    expect(await lastRow(gateway)).toMatchObject({ spend: '0.1' });
  });

  test('has its images fetched where bytes are wanted', async () => {
    const done = bfl({ status: 'Ready', result: { sample: `${provider.url}/cat.png` } });
    const image = bytes(PIXEL, 'image/png');
    provider.behaviour = (request, response) => (request.path === '/cat.png' ? image : done)(request, response);
    expect(await draw('bfl', { response_format: 'b64_json' })).toMatchObject({ status: 200, data: [{ url: null, b64_json: PIXEL_TEXT }] });
    expect(provider.seen[0]?.json).toEqual({ prompt: 'A grey cat' });
    expect(provider.last.headers).not.toHaveProperty('x-key');
  });

  test.each(['Request Moderated', 'Content Moderated'])('that says %s has refused the content', async (status) => {
    provider.behaviour = bfl({ id: 'd1f3', status, result: null, details: { 'Moderation Reasons': ['Violence'] } });
    expect(await draw('bfl')).toMatchObject({
      status: 400,
      error: { code: 'content_policy_violation', message: expect.stringContaining(`ContentPolicyViolationError: BlackForestLabsException - ${status}: ["Violence"]`) },
    }); // prettier-ignore
    expect(await lastRow(gateway)).toMatchObject({ spend: '0', status: 'failure' });
  });

  test('changes images that come along', async () => {
    provider.behaviour = bfl();
    expect(await paint('kontext', [['size', '1024x1792']])).toMatchObject({ status: 200 });
    expect(provider.seen[0]?.json).toEqual({ prompt: 'Make it blue', aspect_ratio: '9:16', input_image: PIXEL_TEXT });
    provider.behaviour = bfl();
    expect(await paint('fill', [['mask', PIXEL, 'mask.png', 'image/png'], ['image', PIXEL, 'b.png', 'image/png']])).toMatchObject({ status: 200 }); // prettier-ignore
    expect(provider.seen.findLast(({ method }) => method === 'POST')?.json).toEqual({ prompt: 'Make it blue', image: PIXEL_TEXT, image_2: PIXEL_TEXT, mask: PIXEL_TEXT }); // prettier-ignore
    expect(await paint('bfl')).toMatchObject({ status: 400, error: { message: expect.stringContaining('does not change any') } });
  });

  test('that does not finish in time is a time-out', async () => {
    const begun = { id: 'd1f3', polling_url: `${provider.url}/v1/get_result?id=d1f3` };
    provider.behaviour = inTurn(soon(begun), soon({ status: 'Pending' }));
    expect(await draw('quick')).toMatchObject({ status: 408, error: { type: 'timeout_error' } });
    await expectNothingLeft(gateway);
  });

  test('says why it took no job', async () => {
    provider.behaviour = json({ detail: 'Not authenticated - Invalid Authentication' }, 403);
    expect(await draw('bfl')).toMatchObject({ status: 403, error: { message: expect.stringContaining('Invalid Authentication') } });
    provider.behaviour = json({ detail: [{ loc: ['body', 'width'], msg: 'Input should be a multiple of 32', type: 'value_error' }] }, 422);
    expect(await draw('bfl')).toMatchObject({ status: 422, error: { message: expect.stringContaining('body.width: Input should be') } });
    expect(await draw('bfl', { quality: 'hd' })).toMatchObject({ status: 400, error: { param: 'quality' } });
  });
});

describe('Runway', () => {
  test('makes a task, is asked for it, and hears when it failed for its content', async () => {
    provider.behaviour = inTurn(soon({ id: 't-1' }), soon({ id: 't-1', status: 'RUNNING', progress: 0.5 }), json(told('runway')));
    expect(await draw('runway', { size: '1792x1024', n: 1 })).toMatchObject({ status: 200, data: addresses('https://dnznrvs05pmza.cloudfront.net/cat.png?_jwt=1') }); // prettier-ignore
    expect(asked(provider.seen)).toEqual(['POST /v1/text_to_image', 'GET /v1/tasks/t-1', 'GET /v1/tasks/t-1']);
    expect(provider.seen[0]?.json).toEqual(documented('runway'));
    expect(provider.last.headers).toMatchObject({ 'x-runway-version': '2024-11-06', authorization: 'Bearer a-key-of-the-provider' });
    expect(await lastRow(gateway)).toMatchObject({ spend: '0.05' });
    provider.behaviour = inTurn(
      soon({ id: 't-2' }),
      json({ id: 't-2', status: 'FAILED', failure: 'Blocked.', failureCode: 'SAFETY.INPUT.TEXT' }),
    );
    expect(await draw('runway')).toMatchObject({ status: 400, error: { code: 'SAFETY.INPUT.TEXT', message: expect.stringContaining('ContentPolicyViolationError') } }); // prettier-ignore
    expect(provider.seen.findLast(({ method }) => method === 'POST')?.json).toMatchObject({ ratio: '1024:1024' });
  });

  test('gets images to look at', async () => {
    provider.behaviour = inTurn(soon({ id: 't-1' }), json(told('runway')));
    expect(await paint('runway')).toMatchObject({ status: 200 });
    expect(provider.seen[0]?.json).toMatchObject({
      promptText: 'Make it blue',
      referenceImages: [{ uri: `data:image/png;base64,${PIXEL_TEXT}` }],
    });
  });

  test('hears that a task is not wanted any more', async () => {
    provider.behaviour = (request, response) =>
      json(request.method === 'DELETE' ? {} : { id: 't-1', status: 'PENDING' }, 200, { 'retry-after-ms': '1' })(request, response);
    const leaving = new AbortController();
    const answer = fetch(`${gateway.url}/v1/images/generations`, {
      method: 'POST',
      headers: { authorization: `Bearer ${gateway.masterKey}`, 'content-type': 'application/json' },
      body: JSON.stringify({ model: 'runway', prompt: 'A grey cat' }),
      signal: leaving.signal,
    }).catch(() => null);
    await expect.poll(() => asked(provider.seen), { interval: 5 }).toContain('GET /v1/tasks/t-1');
    leaving.abort();
    await answer;
    await expect.poll(() => asked(provider.seen).at(-1), { interval: 5 }).toBe('DELETE /v1/tasks/t-1');
    await expectNothingLeft(gateway);
  });
});

describe('Luma', () => {
  test('is asked in its own words until the image is there', async () => {
    provider.behaviour = inTurn(soon({ id: 'c7a1', state: 'queued' }), soon({ id: 'c7a1', state: 'dreaming' }), json(told('luma')));
    expect(await draw('luma', { size: '1024x1792', output_format: 'jpeg' })).toMatchObject({ status: 200, data: addresses('https://storage.cdn-luma.com/cat.jpg') }); // prettier-ignore
    expect(asked(provider.seen)).toEqual(['POST /v1/generations/image', 'GET /v1/generations/c7a1', 'GET /v1/generations/c7a1']);
    expect(provider.seen[0]?.json).toEqual(documented('luma'));
  });
});

describe('Replicate', () => {
  test('makes several images in one prediction where the model does', async () => {
    provider.behaviour = predictions(url, { done: told('replicate'), after: 2 });
    const more = { n: 2, size: '1536x1024', output_format: 'jpeg', seed: 7 };
    expect(await draw('schnell', more)).toMatchObject({ status: 200, data: addresses('https://replicate.delivery/x/out-0.jpg', 'https://replicate.delivery/x/out-1.jpg') }); // prettier-ignore
    expect(provider.seen[0]).toMatchObject({
      path: '/v1/models/black-forest-labs/flux-schnell/predictions',
      headers: { prefer: 'wait=60' },
    });
    expect(provider.seen[0]?.json).toEqual(documented('replicate'));
    expect(await lastRow(gateway)).toMatchObject({ spend: '0.1', custom_llm_provider: 'replicate' });
  });

  test('is asked for a version by its number, and told sides', async () => {
    provider.behaviour = predictions(url, { done: { ...told('replicate'), output: 'https://replicate.delivery/x/out.png' } });
    expect(await draw('sdxl', { size: '1000x1000', negative_prompt: 'dogs' })).toMatchObject({ status: 200, data: [{}] });
    expect(provider.last.path).toBe('/v1/predictions');
    expect(provider.last.json).toEqual({
      version: '7762fd07cf82c948538e41f63f77d685e02b063e37e496e96eefd46c929f9bdc',
      input: { prompt: 'A grey cat', width: 1000, height: 1000, negative_prompt: 'dogs' },
    });
  });

  test('changes images, and refuses what it finds sensitive', async () => {
    provider.behaviour = predictions(url, { done: { ...told('replicate'), output: 'https://replicate.delivery/x/out.png' } });
    expect(await paint('nano')).toMatchObject({ status: 200 });
    expect(provider.last.json).toEqual({ input: { prompt: 'Make it blue', image_input: [`data:image/png;base64,${PIXEL_TEXT}`] } });
    provider.behaviour = predictions(url, { done: wireCase('replicate/flagged').response, after: 1 });
    expect(await draw('nano')).toMatchObject({ status: 400, error: { code: 'content_policy_violation' } });
  });
});

describe('a provider that answers with the image itself', () => {
  test('is Prodia, whose models are kinds of jobs', async () => {
    provider.behaviour = bytes(PIXEL, 'image/png');
    expect(await draw('prodia', { size: '1024x1024', seed: 7 })).toMatchObject({ status: 200, data: [{ b64_json: PIXEL_TEXT }] });
    expect(provider.last).toMatchObject({ path: '/v1/job', headers: { accept: 'image/png' } });
    expect(provider.last.json).toEqual({
      type: 'inference.flux-fast.schnell.txt2img.v2',
      config: { prompt: 'A grey cat', width: 1024, height: 1024, seed: 7 },
    });
  });

  test('is Segmind, whose models have a path each', async () => {
    provider.behaviour = bytes(PIXEL, 'image/jpeg');
    expect(await draw('segmind', { size: '1024x768' })).toMatchObject({ status: 200, data: [{ b64_json: PIXEL_TEXT }] });
    expect(provider.last).toMatchObject({ path: '/v1/sdxl1.0-txt2img', headers: { 'x-api-key': 'a-key-of-the-provider' } });
    expect(provider.last.json).toEqual({ prompt: 'A grey cat', img_width: 1024, img_height: 768 });
  });
});
