import { mkdir, readFile, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { PanelHome } from '../../src/contract/panel/home-assistant.ts';
import { startGateway, type TestGateway } from '../support/gateway.ts';
import { FakeCore, readyBridge, type Answer, type Command } from './fake-core.ts';
import { House } from './prepare/house.ts';

const YAML = 'model_list: []\n';

/** Home Assistant without the integration. */
const without = (command: Command): Answer =>
  command.type.startsWith('llm_gateway/') ? { error: { code: 'unknown_command', message: 'Unknown command.' } } : { result: null };

let core: FakeCore;
let house: House;
let gateway: TestGateway;

beforeEach(async () => {
  core = new FakeCore(without);
  await core.start();
  house = await House.make();
  gateway = await startGateway(YAML, core.appEnv);
  await mkdir(join(house.places.data, 'bridge'));
  await symlink(join(house.places.data, 'bridge'), join(gateway.directory, 'bridge'));
});

afterEach(async () => {
  await gateway.stop();
  await core.stop();
});

async function shown(): Promise<PanelHome> {
  const answer = await gateway.call('GET', '/panel/home-assistant');
  return PanelHome.parse(await answer.json());
}

const act = (action: string) => gateway.call('POST', '/panel/home-assistant', { action });
const restarts = () => core.asked.filter(({ path }) => path === '/addons/self/restart').length;

/** Core ends every connection and is there again. */
async function coreAgain(answer: (command: Command) => Answer): Promise<void> {
  await core.stop();
  core.answer = answer;
  core.commands.length = 0;
  await core.start();
  await core.command('llm_gateway/hello', undefined, 20_000);
}

const notices = () => core.commands.filter(({ type, domain }) => type === 'call_service' && domain === 'persistent_notification');
const notice = (service: string) =>
  core.command('call_service', (command) => command['domain'] === 'persistent_notification' && command['service'] === service);

describe('the integration', () => {
  test('is installed by a button: the start of the app does it, and a restart of Home Assistant is the next step', async () => {
    await house.start({ bridge: 'notify' });
    await expect.poll(async () => (await shown()).state).toBe('absent');
    expect((await act('install')).status).toBe(200);
    expect(restarts()).toBe(1);
    await house.start({ bridge: 'notify' });
    expect(await shown()).toMatchObject({ state: 'pending_restart', files: { owner: null, installed_version: '0.1.0', trouble: null } });
  });

  test('that somebody put there by hand is replaced when they say so, and not before', async () => {
    await house.putByHand('0.0.9');
    await house.start();
    await expect.poll(async () => (await shown()).state).toBe('foreign');
    expect((await shown()).files).toMatchObject({ owner: 'by_hand', replaceable: true, installed_version: '0.0.9' });
    await act('replace');
    await house.start();
    expect(await shown()).toMatchObject({ state: 'pending_restart', files: { owner: null, installed_version: '0.1.0' } });
  });

  test('that HACS installed is never touched: the button is refused and nothing is asked of the start', async () => {
    await house.putByHand('0.0.9');
    const row = { domain: 'llm_gateway', installed: true, version_installed: 'v0.0.9' };
    await house.write(join(house.places.homeAssistant, '.storage/hacs.repositories'), JSON.stringify({ data: { 1: row } }));
    await house.start();
    await expect.poll(async () => (await shown()).files).toMatchObject({ owner: 'hacs', replaceable: false });
    for (const action of ['replace', 'remove']) {
      const answer = await act(action);
      expect(answer.status).toBe(409);
      expect(await answer.text()).toContain('not the app’s to change');
    }
    expect(restarts()).toBe(0);
    await expect(readFile(join(house.places.data, 'bridge/request.json'))).rejects.toThrow('ENOENT');
  });

  test('is removed by a button, stays away, and comes back by another', async () => {
    await house.start();
    await expect.poll(async () => (await shown()).state).toBe('pending_restart');
    await act('remove');
    await house.start();
    expect(await shown()).toMatchObject({ state: 'absent', files: { kept_away: true, installed_version: null } });
    await house.start();
    expect((await shown()).state).toBe('absent');
    await act('install');
    await house.start();
    expect(await shown()).toMatchObject({ state: 'pending_restart', files: { kept_away: false } });
  });

  test('cannot be looked for where the owner forbade it', async () => {
    await house.start({ bridge: 'manual' });
    await expect.poll(async () => (await shown()).state).toBe('no_access');
  });

  test('that runs in an older version than the one in place waits for a restart', async () => {
    await house.bundle('0.2.0');
    await house.start();
    await coreAgain(readyBridge());
    await core.command('llm_gateway/push');
    await expect.poll(shown).toMatchObject({ state: 'pending_restart', integration: { version: '0.1.0' } });
  });
});

describe('the notification in Home Assistant', () => {
  test('comes once when the integration was put in place, with the way to the button, and goes when it is connected', async () => {
    await house.start();
    await coreAgain(without);
    expect((await notice('create'))['service_data']).toEqual({
      notification_id: 'llm_gateway_bridge',
      title: 'LLM Gateway',
      message: 'The integration is in place. Restart Home Assistant to use it: [open LLM Gateway](/app/a1b2c3d4_llm_gateway/settings).',
    });
    await coreAgain(without);
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(notices()).toEqual([]);
    await coreAgain(readyBridge());
    expect((await notice('dismiss'))['service_data']).toEqual({ notification_id: 'llm_gateway_bridge' });
  });

  test('comes again for a newer version', async () => {
    await house.start();
    await coreAgain(without);
    await notice('create');
    await house.bundle('0.2.0');
    await house.start();
    await coreAgain(readyBridge());
    expect((await notice('create'))['service_data']).toMatchObject({
      message: expect.stringContaining('Version 0.2.0 of the integration is'),
    });
  });

  test('offers the integration where nothing is installed without a person', async () => {
    await house.start({ bridge: 'notify' });
    await coreAgain(without);
    expect((await notice('create'))['service_data']).toMatchObject({
      message: expect.stringContaining('Install the integration with one button'),
    });
  });

  test('does not come for an integration that was taken away on purpose', async () => {
    await house.start();
    await house.request('remove');
    await house.start();
    await coreAgain(without);
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(notices()).toEqual([]);
  });
});

test('renewed certificates are read by a restart of the app', async () => {
  await house.start();
  expect((await act('reread_certificates')).status).toBe(200);
  expect(restarts()).toBe(1);
});

test('a version of the app that waits is an event, and stands in what Home Assistant is told', async () => {
  core.answer = readyBridge();
  core.app = { version_latest: '0.3.0', update_available: true };
  await gateway.parts.home.supervised?.look();
  await coreAgain(readyBridge());
  const told = await core.command('llm_gateway/event', ({ event }) => (event as { type: string }).type === 'update_available');
  expect(told['event']).toMatchObject({ data: { version: '0.3.0' }, subject: { kind: 'gateway' } });
  const push = await core.command('llm_gateway/push');
  expect(push['data']).toMatchObject({ gateway: { update_available: '0.3.0' } });
});
