import OpenAI, { AuthenticationError, NotFoundError } from 'openai';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { form, send, WAV } from '../../gateway/audio/forms.ts';
import { json } from '../../support/fake-provider.ts';
import { startGateway, type TestGateway } from '../../support/gateway.ts';
import { wire } from '../../support/wire-answers.ts';
import { wireCase } from '../../dialects/wire-case.ts';
import { lastRow } from '../leaks.ts';
import { AUDIO, FakeProvider, rowOf, SECRET, silence, speaks } from './providers.ts';

/** Speech and recordings at hosts of many models, which have words of their own for them beside OpenAI's chat. */
let provider: FakeProvider;
let gateway: TestGateway;
let client: OpenAI;

const ROOT = '/client/v4/accounts/a1/ai';

beforeAll(async () => {
  provider = await FakeProvider.start();
  const cloudflare = (name: string, model: string, more: string): string =>
    rowOf(name, `cloudflare/@cf/${model}`, `${provider.url}${ROOT}/v1`, more);
  const heard = ', input_cost_per_second: 0.0001';
  const said = ', input_cost_per_character: 0.00001';
  gateway = await startGateway(`model_list:
${cloudflare('turbo', 'openai/whisper-large-v3-turbo', `${heard}, vad_filter: true`)}${cloudflare('whisper', 'openai/whisper', heard)}${cloudflare('nova', 'deepgram/nova-3', heard)}${cloudflare('aura', 'deepgram/aura-1', said)}${cloudflare('spanish', 'deepgram/aura-2-es', said)}${cloudflare('melo', 'myshell-ai/melotts', said)}${rowOf('hf', 'huggingface/openai/whisper-large-v3', provider.url, heard)}${rowOf('hf-chat', 'huggingface/meta-llama/Llama-3.1-8B-Instruct', provider.url)}${rowOf('fal', 'huggingface/fal-ai/openai/whisper-large-v3', provider.url)}
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
});

const asked = (): URL => new URL(provider.last.path, provider.url);
const say = (more: Record<string, unknown>): Promise<Response> =>
  gateway.call('POST', '/v1/audio/speech', { input: 'Hallo', voice: 'alloy', ...more });

describe('Workers AI hears', () => {
  test('a recording as text in JSON, with what was asked beside it, and is paid by the second', async () => {
    provider.behaviour = wire('cloudflare/whisper-turbo');
    const told = await client.audio.transcriptions.create({
      model: 'turbo',
      file: silence(),
      language: 'de',
      prompt: 'Licht',
      response_format: 'verbose_json',
      timestamp_granularities: ['word', 'segment'],
    });
    expect(told).toMatchObject({
      text: 'Licht an.',
      language: 'de',
      duration: 2.5,
      words: [
        { word: 'Licht', start: 0.1, end: 0.5 },
        { word: 'an.', start: 0.6, end: 0.9 },
      ],
      segments: [{ start: 0.1, end: 0.9, text: 'Licht an.' }],
    });
    expect(asked().pathname).toBe(`${ROOT}/run/@cf/openai/whisper-large-v3-turbo`);
    expect(provider.last.headers).toMatchObject({ authorization: `Bearer ${SECRET}`, 'content-type': 'application/json' });
    const { audio, ...beside } = provider.last.json;
    expect(Buffer.from(String(audio), 'base64')).toEqual(WAV);
    expect(beside).toEqual({ language: 'de', initial_prompt: 'Licht', vad_filter: true });
    expect(await lastRow(gateway)).toMatchObject({ status: 'success', call_type: 'atranscription', spend: '0.00025' });
  });

  test('what stands behind the file too', async () => {
    provider.behaviour = wire('cloudflare/whisper-turbo');
    const answer = await send(gateway, form(['model', 'turbo'], ['file', WAV], ['language', 'de']));
    expect(await answer.json()).toMatchObject({ text: 'Licht an.' });
    expect(provider.last.json).toMatchObject({ language: 'de', audio: WAV.toString('base64') });
  });

  test('a recording alone by elder models', async () => {
    provider.behaviour = wire('cloudflare/whisper');
    const answer = await send(gateway, form(['model', 'whisper'], ['response_format', 'srt'], ['file', WAV]));
    expect(await answer.text()).toContain('00:00:00,100 --> 00:00:00,900\nLicht an.');
    expect(asked().pathname).toBe(`${ROOT}/run/@cf/openai/whisper`);
    expect(provider.last.body).toEqual(WAV);
  });

  test('by Deepgram’s models, whose answer is Deepgram’s', async () => {
    provider.behaviour = json({ result: wireCase('deepgram/transcript').response, success: true, errors: [], messages: [] });
    const { text } = await client.audio.transcriptions.create({ model: 'nova', file: silence() });
    expect(text).toBe('Licht an. Danke!');
    expect(provider.last.path).toBe(`${ROOT}/run/@cf/deepgram/nova-3?smart_format=true&punctuate=true&detect_language=true`);
    expect(provider.last.body).toEqual(WAV);
    expect(await lastRow(gateway)).toMatchObject({ spend: '0.00025' });
  });

  test('nothing where its errors say so', async () => {
    const error = (code: number, message: string) => ({ result: null, success: false, errors: [{ code, message }], messages: [] });
    const failing = (): Promise<unknown> =>
      client.audio.transcriptions.create({ model: 'turbo', file: silence() }).catch((reason: unknown) => reason);
    provider.behaviour = json(error(10_000, 'Authentication error'), 401);
    expect(await failing()).toBeInstanceOf(AuthenticationError);
    provider.behaviour = json(error(5007, 'No such model'), 400);
    expect(await failing()).toBeInstanceOf(NotFoundError);
    provider.behaviour = json(error(3040, 'Capacity exceeded'), 200);
    expect(await failing()).toMatchObject({ status: 429 });
    provider.behaviour = json({ result: {}, success: true, errors: [] });
    expect(await failing()).toMatchObject({ status: 502 });
  });
});

describe('Workers AI speaks', () => {
  test('by Deepgram’s voices, byte for byte', async () => {
    provider.behaviour = speaks();
    const answer = await client.audio.speech.create({ model: 'aura', input: 'Guten Abend!', voice: 'onyx', response_format: 'wav' });
    expect(Buffer.from(await answer.arrayBuffer())).toEqual(AUDIO);
    expect(asked().pathname).toBe(`${ROOT}/run/@cf/deepgram/aura-1`);
    expect(provider.last.json).toEqual({
      text: 'Guten Abend!',
      speaker: 'zeus',
      encoding: 'linear16',
      container: 'wav',
      sample_rate: 24_000,
    });
    expect(await lastRow(gateway)).toMatchObject({ status: 'success', call_type: 'aspeech', spend: '0.00012' });
    await (await say({ model: 'spanish', voice: 'nova' })).arrayBuffer();
    expect(provider.last.json).toMatchObject({ speaker: 'celeste', encoding: 'mp3' });
  });

  test('by MeloTTS, whose audio comes as text in JSON', async () => {
    provider.behaviour = json({ result: { audio: AUDIO.toString('base64') }, success: true, errors: [], messages: [] });
    const answer = await say({ model: 'melo', voice: 'fr' });
    expect(answer.headers.get('content-type')).toBe('audio/mpeg');
    expect(Buffer.from(await answer.arrayBuffer())).toEqual(AUDIO);
    expect(provider.last.json).toEqual({ prompt: 'Hallo', lang: 'fr' });
    expect(await lastRow(gateway)).toMatchObject({ status: 'success', spend: '0.00005' });
    const refused = await say({ model: 'melo', response_format: 'wav' });
    expect([refused.status, await refused.text()]).toEqual([400, expect.stringContaining('it makes mp3')]);
  });

  test.each([
    ['an error in place of audio', { success: false, errors: [{ code: 3040, message: 'Capacity exceeded' }], result: null }, 429],
    ['JSON without audio', { success: true, errors: [], result: {} }, 502],
    ['JSON that is no object', ['x'], 502],
  ])('nothing of %s', async (_, body, status) => {
    provider.behaviour = json(body);
    expect((await say({ model: 'melo' })).status).toBe(status);
    expect((await say({ model: 'aura' })).status).toBe(status);
    expect(await lastRow(gateway)).toMatchObject({ status: 'failure', spend: '0' });
  });
});

describe('Hugging Face hears', () => {
  test('a recording as it is, told by phrases', async () => {
    provider.behaviour = json({
      text: ' Licht an. Danke!',
      chunks: [
        { text: ' Licht an.', timestamp: [0.1, 0.9] },
        { text: ' Danke!', timestamp: [1.5, null] },
      ],
    });
    const answer = await send(gateway, form(['model', 'hf'], ['response_format', 'vtt'], ['file', WAV]));
    expect(await answer.text()).toContain('00:00:00.100 --> 00:00:00.900\nLicht an.');
    expect(provider.last).toMatchObject({ path: '/', headers: { authorization: `Bearer ${SECRET}`, 'content-type': 'audio/wav' } });
    expect(provider.last.body).toEqual(WAV);
    expect(Number((await lastRow(gateway))['spend'])).toBeGreaterThan(0);
  });

  test('a file whose kind its client does not know, by the end of its name', async () => {
    provider.behaviour = json({ text: 'Licht an.' });
    const { text } = await client.audio.transcriptions.create({ model: 'hf', file: new File([new Uint8Array(WAV)], 'a.FLAC') });
    expect(text).toBe('Licht an.');
    expect(provider.last.headers['content-type']).toBe('audio/flac');
  });

  test('by hf-inference alone, and does not speak', async () => {
    const other = await send(gateway, form(['model', 'fal'], ['file', WAV]));
    expect([other.status, await other.text()]).toEqual([400, expect.stringContaining('hf-inference alone')]);
    expect((await say({ model: 'hf' })).status).toBe(400);
    expect(provider.seen).toEqual([]);
  });

  test('and talks as before', async () => {
    provider.behaviour = wire('openai/text');
    const answer = await gateway.call('POST', '/v1/chat/completions', { model: 'hf-chat', messages: [{ role: 'user', content: 'Hi' }] });
    expect(answer.status).toBe(200);
    expect(provider.last.path).toBe('/chat/completions');
  });
});
