import { request as httpRequest, type ClientRequest, type IncomingMessage } from 'node:http';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { FakeProvider, type Behaviour, type SeenRequest } from '../support/fake-provider.ts';
import { startGateway, type TestGateway } from '../support/gateway.ts';
import { expectNothingLeft, lastRow } from './leaks.ts';
import { events, modelList, WIRES, type Wire } from './wires.ts';

let provider: FakeProvider;
let gateway: TestGateway;

beforeAll(async () => {
  provider = await FakeProvider.start();
  gateway = await startGateway(`${modelList(provider.url)}
router_settings: { num_retries: 2, allowed_fails: 0, cooldown_time: 60 }
`);
});

afterAll(async () => {
  await gateway.stop();
  await provider.stop();
});

beforeEach(() => {
  provider.seen.length = 0;
});

function call(group: string, streamed: boolean): { request: ClientRequest; answered: Promise<IncomingMessage> } {
  const request = httpRequest(`${gateway.url}/v1/chat/completions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${gateway.masterKey}`, 'content-type': 'application/json' },
  });
  const answered = new Promise<IncomingMessage>((resolve, reject) => request.on('response', resolve).on('error', reject));
  answered.catch(() => undefined);
  request.end(JSON.stringify({ model: group, messages: [{ role: 'user', content: 'Hi' }], stream: streamed }));
  return { request, answered };
}

/** Calls that the provider saw; its models are asked for as well. */
function calls(): SeenRequest[] {
  return provider.seen.filter(({ path }) => WIRES.some((wire) => wire.paths.includes(path)));
}

async function asked(): Promise<SeenRequest> {
  await expect.poll(() => calls().length, { timeout: 5000, interval: 5 }).toBe(1);
  return calls()[0] as SeenRequest;
}

/** How long it takes until the provider sees that nobody listens any more, milliseconds. */
async function msUntilGone(leave: () => void, seen: SeenRequest): Promise<number> {
  const leftAt = performance.now();
  leave();
  await seen.gone;
  return performance.now() - leftAt;
}

const silent: Behaviour = () => undefined;

// Times are measured on a machine that may be busy with other tests: a miss is measured again.
describe.each(WIRES)('a client that leaves a call to $group', { retry: 3, timeout: 60_000 }, (wire: Wire) => {
  beforeEach(() => {
    provider.seen.length = 0;
  });

  test.each([true, false])(
    'before anything came (streamed: %s) ends it at the provider within 100 ms, and its prompt is billed',
    async (streamed) => {
      provider.behaviour = silent;
      const { request } = call(wire.group, streamed);
      expect(await msUntilGone(() => request.destroy(), await asked())).toBeLessThan(100);
      const row = await lastRow(gateway);
      expect(row).toMatchObject({ status: 'success', completion_tokens: 0 });
      expect(row['metadata']).toMatchObject({ client_left: true, usage_estimated: true });
      expect(Number(row['spend'])).toBeGreaterThan(0);
    },
  );

  test('in the middle of a stream ends it within 100 ms and pays for what came', async () => {
    provider.behaviour = async (_request, response) => {
      response.writeHead(200, { 'content-type': wire.streamType });
      for (const event of events(wire, ['one two three', ' four five six']).slice(0, wire.head().length + 2)) response.write(event);
    };
    const { request, answered } = call(wire.group, true);
    const answer = await answered;
    let text = '';
    answer.on('data', (chunk: Buffer) => (text += chunk.toString())).on('error', () => undefined);
    await expect.poll(() => text, { interval: 5 }).toContain('four five six');
    expect(await msUntilGone(() => request.destroy(), provider.last)).toBeLessThan(100);
    const row = await lastRow(gateway);
    expect(row).toMatchObject({ status: 'success' });
    expect(row['metadata']).toMatchObject({ client_left: true, usage_estimated: true });
    expect(Number(row['completion_tokens'])).toBeGreaterThanOrEqual(5);
    expect(Number(row['completion_tokens'])).toBeLessThan(20);
  });

  test('in the middle of an unstreamed answer ends it too', async () => {
    provider.behaviour = (_request, response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.write(JSON.stringify(wire.whole('half')).slice(0, 20));
    };
    const { request } = call(wire.group, false);
    const seen = await asked();
    await new Promise((resolve) => setTimeout(resolve, 30));
    expect(await msUntilGone(() => request.destroy(), seen)).toBeLessThan(100);
    expect(await lastRow(gateway)).toMatchObject({ status: 'success' });
  });
});

test('a client that leaves while a retry waits is not retried for', async () => {
  provider.behaviour = (_request, response) =>
    void response.writeHead(500, { 'content-type': 'application/json', 'retry-after-ms': '700' }).end('{"error":{"message":"no"}}');
  await gateway.configure(`${modelList(provider.url)}\nrouter_settings: { num_retries: 2, disable_cooldowns: true }\n`);
  await expect.poll(() => gateway.parts.live.config.router.disableCooldowns, { timeout: 5000 }).toBe(true);
  const { request } = call('openai', false);
  await asked();
  await new Promise((resolve) => setTimeout(resolve, 100));
  request.destroy();
  await expectNothingLeft(gateway);
  await new Promise((resolve) => setTimeout(resolve, 800));
  expect(calls()).toHaveLength(1);
});

test('ten impatient clients rest no deployment (ruling E9)', async () => {
  await gateway.configure(`${modelList(provider.url)}\nrouter_settings: { num_retries: 0, allowed_fails: 0, cooldown_time: 60 }\n`);
  await expect.poll(() => gateway.parts.live.config.router.allowedFails, { timeout: 5000 }).toBe(0);
  provider.behaviour = silent;
  const running = Array.from({ length: 10 }, () => call('openai', true));
  await expect.poll(() => calls().length, { interval: 5 }).toBe(10);
  for (const { request } of running) request.destroy();
  await expectNothingLeft(gateway);
  expect(gateway.parts.router.resting()).toEqual([]);
  provider.behaviour = (_request, response) =>
    void response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(WIRES[0]?.whole('still here')));
  const { answered } = call('openai', false);
  expect((await answered).statusCode).toBe(200);
});
