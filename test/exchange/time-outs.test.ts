import { once } from 'node:events';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { FakeProvider, json, stream, streamedEvents, type Behaviour } from '../support/fake-provider.ts';
import { startGateway, type TestGateway } from '../support/gateway.ts';
import { expectNothingLeft, lastRow } from './leaks.ts';

let provider: FakeProvider;
let gateway: TestGateway;
/** Takes connections and says nothing, so that no TLS handshake ever ends. */
let mute: Server;

beforeAll(async () => {
  provider = await FakeProvider.start();
  mute = createServer().listen(0, '127.0.0.1');
  await once(mute, 'listening');
  const row = (name: string, more = ''): string =>
    `  - { model_name: ${name}, litellm_params: { model: openai/m, api_base: "${provider.url}/v1", api_key: sk-x${more} } }\n`;
  gateway = await startGateway(`model_list:
${row('plain')}${row('own', ', timeout: 0.6')}${row('own-stream', ', stream_timeout: 0.4')}${row('after-one', ', timeout: 0.7, num_retries: 3')}  - { model_name: mute, litellm_params: { model: openai/m, api_base: "https://127.0.0.1:${(mute.address() as AddressInfo).port}/v1", api_key: sk-x, timeout: 0.4 } }
router_settings: { num_retries: 0, timeout: 1, disable_cooldowns: true }
litellm_settings: { stream_idle_timeout: 0.5 }
`);
});

afterAll(async () => {
  await gateway.stop();
  await provider.stop();
  mute.close();
});

beforeEach(() => {
  provider.behaviour = silent;
});

const silent: Behaviour = () => undefined;
const headersOnly: Behaviour = (_request, response) => {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  response.flushHeaders();
};

interface Failed {
  readonly status: number;
  readonly ms: number;
  readonly error: { readonly type: string; readonly code: string; readonly message: string };
  readonly header: string | null;
}

async function ask(model: string, more: Record<string, unknown> = {}, headers: Record<string, string> = {}): Promise<Failed> {
  const startedAt = performance.now();
  const answer = await gateway.call(
    'POST',
    '/v1/chat/completions',
    { model, messages: [{ role: 'user', content: 'Hi' }], ...more },
    gateway.masterKey,
    headers,
  );
  const text = await answer.text();
  const ms = performance.now() - startedAt;
  const { error } = JSON.parse(text.startsWith('data: ') ? (text.trim().split('\n\n').at(-1) ?? '').slice(6) : text) as {
    error: Failed['error'];
  };
  return { status: answer.status, ms, error, header: answer.headers.get('x-litellm-timeout') };
}

/** Within 0.2 s of the time that was set (ruling E2). */
function expectAfter(failed: Failed, seconds: number, words: string): void {
  expect(failed.error).toMatchObject({ type: 'timeout_error', code: '408' });
  expect(failed.error.message).toContain(`${words} time-out of ${seconds} seconds`);
  expect(failed.ms).toBeGreaterThan(seconds * 1000 - 30);
  expect(failed.ms).toBeLessThan(seconds * 1000 + 200);
}

