import { readFileSync } from 'node:fs';
import OpenAI, { APIConnectionError, BadRequestError, RateLimitError, toFile, UnprocessableEntityError } from 'openai';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { wireCase } from '../../dialects/wire-case.ts';
import { expectNothingLeft, lastRow } from '../../exchange/leaks.ts';
import { FakeProvider, json, stream, type Behaviour } from '../../support/fake-provider.ts';
import { startGateway, type TestGateway } from '../../support/gateway.ts';
import { form, type Part, received, recording, send, WAV } from './forms.ts';

let provider: FakeProvider;
let second: FakeProvider;
let gateway: TestGateway;
let client: OpenAI;

const answers = (name: string): Behaviour => json(wireCase(`openai-audio/${name}`).response);
const SUBTITLES = readFileSync(new URL('../../fixtures/wire/openai-audio/subtitles/response.txt', import.meta.url), 'utf8');
const EVENTS = wireCase('openai-audio/stream').stream.toString('utf8');

const writes =
  (text: string, type = 'text/plain; charset=utf-8'): Behaviour =>
  (_request, response) => {
    response.writeHead(200, { 'content-type': type }).end(text);
  };

beforeAll(async () => {
  provider = await FakeProvider.start();
  second = await FakeProvider.start(json({ text: 'second' }));
  const row = (name: string, model: string, more: string, base = provider.url): string =>
    `  - { model_name: ${name}, litellm_params: { model: ${model}, api_base: "${base}/v1", api_key: sk-provider${more} } }\n`;
  gateway = await startGateway(`model_list:
${row('whisper', 'openai/whisper-1', ', input_cost_per_second: 0.0001')}${row('by-token', 'openai/gpt-4o-transcribe', ', input_cost_per_token: 0.000002, input_cost_per_audio_token: 0.000006, output_cost_per_token: 0.00001')}${row('at-home', 'hosted_vllm/whisper-large', '')}${row('with-language', 'openai/whisper-1', ', language: de, temperature: 0, "timestamp_granularities": [word]')}${row('spare', 'openai/whisper-2', '', second.url)}${row('claude', 'anthropic/claude-sonnet-4-5', '')}${row('small', 'openai/whisper-1', ', max_file_size_mb: 0.01')}
  - { model_name: mute, litellm_params: { model: openai/whisper-1, mock_response: "good evening", input_cost_per_second: 0.0001 } }
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
  provider.behaviour = answers('json');
});

const byName = ([a, x]: readonly [string, string], [b, y]: readonly [string, string]): number => (a + x < b + y ? -1 : 1);

const wav = (): Promise<File> => toFile(WAV, 'audio.wav', { type: 'audio/x-wav' });
const FILE: Part = ['file', WAV, 'audio.wav', 'audio/x-wav'];
const MODEL: Part = ['model', 'whisper'];

/** Both orders of a form: the file passes on, or is held. */
const hear = (more: readonly Part[] = [], key = gateway.masterKey): Promise<Response> => send(gateway, form(MODEL, ...more, FILE), { key });

describe('a recording through the official client', () => {
  test.each(['file', 'model'])('reaches the provider as it is, %s first', async (first) => {
    const file = await wav();
    const timestamp_granularities: ('word' | 'segment')[] = ['word', 'segment'];
    const rest = { language: 'de', prompt: 'Küche, Flur', temperature: 0.2, response_format: 'json' as const, timestamp_granularities };
    const asked = first === 'file' ? { file, model: 'whisper', ...rest } : { model: 'whisper', ...rest, file };
    const answer = await client.audio.transcriptions.create(asked);
    expect(answer).toEqual({ text: 'Schalte das Licht in der Küche ein.', usage: { type: 'duration', seconds: 3 } });
    expect(provider.last.path).toBe('/v1/audio/transcriptions');
    expect(provider.last.headers['authorization']).toBe('Bearer sk-provider');
    const got = await received(provider.last);
    expect(got.file).toEqual({ name: 'audio.wav', type: 'audio/x-wav', bytes: WAV });
    expect(got.fields.toSorted(byName)).toEqual([
      ['language', 'de'],
      ['model', 'whisper-1'],
      ['prompt', 'Küche, Flur'],
      ['response_format', 'json'],
      ['temperature', '0.2'],
      ['timestamp_granularities[]', 'segment'],
      ['timestamp_granularities[]', 'word'],
    ]);
    expect(JSON.stringify(provider.last.headers)).not.toContain(gateway.masterKey);
  });

  test('comes back as events, one after another', async () => {
    provider.behaviour = stream(EVENTS.split(/(?<=\n\n)/));
    const asked = { file: await wav(), model: 'by-token', stream: true } as const;
    const events = [];
    for await (const event of await client.audio.transcriptions.create(asked)) events.push(event);
    expect(events.map(({ type }) => type)).toEqual(['transcript.text.delta', 'transcript.text.delta', 'transcript.text.done']);
    expect((await received(provider.last)).fields).toContainEqual(['stream', 'true']);
    expect(await lastRow(gateway)).toMatchObject({
      call_type: 'atranscription',
      spend: '0.000324',
      prompt_tokens: 40,
      completion_tokens: 10,
    });
  });

  test('that a model answers whole although events were asked for comes as events all the same', async () => {
    const events = [];
    for await (const event of await client.audio.transcriptions.create({ file: await wav(), model: 'whisper', stream: true }))
      events.push(event);
    expect(events).toMatchObject([
      { type: 'transcript.text.delta', delta: 'Schalte das Licht in der Küche ein.' },
      { type: 'transcript.text.done', text: 'Schalte das Licht in der Küche ein.', usage: { seconds: 3 } },
    ]);
    expect(await lastRow(gateway)).toMatchObject({ spend: '0.0003' });
  });

  test('raises the client’s own errors', async () => {
    const ask = { file: await wav(), model: 'whisper' };
    provider.behaviour = json({ error: { message: 'slow down' } }, 429);
    await expect(client.audio.transcriptions.create(ask)).rejects.toBeInstanceOf(RateLimitError);
    provider.behaviour = json({ error: { message: 'Invalid file format.', param: 'file' } }, 400);
    await expect(client.audio.transcriptions.create(ask)).rejects.toMatchObject({ status: 400, param: 'file' });
    await expect(client.audio.transcriptions.create({ ...ask, file: await toFile(Buffer.alloc(0), 'a.wav') })).rejects.toBeInstanceOf(
      BadRequestError,
    );
    const beggar = new OpenAI({ baseURL: `${gateway.url}/v1`, apiKey: await gateway.key({ max_budget: 0 }), maxRetries: 0 });
    const refused = await beggar.audio.transcriptions.create(ask).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(UnprocessableEntityError);
    expect(refused).not.toBeInstanceOf(APIConnectionError);
  });
});

test('Home Assistant’s form passes field by field, in its order, and nothing is added', async () => {
  const parts: Part[] = [
    ['model', 'whisper'],
    ['keywords[]', 'Küche'],
    ['keywords[]', 'Flur'],
    ['language', 'de'],
    ['prompt', 'Licht'],
  ];
  const answer = await send(gateway, form(...parts, FILE));
  expect(answer.status).toBe(200);
  expect(answer.headers.get('content-type')).toBe('application/json');
  expect(await answer.json()).toMatchObject({ text: 'Schalte das Licht in der Küche ein.' });
  const got = await received(provider.last);
  expect(got.order).toEqual(['model', 'keywords[]', 'keywords[]', 'language', 'prompt', 'file']);
  expect(got.fields.filter(([name]) => name === 'keywords[]').map(([, value]) => value)).toEqual(['Küche', 'Flur']);
});

describe('an answer', () => {
  test.each(['text', 'srt', 'vtt'])('of the form %s is the provider’s own text', async (format) => {
    provider.behaviour = writes(SUBTITLES, format === 'vtt' ? 'text/vtt' : 'text/plain');
    const answer = await hear([['response_format', format]]);
    expect(answer.headers.get('content-type')).toBe('text/plain; charset=utf-8');
    expect(await answer.text()).toBe(SUBTITLES);
    expect((await received(provider.last)).fields).toContainEqual(['response_format', format]);
  });

  test('as JSON passes byte for byte', async () => {
    const body = '{"text":"Hi",  "x": 12345678901234567890,"usage":"odd"}';
    provider.behaviour = writes(body, 'application/json');
    expect(await (await hear()).text()).toBe(body);
  });

  test('as JSON in place of the text that was asked for is that text', async () => {
    const answer = await hear([['response_format', 'text']]);
    expect(answer.headers.get('content-type')).toBe('text/plain; charset=utf-8');
    expect(await answer.text()).toBe('Schalte das Licht in der Küche ein.');
    provider.behaviour = writes('"said"', 'application/json');
    expect(await (await hear([['response_format', 'text']])).text()).toBe('said');
  });

  test('names the model as its client did', async () => {
    provider.behaviour = answers('mistral');
    expect(await (await hear()).json()).toMatchObject({ model: 'whisper', language: 'en' });
    expect(await lastRow(gateway)).toMatchObject({ spend: '0.0003' });
  });

  test('that comes as events although nobody was known to ask for them passes as events', async () => {
    provider.behaviour = writes(EVENTS, 'text/event-stream');
    const answer = await send(gateway, form(MODEL, FILE, ['stream', 'true']));
    expect(answer.headers.get('content-type')).toContain('text/event-stream');
    expect(await answer.text()).toBe(EVENTS);
    expect((await received(provider.last)).fields).toContainEqual(['stream', 'true']);
  });

  test('of events that end too early tells it in an event', async () => {
    const [first = ''] = EVENTS.split(/(?<=\n\n)/);
    provider.behaviour = writes(first, 'text/event-stream');
    const text = await (await hear([['stream', 'true']])).text();
    expect(text.slice(first.length)).toMatch(/^data: \{"error":.*api_connection_error/);
    expect(await lastRow(gateway)).toMatchObject({ status: 'failure', spend: '0.0001' });
  });

  test.each([
    ['an error in a 200', json({ error: { message: 'loading', code: 503 } }), 503],
    ['a page', writes('<html>', 'text/html'), 502],
    ['JSON without a transcript', json({ task: 'transcribe' }), 502],
    ['broken JSON', writes('{"text": "Hi', 'application/json'), 500],
  ])('that is %s is an error with a true status', async (_name, behaviour, status) => {
    provider.behaviour = behaviour;
    expect((await hear()).status).toBe(status);
    expect(await lastRow(gateway)).toMatchObject({ status: 'failure', spend: '0' });
  });

  test('of silence is an empty text, and no error', async () => {
    provider.behaviour = writes('');
    const answer = await hear([['response_format', 'text']]);
    expect([answer.status, await answer.text()]).toEqual([200, '']);
  });
});

describe('the bill', () => {
  const billed = async (
    behaviour: Behaviour,
    more: readonly Part[] = [],
    file = FILE,
    model = 'whisper',
  ): Promise<Record<string, unknown>> => {
    provider.behaviour = behaviour;
    const answer = await send(gateway, form(['model', model], ...more, file));
    expect(answer.status).toBe(200);
    await answer.arrayBuffer();
    return lastRow(gateway);
  };

  test('is by the seconds that the provider tells', async () => {
    const row = await billed(answers('json'));
    expect(row).toMatchObject({ call_type: 'atranscription', spend: '0.0003', metadata: { cost_terms: [{ kind: 'seconds', quantity: '3', unitPrice: '0.0001' }] } }); // prettier-ignore
    expect(row['metadata']).not.toHaveProperty('usage_estimated');
    expect(await billed(answers('verbose'))).toMatchObject({ spend: '0.000295' });
  });

  test('is by tokens where these are told and priced', async () => {
    expect(await billed(answers('tokens'), [], FILE, 'by-token')).toMatchObject({
      spend: '0.000324',
      prompt_tokens: 40,
      completion_tokens: 10,
    });
  });

  test('is by the length of the recording where nothing is told', async () => {
    const row = await billed(writes(SUBTITLES), [['response_format', 'vtt']]);
    expect(row).toMatchObject({ spend: '0.0001' });
    expect(row['metadata']).not.toHaveProperty('usage_estimated');
  });

  test('is by that length too where only tokens are told and only seconds have a price', async () => {
    const row = await billed(answers('tokens'));
    expect(row).toMatchObject({ spend: '0.0001', prompt_tokens: 40 });
    expect(row['metadata']).not.toHaveProperty('usage_estimated');
  });

  test('is an estimate where nobody can tell, and says so', async () => {
    const row = await billed(json({ text: 'Hi' }), [], ['file', Buffer.alloc(16_000, 1), 'a.mp3', 'audio/mpeg']);
    expect(row).toMatchObject({ spend: '0.0002', metadata: { usage_estimated: true } });
    expect(await billed(json({ text: 'Hi' }), [], FILE, 'by-token')).toMatchObject({
      spend: '0.0001',
      metadata: { usage_estimated: true },
    });
  });

  test('stands in the headers', async () => {
    expect((await hear()).headers.get('x-litellm-response-cost')).toBe('0.0003');
    expect((await send(gateway, form(['model', 'at-home'], FILE))).headers.get('x-litellm-response-cost')).toBe('0');
  });

  test.each(['model', 'file'])('over the budget is refused before anything is sent, %s first', async (first) => {
    const key = await gateway.key({ max_budget: 0.00035 });
    const parts = first === 'model' ? [MODEL, FILE] : [FILE, MODEL];
    const held = Promise.withResolvers<void>();
    provider.behaviour = async (request, response) => {
      await held.promise;
      await answers('json')(request, response);
    };
    const running = [
      send(gateway, form(...parts), { key }),
      send(gateway, form(...parts), { key }),
      send(gateway, form(...parts), { key }),
    ];
    await expect.poll(() => provider.seen.length).toBe(3);
    const refused = await send(gateway, form(...parts), { key });
    expect([refused.status, refused.headers.get('x-should-retry')]).toEqual([422, 'true']);
    expect(provider.seen.length).toBe(3);
    held.resolve();
    for (const answer of running) expect((await answer).status).toBe(200);
    const spent = await send(gateway, form(...parts), { key });
    expect([spent.status, spent.headers.get('x-should-retry')]).toEqual([422, 'false']);
    expect(provider.seen.length).toBe(3);
    await expectNothingLeft(gateway);
  });

  test('is reserved for what may come, whatever the header of the recording claims', async () => {
    const key = await gateway.key({ max_budget: 0.01 });
    const lying = recording(3_000_000);
    lying.writeUInt32LE(2, 40);
    const held = Promise.withResolvers<void>();
    provider.behaviour = async (request, response) => {
      await held.promise;
      await answers('json')(request, response);
    };
    const running = send(gateway, form(MODEL, ['file', lying]), { key });
    await expect.poll(() => gateway.parts.limits.openHolds).toBe(1);
    await expect.poll(() => provider.seen.length).toBe(1);
    // 93 seconds are held of 100.
    const refused = await send(gateway, form(MODEL, ['file', recording(320_044)]), { key });
    expect(refused.status).toBe(422);
    held.resolve();
    expect((await running).status).toBe(200);
  });
});

describe('fields', () => {
  test('for the gateway act, and do not reach the provider', async () => {
    const answer = await hear([
      ['tags[]', 'kitchen'],
      ['metadata[session_id]', 'evening'],
      ['metadata[spend_logs_metadata]', '{"room": 4}'],
      ['drop_params', 'true'],
      ['num_retries', '0'],
      ['timeout', '20'],
      ['additional_drop_params[]', 'temperature'],
      ['additional_drop_params[]', 'timestamp_granularities'],
      ['temperature', '0.3'],
      ['timestamp_granularities[]', 'word'],
      ['user', 'ann'],
    ]);
    expect(answer.headers.get('x-litellm-timeout')).toBe('20.0');
    expect((await received(provider.last)).fields).toEqual([['model', 'whisper-1'], ['user', 'ann']]); // prettier-ignore
    expect(await lastRow(gateway)).toMatchObject({ request_tags: ['kitchen'], session_id: 'evening', end_user: 'ann' });
  });

  test('behind the file pass on, save those for the gateway', async () => {
    await send(gateway, form(MODEL, FILE, ['language', 'de'], ['tags[]', 'late'], ['keywords[]', 'Flur']));
    expect((await received(provider.last)).fields.toSorted(byName)).toEqual([
      ['keywords[]', 'Flur'],
      ['language', 'de'],
      ['model', 'whisper-1'],
    ]);
  });

  test('never stand in the place of the file', async () => {
    await send(gateway, form(MODEL, ['file', 'a text'], FILE, ['file', 'another']));
    expect((await received(provider.last)).order).toEqual(['model', 'file']);
  });

  test('may name the fallbacks', async () => {
    provider.behaviour = json({ error: { message: 'down' } }, 503);
    const answer = await hear([['fallbacks[]', 'spare']]);
    expect(await answer.json()).toEqual({ text: 'second' });
    expect((await received(second.last)).fields).toContainEqual(['model', 'whisper-2']);
    expect((await received(second.last)).file.bytes).toEqual(WAV);
  });

  test('may stand in the query, and the model in the path', async () => {
    await send(gateway, form(FILE), { path: '/v1/audio/transcriptions?model=whisper&language=de' });
    expect((await received(provider.last)).fields).toEqual([['model', 'whisper-1'], ['language', 'de']]); // prettier-ignore
    await send(gateway, form(FILE, ['model', 'nobody']), {
      path: '/openai/deployments/whisper/audio/transcriptions?api-version=2024-06-01',
    });
    expect((await received(provider.last)).fields).toEqual([['model', 'whisper-1']]);
  });

  test('are completed by those that the deployment sets', async () => {
    await send(gateway, form(['model', 'with-language'], ['language', 'fr'], FILE));
    const { fields } = await received(provider.last);
    expect(Object.fromEntries(fields)).toEqual({
      model: 'whisper-1',
      language: 'fr',
      temperature: '0',
      'timestamp_granularities[]': 'word',
    });
    await send(gateway, form(['model', 'with-language'], ['timestamp_granularities[]', 'segment'], FILE));
    expect((await received(provider.last)).fields.filter(([name]) => name.startsWith('timestamp'))).toEqual([['timestamp_granularities[]', 'segment']]); // prettier-ignore
  });
});

test('every name of the route serves', async () => {
  for (const path of ['/audio/transcriptions', '/openai/v1/audio/transcriptions', '/v1/audio/transcriptions/'])
    expect([path, (await send(gateway, form(MODEL, FILE), { path })).status]).toEqual([path, 200]);
});

test('falls back as chat does, file and all', async () => {
  provider.behaviour = json({ error: { message: 'down' } }, 503);
  for (const parts of [
    [['model', 'at-home'], FILE],
    [FILE, ['model', 'at-home']],
  ] satisfies Part[][]) {
    const answer = await send(gateway, form(...parts));
    expect(await answer.json()).toEqual({ text: 'second' });
    expect(answer.headers.get('x-litellm-attempted-fallbacks')).toBe('1');
    expect((await received(second.last)).file.bytes).toEqual(WAV);
  }
});

describe('is refused', () => {
  const FORMS: readonly (readonly [name: string, param: string, parts: readonly Part[]])[] = [
    ['without a model', 'model', [FILE]],
    ['with two models', 'model', [MODEL, ['model', 'spare'], FILE]],
    ['with a second model behind the file', 'model', [MODEL, FILE, ['model', 'spare']]],
    ['without a file', 'file', [MODEL]],
    ['with a text in place of a file', 'file', [MODEL, ['file', 'not a file']]],
    ['with two files', 'file', [MODEL, FILE, FILE]],
    ['with a file under another name', 'audio', [MODEL, ['audio', WAV]]],
    ['with an empty file', 'file', [MODEL, ['file', Buffer.alloc(0)]]],
    ['with an empty file first', 'file', [['file', Buffer.alloc(0)], MODEL]],
    ['with an address of its own', 'api_base', [MODEL, ['api_base', 'http://127.0.0.1:1'], FILE]],
    ['with an address of its own behind the file', 'api_base', [MODEL, FILE, ['api_base', 'http://127.0.0.1:1']]],
    ['for a provider that does not hear', 'model', [['model', 'claude'], FILE]],
  ];

  test.each(FORMS)('%s', async (_name, param, parts) => {
    const answer = await send(gateway, form(...parts));
    expect(answer.status).toBe(400);
    expect(await answer.json()).toMatchObject({ error: { type: 'invalid_request_error', param } });
    expect(provider.seen).toEqual([]);
    await expectNothingLeft(gateway);
  });

  test('by the size that a deployment takes', async () => {
    expect((await send(gateway, form(['model', 'small'], FILE))).status).toBe(413);
    expect((await send(gateway, form(FILE, ['model', 'small']))).status).toBe(413);
    expect(provider.seen).toEqual([]);
  });

  test('when nobody knows the model, naming the route', async () => {
    expect(await (await send(gateway, form(['model', 'nobody'], FILE))).json()).toMatchObject({
      error: { message: expect.stringContaining('/audio/transcriptions: Invalid model name') },
    });
  });

  test('as JSON', async () => {
    const answer = await gateway.call('POST', '/v1/audio/transcriptions', { model: 'whisper' });
    expect([answer.status, await answer.json()]).toMatchObject([400, { error: { param: 'content-type' } }]);
  });
});

test('a mocked answer has the form that was asked for, and the price of any other', async () => {
  const ask = (...more: Part[]): Promise<Response> => send(gateway, form(['model', 'mute'], ...more, FILE));
  expect(await (await ask()).json()).toEqual({ text: 'good evening', usage: { type: 'duration', seconds: 1 } });
  expect(await (await ask(['response_format', 'verbose_json'])).json()).toMatchObject({ duration: 1 });
  expect(await (await ask(['response_format', 'text'])).text()).toBe('good evening');
  expect(await (await ask(['stream', 'true'])).text()).toContain('"transcript.text.done"');
  expect(await lastRow(gateway)).toMatchObject({ call_type: 'atranscription', spend: '0.0001' });
  expect(provider.seen).toEqual([]);
});

test('nothing of the recording, its name or its text stands in the row or the log', async () => {
  provider.behaviour = json({ text: 'the code of the door is 4711' });
  await send(gateway, form(MODEL, ['prompt', 'door 4711'], ['file', WAV, 'door-4711.wav']));
  expect(JSON.stringify(await lastRow(gateway))).not.toContain('4711');
  expect(gateway.log.join('\n')).not.toContain('4711');
});
