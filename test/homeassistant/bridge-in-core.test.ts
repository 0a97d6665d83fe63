import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startGateway, type TestGateway } from '../support/gateway.ts';
import { ConfigFlows } from './lab/config-flow.ts';
import { Core, missingCore } from './lab/core.ts';

const missing = await missingCore();
const COMPONENT = join(import.meta.dirname, '../../custom_components_bridge/custom_components/llm_gateway');

const YAML = `
model_list:
  - model_name: paid
    litellm_params: {model: openai/gpt-4o, mock_response: Hello, input_cost_per_token: 0.01, output_cost_per_token: 0.02}
`;

/** What somebody writes who wants to know when the money is gone. */
const AUTOMATION = `
input_boolean:
  money_gone:
automation:
  - alias: The budget is used up
    triggers:
      - trigger: event
        event_type: llm_gateway_event
        event_data: {type: budget_exceeded}
    actions:
      - action: input_boolean.turn_on
        target: {entity_id: input_boolean.money_gone}
`;

describe.skipIf(missing !== null)('the integration in a real Home Assistant', () => {
  let core: Core;
  let gateway: TestGateway;
  let key = '';

  beforeAll(async () => {
    core = await Core.start({ components: [COMPONENT], configuration: AUTOMATION });
    gateway = await startGateway(YAML, { HOME_ASSISTANT_URL: core.url, HOME_ASSISTANT_TOKEN: core.owner.token });
    key = await gateway.key({ key_alias: 'Node-RED', max_budget: 1, budget_duration: '1d' });
  }, 240_000);

  afterAll(async () => {
    await gateway?.stop();
    await core?.stop();
  });

  async function call(as = key, more: object = {}): Promise<number> {
    const body = { model: 'paid', messages: [{ role: 'user', content: 'Hi' }], ...more };
    const answer = await gateway.call('POST', '/v1/chat/completions', body, as);
    await answer.text();
    return answer.status;
  }

  async function entityOf(uniqueEnd: string): Promise<string> {
    const found = (await core.client.entities('llm_gateway')).find(({ unique_id: id }) => id.endsWith(uniqueEnd));
    if (!found) throw new Error(`no entity ends in ${uniqueEnd}`);
    return found.entity_id;
  }

  test('is set up by its dialog, which refuses a wrong key', async () => {
    const token = (await readFile(join(gateway.directory, 'secrets/home-assistant-key'), 'utf8')).trim();
    const flows = new ConfigFlows(core.client.rest);
    const first = await flows.start('llm_gateway');
    expect(await flows.submit(first.flow_id, { url: gateway.url, token: 'sk-wrong-key-of-nobody', verify_ssl: true })).toMatchObject({
      errors: { base: 'invalid_auth' },
    });
    expect(await flows.submit(first.flow_id, { url: `${gateway.url}/v1`, token, verify_ssl: true })).toMatchObject({
      type: 'create_entry',
    });
    expect(await core.client.entries('llm_gateway')).toMatchObject([{ title: 'LLM Gateway', state: 'loaded' }]);
  });

  test('a call is in the sensor of today within two seconds, and the sensor says what kind of number it is', async () => {
    await expect.poll(() => gateway.parts.home.link.state, { timeout: 20_000 }).toBe('connected');
    const sensor = await entityOf('_spend_today');
    await core.client.stateWhen(sensor, ({ state }) => Number(state) === 0);
    const at = Date.now();
    expect(await call()).toBe(200);
    const { attributes } = await core.client.stateWhen(sensor, ({ state }) => Number(state) > 0);
    expect(Date.now() - at).toBeLessThan(2000);
    expect(attributes).toMatchObject({ unit_of_measurement: 'USD', device_class: 'monetary', state_class: 'total' });
  });

  test('a budget that is crossed fires the event, and an automation reacts', async () => {
    const event = core.client.eventAfter(
      'llm_gateway_event',
      async () => {
        while ((await call()) === 200);
      },
      ({ data }) => data['type'] === 'budget_exceeded',
    );
    expect((await event).data).toMatchObject({ subject: { kind: 'key', name: 'Node-RED' } });
    await core.client.stateWhen('input_boolean.money_gone', ({ state }) => state === 'on');
  });

  test('a key is blocked by an action, and its next call is refused', async () => {
    const other = await gateway.key({ key_alias: 'Kiosk' });
    expect(await call(other)).toBe(200);
    await expect.poll(async () => (await core.client.devices()).some(({ name }) => name === 'Kiosk'), { timeout: 15_000 }).toBe(true);
    const device = (await core.client.devices()).find(({ name }) => name === 'Kiosk');
    await core.client.act('llm_gateway.block_key', { device_id: device?.id });
    expect(await call(other)).toBe(401);
    await core.client.act('llm_gateway.unblock_key', { device_id: device?.id });
    expect(await call(other)).toBe(200);
  });

  test('usage is answered to an action, to the last cent', async () => {
    const [entry] = await core.client.entries('llm_gateway');
    const answer = await core.client.act(
      'llm_gateway.get_usage',
      { config_entry_id: entry?.entry_id, period: 'month', group_by: 'key' },
      { answer: true },
    );
    const rows = await gateway.rows();
    const spend = rows.reduce((sum, row) => sum + Number(row['spend']), 0);
    expect((answer as { total: { spend: number } }).total.spend).toBeCloseTo(spend, 6);
    expect((answer as { rows: { name: string }[] }).rows.map(({ name }) => name).toSorted()).toEqual(['Kiosk', 'Node-RED']);
  });

  test('statistics of the spend are kept', async () => {
    const sensor = await entityOf('_spend_total');
    await expect
      .poll(async () => (await core.client.statisticIds()).map(({ statistic_id: id }) => id), { timeout: 15_000 })
      .toContain(sensor);
  });

  test('spend of a person whom Home Assistant names is that person’s', async () => {
    const token = (await readFile(join(gateway.directory, 'secrets/home-assistant-key'), 'utf8')).trim();
    const id = `ha:${core.owner.id}`;
    expect(await call(token, { user: id })).toBe(200);
    expect((await gateway.rows()).at(-1)).toMatchObject({ user_id: id });
    // Anybody else may write there what they like.
    expect(await call(await gateway.key(), { user: id })).toBe(200);
    expect((await gateway.rows()).at(-1)).toMatchObject({ user_id: null });
  });

  test('a Core that restarts shows the numbers again by itself', async () => {
    await core.restart();
    const sensor = await entityOf('_spend_today');
    await core.client.stateWhen(sensor, ({ state }) => Number(state) > 0, 30_000);
    await expect.poll(() => gateway.parts.home.link.state, { timeout: 20_000 }).toBe('connected');
  }, 180_000);

  test('entities become unavailable when the gateway stops', async () => {
    const sensor = await entityOf('_spend_today');
    await gateway.stop();
    await core.client.stateWhen(sensor, ({ state }) => state === 'unavailable', 30_000);
    gateway = await startGateway(YAML);
  }, 60_000);

  test('nothing but what is known to be harmless is in the log of Core, and no secret', async () => {
    expect(core.log.troubles().filter(({ logger }) => logger.includes('llm_gateway'))).toEqual([]);
    expect(core.log.attemptsToLeave()).toEqual([]);
    expect(core.log.lines.join('\n')).not.toMatch(/sk-[A-Za-z0-9_-]{20}/);
  });
});
