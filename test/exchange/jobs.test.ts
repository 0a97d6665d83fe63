import { request as httpRequest } from 'node:http';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { wireCase } from '../dialects/wire-case.ts';
import { completion, FakeProvider, json, stream, streamedEvents, type Behaviour } from '../support/fake-provider.ts';
import { startGateway, type TestGateway } from '../support/gateway.ts';
import { asked, predictions } from '../support/predictions.ts';
import { inTurn } from '../support/wire-answers.ts';
import { contentOf, eventsIn, expectNothingLeft, lastRow } from './leaks.ts';

/** Answers that are made after the request was taken: asked for again, streamed from elsewhere, ended, refused, and paid once. */
let provider: FakeProvider;
let other: FakeProvider;
let gateway: TestGateway;

const KEY = 'r8_a-key-of-replicate';
const DONE = wireCase('replicate/text').response as Record<string, unknown>;
const STREAM = wireCase('replicate/text').stream;
const TEXT = 'Grüße aus\n\nZürich! 🌍';
const PREDICTION = '/v1/predictions/p1';
const url = (): string => provider.url;

beforeAll(async () => {
  provider = await FakeProvider.start();
  other = await FakeProvider.start();
  const row = (name: string, model: string, more = '', base = `${provider.url}/v1`): string =>
    `  - { model_name: ${name}, litellm_params: { model: "${model}", api_base: "${base}", api_key: ${KEY}, input_cost_per_token: 0.000001, output_cost_per_token: 0.000002${more} } }\n`;
  gateway = await startGateway(`model_list:
${row('llama', 'replicate/meta/meta-llama-3-70b-instruct')}${row('quick', 'replicate/meta/meta-llama-3-8b-instruct', ', timeout: 0.5')}${row('again', 'replicate/meta/meta-llama-3-8b-instruct', ', num_retries: 1')}${row('shy', 'replicate/owner/shy')}${row('spare', 'openai/gpt-4o', '', `${other.url}/v1`)}${row('nim', 'nvidia_nim/meta/llama-3.3-70b-instruct')}
router_settings: { num_retries: 0, disable_cooldowns: true, retry_after: 0, fallbacks: [{ shy: [spare] }] }
`);
});

afterAll(async () => {
  await gateway.stop();
  await provider.stop();
  await other.stop();
});

beforeEach(() => {
  provider.seen.length = 0;
  other.seen.length = 0;
  other.behaviour = json(completion('From the spare.'));
});

const ask = (model: string, more: object = {}): Promise<Response> =>
  gateway.call('POST', '/v1/chat/completions', { model, messages: [{ role: 'user', content: 'Hi' }], ...more });

const contentIn = async (answer: Response): Promise<unknown> =>
  ((await answer.json()) as { choices: { message: { content: string } }[] }).choices[0]?.message.content;

/** A client that leaves once the provider was asked this. */
async function leaves(model: string, streamed: boolean, at: string): Promise<void> {
  const request = httpRequest(`${gateway.url}/v1/chat/completions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${gateway.masterKey}`, 'content-type': 'application/json' },
  });
  request.on('error', () => undefined);
  request.end(JSON.stringify({ model, messages: [{ role: 'user', content: 'Hi' }], stream: streamed }));
  await expect.poll(() => asked(provider.seen), { interval: 5 }).toContain(at);
  request.destroy();
}

const canceled = (): Promise<void> =>
  expect
    .poll(() => asked(provider.seen).filter((line) => line.endsWith('/cancel')), { interval: 5 })
    .toEqual([`POST ${PREDICTION}/cancel`]);

/** The call is over for its client, and booked. */
const settled = (): Promise<void> =>
  expect.poll(() => [gateway.parts.limits.openHolds, gateway.parts.ledger.openCalls], { interval: 5 }).toEqual([0, 0]);