// Times are measured on a machine that may be busy with other tests: a miss is measured again.
describe('an unstreamed call', { retry: 3 }, () => {
  test('may take as long as header, body, deployment or settings say, in that order', async () => {
    expectAfter(await ask('own', { timeout: 5 }, { 'x-litellm-timeout': '0.3' }), 0.3, 'total');
    expectAfter(await ask('own', { timeout: 0.4 }), 0.4, 'total');
    expectAfter(await ask('own', { request_timeout: 0.4 }), 0.4, 'total');
    expectAfter(await ask('own'), 0.6, 'total');
    const failed = await ask('plain');
    expectAfter(failed, 1, 'total');
    expect([failed.status, failed.header]).toEqual([408, '1.0']);
  });

  test('is measured to the end of its answer', async () => {
    provider.behaviour = (_request, response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.write('{');
    };
    expectAfter(await ask('own'), 0.6, 'total');
  });

  test('is measured over all its tries', async () => {
    let calls = 0;
    provider.behaviour = (request, response) =>
      calls++ === 0 ? json({ error: { message: 'no' } }, 500, { 'retry-after-ms': '300' })(request, response) : silent(request, response);
    const failed = await ask('after-one');
    expect(failed.ms).toBeLessThan(900);
    expect(calls).toBe(2);
    expect(failed.status).toBe(500);
    expect(failed.header).toBe('0.7');
  });

  test('costs nothing when nothing came', async () => {
    await ask('own');
    expect(await lastRow(gateway)).toMatchObject({ status: 'failure', spend: '0', prompt_tokens: 0 });
  });

  test('cannot be given a senseless time', async () => {
    for (const timeout of [0, -1, 'soon', 1e9]) expect((await ask('own', { timeout })).status).toBe(400);
    expect((await ask('own', {}, { 'x-litellm-timeout': 'never' })).status).toBe(400);
  });
});

describe('a stream', { retry: 3 }, () => {
  test('has the same time until its first event', async () => {
    expectAfter(await ask('own', { stream: true }), 0.6, 'first byte');
    provider.behaviour = headersOnly;
    expectAfter(await ask('own', { stream: true }), 0.6, 'first byte');
  });

  test('has its own time until then where one is set', async () => {
    expectAfter(await ask('own-stream', { stream: true, timeout: 5 }), 0.4, 'first byte');
    expectAfter(await ask('own-stream', { stream: true, stream_timeout: 0.3 }), 0.3, 'first byte');
    expectAfter(await ask('own-stream', { stream: true, stream_timeout: 5 }, { 'x-litellm-stream-timeout': '0.2' }), 0.2, 'first byte');
  });

  test('that runs may take longer than the call', async () => {
    provider.behaviour = async (_request, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      for (const event of streamedEvents(['a', 'b', 'c', 'd'])) {
        response.write(event);
        await new Promise((resolve) => setTimeout(resolve, 150));
      }
      response.end();
    };
    const answer = await gateway.call('POST', '/v1/chat/completions', {
      model: 'own',
      messages: [{ role: 'user', content: 'Hi' }],
      stream: true,
    });
    const startedAt = performance.now();
    expect((await answer.text()).endsWith('data: [DONE]\n\n')).toBe(true);
    expect(performance.now() - startedAt).toBeGreaterThan(700);
  });

  test('that stands still is ended by the idle time-out, as its last event', async () => {
    provider.behaviour = async (_request, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      for (const event of streamedEvents(['a', 'b']).slice(0, 3)) response.write(event);
    };
    const failed = await ask('plain', { stream: true });
    expect(failed.status).toBe(200);
    expectAfter(failed, 0.5, 'idle');
  });

  test('that waits for a slow reader is not idle', async () => {
    // 4 MB in pieces: more than all buffers on the way hold.
    provider.behaviour = stream(streamedEvents(Array.from({ length: 64 }, (_, i) => `${i}:${'x'.repeat(65_536)}`)));
    const answer = await gateway.call('POST', '/v1/chat/completions', {
      model: 'plain',
      messages: [{ role: 'user', content: 'Hi' }],
      stream: true,
    });
    await new Promise((resolve) => setTimeout(resolve, 800));
    expect((await answer.text()).endsWith('data: [DONE]\n\n')).toBe(true);
  });
});

test('a provider that takes the connection and nothing else is 408 and was never asked', { retry: 3 }, async () => {
  const failed = await ask('mute');
  expect(failed.status).toBe(408);
  expectAfter(failed, 0.4, 'total');
  const streamed = await ask('mute', { stream: true });
  expectAfter(streamed, 0.4, 'connect');
  await expectNothingLeft(gateway);
  expect(await lastRow(gateway)).toMatchObject({ status: 'failure', spend: '0' });
});
