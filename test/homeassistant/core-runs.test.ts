import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { ConfigFlows } from './lab/config-flow.ts';
import { CoreClient } from './lab/core-client.ts';
import { Core, missingCore } from './lab/core.ts';

const missing = await missingCore();

/** A custom integration with one sensor that counts, an action that answers, and a dialog. */
async function writeComponent(folder: string): Promise<string> {
  const component = path.join(folder, 'counting');
  await mkdir(component);
  const manifest = {
    domain: 'counting',
    name: 'Counting',
    version: '0.1.0',
    documentation: 'https://example.org',
    codeowners: [],
    config_flow: true,
    iot_class: 'calculated',
  };
  await writeFile(path.join(component, 'manifest.json'), JSON.stringify(manifest));
  await writeFile(
    path.join(component, '__init__.py'),
    `from homeassistant.core import ServiceCall, SupportsResponse

async def async_setup_entry(hass, entry):
    hass.states.async_set("sensor.counted", "0", {"title": entry.title})
    async def count(call: ServiceCall):
        now = int(hass.states.get("sensor.counted").state) + call.data["by"]
        hass.states.async_set("sensor.counted", str(now), {"title": entry.title})
        hass.bus.async_fire("counting_counted", {"now": now})
        return {"now": now}
    hass.services.async_register("counting", "count", count, supports_response=SupportsResponse.OPTIONAL)
    return True
`,
  );
  await writeFile(
    path.join(component, 'config_flow.py'),
    `import voluptuous as vol
from homeassistant.config_entries import ConfigFlow

class CountingFlow(ConfigFlow, domain="counting"):
    async def async_step_user(self, user_input=None):
        if user_input is None or not user_input["what"]:
            errors = {} if user_input is None else {"what": "empty"}
            return self.async_show_form(step_id="user", data_schema=vol.Schema({vol.Required("what"): str}), errors=errors)
        return self.async_create_entry(title=user_input["what"], data=user_input)
`,
  );
  return component;
}

describe.skipIf(missing !== null)('a real Core', () => {
  let scratch: string;
  let core: Core;

  beforeAll(async () => {
    scratch = await mkdtemp(path.join(tmpdir(), 'component-'));
    core = await Core.start({ components: [await writeComponent(scratch)] });
  }, 180_000);

  afterAll(async () => {
    await core?.stop();
    await rm(scratch, { recursive: true });
  });

  test('is onboarded, in the zone and currency of the lab, and stays on its port', async () => {
    expect(await core.client.configuration()).toMatchObject({ version: '2026.11.0', time_zone: 'Europe/Berlin', currency: 'EUR' });
    expect(await core.client.socket.command('http/config')).toMatchObject({ pending: null });
    expect((await core.client.users()).filter(({ is_owner }) => is_owner)).toMatchObject([{ id: core.owner.id, username: 'olga' }]);
  });

  test('sets a custom integration up by its dialog, which refuses what is wrong', async () => {
    const flows = new ConfigFlows(core.client.rest);
    const first = await flows.start('counting');
    expect(first).toMatchObject({ type: 'form', step_id: 'user', data_schema: [{ name: 'what', required: true }] });
    expect(await flows.submit(first.flow_id, { what: '' })).toMatchObject({ type: 'form', errors: { what: 'empty' } });
    expect(await flows.submit(first.flow_id, { what: 'sheep' })).toMatchObject({ type: 'create_entry', title: 'sheep' });
    expect(await core.client.entries('counting')).toMatchObject([{ title: 'sheep', source: 'user', state: 'loaded' }]);
    expect(await core.client.state('sensor.counted')).toMatchObject({ state: '0', attributes: { title: 'sheep' } });
  });

  test('calls an action with an answer, fires its event and shows the new state', async () => {
    const changed = core.client.stateWhen('sensor.counted', ({ state }) => state === '2');
    const event = await core.client.eventAfter('counting_counted', async () => {
      expect(await core.client.act('counting.count', { by: 2 }, { answer: true })).toEqual({ now: 2 });
    });
    expect(event.data).toEqual({ now: 2 });
    expect(await changed).toMatchObject({ state: '2' });
    expect(await core.client.render('{{ states("sensor.counted") }} sheep')).toBe('2 sheep');
  });

  test('lets a person who is no administrator read states and no users', async () => {
    const person = await core.addPerson('Paul', { admin: false });
    const client = await CoreClient.connect(core.url, person.token);
    expect(await client.state('sensor.counted')).toMatchObject({ state: '2' });
    await expect(client.users()).rejects.toMatchObject({ name: 'CoreRefusedError', code: 'unauthorized' });
    client.close();
  });

  test('restarts at its own wish and has kept what was set up', async () => {
    await core.restart();
    expect(await core.client.entries('counting')).toMatchObject([{ title: 'sheep', state: 'loaded' }]);
    expect(await core.client.state('sensor.counted')).toMatchObject({ state: '0' });
  }, 180_000);

  test('says no error but that of the refused person, and tries to reach no other machine', () => {
    expect(core.log.troubles()).toEqual([expect.objectContaining({ text: expect.stringMatching(/Unauthorized .* Paul/) })]);
    expect(core.log.attemptsToLeave()).toEqual([]);
    expect(core.log.records().length).toBeGreaterThan(0);
  });
});
