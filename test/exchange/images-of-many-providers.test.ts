import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { wireCase } from '../dialects/wire-case.ts';
import { FORM_TYPE, form, type Part } from '../gateway/audio/forms.ts';
import { PIXEL, PIXEL_TEXT } from '../gateway/images/images-gateway.ts';
import { FakeProvider, json, type Behaviour } from '../support/fake-provider.ts';
import { startGateway, type TestGateway } from '../support/gateway.ts';
import { lastRow } from './leaks.ts';

/** Images at providers that are not asked as OpenAI is: what each gets, what is told of it, what it costs. */
let provider: FakeProvider;
let gateway: TestGateway;

const wire = (name: string): Behaviour => json(wireCase(name).response);
const asked = (name: string): Record<string, unknown> => wireCase(name).request;

beforeAll(async () => {
  provider = await FakeProvider.start();
  const signing = `aws_access_key_id: AKIAEXAMPLE00000, aws_secret_access_key: a-very-secret-access-key, aws_region_name: eu-central-1, aws_bedrock_runtime_endpoint: "${provider.url}"`;
  const row = (name: string, model: string, params = `api_base: "${provider.url}/v1", api_key: sk-provider`): string =>
    `  - { model_name: ${name}, litellm_params: { model: "${model}", ${params} } }\n`;
  const google = `api_base: "${provider.url}/v1beta", api_key: a-google-key`;
  gateway = await startGateway(`model_list:
${row('imagen', 'gemini/imagen-4.0-generate-001', google)}${row('vertex', 'vertex_ai/imagen-4.0-fast-generate-001', `api_base: "${provider.url}", api_key: an-express-key, vertex_project: home, vertex_location: europe-west4`)}${row('banana', 'gemini/gemini-2.5-flash-image', google)}${row('nova', 'bedrock/amazon.nova-canvas-v1:0', signing)}${row('sd', 'bedrock/stability.sd3-5-large-v1:0', signing)}${row('claude', 'bedrock/us.anthropic.claude-sonnet-4-20250514-v1:0', signing)}
${row('fal', 'fal_ai/fal-ai/flux/dev')}${row('fal-edit', 'fal_ai/fal-ai/nano-banana/edit')}${row('core', 'stability/stable-image-core')}${row('sd35', 'stability/sd3.5-large')}${row('minimax', 'minimax/image-01')}${row('silicon', 'siliconflow/Qwen/Qwen-Image')}${row('router', 'openrouter/google/gemini-2.5-flash-image')}${row('fireworks', 'fireworks_ai/flux-1-schnell-fp8')}${row('grok', 'xai/grok-imagine-image')}${row('recraft', 'recraft/recraftv3')}
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

const images = (count: number): unknown[] =>
  Array.from({ length: count }, () => ({ url: null, b64_json: PIXEL_TEXT, revised_prompt: null }));
const addresses = (...urls: string[]): unknown[] => urls.map((url) => ({ url, b64_json: null, revised_prompt: null }));

describe('Google', () => {
  test('is asked for several at once by Imagen, and billed by the image', async () => {
    provider.behaviour = wire('images/imagen');
    expect(await draw('imagen', { n: 2, size: '1024x1792', response_format: 'b64_json' })).toMatchObject({ status: 200, data: images(2) });
    expect(provider.last.path).toBe('/v1beta/models/imagen-4.0-generate-001:predict');
    expect(provider.last.headers['x-goog-api-key']).toBe('a-google-key');
    expect(provider.last.json).toEqual(asked('images/imagen'));
    expect(await lastRow(gateway)).toMatchObject({ spend: '0.08', custom_llm_provider: 'gemini' });
  });

  test('is asked at Vertex AI by the same body', async () => {
    provider.behaviour = wire('images/imagen');
    expect(await draw('vertex', { n: 2, size: '1024x1792' })).toMatchObject({ status: 200, data: images(2) });
    expect(provider.last.path).toMatch(/\/publishers\/google\/models\/imagen-4\.0-fast-generate-001:predict$/);
    expect(provider.last.json).toEqual(asked('images/imagen'));
    expect(await lastRow(gateway)).toMatchObject({ spend: '0.04', custom_llm_provider: 'vertex_ai' });
  });

  test('is asked again for more than four', async () => {
    provider.behaviour = wire('images/imagen');
    await draw('imagen', { n: 6 });
    expect(provider.seen.map(({ json: body }) => (body['parameters'] as { sampleCount: number }).sampleCount)).toEqual([4, 2]);
  });

  test('tells what its filter kept back', async () => {
    provider.behaviour = wire('images/imagen-filtered');
    expect(await draw('imagen')).toMatchObject({ status: 400, error: { code: 'content_policy_violation' } });
    expect(await lastRow(gateway)).toMatchObject({ status: 'failure', spend: '0' });
  });

  test('makes images in a conversation, and is billed by tokens', async () => {
    provider.behaviour = wire('gemini/image-made');
    const answer = await draw('banana', { size: '1792x1024' });
    expect(answer).toMatchObject({
      status: 200,
      data: [{ b64_json: expect.stringMatching(/^iVBOR/) as string }],
      usage: { output_tokens: 1300 },
    });
    expect(provider.last.path).toBe('/v1beta/models/gemini-2.5-flash-image:generateContent');
    expect(provider.last.json).toMatchObject({
      contents: [{ role: 'user', parts: [{ text: 'A grey cat' }] }],
      generationConfig: { responseModalities: ['IMAGE', 'TEXT'], imageConfig: { aspectRatio: '16:9' } },
    });
    // 4 at 0.3, 10 of words at 2.5, 1290 of images at 30 US dollars a million.
    expect(await lastRow(gateway)).toMatchObject({ spend: '0.0387262', prompt_tokens: 4, completion_tokens: 1300 });
  });

  test('changes an image that comes in a form', async () => {
    provider.behaviour = wire('gemini/image-made');
    expect(await paint('banana')).toMatchObject({ status: 200 });
    expect(provider.last.json).toMatchObject({
      contents: [{ role: 'user', parts: [{ text: 'Make it blue' }, { inlineData: { mimeType: 'image/png', data: PIXEL_TEXT } }] }],
    });
    expect(await lastRow(gateway)).toMatchObject({ call_type: 'aimage_edit' });
    expect(await paint('imagen')).toMatchObject({ status: 400 });
  });

  test('is not asked what it cannot be told, unless that may be dropped', async () => {
    provider.behaviour = wire('gemini/image-made');
    expect(await draw('banana', { background: 'transparent' })).toMatchObject({ status: 400, error: { param: 'background' } });
    expect(provider.seen).toHaveLength(0);
    expect(await draw('banana', { background: 'transparent', drop_params: true })).toMatchObject({ status: 200 });
    expect(await draw('banana', { response_format: 'url' })).toMatchObject({ status: 400, error: { param: 'response_format' } });
  });

  test('tells a stream of one event', async () => {
    provider.behaviour = wire('images/imagen');
    const answer = await gateway.call('POST', '/v1/images/generations', { model: 'imagen', prompt: 'A cat', n: 2, stream: true });
    expect(answer.headers.get('content-type')).toContain('text/event-stream');
    expect((await answer.text()).match(/event: image_generation\.completed/g)).toHaveLength(2);
  });
});

describe('Bedrock', () => {
  test('is asked by Amazon’s own body, signed, and billed by size and quality', async () => {
    provider.behaviour = wire('images/bedrock-nova');
    const more = { n: 2, size: '2048x1024', quality: 'hd', seed: 7, negativeText: 'dogs' };
    expect(await draw('nova', more)).toMatchObject({ status: 200, data: images(2) });
    expect(provider.last.json).toEqual(asked('images/bedrock-nova'));
    expect(provider.last.path).toBe('/model/amazon.nova-canvas-v1%3A0/invoke');
    expect(provider.last.headers['authorization']).toMatch(/^AWS4-HMAC-SHA256 Credential=AKIAEXAMPLE00000\//);
    expect(await lastRow(gateway)).toMatchObject({
      spend: '0.16',
      metadata: { price: { rule: 'bedrock/amazon.nova-canvas-v1:0 premium, above 1048576 pixels' } },
    });
  });

  test.each([
    [[], { taskType: 'IMAGE_VARIATION', imageVariationParams: { text: 'Make it blue', images: [PIXEL_TEXT] } }],
    [
      [['mask', PIXEL, 'mask.png', 'image/png']] satisfies Part[],
      { taskType: 'INPAINTING', inPaintingParams: { text: 'Make it blue', image: PIXEL_TEXT, maskImage: PIXEL_TEXT } },
    ],
  ])('changes an image, with %j beside it', async (more, body) => {
    provider.behaviour = wire('images/bedrock-nova');
    expect(await paint('nova', more)).toMatchObject({ status: 200 });
    expect(provider.last.json).toMatchObject(body);
  });

  test('is asked by Stability’s body, once for each image', async () => {
    provider.behaviour = wire('images/bedrock-stability');
    expect(await draw('sd', { n: 2, size: '1792x1024', output_format: 'png' })).toMatchObject({ status: 200, data: images(2) });
    expect(provider.seen.map((seen) => seen.json)).toEqual([asked('images/bedrock-stability'), asked('images/bedrock-stability')]);
    expect(await lastRow(gateway)).toMatchObject({ spend: '0', metadata: { unpriced: true } });
  });

  test('tells which models it makes images with', async () => {
    expect(await draw('claude')).toMatchObject({ status: 400, error: { message: expect.stringContaining('Nova Canvas') as string } });
  });
});

describe('a provider by its row', () => {
  test('fal gets a size as an object, and gives addresses', async () => {
    provider.behaviour = wire('images/fal');
    const answer = await draw('fal', { n: 2, size: '1024x768' });
    expect(answer).toMatchObject({
      status: 200,
      data: addresses('https://v3.fal.media/files/one.png', 'https://v3.fal.media/files/two.png'),
    });
    expect(provider.last.path).toBe('/v1/fal-ai/flux/dev');
    expect(provider.last.headers['authorization']).toBe('Key sk-provider');
    expect(provider.last.json).toEqual(asked('images/fal'));
    await draw('fal', { response_format: 'b64_json' });
    expect(provider.last.json).toEqual({ prompt: 'A grey cat', sync_mode: true });
  });

  test('fal gets images inside JSON', async () => {
    provider.behaviour = wire('images/fal');
    expect(await paint('fal-edit')).toMatchObject({ status: 200 });
    expect(provider.last.json).toEqual({ prompt: 'Make it blue', image_urls: [`data:image/png;base64,${PIXEL_TEXT}`] });
  });

  test('Stability gets a form, once for each image, and is billed by the model', async () => {
    provider.behaviour = wire('images/stability');
    expect(await draw('core', { n: 2, size: '1792x1024', negative_prompt: 'dogs' })).toMatchObject({ status: 200, data: images(2) });
    expect(provider.seen.map(({ path }) => path)).toEqual(['/v1/generate/core', '/v1/generate/core']);
    const got = await formOf();
    expect(got).toEqual({ prompt: 'A grey cat', aspect_ratio: '16:9', negative_prompt: 'dogs' });
    expect(provider.last.headers['accept']).toBe('application/json');
    expect(await lastRow(gateway)).toMatchObject({ spend: '0.06' });
    await draw('sd35');
    expect(provider.last.path).toBe('/v1/generate/sd3');
    expect(await formOf()).toEqual({ model: 'sd3.5-large', prompt: 'A grey cat' });
    expect(await lastRow(gateway)).toMatchObject({ spend: '0.065' });
  });

  test('Stability changes an image by what its model can', async () => {
    provider.behaviour = wire('images/stability');
    await paint('sd35');
    expect(provider.last.path).toBe('/v1/generate/sd3');
    expect(await formOf()).toEqual({
      model: 'sd3.5-large',
      prompt: 'Make it blue',
      mode: 'image-to-image',
      strength: '0.7',
      image: 'cat.png',
    });
    await paint('core');
    expect(provider.last.path).toBe('/v1/edit/inpaint');
  });

  test('Recraft changes an image at a path of its own', async () => {
    provider.behaviour = json({ data: [{ url: 'https://img.recraft.ai/one' }] });
    expect(await paint('recraft')).toMatchObject({ status: 200 });
    expect(provider.last.path).toBe('/v1/images/imageToImage');
    expect(await formOf()).toEqual({ model: 'recraftv3', prompt: 'Make it blue', strength: '0.5', image: 'cat.png' });
    expect(await lastRow(gateway)).toMatchObject({ spend: '0.04' });
  });

  test('MiniMax and SiliconFlow get their own names', async () => {
    provider.behaviour = wire('images/minimax');
    expect(await draw('minimax', { n: 2, size: '1792x1024', response_format: 'b64_json' })).toMatchObject({ status: 200, data: images(2) });
    expect(provider.last.path).toBe('/v1/image_generation');
    expect(provider.last.json).toEqual(asked('images/minimax'));
    provider.behaviour = wire('images/siliconflow');
    const answer = await draw('silicon', { n: 2, size: '1328x1328' });
    expect(answer).toMatchObject({ status: 200, data: addresses('https://s3.example/one.png', 'https://s3.example/two.png') });
    expect(provider.last.json).toEqual(asked('images/siliconflow'));
  });

  test('OpenRouter is asked in a conversation, and its own figure is the bill', async () => {
    provider.behaviour = wire('images/openrouter');
    expect(await draw('router', { size: '1024x1792', response_format: 'b64_json' })).toMatchObject({ status: 200, data: images(1) });
    expect(provider.last.path).toBe('/v1/chat/completions');
    expect(provider.last.json).toMatchObject({
      model: 'google/gemini-2.5-flash-image',
      messages: [{ role: 'user', content: 'A grey cat' }],
      modalities: ['image', 'text'],
      image_config: { aspect_ratio: '9:16' },
    });
    expect(provider.last.json).not.toHaveProperty('stream', true);
    expect(await lastRow(gateway)).toMatchObject({ spend: '0.0387' });
  });

  test('Fireworks is asked at the path of the model', async () => {
    provider.behaviour = wire('images/fireworks');
    expect(await draw('fireworks', { size: '1024x1024' })).toMatchObject({ status: 200, data: images(1) });
    expect(provider.last.path).toBe('/v1/workflows/accounts/fireworks/models/flux-1-schnell-fp8/text_to_image');
    expect(provider.last.json).toEqual(asked('images/fireworks'));
  });

  test('xAI is told a form, and refuses what it does not know', async () => {
    provider.behaviour = json({ data: [{ url: 'https://imgen.x.ai/one.jpeg', revised_prompt: 'A cat.' }] });
    expect(await draw('grok', { size: '1792x1024', n: 1 })).toMatchObject({ status: 200, data: [{ url: 'https://imgen.x.ai/one.jpeg' }] });
    expect(provider.last.json).toEqual({ model: 'grok-imagine-image', prompt: 'A grey cat', aspect_ratio: '16:9', n: 1 });
    expect(await lastRow(gateway)).toMatchObject({ spend: '0.02' });
    expect(await draw('grok', { quality: 'hd' })).toMatchObject({ status: 400, error: { param: 'quality' } });
    expect(await draw('grok', { quality: 'auto', style: 'vivid', user: 'ann' })).toMatchObject({ status: 200 });
    expect(await draw('grok', { size: 'huge' })).toMatchObject({ status: 400, error: { param: 'size' } });
  });

  test('that makes images alone is no partner in a conversation', async () => {
    const answer = await gateway.call('POST', '/v1/chat/completions', { model: 'core', messages: [{ role: 'user', content: 'Hi' }] });
    expect(answer.status).toBe(400);
    expect(await answer.text()).toContain('/v1/images/generations');
  });
});

/** The form that the provider got last; files by their names. */
async function formOf(): Promise<Record<string, string>> {
  const { headers, body } = provider.last;
  const data = await new Response(new Uint8Array(body), { headers: { 'content-type': headers['content-type'] ?? '' } }).formData();
  return Object.fromEntries([...data.entries()].map(([name, value]) => [name, typeof value === 'string' ? value : value.name]));
}
