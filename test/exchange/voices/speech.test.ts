import OpenAI, { AuthenticationError, BadRequestError, NotFoundError, RateLimitError } from 'openai';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { wireCase } from '../../dialects/wire-case.ts';
import { json } from '../../support/fake-provider.ts';
import { startGateway, type TestGateway } from '../../support/gateway.ts';
import { wire } from '../../support/wire-answers.ts';
import { expectNothingLeft, lastRow } from '../leaks.ts';
import { AUDIO, FakeProvider, rowOf, SECRET, speaks } from './providers.ts';

let provider: FakeProvider;
let gateway: TestGateway;
let client: OpenAI;

beforeAll(async () => {
  provider = await FakeProvider.start();
  const price = ', input_cost_per_character: 0.00001';
  gateway = await startGateway(`model_list:
${rowOf('eleven', 'elevenlabs/eleven_flash_v2_5', `${provider.url}/v1`, price)}${rowOf('own-voice', 'elevenlabs/eleven_v3', `${provider.url}/v1`, ', voice: MyVoice123, voice_settings: { stability: 0.4 }, apply_text_normalization: "off"')}${rowOf('aura', 'deepgram/aura-2', `${provider.url}/v1`, price)}${rowOf('thalia', 'deepgram/aura-2-thalia-en', `${provider.url}/v1`, `${price}, mip_opt_out: true`)}${rowOf('german', 'deepgram/aura-2-de', `${provider.url}/v1`)}${rowOf('dropping', 'deepgram/aura-2', `${provider.url}/v1`, ', drop_params: true')}${rowOf('ears', 'deepgram/nova-3', `${provider.url}/v1`)}
router_settings: { num_retries: 0, disable_cooldowns: true }
`);
  client = new OpenAI({ baseURL: `${gateway.url}/v1`, apiKey: gateway.masterKey, maxRetries: 0 });
});

afterAll(async () => {
  await gateway.stop();
  await provider.stop();
});

beforeEach(() => {
  provider.seen.length = 0;
  provider.behaviour = speaks();
});

const say = (more: Record<string, unknown> = {}): Promise<Response> =>
  gateway.call('POST', '/v1/audio/speech', { model: 'eleven', input: 'Hallo', voice: 'alloy', ...more });

const asked = (): URL => new URL(provider.last.path, provider.url);

