import { request as open } from 'node:http';
import OpenAI, { BadRequestError, toFile } from 'openai';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { expectNothingLeft, lastRow } from '../../exchange/leaks.ts';
import { FakeProvider, json, stream, type SeenRequest } from '../../support/fake-provider.ts';
import { startGateway, type TestGateway } from '../../support/gateway.ts';
import { FORM_TYPE, form, head, type Part } from '../audio/forms.ts';
import { made, PIXEL, PIXEL_TEXT } from './images-gateway.ts';

let provider: FakeProvider;
let second: FakeProvider;
let gateway: TestGateway;
let client: OpenAI;

const USAGE = { total_tokens: 1106, input_tokens: 50, output_tokens: 1056, input_tokens_details: { text_tokens: 10, image_tokens: 40 } };
const IMAGE: Part = ['image', PIXEL, 'cat.png', 'image/png'];
const MASK: Part = ['mask', Buffer.from('mask'), 'mask.png', 'image/png'];
const MODEL: Part = ['model', 'gpt'];
const PROMPT: Part = ['prompt', 'Make it blue'];

beforeAll(async () => {
  provider = await FakeProvider.start();
  second = await FakeProvider.start(json(made()));
  const row = (name: string, model: string, more = '', base = provider.url): string =>
    `  - { model_name: ${name}, litellm_params: { model: ${model}, api_base: "${base}/v1", api_key: sk-provider${more} } }\n`;
  gateway = await startGateway(`model_list:
${row('gpt', 'openai/gpt-image-1')}${row('dalle3', 'openai/dall-e-3')}${row('dalle2', 'openai/dall-e-2')}${row('json', 'xai/grok-imagine-image')}${row('together', 'together_ai/flux-kontext')}${row('first', 'openai/gpt-image-1')}${row('spare', 'openai/dall-e-2', '', second.url)}${row('claude', 'anthropic/claude-sonnet-4-5')}${row('azure', 'azure/painter', ', api_version: 2025-04-01-preview, base_model: gpt-image-1').replace('/v1"', '"')}
  - { model_name: mute, litellm_params: { model: openai/dall-e-2, mock_response: "a blue cat" } }
router_settings: { num_retries: 0, disable_cooldowns: true, fallbacks: [{ first: [spare] }] }
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
  provider.behaviour = json(made(1, { usage: USAGE }));
});

const edit = (parts: readonly Part[], path = '/v1/images/edits', key = gateway.masterKey): Promise<Response> =>
  fetch(gateway.url + path, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': FORM_TYPE },
    body: new Uint8Array(form(...parts)),
  });

/** What stood in a form, in its order; files as name, type and bytes. */
async function received({
  headers,
  body,
}: SeenRequest): Promise<(readonly [string, string | { name: string; type: string; bytes: Buffer }])[]> {
  const data = await new Response(new Uint8Array(body), { headers: { 'content-type': headers['content-type'] ?? '' } }).formData();
  return Promise.all(
    [...data.entries()].map(async ([name, value]) => {
      if (typeof value === 'string') return [name, value] as const;
      return [name, { name: value.name, type: value.type, bytes: Buffer.from(await value.arrayBuffer()) }] as const;
    }),
  );
}

const png = (name: string): Promise<File> => toFile(PIXEL, name, { type: 'image/png' });

describe('an edit through the official client', () => {
  test.each(['image', 'model'])('reaches the provider as it is, %s first', async (first) => {
    const image = [await png('a.png'), await png('b.png')];
    const mask = await png('mask.png');
    const rest = { prompt: 'Make it blue', size: '1024x1024' as const, n: 1 };
    const asked = first === 'image' ? { image, mask, ...rest, model: 'gpt' } : { model: 'gpt', ...rest, image, mask };
    const answer = await client.images.edit(asked);
    expect(answer.data?.[0]?.b64_json).toBe(PIXEL_TEXT);
    expect(provider.last.path).toBe('/v1/images/edits');
    const file = (name: string) => ({ name, type: 'image/png', bytes: PIXEL });
    const got = await received(provider.last);
    expect(got.filter(([, value]) => typeof value !== 'string')).toEqual([
      ['image[]', file('a.png')],
      ['image[]', file('b.png')],
      ['mask', file('mask.png')],
    ]);
    expect(Object.fromEntries(got.filter(([, value]) => typeof value === 'string'))).toEqual({
      model: 'gpt-image-1',
      prompt: 'Make it blue',
      size: '1024x1024',
      n: '1',
    });
    // Of a form that was here before its call began.
    if (first === 'image') expect(provider.last.headers['content-length']).toBe(String(provider.last.body.length));
    expect(await lastRow(gateway)).toMatchObject({ call_type: 'aimage_edit', spend: '0.04269' });
  });

  test('comes back as events', async () => {
    const event = { type: 'image_edit.completed', b64_json: PIXEL_TEXT, usage: USAGE };
    provider.behaviour = stream([`event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`]);
    const events = [];
    for await (const each of await client.images.edit({ model: 'gpt', prompt: 'Blue', image: await png('a.png'), stream: true }))
      events.push(each);
    expect(events).toEqual([event]);
    expect(await received(provider.last)).toContainEqual(['stream', 'true']);
    expect(await lastRow(gateway)).toMatchObject({ spend: '0.04269' });
  });

  test('of a model without events comes back as one all the same', async () => {
    provider.behaviour = json(made());
    const events = [];
    for await (const each of await client.images.edit({ model: 'dalle2', prompt: 'Blue', image: await png('a.png'), stream: true }))
      events.push(each.type);
    expect(events).toEqual(['image_edit.completed']);
    expect(await received(provider.last)).not.toContainEqual(['stream', 'true']);
    expect(await lastRow(gateway)).toMatchObject({ spend: '0.02' });
  });

  test('raises the client’s own errors', async () => {
    provider.behaviour = json({ error: { message: 'Invalid image.', param: 'image' } }, 400);
    await expect(client.images.edit({ model: 'gpt', prompt: 'Blue', image: await png('a.png') })).rejects.toBeInstanceOf(BadRequestError);
    await expect(client.images.edit({ model: 'gpt', prompt: 'Blue', image: await toFile(Buffer.alloc(0), 'a.png') })).rejects.toMatchObject(
      { status: 400, param: 'image' },
    );
  });
});

describe('a form', () => {
  test('of small files passes field by field, the fields behind the images at its end', async () => {
    const parts: Part[] = [MODEL, IMAGE, PROMPT, ['user', 'ann'], MASK, ['quality', 'low'], ['metadata[tags][]', 'a']];
    expect((await edit(parts)).status).toBe(200);
    expect((await received(provider.last)).map(([name]) => name)).toEqual(['model', 'prompt', 'user', 'quality', 'image', 'mask']);
    expect(await lastRow(gateway)).toMatchObject({ request_tags: ['a'], end_user: 'ann' });
  });

  test('with large images passes while it arrives, one image after another', async () => {
    const large = Buffer.alloc(3_000_000, 7);
    const boundary = Buffer.from('\r\n');
    const request = open(`${gateway.url}/v1/images/edits`, {
      method: 'POST',
      headers: { authorization: `Bearer ${gateway.masterKey}`, 'content-type': FORM_TYPE },
    });
    const answer = new Promise<number>((resolve) => request.on('response', (response) => resolve(response.resume().statusCode ?? 0)));
    request.write(form(MODEL, PROMPT).subarray(0, form(MODEL, PROMPT).length - '--X-test-boundary--\r\n'.length));
    request.write(Buffer.concat([head(['image[]', large, 'a.png']), large, boundary]));
    await expect.poll(() => gateway.parts.transport.running).toBe(1);
    request.write(Buffer.concat([head(['image[]', large, 'b.png']), large, boundary]));
    request.end(form(['n', '1']));
    expect(await answer).toBe(200);
    const got = await received(provider.last);
    expect(got.map(([name, value]) => (typeof value === 'string' ? name : `${value.name} ${value.bytes.length}`))).toEqual([
      'model',
      'prompt',
      'a.png 3000000',
      'b.png 3000000',
      'n',
    ]);
    expect(got[3]?.[1]).toMatchObject({ bytes: large });
  });

  test.each(['gpt', 'spare'])('is sent again to the group that stands behind the first one', async (model) => {
    provider.behaviour = json({ error: { message: 'no' } }, 500);
    const answer = await edit([['model', model === 'gpt' ? 'first' : model], PROMPT, IMAGE, MASK]);
    expect(answer.status).toBe(200);
    const got = await received(second.last);
    expect(got.map(([name]) => name)).toEqual(['model', 'prompt', 'image', 'mask']);
    expect(got[0]).toEqual(['model', 'dall-e-2']);
    expect(await lastRow(gateway)).toMatchObject({ spend: '0.02' });
  });

  test('goes to Azure’s own address', async () => {
    const answer = await edit([['model', 'azure'], PROMPT, IMAGE]);
    expect(answer.status).toBe(200);
    expect(provider.last.path).toBe('/openai/deployments/painter/images/edits?api-version=2025-04-01-preview');
    expect(provider.last.headers['api-key']).toBe('sk-provider');
  });

  test('that breaks off in an image ends its call, and nothing is left of it', async () => {
    const whole = form(MODEL, PROMPT, ['image', Buffer.alloc(2_000_000, 1), 'a.png']);
    const request = open(`${gateway.url}/v1/images/edits`, {
      method: 'POST',
      headers: { authorization: `Bearer ${gateway.masterKey}`, 'content-type': FORM_TYPE, 'content-length': whole.length },
    });
    request.on('error', () => undefined);
    request.write(whole.subarray(0, 1_000_000));
    await expect.poll(() => gateway.parts.transport.running).toBe(1);
    request.destroy();
    await expectNothingLeft(gateway);
    expect(provider.seen).toHaveLength(0);
    expect(await lastRow(gateway)).toMatchObject({ spend: '0' });
  });

  test.each([
    ['without an image', [MODEL, PROMPT], 'Missing required file'],
    ['with a file of another name', [MODEL, PROMPT, ['picture', PIXEL, 'a.png']], "The file must be sent as 'image', not as 'picture'"],
    ['with too many files', [MODEL, ...Array.from({ length: 18 }, () => IMAGE)], 'At most 17 files can be sent'],
    ['without a model', [PROMPT, IMAGE], "Missing required parameter: 'model'"],
    ['for a provider without images', [['model', 'claude'], PROMPT, IMAGE], 'Image edits are not supported for provider Anthropic'],
    ['for a model that changes none', [['model', 'dalle3'], PROMPT, IMAGE], 'dall-e-3 of OpenAI makes images and does not change any'],
  ] satisfies [string, Part[], string][])('%s is refused', async (_name, parts, message) => {
    const answer = await edit(parts);
    expect(answer.status).toBe(400);
    expect(await answer.text()).toContain(message);
    await expectNothingLeft(gateway);
  });

  test('is answered by a mock once all of it is here', async () => {
    const answer = await edit([['model', 'mute'], ['n', '2'], PROMPT, IMAGE, MASK]);
    expect(((await answer.json()) as { data: unknown[] }).data).toHaveLength(2);
    expect(await lastRow(gateway)).toMatchObject({ call_type: 'aimage_edit', spend: '0.04' });
  });
});

describe('images inside JSON', () => {
  const ask = (body: Record<string, unknown>): Promise<Response> => gateway.call('POST', '/v1/images/edits', body);

  test('pass to a provider that takes them so', async () => {
    const body = { model: 'gpt', prompt: 'Blue', images: [{ image_url: 'https://example.com/cat.png' }, { file_id: 'file-1' }] };
    expect((await ask(body)).status).toBe(200);
    expect(provider.last.json).toEqual({ ...body, model: 'gpt-image-1' });
    expect(await lastRow(gateway)).toMatchObject({ call_type: 'aimage_edit', spend: '0.04269' });
  });

  test('are made of a form for a provider that takes JSON alone', async () => {
    expect((await edit([['model', 'json'], PROMPT, ['size', '1024x1792'], IMAGE])).status).toBe(200);
    expect(provider.last.json).toEqual({
      model: 'grok-imagine-image',
      prompt: 'Make it blue',
      aspect_ratio: '9:16',
      image: { url: `data:image/png;base64,${PIXEL_TEXT}` },
    });
    await edit([['model', 'together'], IMAGE, PROMPT, ['size', '512x768'], ['response_format', 'b64_json']]);
    expect(provider.last.path).toBe('/v1/images/generations');
    expect(provider.last.json).toEqual({
      model: 'flux-kontext',
      prompt: 'Make it blue',
      width: 512,
      height: 768,
      response_format: 'base64',
      image_url: `data:image/png;base64,${PIXEL_TEXT}`,
    });
  });

  test.each([
    ['a prompt', { images: [{ image_url: 'https://example.com/cat.png' }] }, "Missing required parameter: 'prompt'"],
    ['an image', { prompt: 'Blue' }, "Missing required parameter: 'images'"],
  ])('without %s are refused', async (_name, more, message) => {
    const answer = await ask({ model: 'gpt', ...more });
    expect(answer.status).toBe(400);
    expect(await answer.text()).toContain(message);
  });
});
