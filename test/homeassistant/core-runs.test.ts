import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { ensureHomeAssistant } from '../../scripts/python-home-assistant.ts';
import { ConfigFlows } from './lab/config-flow.ts';
import { CoreClient } from './lab/core-client.ts';
import { Core, missingCore } from './lab/core.ts';
import { eventually } from './lab/within.ts';

const missing = await missingCore();

const COUNTING = path.join(import.meta.dirname, 'lab/components/counting');

describe.skipIf(missing !== null)('a real Core', () => {
  let core: Core;

  beforeAll(async () => {
    core = await Core.start({ components: [COUNTING] });
  }, 180_000);

  afterAll(async () => {
    await core?.stop();
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

  test('shows an issue of an integration, and fixes it by its dialog', async () => {
    await core.client.act('counting.count', { by: 100 });
    expect(await core.client.issues('counting')).toMatchObject([{ issue_id: 'tired', severity: 'warning', is_fixable: true }]);
    const repairs = new ConfigFlows(core.client.rest, 'repairs');
    const first = await repairs.start('counting', { issue_id: 'tired' });
    expect(first).toMatchObject({ type: 'form', step_id: 'confirm' });
    expect(await repairs.submit(first.flow_id)).toMatchObject({ type: 'create_entry' });
    expect(await core.client.issues('counting')).toEqual([]);
  });

  test('keeps statistics', async () => {
    const start = new Date('2026-11-01T10:00:00Z');
    const metadata = {
      source: 'counting',
      statistic_id: 'counting:sheep',
      name: 'Sheep',
      unit_of_measurement: 'sheep',
      unit_class: null,
      mean_type: 0,
      has_sum: true,
    };
    await core.client.socket.command('recorder/import_statistics', { metadata, stats: [{ start: start.toISOString(), state: 3, sum: 7 }] });
    const rows = (): Promise<unknown> =>
      core.client.statistics(['counting:sheep'], start, 'hour').then((found) => found['counting:sheep'] ?? null);
    expect(await eventually(10_000, rows, () => 'no statistics')).toMatchObject([{ start: start.getTime(), state: 3, sum: 7 }]);
    expect(await core.client.statisticIds()).toContainEqual(
      expect.objectContaining({ statistic_id: 'counting:sheep', statistics_unit_of_measurement: 'sheep' }),
    );
  });

  test('lets a person who is no administrator read states and no users', async () => {
    const person = await core.addPerson('Paul', { admin: false });
    const client = await CoreClient.connect(core.url, person.token);
    expect(await client.state('sensor.counted')).toMatchObject({ state: '102' });
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

describe.skipIf(missing !== null)('the program that starts a Core', () => {
  const LAB = path.join(import.meta.dirname, 'lab');

  async function failure(...args: readonly string[]): Promise<string> {
    const python = await ensureHomeAssistant('core');
    const failed = await promisify(execFile)(python, args, { cwd: LAB }).catch((error: unknown) => error);
    return (failed as { readonly stderr: string }).stderr;
  }

  test('refuses connections to other machines', async () => {
    const program = 'import run_core, socket, sys; sys.addaudithook(run_core.stay); socket.create_connection(("192.0.2.1", 80))';
    const said = await failure('-c', program);
    expect(said).toContain('LEAVES THIS MACHINE: socket.connect to 192.0.2.1:80');
    expect(said).toContain('OSError: 192.0.2.1 is not this machine');
  }, 60_000);

  test('does not go on without the process that asked for it', async () => {
    expect(await failure('run_core.py', '1', '--config', '/nowhere')).toContain('whoever started this is gone');
  }, 60_000);
});