describe('ElevenLabs through the official client', () => {
  test('speaks, byte for byte, in the voice that stands for OpenAI’s', async () => {
    const answer = await client.audio.speech.create({
      model: 'eleven',
      input: 'Guten Abend!',
      voice: 'nova',
      speed: 1.1,
      instructions: 'Friendly.',
    });
    expect(Buffer.from(await answer.arrayBuffer())).toEqual(AUDIO);
    expect(answer.headers.get('content-type')).toBe('audio/mpeg');
    expect(provider.last.path).toBe('/v1/text-to-speech/EXAVITQu4vr4xnSDxMaL/stream?output_format=mp3_44100_128');
    expect(provider.last.headers).toMatchObject({ 'xi-api-key': SECRET, 'content-type': 'application/json' });
    expect(provider.last.headers.authorization).toBeUndefined();
    expect(provider.last.json).toEqual(wireCase('elevenlabs/speech').request);
    expect(await lastRow(gateway)).toMatchObject({ status: 'success', call_type: 'aspeech', spend: '0.00012' });
  });

  test('speaks in the voice that its owner chose, unless the client names one of the provider’s', async () => {
    await (await say({ model: 'own-voice' })).arrayBuffer();
    expect(asked().pathname).toBe('/v1/text-to-speech/MyVoice123/stream');
    expect(provider.last.json).toMatchObject({ voice_settings: { stability: 0.4 }, apply_text_normalization: 'off' });
    await (await say({ model: 'own-voice', voice: 'Another456', speed: 0.8 })).arrayBuffer();
    expect(asked().pathname).toBe('/v1/text-to-speech/Another456/stream');
    expect(provider.last.json).toMatchObject({ voice_settings: { stability: 0.4, speed: 0.8 } });
    await (await say({ model: 'own-voice', voice: { id: 'Third789' } })).arrayBuffer();
    expect(asked().pathname).toBe('/v1/text-to-speech/Third789/stream');
  });

  test('makes the formats that it has, and says which those are', async () => {
    const made: Record<string, string | null> = {};
    provider.behaviour = speaks({ 'content-type': 'application/octet-stream' });
    for (const format of ['mp3', 'opus', 'wav', 'pcm']) {
      const answer = await say({ response_format: format });
      made[`${asked().searchParams.get('output_format')} ${asked().pathname.endsWith('/stream')}`] = answer.headers.get('content-type');
      await answer.arrayBuffer();
    }
    expect(made).toEqual({
      'mp3_44100_128 true': 'audio/mpeg',
      'opus_48000_128 true': 'audio/opus',
      'wav_24000 false': 'audio/wav',
      'pcm_24000 true': 'audio/pcm',
    });
    for (const format of ['aac', 'flac', 'tape']) {
      const refused = await say({ response_format: format });
      expect([refused.status, await refused.text()]).toEqual([400, expect.stringContaining('mp3, opus, wav, pcm')]);
    }
    expect(provider.seen).toHaveLength(4);
  });

  test('tells its errors as what they are', async () => {
    const ask = { model: 'eleven', input: 'Hi', voice: 'alloy' };
    const failing = async (name: string): Promise<unknown> => {
      provider.behaviour = wire(`elevenlabs/${name}`);
      return client.audio.speech.create(ask).catch((error: unknown) => error);
    };
    expect(await failing('error-key')).toBeInstanceOf(AuthenticationError);
    expect(await failing('error-voice')).toBeInstanceOf(NotFoundError);
    const spent = await failing('error-quota');
    expect(spent).toBeInstanceOf(RateLimitError);
    expect(spent).toMatchObject({ code: 'quota_exceeded', message: expect.stringContaining('3 credits remaining') as unknown });
    const busy = await failing('error-busy');
    expect(busy).toBeInstanceOf(RateLimitError);
    expect((busy as RateLimitError).headers.get('retry-after')).toBe('3');
    await expect(client.audio.speech.create({ ...ask, input: '' })).rejects.toBeInstanceOf(BadRequestError);
    await expectNothingLeft(gateway);
  });
});

describe('Deepgram', () => {
  test('speaks in a voice that is a part of its model’s name', async () => {
    const models = [];
    for (const more of [
      { model: 'aura' },
      { model: 'aura', voice: 'onyx' },
      { model: 'aura', voice: 'aura-2-helena-en' },
      { model: 'thalia', voice: 'echo' },
      { model: 'thalia', voice: 'orpheus' },
      { model: 'german', voice: 'viktoria' },
    ]) {
      await (await say(more)).arrayBuffer();
      models.push(asked().searchParams.get('model'));
    }
    expect(models).toEqual([
      'aura-2-thalia-en',
      'aura-2-zeus-en',
      'aura-2-helena-en',
      'aura-2-thalia-en',
      'aura-2-orpheus-en',
      'aura-2-viktoria-de',
    ]);
    expect(provider.last.headers.authorization).toBe(`Token ${SECRET}`);
    const other = await say({ model: 'aura', voice: 'aura-zeus-en' });
    expect([other.status, await other.text()]).toEqual([400, expect.stringContaining('no voice of aura-2')]);
  });

  test('is asked for a format by its encoding, and billed by the characters that it counted', async () => {
    provider.behaviour = speaks({ 'content-type': 'audio/l16', 'dg-char-count': '11' });
    const answer = await say({ model: 'thalia', input: 'Guten Abend!', response_format: 'pcm', speed: 0.9 });
    expect(Buffer.from(await answer.arrayBuffer())).toEqual(AUDIO);
    expect(Object.fromEntries(asked().searchParams)).toEqual({
      encoding: 'linear16',
      container: 'none',
      sample_rate: '24000',
      mip_opt_out: 'true',
      model: 'aura-2-thalia-en',
      speed: '0.9',
    });
    expect(provider.last.json).toEqual(wireCase('deepgram/speech').request);
    expect(await lastRow(gateway)).toMatchObject({ spend: '0.00011' });
  });

  test('counts nothing that is no count', async () => {
    provider.behaviour = speaks({ 'content-type': 'audio/mpeg', 'dg-char-count': '-4e9' });
    await (await say({ model: 'thalia', input: 'Guten Abend!' })).arrayBuffer();
    expect(await lastRow(gateway)).toMatchObject({ spend: '0.00012' });
  });

  test('does not let a client send the audio elsewhere', async () => {
    const refused = await say({ model: 'aura', callback: 'https://elsewhere.example/' });
    expect([refused.status, await refused.text()]).toEqual([400, expect.stringContaining('callback')]);
    await (await say({ model: 'dropping', callback: 'https://elsewhere.example/', extra_body: { container: 'none' } })).arrayBuffer();
    expect(Object.fromEntries(asked().searchParams)).toEqual({ encoding: 'mp3', model: 'aura-2-thalia-en' });
  });

  test('speaks as fast as it can where parameters may be dropped, and refuses elsewhere', async () => {
    const refused = await say({ model: 'aura', speed: 3 });
    expect([refused.status, await refused.text()]).toEqual([400, expect.stringContaining('from 0.7 to 1.5')]);
    await (await say({ model: 'dropping', speed: 3 })).arrayBuffer();
    expect(asked().searchParams.get('speed')).toBe('1.5');
    expect((await say({ model: 'dropping', speed: 'fast' })).status).toBe(400);
  });

  test('tells its errors as what they are', async () => {
    const statuses = [];
    for (const name of ['error-key', 'error-model', 'error-busy', 'error-funds']) {
      provider.behaviour = wire(`deepgram/${name}`);
      const answer = await say({ model: 'aura' });
      statuses.push([answer.status, answer.headers.get('retry-after')]);
      await answer.text();
    }
    expect(statuses).toEqual([[401, null], [400, null], [429, '2'], [402, null]]); // prettier-ignore
  });
});

