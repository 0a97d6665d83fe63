import OpenAI, { AuthenticationError, BadRequestError, NotFoundError, RateLimitError } from 'openai';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { signed } from '../../../src/providers/aws/sigv4.ts';
import { wireCase } from '../../dialects/wire-case.ts';
import { startGateway, type TestGateway } from '../../support/gateway.ts';
import { wire } from '../../support/wire-answers.ts';
import { expectNothingLeft, lastRow } from '../leaks.ts';
import { AUDIO, FakeProvider, rowOf, SECRET, speaks } from './providers.ts';

const KEYS = { accessKeyId: 'AKIAEXAMPLE00000', secretAccessKey: 'a-very-secret-access-key', sessionToken: null };

let provider: FakeProvider;
let gateway: TestGateway;
let client: OpenAI;

beforeAll(async () => {
  provider = await FakeProvider.start();
  const price = ', input_cost_per_character: 0.00001';
  const aws = `${price}, aws_access_key_id: ${KEYS.accessKeyId}, aws_secret_access_key: ${KEYS.secretAccessKey}, aws_region_name: eu-central-1`;
  const polly = (name: string, engine: string): string =>
    rowOf(name, `aws_polly/${engine}`, provider.url, aws).replace(`, api_key: ${SECRET}`, '');
  gateway = await startGateway(`model_list:
${rowOf('cartesia', 'cartesia/sonic-3', provider.url, price)}${rowOf('older', 'cartesia/sonic-2', provider.url, price)}${rowOf('fish', 'fish_audio/s1', provider.url, price)}${rowOf('lmnt', 'lmnt/blizzard', `${provider.url}/v1`, price)}${rowOf('hume', 'hume/octave-1', `${provider.url}/v0`, price)}${rowOf('octave', 'hume/octave-2', `${provider.url}/v0`, price)}${rowOf('azure', 'azure/speech/azure-tts', provider.url, price)}${rowOf('katja', 'azure_speech/de-DE-KatjaNeural', provider.url, price)}${polly('polly', 'neural')}${polly('generative', 'generative')}${polly('no-engine', 'Joanna')}
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
  gateway.call('POST', '/v1/audio/speech', { input: 'Hallo', voice: 'alloy', ...more });

describe.each([
  {
    model: 'cartesia',
    path: '/tts/bytes',
    request: 'cartesia/speech',
    speed: 1.1,
    proof: { authorization: `Bearer ${SECRET}`, 'cartesia-version': '2025-04-16' },
    refused: 'flac',
    makes: 'mp3, wav, pcm',
  },
  {
    model: 'fish',
    path: '/v1/tts',
    request: 'fish_audio/speech',
    speed: 1.1,
    proof: { authorization: `Bearer ${SECRET}`, model: 's1' },
    refused: 'aac',
    makes: 'mp3, opus, wav, pcm',
  },
  {
    model: 'lmnt',
    path: '/v1/ai/speech/bytes',
    request: 'lmnt/speech',
    speed: 1,
    proof: { 'x-api-key': SECRET, 'lmnt-version': '1.0' },
    refused: 'opus',
    makes: 'mp3, aac, wav, pcm',
  },
  {
    model: 'hume',
    path: '/v0/tts/stream/file',
    request: 'hume/speech',
    speed: 1.1,
    proof: { 'x-hume-api-key': SECRET },
    refused: 'pcm',
    makes: 'mp3, wav',
  },
  { model: 'polly', path: '/v1/speech', request: 'aws_polly/speech', speed: 1.1, proof: {}, refused: 'pcm', makes: 'mp3, opus' },
])('$model', ({ model, path, request, speed, proof, refused, makes }) => {
  test('speaks, and is paid by the character', async () => {
    const answer = await client.audio.speech.create({ model, input: 'Guten Abend!', voice: 'alloy', speed, instructions: 'Friendly.' });
    expect(Buffer.from(await answer.arrayBuffer())).toEqual(AUDIO);
    expect(answer.headers.get('content-type')).toBe('audio/mpeg');
    expect(provider.last.path).toBe(path);
    expect(provider.last.headers).toMatchObject(proof);
    expect(provider.last.json).toEqual(wireCase(request).request);
    expect(await lastRow(gateway)).toMatchObject({ status: 'success', spend: '0.00012' });
    await expectNothingLeft(gateway);
  });

  test('says which formats it makes', async () => {
    const answer = await say({ model, response_format: refused });
    expect([answer.status, await answer.text()]).toEqual([400, expect.stringContaining(makes)]);
    expect(provider.seen).toHaveLength(0);
  });

  test('takes nothing of a client’s that its wire does not know', async () => {
    for (const more of [{ callback_url: 'https://elsewhere.example/' }, { references: [] }, { SnsTopicArn: 'arn' }, { context: {} }]) {
      const answer = await say({ model, ...more });
      expect([answer.status, await answer.text()]).toEqual([400, expect.stringContaining(Object.keys(more)[0] ?? '')]);
    }
    expect(provider.seen).toHaveLength(0);
  });
});

describe('Cartesia', () => {
  test('is asked for samples as OpenAI gives them', async () => {
    await (await say({ model: 'cartesia', voice: 'own-voice-1', response_format: 'pcm', language: 'de' })).arrayBuffer();
    expect(provider.last.json).toMatchObject({
      language: 'de',
      voice: { mode: 'id', id: 'own-voice-1' },
      output_format: { container: 'raw', encoding: 'pcm_s16le', sample_rate: 24_000 },
    });
  });

  test('of before is not told how fast to speak', async () => {
    const answer = await say({ model: 'older', speed: 1.2 });
    expect([answer.status, await answer.text()]).toEqual([400, expect.stringContaining('speed')]);
  });

  test('that knows no such voice says so', async () => {
    provider.behaviour = wire('cartesia/error-voice');
    const error: unknown = await client.audio.speech
      .create({ model: 'cartesia', input: 'Hi', voice: 'x' })
      .catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(NotFoundError);
    expect(error).toMatchObject({ code: 'voice_not_found', message: expect.stringContaining('does not exist') as unknown });
  });
});

test('Fish Audio is paid by bytes, and asked for the voice that is named', async () => {
  await (await say({ model: 'fish', input: 'Grüße', voice: '54a5170264694bfc8e9ad98df7bd89c3', response_format: 'pcm' })).arrayBuffer();
  expect(provider.last.json).toEqual({
    sample_rate: 24_000,
    text: 'Grüße',
    format: 'pcm',
    reference_id: '54a5170264694bfc8e9ad98df7bd89c3',
  });
  expect(await lastRow(gateway)).toMatchObject({ spend: '0.00007' });
  provider.behaviour = wire('fish_audio/error-funds');
  expect((await say({ model: 'fish' })).status).toBe(402);
});

test('LMNT is not told how fast to speak, and refuses a wrong key', async () => {
  const answer = await say({ model: 'lmnt', speed: 1.2 });
  expect([answer.status, await answer.text()]).toEqual([400, expect.stringContaining('speed')]);
  provider.behaviour = wire('lmnt/error-key');
  await expect(client.audio.speech.create({ model: 'lmnt', input: 'Hi', voice: 'alloy' })).rejects.toBeInstanceOf(AuthenticationError);
});

test('Hume’s second version is not told how to speak, and voices of one’s own are ids', async () => {
  const voice = '9e068547-5ba4-4c8e-8e03-69282a008f04';
  await (await say({ model: 'octave', voice, instructions: 'Angry.' })).arrayBuffer();
  expect(provider.last.json).toMatchObject({ version: '2', utterances: [{ text: 'Hallo', voice: { id: voice } }] });
  expect(provider.last.body.toString()).not.toContain('Angry');
  provider.behaviour = wire('hume/error-voice');
  await expect(client.audio.speech.create({ model: 'hume', input: 'Hi', voice: 'No Such' })).rejects.toBeInstanceOf(NotFoundError);
});

describe('Azure', () => {
  const ssml = (): string => provider.last.body.toString('utf8');

  test('gets the text in markup, in the voice that the model names', async () => {
    await (await say({ model: 'katja', input: 'Guten Abend!', response_format: 'opus' })).arrayBuffer();
    expect(provider.last.path).toBe('/cognitiveservices/v1');
    expect(provider.last.headers).toMatchObject({
      'ocp-apim-subscription-key': SECRET,
      'content-type': 'application/ssml+xml',
      'x-microsoft-outputformat': 'ogg-48khz-16bit-mono-opus',
    });
    expect(ssml()).toBe(
      '<speak version="1.0" xmlns="http://www.w3.org/2001/10/synthesis" xml:lang="de-DE"><voice name="de-DE-KatjaNeural">Guten Abend!</voice></speak>',
    );
    expect(await lastRow(gateway)).toMatchObject({ spend: '0.00012' });
  });

  test('takes no markup from a text or a voice', async () => {
    await (
      await say({ model: 'azure', input: '</voice><audio src="https://elsewhere.example/"/> & \u0000\uD800', voice: 'onyx' })
    ).arrayBuffer();
    expect(ssml()).toContain('&lt;/voice&gt;&lt;audio src=&quot;https://elsewhere.example/&quot;/&gt; &amp;');
    expect(ssml()).not.toMatch(/<audio|\u0000/);
    expect(ssml()).toContain('<voice name="en-US-DavisNeural">');
    // What is escaped is one character all the same.
    expect(await lastRow(gateway)).toMatchObject({ spend: '0.00054' });
    const refused = await say({ model: 'azure', voice: 'en-US-X"><audio src="x"/>' });
    expect([refused.status, await refused.text()]).toEqual([400, expect.stringContaining('voice')]);
  });

  test('bills the markup of a speed, and Chinese characters twice', async () => {
    await (await say({ model: 'azure', input: '你好', voice: 'zh-CN-XiaoxiaoNeural', speed: 0.85 })).arrayBuffer();
    expect(ssml()).toContain('<prosody rate="-15%">你好</prosody>');
    // 21 and 10 of the marks, and twice two.
    expect(await lastRow(gateway)).toMatchObject({ spend: '0.00035' });
  });

  test('that answers without a body is told by its status', async () => {
    provider.behaviour = (_request, response) => {
      response.writeHead(429, { 'retry-after': '7' }).end();
    };
    const answer = await say({ model: 'azure' });
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([429, '7']);
  });
});

describe('Polly', () => {
  test('is asked by a signature', async () => {
    provider.behaviour = speaks({ 'content-type': 'audio/ogg', 'x-amzn-requestcharacters': '4' });
    const answer = await say({ model: 'polly', response_format: 'opus', voice: 'Vicki', LanguageCode: 'de-DE' });
    expect(answer.headers.get('content-type')).toBe('audio/ogg');
    await answer.arrayBuffer();
    const { method, path, headers, body } = provider.last;
    const { host = '', 'content-type': type = '', 'x-amz-date': date } = headers;
    const time = Date.parse(String(date).replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z'));
    const unsigned = { method, origin: `http://${host}`, path, headers: { 'content-type': type }, body };
    expect(headers.authorization).toBe(signed(unsigned, KEYS, { region: 'eu-central-1', service: 'polly' }, time)['authorization']);
    expect(provider.last.json).toEqual({
      LanguageCode: 'de-DE',
      Engine: 'neural',
      OutputFormat: 'ogg_opus',
      Text: 'Hallo',
      TextType: 'text',
      VoiceId: 'Vicki',
    });
    expect(await lastRow(gateway)).toMatchObject({ spend: '0.00004' });
  });

  test('takes no markup from a text', async () => {
    await (await say({ model: 'polly', input: '<break/> & "so"', speed: 0.5 })).arrayBuffer();
    expect(provider.last.json).toMatchObject({ Text: '<speak><prosody rate="50%">&lt;break/&gt; &amp; &quot;so&quot;</prosody></speak>' });
    await (await say({ model: 'polly', input: '<break/>' })).arrayBuffer();
    expect(provider.last.json).toMatchObject({ Text: '<break/>', TextType: 'text' });
  });

  test('has engines as models', async () => {
    await (await say({ model: 'generative' })).arrayBuffer();
    expect(provider.last.json).toMatchObject({ Engine: 'generative', VoiceId: 'Ruth' });
    expect((await say({ model: 'generative', speed: 2 })).status).toBe(400);
    const answer = await say({ model: 'no-engine' });
    expect([answer.status, await answer.text()]).toEqual([400, expect.stringContaining('long-form')]);
  });

  test('tells its errors as what they are', async () => {
    const ask = { model: 'polly', input: 'Hi', voice: 'alloy' };
    provider.behaviour = wire('aws_polly/error-engine');
    await expect(client.audio.speech.create(ask)).rejects.toBeInstanceOf(BadRequestError);
    provider.behaviour = wire('aws_polly/error-busy');
    await expect(client.audio.speech.create(ask)).rejects.toBeInstanceOf(RateLimitError);
    await expectNothingLeft(gateway);
  });
});