describe('an answer that is made later', () => {
  test('is asked for until it is there, by the key, and booked once by what it used', async () => {
    provider.behaviour = predictions(url, { done: DONE, after: 3 });
    const answer = await ask('llama', { max_tokens: 50 });
    expect(answer.status).toBe(200);
    expect(await answer.json()).toMatchObject({
      id: 'gm3qorzdhgbfurvjtvhg6dckhu',
      model: 'llama',
      choices: [{ message: { content: TEXT }, finish_reason: 'stop' }],
      usage: { prompt_tokens: 11, completion_tokens: 7 },
    });
    expect(asked(provider.seen)).toEqual([
      'POST /v1/models/meta/meta-llama-3-70b-instruct/predictions',
      ...Array.from({ length: 3 }, () => `GET ${PREDICTION}`),
    ]);
    const [first] = provider.seen;
    expect(first?.headers['prefer']).toBe('wait=60');
    expect(first?.json).toEqual(wireCase('replicate/text').request);
    for (const { headers } of provider.seen) expect(headers.authorization).toBe(`Bearer ${KEY}`);
    expect(provider.last.headers).not.toHaveProperty('content-type');
    expect(await lastRow(gateway)).toMatchObject({ spend: '0.000025', status: 'success', custom_llm_provider: 'replicate' });
    expect(await gateway.rows()).toHaveLength(1);
  });

  test('and is there at once is asked for once', async () => {
    provider.behaviour = predictions(url, { done: DONE });
    expect(await contentIn(await ask('llama'))).toBe(TEXT);
    expect(provider.seen).toHaveLength(1);
  });

  test('is told in the words of every client', async () => {
    provider.behaviour = predictions(url, { done: DONE, after: 1 });
    const message = await gateway.call('POST', '/v1/messages', {
      model: 'llama',
      max_tokens: 9,
      messages: [{ role: 'user', content: 'Hi' }],
    });
    expect(await message.json()).toMatchObject({ content: [{ type: 'text', text: TEXT }], usage: { input_tokens: 11, output_tokens: 7 } });
    provider.behaviour = predictions(url, { done: DONE, after: 1 });
    const completed = await gateway.call('POST', '/v1/completions', { model: 'llama', prompt: ['One', 'Two'] });
    expect(await completed.json()).toMatchObject({ choices: [{ text: TEXT }, { text: TEXT, index: 1 }], usage: { prompt_tokens: 22 } });
    expect(provider.seen.filter(({ method }) => method === 'POST').map(({ json: body }) => body['input'])).toEqual([
      { prompt: 'Hi', max_tokens: 9 },
      { prompt: 'One' },
      { prompt: 'Two' },
    ]);
  });

  test('is asked for more slowly by a provider that is asked too often', async () => {
    const done = predictions(url, { done: DONE, after: 1 });
    provider.behaviour = inTurn(done, json({ detail: 'Slow down' }, 429, { 'retry-after-ms': '1' }), done);
    expect(await contentIn(await ask('llama'))).toBe(TEXT);
    expect(asked(provider.seen).slice(1)).toEqual([`GET ${PREDICTION}`, `GET ${PREDICTION}`]);
  });
});

describe('a stream', () => {
  test('comes from its own address, and is booked by what its prediction says at the end', async () => {
    provider.behaviour = predictions(url, { done: DONE, stream: STREAM });
    const events = eventsIn(await (await ask('llama', { stream: true, stream_options: { include_usage: true } })).text());
    expect(contentOf(events)).toBe(TEXT);
    expect(events.at(-2)).toMatchObject({ id: 'p1', usage: { prompt_tokens: 11, completion_tokens: 7 } });
    expect(asked(provider.seen)).toEqual([
      'POST /v1/models/meta/meta-llama-3-70b-instruct/predictions',
      'GET /streams/p1',
      `GET ${PREDICTION}`,
    ]);
    expect(provider.seen[0]?.json).toMatchObject({ stream: true });
    expect(provider.seen[0]?.headers).not.toHaveProperty('prefer');
    expect(provider.seen[1]?.headers.accept).toBe('text/event-stream');
    expect(await lastRow(gateway)).toMatchObject({ spend: '0.000025', status: 'success' });
  });

  test('whose prediction says nothing at the end is counted, and marked', async () => {
    provider.behaviour = predictions(url, { done: DONE, stream: STREAM, closing: json({ detail: 'gone' }, 404) });
    expect(contentOf(eventsIn(await (await ask('llama', { stream: true })).text()))).toBe(TEXT);
    const row = await lastRow(gateway);
    expect(row).toMatchObject({ status: 'success', metadata: { usage_estimated: true } });
    expect(Number(row['spend'])).toBeGreaterThan(0);
  });

  test('of a model that has none is told all the same', async () => {
    provider.behaviour = predictions(url, { done: DONE, after: 2 });
    expect(contentOf(eventsIn(await (await ask('llama', { stream: true })).text()))).toBe(TEXT);
    expect(await lastRow(gateway)).toMatchObject({ spend: '0.000025' });
  });

  test('with an error at its beginning is that error, and with one inside says so', async () => {
    const error = 'event: error\ndata: {"detail":"CUDA out of memory"}\n\n';
    provider.behaviour = predictions(url, { done: DONE, stream: Buffer.from(error) });
    const refused = await ask('llama', { stream: true });
    expect(refused.status).toBe(500);
    expect(await refused.text()).toContain('ReplicateException - CUDA out of memory');
    provider.behaviour = predictions(url, { done: DONE, stream: Buffer.from(`event: output\ndata: Hello\n\n${error}`) });
    const text = await (await ask('llama', { stream: true })).text();
    expect(text).toContain('CUDA out of memory');
    expect(text).not.toContain('[DONE]');
  });
});

