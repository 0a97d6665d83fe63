import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { JsonDocument } from '../../src/core/json-document.ts';
import { Client } from '../../src/exchange/client.ts';
import type { Call } from '../../src/exchange/call.ts';
import { Trail } from '../../src/exchange/trail.ts';
import { FakeProvider, stream, streamedEvents } from '../support/fake-provider.ts';
import { startGateway, type TestGateway } from '../support/gateway.ts';

let provider: FakeProvider;
let gateway: TestGateway;

beforeAll(async () => {
  provider = await FakeProvider.start(stream(streamedEvents(['a', 'b'])));
  gateway = await startGateway(`
model_list:
  - model_name: fast
    litellm_params: { model: openai/upstream-model, api_base: ${provider.url}/v1, api_key: sk-provider }
`);
});

afterAll(async () => {
  await gateway.stop();
  await provider.stop();
});

test('a call that nobody sees to its end loses its reservation when its lease is over, and not before', async () => {
  const { journey, running, limits, ledger, authenticator, clock } = gateway.parts;
  const key = await gateway.key({ max_budget: 1 });
  const requestId = randomUUID();
  const call: Call = {
    requestId,
    callId: requestId,
    operation: 'chat',
    caller: authenticator.authenticate({ authorization: `Bearer ${key}` }),
    model: 'fast',
    groupName: 'fast',
    body: JsonDocument.of({ model: 'fast', stream: true, messages: [{ role: 'user', content: 'Hi' }] }),
    stream: true,
    options: {
      timeoutMs: null,
      streamTimeoutMs: null,
      retries: 0,
      fallbacks: null,
      fallbacksOff: true,
      dropParams: null,
      additionalDropParams: [],
      allowedParams: [],
      mock: undefined,
      failFirstGroup: null,
      upstreamHeaders: {},
      includeUsage: false,
    },
    origin: { endUser: null, sessionId: null, tags: [], notes: null, address: null, userAgent: null, route: '/v1/chat/completions' },
    startedAt: clock.now(),
    arrivedAt: clock.elapsed(),
    client: new Client(),
  };
  const reply = await journey.run(call, new Trail('fast'));
  expect(reply.kind).toBe('stream');
  const hour = 3_600_000;
  const waits = { callMs: 600_000, idleMs: 300_000 };
  expect(running.sweep(clock.elapsed(), waits)).toBe(0);
  expect(limits.openHolds).toBe(1);
  expect(running.sweep(clock.elapsed() + hour, waits)).toBe(1);
  expect(limits.openHolds).toBe(0);
  expect(ledger.openCalls).toBe(0);
  expect(running.sweep(clock.elapsed() + hour, waits)).toBe(0);
  expect((await gateway.rows()).at(-1)).toMatchObject({ status: 'failure', model_group: 'fast' });
});
