import OpenAI, { AuthenticationError } from 'openai';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { wireCase } from '../../dialects/wire-case.ts';
import { begin, form, FORM_END, head, received, recording, send, WAV } from '../../gateway/audio/forms.ts';
import { json } from '../../support/fake-provider.ts';
import { startGateway, type TestGateway } from '../../support/gateway.ts';
import { wire } from '../../support/wire-answers.ts';
import { expectNothingLeft, lastRow } from '../leaks.ts';
import { FakeProvider, rowOf, SECRET, silence, speaks } from './providers.ts';

let provider: FakeProvider;
let gateway: TestGateway;
let client: OpenAI;

beforeAll(async () => {
  provider = await FakeProvider.start();
  const price = ', input_cost_per_second: 0.0001';
  gateway = await startGateway(`model_list:
${rowOf('scribe', 'elevenlabs/scribe_v1', `${provider.url}/v1`, price)}${rowOf('nova', 'deepgram/nova-3', `${provider.url}/v1`, price)}${rowOf('calls', 'deepgram/nova-2-phonecall', `${provider.url}/v1`, `${price}, multichannel: true, smart_format: false`)}
${rowOf('ink', 'cartesia/ink-whisper', provider.url, price)}${rowOf('fish', 'fish_audio/asr', provider.url, price)}
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

const WORDS = [
  { word: 'Licht', start: 0.1, end: 0.5 },
  { word: 'an.', start: 0.6, end: 0.9 },
  { word: 'Danke!', start: 1.5, end: 2.1 },
];
const SRT = '1\n00:00:00,100 --> 00:00:00,900\nLicht an.\n\n2\n00:00:01,500 --> 00:00:02,100\nDanke!\n\n';
const VTT = 'WEBVTT\n\n00:00:00.100 --> 00:00:00.900\nLicht an.\n\n00:00:01.500 --> 00:00:02.100\nDanke!\n\n';

const asked = (): URL => new URL(provider.last.path, provider.url);

const hear = (model: string, more: Record<string, string> = {}): Promise<Response> =>
  send(gateway, form(['model', model], ...Object.entries(more).map(([name, value]) => [name, value] as const), ['file', WAV]));

describe.each([
  { model: 'scribe', answers: 'elevenlabs/transcript', language: 'deu', speakers: ['speaker_0', 'speaker_1'] },
  { model: 'nova', answers: 'deepgram/transcript', language: 'de', speakers: ['0', '1'] },
])('$model', ({ model, answers, language, speakers }) => {
  beforeEach(() => {
    provider.behaviour = wire(answers);
  });

  test('writes down what the official client sends, and is paid by the second', async () => {
    const { text, usage } = await client.audio.transcriptions.create({ model, file: silence(), language: 'de' });
    expect({ text, usage }).toEqual({ text: 'Licht an. Danke!', usage: { type: 'duration', seconds: 2.5 } });
    expect(await lastRow(gateway)).toMatchObject({ status: 'success', call_type: 'atranscription', spend: '0.00025' });
  });

  test('tells words and segments', async () => {
    const told = await client.audio.transcriptions.create({
      model,
      file: silence(),
      response_format: 'verbose_json',
      timestamp_granularities: ['word', 'segment'],
    });
    expect(told).toEqual({
      task: 'transcribe',
      language,
      duration: 2.5,
      text: 'Licht an. Danke!',
      words: WORDS,
      segments: [
        { id: 0, start: 0.1, end: 0.9, text: 'Licht an.' },
        { id: 1, start: 1.5, end: 2.1, text: 'Danke!' },
      ],
      usage: { type: 'duration', seconds: 2.5 },
    });
    const plain = await client.audio.transcriptions.create({ model, file: silence(), response_format: 'verbose_json' });
    expect(plain).toHaveProperty('segments');
    expect(plain).not.toHaveProperty('words');
  });

  test('tells texts and subtitles as texts', async () => {
    const texts = [];
    for (const response_format of ['text', 'srt', 'vtt']) {
      const answer = await hear(model, { response_format });
      expect(answer.headers.get('content-type')).toBe('text/plain; charset=utf-8');
      texts.push(await answer.text());
    }
    expect(texts).toEqual(['Licht an. Danke!', SRT, VTT]);
    const refused = await hear(model, { response_format: 'xml' });
    expect([refused.status, await refused.text()]).toEqual([400, expect.stringContaining('srt')]);
  });

  test('tells who speaks', async () => {
    const answer = (await (await hear(model, { response_format: 'diarized_json' })).json()) as { segments: { speaker: string }[] };
    expect(answer.segments.map(({ speaker }) => speaker)).toEqual(speakers);
  });

  test('tells a stream at its end', async () => {
    const text = await (await hear(model, { stream: 'true' })).text();
    expect(text).toContain('"type":"transcript.text.delta","delta":"Licht an. Danke!"');
    expect(text).toMatch(/"type":"transcript.text.done".*"seconds":2.5/);
    expect(await lastRow(gateway)).toMatchObject({ spend: '0.00025' });
  });

  test('takes the file as it arrives', async () => {
    const sound = recording(3_000_000);
    const { request, answer } = begin(gateway);
    request.write(form(['model', model]).subarray(0, -FORM_END.length));
    request.write(head(['file', sound, 'long.wav', 'audio/wav']));
    request.write(sound.subarray(0, 1_000_000));
    // The provider takes it while its client still sends.
    await expect.poll(() => provider.arriving).toBe(1);
    request.write(sound.subarray(1_000_000));
    request.end(Buffer.concat([Buffer.from('\r\n'), FORM_END]));
    expect((await answer).status).toBe(200);
    const bytes = model === 'nova' ? provider.last.body : (await received(provider.last)).file.bytes;
    expect(bytes.equals(sound)).toBe(true);
  });

  test('answers in the form that is named behind the file', async () => {
    const answer = await send(gateway, form(['model', model], ['file', WAV], ['response_format', 'text']));
    expect(await answer.text()).toBe('Licht an. Danke!');
  });

  test('ignores hints that it does not know, and sends nothing elsewhere', async () => {
    const answer = await hear(model, {
      prompt: 'At home.',
      chunking_strategy: 'auto',
      unknown: '1',
      callback: 'https://elsewhere.example/',
      webhook: 'true',
      cloud_storage_url: 'https://elsewhere.example/a.wav',
    });
    expect(answer.status).toBe(200);
    await answer.text();
    expect(asked().search + provider.last.body.toString('latin1')).not.toMatch(/elsewhere|webhook|callback|unknown|At home/);
    const refused = await hear(model, { 'include[]': 'logprobs' });
    expect([refused.status, await refused.text()]).toEqual([400, expect.stringContaining('include')]);
  });

  test('that lies is an error with a true status', async () => {
    const statuses = [];
    for (const behaviour of [
      json({}),
      json({ text: 7, results: { channels: [{ alternatives: [] }] } }),
      json({ results: 'x', words: 'x' }),
      json([]),
      speaks({ 'content-type': 'text/html' }, Buffer.from('<html>')),
      speaks({ 'content-type': 'application/json' }, Buffer.from('{"text": "Li')),
    ]) {
      provider.behaviour = behaviour;
      const answer = await hear(model);
      statuses.push(answer.status);
      await answer.text();
    }
    expect(statuses).toEqual([502, 502, 502, 502, 502, 500]);
    await expectNothingLeft(gateway);
  });
});

describe('ElevenLabs', () => {
  test('gets a form of its own', async () => {
    provider.behaviour = wire('elevenlabs/transcript');
    await (await hear('scribe', { language: 'de', temperature: '0.3', num_speakers: '2', response_format: 'diarized_json' })).text();
    expect(provider.last.path).toBe('/v1/speech-to-text');
    expect(provider.last.headers['xi-api-key']).toBe(SECRET);
    const { fields, file } = await received(provider.last);
    expect(Object.fromEntries(fields)).toEqual({
      tag_audio_events: 'false',
      num_speakers: '2',
      model_id: 'scribe_v1',
      language_code: 'de',
      temperature: '0.3',
      diarize: 'true',
    });
    expect(file).toMatchObject({ name: 'audio.wav', type: 'audio/wav' });
    expect(file.bytes.equals(WAV)).toBe(true);
  });

  test('gets fields that stand behind the file', async () => {
    provider.behaviour = wire('elevenlabs/transcript');
    await (await send(gateway, form(['model', 'scribe'], ['file', WAV], ['language', 'de'], ['tags[]', 'kitchen']))).text();
    expect(Object.fromEntries((await received(provider.last)).fields)).toEqual({
      tag_audio_events: 'false',
      model_id: 'scribe_v1',
      language_code: 'de',
    });
  });

  test('that tells no length is paid by that of the recording', async () => {
    provider.behaviour = json({ text: 'Licht an.', language_code: 'deu', words: [] });
    expect(await (await hear('scribe')).json()).toEqual({ text: 'Licht an.', usage: { type: 'duration', seconds: 1 } });
    expect(await lastRow(gateway)).toMatchObject({ spend: '0.0001' });
    await (await send(gateway, form(['model', 'scribe'], ['file', WAV, 'a.mp3', 'audio/mpeg']))).text();
    provider.behaviour = json({ text: 'Hi' });
    const answer = await send(gateway, form(['model', 'scribe'], ['file', Buffer.alloc(16_000), 'a.mp3', 'audio/mpeg']));
    expect(await answer.json()).toEqual({ text: 'Hi' });
    const row = await lastRow(gateway);
    expect(row['metadata']).toMatchObject({ usage_estimated: true });
    expect(Number(row['spend'])).toBeGreaterThan(0);
  });
});

describe('Deepgram', () => {
  test('gets the recording as it is, and the question in the address', async () => {
    provider.behaviour = wire('deepgram/transcript');
    const parts = [['model', 'nova'], ['keywords[]', 'Kueche'], ['keywords[]', 'Bad'], ['file', WAV]] as const; // prettier-ignore
    await (await send(gateway, form(...parts))).text();
    expect(asked().pathname).toBe('/v1/listen');
    expect([...asked().searchParams]).toEqual([
      ['smart_format', 'true'],
      ['punctuate', 'true'],
      ['keyterm', 'Kueche'],
      ['keyterm', 'Bad'],
      ['detect_language', 'true'],
      ['model', 'nova-3'],
    ]);
    expect(provider.last.headers).toMatchObject({ authorization: `Token ${SECRET}`, 'content-type': 'audio/wav' });
    expect(provider.last.body.equals(WAV)).toBe(true);
  });

  test('hears the language that is named; one that comes too late is said to be so', async () => {
    provider.behaviour = wire('deepgram/transcript');
    await (await hear('nova', { language: 'de' })).text();
    expect(asked().searchParams.get('language')).toBe('de');
    expect(asked().searchParams.has('detect_language')).toBe(false);
    // The model behind the file: all of the form is known before anything is asked.
    await (await send(gateway, form(['file', WAV], ['language', 'fr'], ['model', 'nova']))).text();
    expect(asked().searchParams.get('language')).toBe('fr');
    expect(provider.last.headers['content-length']).toBe(String(WAV.length));
    const { request, answer } = begin(gateway);
    provider.seen.length = 0;
    request.write(form(['model', 'nova']).subarray(0, -FORM_END.length));
    request.write(Buffer.concat([head(['file', WAV]), recording(200_000)]));
    await expect.poll(() => provider.arriving).toBe(1);
    request.end(Buffer.concat([Buffer.from('\r\n'), form(['language', 'de'])]));
    const late = await answer;
    expect([late.status, late.text]).toEqual([400, expect.stringContaining('must stand before its file: language')]);
    expect(provider.seen).toHaveLength(0);
    await expectNothingLeft(gateway);
  });

  test('bills each channel that it writes down', async () => {
    provider.behaviour = wire('deepgram/two-channels');
    expect(await (await hear('calls')).json()).toMatchObject({ text: 'Hallo.\nGuten Tag.', usage: { seconds: 5 } });
    expect(asked().searchParams.get('multichannel')).toBe('true');
    expect(asked().searchParams.get('smart_format')).toBe('false');
    expect(asked().searchParams.has('detect_language')).toBe(false);
    expect(await lastRow(gateway)).toMatchObject({ spend: '0.0005' });
  });

  test('refuses a wrong key as such', async () => {
    provider.behaviour = wire('deepgram/error-key');
    await expect(client.audio.transcriptions.create({ model: 'nova', file: silence() })).rejects.toBeInstanceOf(AuthenticationError);
    expect(await lastRow(gateway)).toMatchObject({ status: 'failure', spend: '0' });
  });
});

describe('Cartesia', () => {
  test('gets a form, and is asked for times where they are wanted', async () => {
    provider.behaviour = wire('cartesia/transcript');
    const answer = await hear('ink', { language: 'de' });
    expect(await answer.json()).toEqual({ text: 'Licht an. Danke!', usage: { type: 'duration', seconds: 2.5 } });
    expect(provider.last.path).toBe('/stt');
    expect(provider.last.headers).toMatchObject({ authorization: `Bearer ${SECRET}`, 'cartesia-version': '2025-04-16' });
    expect((await received(provider.last)).fields).toEqual([['model', 'ink-whisper'], ['language', 'de']]); // prettier-ignore
    expect(await (await hear('ink', { response_format: 'srt' })).text()).toBe(SRT);
    expect((await received(provider.last)).fields).toEqual([['model', 'ink-whisper'], ['timestamp_granularities[]', 'word']]); // prettier-ignore
    expect(await lastRow(gateway)).toMatchObject({ spend: '0.00025' });
  });
});

describe('Fish Audio', () => {
  test('gets the file under its own name for it, and tells phrases', async () => {
    provider.behaviour = wire('fish_audio/transcript');
    expect(await (await hear('fish', { language: 'de', response_format: 'vtt' })).text()).toBe(VTT);
    expect(provider.last.path).toBe('/v1/asr');
    const sent = provider.last.body.toString('latin1');
    expect(sent).toContain('name="audio"; filename="audio.wav"');
    expect(sent).toMatch(/name="ignore_timestamps"\r\n\r\nfalse\r\n/);
    expect(sent).not.toContain('name="model"');
    expect(await lastRow(gateway)).toMatchObject({ spend: '0.00025' });
    const refused = await hear('fish', { response_format: 'diarized_json' });
    expect([refused.status, await refused.text()]).toEqual([400, expect.stringContaining('diarized_json')]);
  });

  test('is paid by seconds, whether it tells them or milliseconds', async () => {
    const { response } = wireCase('fish_audio/transcript');
    provider.behaviour = json({ ...(response as object), duration: 2500 });
    expect(await (await hear('fish')).json()).toMatchObject({ usage: { seconds: 2.5 } });
    // Nothing says which it is: the recording's own length counts.
    provider.behaviour = json({ text: 'Hi', duration: 9000, segments: [] });
    expect(await (await hear('fish')).json()).toMatchObject({ usage: { seconds: 1 } });
  });
});
