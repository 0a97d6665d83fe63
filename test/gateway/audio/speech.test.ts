import { setTimeout as wait } from 'node:timers/promises';
import OpenAI, { BadRequestError, NotFoundError, RateLimitError, UnprocessableEntityError } from 'openai';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { expectNothingLeft, lastRow } from '../../exchange/leaks.ts';
import { FakeProvider, json, stream, type Behaviour } from '../../support/fake-provider.ts';
import { startGateway, type TestGateway } from '../../support/gateway.ts';

let provider: FakeProvider;
let second: FakeProvider;
let gateway: TestGateway;
let client: OpenAI;

/** Bytes that are no text: every value there is. */
const AUDIO = Buffer.from(Array.from({ length: 1024 }, (_, index) => (index * 7) % 256));

const speaks =
  (bytes: Buffer = AUDIO, type = 'audio/mpeg'): Behaviour =>
  (_request, response) => {
    response.writeHead(200, { 'content-type': type }).end(bytes);
  };

beforeAll(async () => {
  provider = await FakeProvider.start();
  second = await FakeProvider.start(speaks(Buffer.from('second')));
  const row = (name: string, model: string, more: string, base = provider.url): string =>
    `  - { model_name: ${name}, litellm_params: { model: ${model}, api_base: "${base}/v1", api_key: sk-provider${more} } }\n`;
  gateway = await startGateway(`model_list:
${row('tts', 'openai/tts-1', ', input_cost_per_character: 0.000015')}${row('by-token', 'openai/talker', ', input_cost_per_token: 0.000001, output_cost_per_audio_token: 0.00001, output_cost_per_token: 0.00001')}${row('by-second', 'openai/talker', ', output_cost_per_second: 0.001')}${row('at-home', 'hosted_vllm/kokoro', '')}${row('with-voice', 'openai/tts-1', ', voice: nova')}${row('spare', 'openai/tts-2', '', second.url)}${row('claude', 'anthropic/claude-sonnet-4-5', '')}${row('slow', 'openai/tts-1', ', keepalive_seconds: 1')}
  - { model_name: mute, litellm_params: { model: openai/tts-1, mock_response: "anything", input_cost_per_character: 0.000015 } }
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
  provider.behaviour = speaks();
});

const say = (more: Record<string, unknown> = {}, key = gateway.masterKey): Promise<Response> =>
  gateway.call('POST', '/v1/audio/speech', { model: 'tts', input: 'Hello', voice: 'alloy', ...more }, key);

const bytesOf = async (answer: Response): Promise<Buffer> => Buffer.from(await answer.arrayBuffer());

describe('speech through the official client', () => {
  test('is the provider’s audio, byte for byte', async () => {
    const answer = await client.audio.speech.create({
      model: 'tts',
      input: 'Guten Abend',
      voice: 'alloy',
      response_format: 'mp3',
      speed: 1.1,
    });
    expect(Buffer.from(await answer.arrayBuffer())).toEqual(AUDIO);
    expect(provider.last.path).toBe('/v1/audio/speech');
    expect(provider.last.headers['authorization']).toBe('Bearer sk-provider');
    expect(provider.last.json).toEqual({ model: 'tts-1', input: 'Guten Abend', voice: 'alloy', response_format: 'mp3', speed: 1.1 });
  });

  test('raises the client’s own errors', async () => {
    const ask = { model: 'tts', input: 'Hi', voice: 'alloy' };
    await expect(client.audio.speech.create({ ...ask, input: '' })).rejects.toBeInstanceOf(BadRequestError);
    provider.behaviour = json({ error: { message: 'slow down' } }, 429);
    await expect(client.audio.speech.create(ask)).rejects.toBeInstanceOf(RateLimitError);
    provider.behaviour = json({ error: { message: 'no such voice' } }, 404);
    await expect(client.audio.speech.create(ask)).rejects.toBeInstanceOf(NotFoundError);
    const poor = await gateway.key({ max_budget: 0 });
    const beggar = new OpenAI({ baseURL: `${gateway.url}/v1`, apiKey: poor, maxRetries: 0 });
    await expect(beggar.audio.speech.create(ask)).rejects.toBeInstanceOf(UnprocessableEntityError);
  });
});

describe('an answer', () => {
  test('has the type that the provider gave it, else the one of the format', async () => {
    provider.behaviour = speaks(AUDIO, 'audio/ogg; codecs=opus');
    expect((await say({ response_format: 'opus' })).headers.get('content-type')).toBe('audio/ogg; codecs=opus');
    provider.behaviour = speaks(AUDIO, 'application/octet-stream');
    const types = [];
    for (const format of ['mp3', 'opus', 'aac', 'flac', 'wav', 'pcm', undefined]) {
      const answer = await say({ response_format: format });
      types.push(answer.headers.get('content-type'));
      await answer.arrayBuffer();
    }
    expect(types).toEqual(['audio/mpeg', 'audio/opus', 'audio/aac', 'audio/flac', 'audio/wav', 'audio/pcm', 'audio/mpeg']);
  });

  test('leaves as it arrives', async () => {
    const more = Promise.withResolvers<void>();
    provider.behaviour = async (_request, response) => {
      response.writeHead(200, { 'content-type': 'audio/mpeg' });
      response.write('first');
      await more.promise;
      response.end('last');
    };
    const reader = (await say()).body?.getReader();
    expect(Buffer.from((await reader?.read())?.value ?? []).toString()).toBe('first');
    more.resolve();
    expect(Buffer.from((await reader?.read())?.value ?? []).toString()).toBe('last');
    await expectNothingLeft(gateway);
  });

  test('as events passes unchanged, billed by the tokens they tell', async () => {
    const events = [
      `data: ${JSON.stringify({ type: 'speech.audio.delta', audio: AUDIO.toString('base64') })}\n\n`,
      `data: ${JSON.stringify({ type: 'speech.audio.done', usage: { input_tokens: 4, output_tokens: 50, total_tokens: 54 } })}\n\n`,
    ];
    provider.behaviour = stream(events);
    const answer = await say({ model: 'by-token', stream_format: 'sse' });
    expect(answer.headers.get('content-type')).toContain('text/event-stream');
    expect(await answer.text()).toBe(events.join(''));
    expect(await lastRow(gateway)).toMatchObject({ spend: '0.000504', prompt_tokens: 4, completion_tokens: 50 });
  });

  test('of events that end too early tells it in an event', async () => {
    const event = `data: ${JSON.stringify({ type: 'speech.audio.delta', audio: 'AAAA' })}\n\n`;
    provider.behaviour = stream([event]);
    const text = await (await say({ stream_format: 'sse' })).text();
    expect(text.startsWith(event)).toBe(true);
    expect(text.slice(event.length)).toMatch(/^data: \{"error":.*api_connection_error/);
    expect(await lastRow(gateway)).toMatchObject({ status: 'failure', spend: '0.000075' });
  });

  test('without events after a sign of life is an error event, not audio among events', async () => {
    provider.behaviour = async (request, response) => {
      await wait(2500);
      await speaks()(request, response);
    };
    const text = await (await say({ model: 'slow', stream_format: 'sse' })).text();
    expect(text).toMatch(/^: keep-alive\n\n(: keep-alive\n\n)?data: \{"error":.*without events.*\n\n$/);
    await expectNothingLeft(gateway);
  });

  test('that breaks off in the middle of the audio never looks complete', async () => {
    provider.behaviour = (_request, response) => {
      response.writeHead(200, { 'content-type': 'audio/mpeg' });
      response.write(AUDIO, () => response.destroy());
    };
    await expect(say().then(bytesOf)).rejects.toThrow('terminated');
    expect(await lastRow(gateway)).toMatchObject({ status: 'failure', spend: '0.000075' });
    await expectNothingLeft(gateway);
  });

  test('that is JSON, a page or empty is an error with a true status', async () => {
    provider.behaviour = json({ error: { message: 'model is loading', code: 503 } });
    expect((await say()).status).toBe(503);
    provider.behaviour = json({ url: 'https://elsewhere/audio.mp3' });
    expect((await say()).status).toBe(502);
    provider.behaviour = speaks(Buffer.from('<html>'), 'text/html');
    expect((await say()).status).toBe(502);
    provider.behaviour = speaks(Buffer.alloc(0));
    expect((await say()).status).toBe(502);
    await expectNothingLeft(gateway);
  });
});

describe('the bill', () => {
  test('counts characters, known before the audio ends', async () => {
    const answer = await say({ input: 'Grüße 🦊' });
    expect(answer.headers.get('x-litellm-response-cost')).toBe('0.000105');
    await answer.arrayBuffer();
    const row = await lastRow(gateway);
    expect(row).toMatchObject({ call_type: 'aspeech', status: 'success', spend: '0.000105', prompt_tokens: 0, completion_tokens: 0 });
    expect(row['metadata']).toMatchObject({ cost_terms: [{ kind: 'characters', quantity: '7', unitPrice: '0.000015' }] });
    expect(row['metadata']).not.toHaveProperty('usage_estimated');
  });

  test('by tokens or seconds that nobody told is an estimate, and says so', async () => {
    for (const model of ['by-token', 'by-second']) {
      await (await say({ model, input: 'x'.repeat(150) })).arrayBuffer();
      const row = await lastRow(gateway);
      expect(Number(row['spend'])).toBeGreaterThan(0);
      expect(row['metadata']).toMatchObject({ usage_estimated: true });
    }
    expect(await lastRow(gateway)).toMatchObject({ spend: '0.01' });
  });

  test('of a server at home is 0 and not unpriced', async () => {
    const answer = await say({ model: 'at-home' });
    expect(answer.headers.get('x-litellm-response-cost')).toBe('0');
    await answer.arrayBuffer();
    const row = await lastRow(gateway);
    expect(row).toMatchObject({ spend: '0' });
    expect(row['metadata']).not.toHaveProperty('unpriced');
  });

  test('over the budget is refused before anything is sent', async () => {
    const key = await gateway.key({ max_budget: 0.0002 });
    expect((await say({ input: 'x'.repeat(10) }, key).then(bytesOf)).length).toBe(AUDIO.length);
    provider.seen.length = 0;
    const held = Promise.withResolvers<void>();
    provider.behaviour = async (_request, response) => {
      await held.promise;
      response.writeHead(200, { 'content-type': 'audio/mpeg' }).end(AUDIO);
    };
    const running = say({ input: 'y'.repeat(3) }, key);
    await expect.poll(() => provider.seen.length).toBe(1);
    const refused = await say({ input: 'z' }, key);
    expect(refused.status).toBe(422);
    expect(refused.headers.get('x-should-retry')).toBe('true');
    expect(provider.seen.length).toBe(1);
    held.resolve();
    await (await running).arrayBuffer();
    await expectNothingLeft(gateway);
  });

  test('is reserved for the longest text that may be spoken, wherever it stands', async () => {
    const long = 'x'.repeat(13);
    for (const more of [{ extra_body: { input: long } }, { fallbacks: [{ model: 'spare', input: long }] }]) {
      const held = Promise.withResolvers<void>();
      provider.behaviour = async (request, response) => {
        await held.promise;
        await speaks()(request, response);
      };
      provider.seen.length = 0;
      const key = await gateway.key({ max_budget: 0.0002 });
      const running = say({ input: 'y', ...more }, key);
      await expect.poll(() => provider.seen.length).toBe(1);
      expect((await say({ input: 'z' }, key)).status).toBe(422);
      held.resolve();
      await (await running).arrayBuffer();
    }
    await expectNothingLeft(gateway);
  });

  test('of a client that leaves is that of the text, and the provider is told', async () => {
    provider.behaviour = (_request, response) => {
      response.writeHead(200, { 'content-type': 'audio/mpeg' });
      response.write(AUDIO);
    };
    const leaving = new AbortController();
    const answer = await fetch(`${gateway.url}/audio/speech`, {
      method: 'POST',
      headers: { authorization: `Bearer ${gateway.masterKey}` },
      body: JSON.stringify({ model: 'tts', input: 'Hello', voice: 'alloy' }),
      signal: leaving.signal,
    });
    await answer.body?.getReader().read();
    leaving.abort();
    await Promise.race([provider.last.gone, wait(2000).then(() => Promise.reject(new Error('the provider was not told')))]);
    const row = await lastRow(gateway);
    expect(row).toMatchObject({ status: 'success', spend: '0.000075' });
    expect(row['metadata']).toMatchObject({ client_left: true });
    await expectNothingLeft(gateway);
  });

  test('is the same when the client leaves before the first byte', async () => {
    provider.behaviour = () => new Promise(() => undefined);
    const leaving = new AbortController();
    const asked = fetch(`${gateway.url}/audio/speech`, {
      method: 'POST',
      headers: { authorization: `Bearer ${gateway.masterKey}` },
      body: JSON.stringify({ model: 'tts', input: 'Hello', voice: 'alloy' }),
      signal: leaving.signal,
    });
    await expect.poll(() => provider.seen.length).toBe(1);
    leaving.abort();
    await expect(asked).rejects.toThrow('aborted');
    await provider.last.gone;
    await expectNothingLeft(gateway);
    expect(await lastRow(gateway)).toMatchObject({ status: 'success', spend: '0.000075' });
  });
});

describe('the way to the provider', () => {
  test('falls back as chat does, and reports whose headers these are', async () => {
    provider.behaviour = json({ error: { message: 'down' } }, 503);
    const answer = await say({ model: 'at-home' });
    expect((await bytesOf(answer)).toString()).toBe('second');
    expect(answer.headers.get('x-litellm-attempted-fallbacks')).toBe('1');
    expect(answer.headers.get('x-litellm-model-name')).toBe('openai/tts-2');
    expect(second.last.json).toMatchObject({ model: 'tts-2', input: 'Hello' });
  });

  test('leaves out what speaks to the gateway and adds what the deployment sets', async () => {
    await (
      await say({
        model: 'with-voice',
        voice: undefined,
        tags: ['kitchen'],
        num_retries: 0,
        additional_drop_params: ['speed'],
        speed: 2,
        emotion: 'calm',
      })
    ).arrayBuffer();
    expect(provider.last.json).toEqual({ model: 'tts-1', input: 'Hello', voice: 'nova', emotion: 'calm' });
    expect(await lastRow(gateway)).toMatchObject({ request_tags: ['kitchen'] });
  });

  test('has every name of the route', async () => {
    for (const path of ['/audio/speech', '/openai/v1/audio/speech', '/openai/deployments/tts/audio/speech?api-version=2024-06-01']) {
      const answer = await gateway.call('POST', path, { model: 'tts', input: 'Hello', voice: 'alloy' });
      expect([path, answer.status]).toEqual([path, 200]);
      await answer.arrayBuffer();
    }
  });

  test.each([
    ['no model', { model: undefined }, 'model'],
    ['no text', { input: undefined }, 'input'],
    ['a text that is a list', { input: ['a'] }, 'input'],
    ['an empty text', { input: '' }, 'input'],
    ['an address of its own', { api_base: 'http://127.0.0.1:1' }, 'api_base'],
    ['a provider that does not speak', { model: 'claude' }, 'model'],
  ])('refuses %s', async (_name, more, param) => {
    const answer = await say(more);
    expect(answer.status).toBe(400);
    expect(await answer.json()).toMatchObject({ error: { type: 'invalid_request_error', param } });
    expect(provider.seen).toEqual([]);
  });

  test('names the route when nobody knows the model', async () => {
    expect(await (await say({ model: 'nobody' })).json()).toMatchObject({
      error: { message: expect.stringContaining('/audio/speech: Invalid model name') },
    });
  });
});

test('a mocked answer is audio in the form that was asked for, priced like any other', async () => {
  const mp3 = await say({ model: 'mute' });
  expect(mp3.headers.get('content-type')).toBe('audio/mpeg');
  expect((await bytesOf(mp3)).subarray(0, 2).toString('hex')).toBe('fffb');
  const wav = await say({ model: 'mute', response_format: 'wav' });
  const bytes = await bytesOf(wav);
  expect(wav.headers.get('content-type')).toBe('audio/wav');
  expect(bytes.toString('latin1', 0, 4)).toBe('RIFF');
  expect(bytes.readUInt32LE(40)).toBe(bytes.length - 44);
  expect(await lastRow(gateway)).toMatchObject({ call_type: 'aspeech', spend: '0.000075' });
  expect(provider.seen).toEqual([]);
});

test('nothing of the text stands in the row or the log', async () => {
  await (await say({ input: 'the code of the door is 4711' })).arrayBuffer();
  expect(JSON.stringify(await lastRow(gateway))).not.toContain('4711');
  expect(gateway.log.join('\n')).not.toContain('4711');
});

test('the list of models tells what it is for', async () => {
  const { data } = (await (await gateway.call('GET', '/v1/models')).json()) as { data: { id: string; mode?: string }[] };
  expect(data.find(({ id }) => id === 'tts')?.mode).toBe('audio_speech');
});