describe('a prediction that nobody waits for any more', () => {
  test('is ended when its client leaves', async () => {
    provider.behaviour = predictions(url, { done: DONE, after: 1_000_000 });
    await leaves('llama', false, `GET ${PREDICTION}`);
    await canceled();
    expect(provider.last.headers.authorization).toBe(`Bearer ${KEY}`);
    expect(await lastRow(gateway)).toMatchObject({ status: 'success', metadata: { client_left: true } });
  });

  test.each([
    ['leaves while it is being made', 'llama'],
    ['has waited long enough for it to be made', 'quick'],
  ])('is ended although its client %s: once its provider says what it is', async (_, model) => {
    const begun = predictions(url, { done: DONE, after: 1_000_000 });
    const made = Promise.withResolvers<void>();
    provider.behaviour = async (request, response) => {
      if (!request.path.endsWith('/cancel')) await made.promise;
      await begun(request, response);
    };
    const creating = `POST /v1/models/meta/${model === 'quick' ? 'meta-llama-3-8b-instruct' : 'meta-llama-3-70b-instruct'}/predictions`;
    if (model === 'quick') expect((await ask(model)).status).toBe(408);
    else await leaves(model, false, creating);
    await settled();
    expect(asked(provider.seen)).toEqual([creating]);
    made.resolve();
    await canceled();
    expect(await lastRow(gateway)).toMatchObject(
      model === 'quick' ? { status: 'failure', spend: '0' } : { status: 'success', metadata: { client_left: true } },
    );
  });

  test('and succeeded before its provider told of it is left alone', async () => {
    const begun = predictions(url, { done: DONE });
    const made = Promise.withResolvers<void>();
    provider.behaviour = async (request, response) => {
      await made.promise;
      await begun(request, response);
    };
    await leaves('llama', false, 'POST /v1/models/meta/meta-llama-3-70b-instruct/predictions');
    await settled();
    made.resolve();
    await expectNothingLeft(gateway);
    expect(provider.seen).toHaveLength(1);
  });

  test('is ended when its client leaves its stream', async () => {
    const running: Behaviour = (_request, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' }).write('event: output\ndata: Hello\n\n');
    };
    const begun = predictions(url, { done: DONE, stream: STREAM });
    provider.behaviour = (request, response) => (request.path === '/streams/p1' ? running : begun)(request, response);
    await leaves('llama', true, 'GET /streams/p1');
    await canceled();
    await expectNothingLeft(gateway);
  });

  test('is ended when its time is over, which is a time-out', async () => {
    provider.behaviour = predictions(url, { done: DONE, after: 1_000_000 });
    const answer = await ask('quick');
    expect(answer.status).toBe(408);
    expect(await answer.json()).toMatchObject({
      error: { type: 'timeout_error', message: expect.stringContaining('total time-out of 0.5 s') },
    });
    await canceled();
    expect(await lastRow(gateway)).toMatchObject({ status: 'failure', spend: '0' });
  });

  test('is not ended when it came to nothing by itself', async () => {
    provider.behaviour = predictions(url, { done: wireCase('replicate/failed').response, after: 1 });
    const answer = await ask('llama');
    expect([answer.status, await answer.text()]).toEqual([500, expect.stringContaining('CUDA out of memory')]);
    await expectNothingLeft(gateway);
    expect(asked(provider.seen)).not.toContain(`POST ${PREDICTION}/cancel`);
  });
});

