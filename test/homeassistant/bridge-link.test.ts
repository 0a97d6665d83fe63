import { afterEach, beforeEach, expect, test } from 'vitest';
import { BridgePush } from '../../src/contract/bridge/commands.ts';
import { BridgeEvent } from '../../src/contract/bridge/events.ts';
import { startGateway, type TestGateway } from '../support/gateway.ts';
import { FakeCore, readyBridge, type Command } from './fake-core.ts';

const YAML = `
model_list:
  - model_name: paid
    litellm_params: {model: openai/gpt-4o, mock_response: Hello, input_cost_per_token: 0.01, output_cost_per_token: 0.02}
`;

let core: FakeCore;
let gateway: TestGateway | null = null;

beforeEach(async () => {
  core = new FakeCore(readyBridge());
  await core.start();
});

afterEach(async () => {
  await gateway?.stop();
  gateway = null;
  await core.stop();
});

async function started(yaml = YAML): Promise<TestGateway> {
  gateway = await startGateway(yaml, core.env);
  return gateway;
}

function pushed(command: Command) {
  return BridgePush.parse(command);
}

async function callOnce(running: TestGateway, key: string, body: object = {}): Promise<number> {
  const answer = await running.call(
    'POST',
    '/v1/chat/completions',
    { model: 'paid', messages: [{ role: 'user', content: 'Hi' }], ...body },
    key,
  );
  await answer.text();
  return answer.status;
}

const isKind = (kind: string) => (command: Command) => command['kind'] === kind;

test('after a greeting everything is told, in a form that the contract knows', async () => {
  const { parts } = await started();
  const hello = await core.command('llm_gateway/hello');
  expect(hello).toMatchObject({ schema_min: 1, schema_max: 1, name: 'LLM Gateway', panel_path: null });
  const push = pushed(await core.command('llm_gateway/push'));
  expect(push).toMatchObject({ gateway_id: hello['gateway_id'], seq: 1, kind: 'full' });
  expect(push.data.totals).toMatchObject({ spend: 0, requests: 0, spend_day: 0 });
  expect(push.data.models?.map(({ name }) => name)).toEqual(['paid']);
  expect(push.data.keys?.map(({ name, managed }) => [name, managed])).toEqual([['home-assistant', true]]);
  expect(JSON.stringify(push)).not.toContain([...parts.ring.all()][0]?.keyHash.slice(0, 12));
});

test('a call is in the sums within two seconds, the totals and the key’s own', async () => {
  const running = await started();
  const key = await running.key({ key_alias: 'app' });
  await core.command('llm_gateway/push');
  const at = Date.now();
  expect(await callOnce(running, key)).toBe(200);
  const push = pushed(await core.command('llm_gateway/push', (command) => pushed(command).data.totals?.requests === 1));
  expect(Date.now() - at).toBeLessThan(2000);
  const [row] = await running.rows();
  expect(push.data.totals).toMatchObject({
    spend: Number(row?.['spend']),
    spend_day: Number(row?.['spend']),
    errors: 0,
    input_tokens: row?.['prompt_tokens'],
  });
  expect(push.data.keys?.find(({ name }) => name === 'app')).toMatchObject({
    requests: 1,
    spend_month: Number(row?.['spend']),
    state: 'active',
  });
  expect(push.data.providers).toMatchObject([{ id: 'p_openai', name: 'OpenAI', requests: 1 }]);
});

test('sums of an earlier life are read once, and what is booked meanwhile counts once', async () => {
  const running = await started();
  const key = await running.key();
  await core.command('llm_gateway/push');
  for (let i = 0; i < 5; i++) await callOnce(running, key);
  const { tallies } = running.parts.home.routeParts;
  const [newYork] = await Promise.all([tallies.of('America/New_York'), callOnce(running, key), callOnce(running, key)]);
  const berlin = await tallies.of('Europe/Berlin');
  const rows = await running.rows();
  for (const tally of [newYork, berlin]) expect(tally.of('all').total.requests).toBe(rows.length);
  expect(newYork.of('all').total.spend).toBe(berlin.of('all').total.spend);
});

