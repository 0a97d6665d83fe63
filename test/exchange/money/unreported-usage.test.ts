import { afterAll, beforeAll, expect, test } from 'vitest';
import { FakeProvider, stream, streamedEvents } from '../../support/fake-provider.ts';
import { startGateway, type TestGateway } from '../../support/gateway.ts';

let provider: FakeProvider;
let gateway: TestGateway;

beforeAll(async () => {
  provider = await FakeProvider.start();
  gateway = await startGateway(`
model_list:
  - model_name: paid
    litellm_params: { model: openai/gpt-4o-mini, api_base: ${provider.url}/v1, api_key: sk-provider, input_cost_per_token: 0.001, output_cost_per_token: 0.001 }
`);
});

afterAll(async () => {
  await gateway.stop();
  await provider.stop();
});

test.each([
  ['in one piece', 'together'],
  ['piece by piece', 'apart'],
])('a stream without usage that arrives %s is counted and billed', async (_, how) => {
  const events = streamedEvents([' hello', ' hello', ' hello'], null);
  provider.behaviour = stream(how === 'together' ? [events.join('')] : events);
  const key = await gateway.key();
  const answer = await gateway.call(
    'POST',
    '/v1/chat/completions',
    { model: 'paid', messages: [{ role: 'user', content: 'Hi' }], stream: true },
    key,
  );
  expect(await answer.text()).toContain('[DONE]');
  while (gateway.parts.ledger.openCalls > 0) await new Promise((resolve) => setTimeout(resolve, 10));
  const row = (await gateway.rows()).at(-1);
  expect(row).toMatchObject({ completion_tokens: 3, status: 'success', metadata: expect.stringContaining('"usage_estimated":true') });
  expect(Number(row?.['prompt_tokens'])).toBeGreaterThan(0);
});