describe('what goes wrong between', () => {
  test('is the error of the attempt, which is made again, and paid once', async () => {
    const before = (await gateway.rows()).length;
    const begun = predictions(url, { done: DONE, after: 1 });
    const reset: Behaviour = (_request, response) => {
      response.destroy();
    };
    provider.behaviour = inTurn(begun, reset, begun);
    expect(await contentIn(await ask('again'))).toBe(TEXT);
    expect(asked(provider.seen).filter((line) => line.endsWith('/predictions'))).toHaveLength(2);
    expect(await lastRow(gateway)).toMatchObject({ spend: '0.000025' });
    expect(await gateway.rows()).toHaveLength(before + 1);
  });

  test('leads to a fallback', async () => {
    provider.behaviour = predictions(url, { done: wireCase('replicate/failed').response, after: 1 });
    expect(await contentIn(await ask('shy'))).toBe('From the spare.');
    expect(await lastRow(gateway)).toMatchObject({ custom_llm_provider: 'openai', spend: '0.00002' });
  });

  test('may be an answer that cannot be read, and the prediction is ended', async () => {
    const begun = predictions(url, { done: DONE, after: 2 });
    provider.behaviour = (request, response) =>
      request.method === 'GET' ? void response.writeHead(200).end('<html>') : begun(request, response);
    expect((await ask('llama')).status).toBe(502);
    await canceled();
  });
});

describe('an address that an answer names', () => {
  test.each(['get', 'cancel'])('and that is somebody else’s inside the network is not asked (%s)', async (name) => {
    const urls = { get: `${provider.url}${PREDICTION}`, cancel: `${provider.url}${PREDICTION}/cancel`, [name]: `${other.url}/x` };
    provider.behaviour = predictions(url, { done: wireCase('replicate/failed').response, after: 1, begun: { urls } });
    const answer = await ask('llama');
    const text = await answer.text();
    expect(other.seen).toEqual([]);
    expect(text).not.toContain(KEY);
    if (name === 'get')
      expect([answer.status, text]).toEqual([502, expect.stringContaining('an address for its answer that must not be called')]);
    await expectNothingLeft(gateway);
  });

  test('and that would be a stream is not asked either', async () => {
    const urls = { get: `${provider.url}${PREDICTION}`, stream: `${other.url}/streams/p1`, cancel: `${provider.url}${PREDICTION}/cancel` };
    provider.behaviour = predictions(url, { done: DONE, stream: STREAM, begun: { urls } });
    expect((await ask('llama', { stream: true })).status).toBe(502);
    expect(other.seen).toEqual([]);
    await canceled();
  });
});

describe('NVIDIA', () => {
  const accepted: Behaviour = (_request, response) => {
    response.writeHead(202, { 'nvcf-reqid': 'a-1', 'nvcf-status': 'pending-evaluation', 'retry-after-ms': '1' }).end();
  };

  test('is asked again for an answer that it only accepted', async () => {
    provider.behaviour = inTurn(accepted, accepted, json(completion('Slowly made.')));
    expect(await contentIn(await ask('nim'))).toBe('Slowly made.');
    expect(asked(provider.seen)).toEqual(['POST /v1/chat/completions', 'GET /v1/status/a-1', 'GET /v1/status/a-1']);
    expect(provider.last.headers.authorization).toBe(`Bearer ${KEY}`);
    expect(await lastRow(gateway)).toMatchObject({ spend: '0.00002' });
    provider.behaviour = inTurn(accepted, json(completion('Slowly made.')));
    const message = await gateway.call('POST', '/v1/messages', {
      model: 'nim',
      max_tokens: 9,
      messages: [{ role: 'user', content: 'Hi' }],
    });
    expect(await message.json()).toMatchObject({ content: [{ type: 'text', text: 'Slowly made.' }] });
  });

  test('that streams at once streams, and that accepts a stream tells it later', async () => {
    provider.behaviour = stream(streamedEvents(['At ', 'once.']));
    expect(contentOf(eventsIn(await (await ask('nim', { stream: true })).text()))).toBe('At once.');
    provider.behaviour = inTurn(accepted, json(completion('Later.')));
    expect(contentOf(eventsIn(await (await ask('nim', { stream: true })).text()))).toBe('Later.');
  });

  test('that accepts without an id has not answered', async () => {
    provider.behaviour = (_request, response) => void response.writeHead(202).end();
    expect((await ask('nim')).status).toBe(502);
  });
});