describe('hostile answers', () => {
  test('never look like audio', async () => {
    const statuses = [];
    for (const behaviour of [
      speaks({ 'content-type': 'text/html' }, Buffer.from('<html>')),
      speaks({ 'content-type': 'application/xml' }, Buffer.from('<x/>')),
      speaks({ 'content-type': 'text/plain' }, Buffer.from('sorry')),
      speaks({ 'content-type': 'audio/mpeg' }, Buffer.alloc(0)),
      json({ audio_url: 'https://elsewhere.example/a.mp3' }),
      json({ detail: { status: 'x' } }),
    ]) {
      provider.behaviour = behaviour;
      statuses.push((await say()).status);
    }
    expect(statuses).toEqual([502, 502, 502, 502, 502, 502]);
    expect(provider.seen).toHaveLength(6);
    await expectNothingLeft(gateway);
  });

  test('that break off never look complete', async () => {
    provider.behaviour = (_request, response) => {
      response.writeHead(200, { 'content-type': 'audio/mpeg' });
      response.write(AUDIO, () => response.destroy());
    };
    await expect(say().then((answer) => answer.arrayBuffer())).rejects.toThrow('terminated');
    expect(await lastRow(gateway)).toMatchObject({ status: 'failure', spend: '0.00005' });
    await expectNothingLeft(gateway);
  });

  test('that repeat the key show it to nobody', async () => {
    provider.behaviour = json({ detail: { status: 'invalid_api_key', message: `The key ${SECRET} is wrong` } }, 401);
    expect(await (await say()).text()).not.toContain(SECRET);
    provider.behaviour = (_request, response) => {
      response.writeHead(307, { location: 'https://elsewhere.example/' }).end();
    };
    expect((await say()).status).toBeGreaterThanOrEqual(300);
    expect(gateway.log.join('\n')).not.toContain(SECRET);
  });
});

test('a voice can be no way to another path', async () => {
  for (const voice of ['../../user', '..', 'a/b', 'a?b', 'ä', ' ']) {
    const refused = await say({ voice });
    expect([refused.status, await refused.text()]).toEqual([400, expect.stringContaining('voice')]);
  }
  expect(provider.seen).toHaveLength(0);
});

test('the audio leaves as it arrives', async () => {
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

test('a model that hears does not speak, and neither chats', async () => {
  const chat = await gateway.call('POST', '/v1/chat/completions', { model: 'eleven', messages: [{ role: 'user', content: 'Hi' }] });
  expect([chat.status, await chat.text()]).toEqual([400, expect.stringContaining('/v1/audio/speech')]);
  expect(provider.seen).toHaveLength(0);
});