test('a budget that is crossed is told once, and its state at once', async () => {
  const running = await started();
  const key = await running.key({ key_alias: 'app', max_budget: 0.2, budget_duration: '1d' });
  await core.command('llm_gateway/push');
  while ((await callOnce(running, key)) === 200);
  const command = await core.command('llm_gateway/event', ({ event }) => (event as { type: string }).type === 'budget_exceeded');
  const event = BridgeEvent.parse(command['event']);
  expect(event.subject).toMatchObject({ kind: 'key', name: 'app' });
  expect(event.data).toMatchObject({ limit: 0.2, period: 'day' });
  const push = pushed(await core.command('llm_gateway/push', (each) => pushed(each).data.budgets?.[0]?.state === 'exceeded'));
  expect(push.data.keys?.find(({ name }) => name === 'app')?.state).toBe('budget_exceeded');
  await callOnce(running, key);
  expect(core.commands.filter(({ event: told }) => (told as { type?: string } | undefined)?.type === 'budget_exceeded')).toHaveLength(1);
});

test('a fault in the configuration file is told with its place, and taken back when it is mended', async () => {
  const running = await started();
  await core.command('llm_gateway/push');
  await running.configure(`${YAML}  - model_name: other\n    litellm_params: {mock_response: Hello}\n`);
  const leftOut = await core.command('llm_gateway/push', (command) => Boolean(pushed(command).data.gateway?.config_problem), 10_000);
  expect(pushed(leftOut).data.gateway).toMatchObject({
    state: 'degraded',
    config_problem: expect.stringMatching(/litellm_config\.yaml:\d+:\d+: model_list\[1\]/),
  });
  await running.configure('model_list: [');
  await core.command(
    'llm_gateway/push',
    (command) => !/model_list\[1\]/.test(pushed(command).data.gateway?.config_problem ?? 'model_list[1]'),
    10_000,
  );
  expect(await callOnce(running, running.masterKey)).toBe(200);
  core.commands.length = 0;
  await running.configure(YAML);
  await core.command('llm_gateway/push', (command) => pushed(command).data.gateway?.config_problem === null, 10_000);
});

test('Home Assistant blocks a key, and the next call is refused', async () => {
  const running = await started();
  const key = await running.key({ key_alias: 'app' });
  const push = pushed(await core.command('llm_gateway/push', (command) => pushed(command).data.keys?.length === 2));
  const id = push.data.keys?.find(({ name }) => name === 'app')?.id ?? '';
  core.tell('llm_gateway/subscribe', {
    request_id: 'r1',
    action: 'block_key',
    data: { key_id: id },
    user: { id: 'a'.repeat(32), name: 'Paula' },
  });
  const reply = await core.command('llm_gateway/reply');
  expect(reply).toMatchObject({ request_id: 'r1', ok: true, result: { id, state: 'blocked', name: 'app' } });
  expect(await callOnce(running, key)).toBe(401);
  const audit = await running.parts.database.query('select action, changed_by from gateway.audit_logs order by updated_at desc limit 1');
  expect(audit).toEqual([{ action: 'blocked', changed_by: `ha:${'a'.repeat(32)}` }]);
});

test('what Home Assistant asks in a wrong form is refused with the reason', async () => {
  await started();
  await core.command('llm_gateway/subscribe');
  core.tell('llm_gateway/subscribe', { request_id: 'r2', action: 'block_key', data: { key_id: 'k_unknown' }, user: null });
  core.tell('llm_gateway/subscribe', { request_id: 'r3', action: 'set_budget', data: { limit: 'much' }, user: null });
  expect(await core.command('llm_gateway/reply', ({ request_id }) => request_id === 'r2')).toMatchObject({
    ok: false,
    error: { code: 'not_found' },
  });
  expect(await core.command('llm_gateway/reply', ({ request_id }) => request_id === 'r3')).toMatchObject({
    ok: false,
    error: { code: 'invalid' },
  });
});

test('a Core that restarts is greeted again and told everything', async () => {
  await started();
  await core.command('llm_gateway/push');
  await core.stop();
  core.commands.length = 0;
  await core.start();
  expect(pushed(await core.command('llm_gateway/push', isKind('full'), 8000)).seq).toBe(1);
});

test('an end is said before it comes', async () => {
  const running = await started();
  await core.command('llm_gateway/push');
  await running.stop();
  gateway = null;
  expect(await core.command('llm_gateway/bye')).toMatchObject({ reason: 'stopping' });
});
