import { mkdir, rm, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { FakeCore, readyBridge, type Answer, type Command } from '../homeassistant/fake-core.ts';
import { exchanging, House } from '../homeassistant/prepare/house.ts';
import { axeFindings } from './support/axe.ts';
import { looksRight } from './support/looks.ts';
import { startPanel, type RealPanel } from './support/real-panel.ts';
import { screen } from './support/screen.ts';

/** Home Assistant without the integration. */
const without = (command: Command): Answer =>
  command.type.startsWith('llm_gateway/') ? { error: { code: 'unknown_command', message: 'Unknown command.' } } : { result: null };

const core = new FakeCore(without);
let panel: RealPanel;

beforeAll(async () => {
  await core.start();
  panel = await startPanel(undefined, core.appEnv);
}, 180_000);

afterAll(async () => {
  await panel?.stop();
  await core.stop();
});

afterEach(() => {
  core.asked.length = 0;
});

/** The folders of an app, with the gateway's data among them. */
async function installed(): Promise<House> {
  const house = await House.make();
  const folder = join(house.places.data, 'bridge');
  await mkdir(folder);
  const link = join(panel.gateway.directory, 'bridge');
  await rm(link, { recursive: true, force: true });
  await symlink(folder, link);
  return house;
}

const card = (page: Page) => page.locator('gw-home-card');
const restarted = () => core.asked.some(({ path }) => path === '/addons/self/restart');

async function agree(page: Page, question: string, button: string): Promise<void> {
  await page.getByRole('dialog', { name: question }).waitFor();
  await page.locator('gw-dialog').getByRole('button', { name: button }).click();
}

test('the integration is installed, waits for Home Assistant, and is taken away again, each by one button', async () => {
  const house = await installed();
  await house.start({ bridge: 'notify' });
  const page = await panel.open({ path: 'settings' });
  await card(page).getByText('Not installed', { exact: true }).waitFor();
  await card(page).getByRole('button', { name: 'Install' }).click();
  expect(restarted()).toBe(false);
  await agree(page, 'Install the integration?', 'Install');
  await page.getByText('The app restarts and installs the integration').waitFor();
  expect(restarted()).toBe(true);

  await house.start({ bridge: 'notify' });
  await page.reload();
  await card(page).getByText('Restart needed').waitFor();
  await card(page).getByRole('button', { name: 'Restart Home Assistant' }).click();
  await agree(page, 'Restart Home Assistant?', 'Restart Home Assistant');
  expect(await core.command('call_service', ({ domain }) => domain === 'homeassistant')).toMatchObject({ service: 'restart' });

  await card(page).getByRole('button', { name: 'Remove' }).click();
  await page.locator('gw-dialog').getByText('Its sensors and actions go').waitFor();
  await agree(page, 'Remove the integration?', 'Remove');
  await page.getByText('The app restarts and removes the integration').waitFor();
  await house.start();
  await page.reload();
  await card(page).getByText('It stays away until you install it again.').waitFor();
});

test('somebody else’s integration is told apart: one is replaced with consent, one is left alone', async () => {
  const house = await installed();
  await house.putByHand('0.0.9');
  await house.start();
  const page = await panel.open({ path: 'settings' });
  await card(page).getByText('put in place by hand').waitFor();
  await card(page).getByText('Version 0.0.9').waitFor();
  await looksRight(page, 'settings-home-foreign');
  await card(page).getByRole('button', { name: 'Replace' }).click();
  await page.locator('gw-dialog').getByText('is kept in the app').waitFor();
  await screen(page, 'settings-home-replace-light-1280');
  expect(await axeFindings(page)).toEqual([]);
  await agree(page, 'Replace the integration?', 'Replace');
  await page.getByText('The app restarts and replaces the integration').waitFor();
  await house.start();
  await page.reload();
  await card(page).getByText('Restart needed').waitFor();

  const row = { domain: 'llm_gateway', installed: true, version_installed: 'v0.1.0' };
  await house.write(join(house.places.homeAssistant, '.storage/hacs.repositories'), JSON.stringify({ data: { 1: row } }));
  await house.start();
  await page.reload();
  await card(page).getByText('installed by HACS').waitFor();
  await expect
    .poll(() =>
      card(page)
        .getByRole('button', { name: /Replace|Remove/ })
        .count(),
    )
    .toBe(0);
});

test('a change that failed says why', async () => {
  const house = await installed();
  await house.write(join(house.places.data, 'bridge/request.json'), JSON.stringify({ action: 'install' }));
  await house.start({ bridge: 'notify' }, { ...exchanging, copy: () => Promise.reject(new Error('no space left on device')) });
  const page = await panel.open({ path: 'settings' });
  await card(page).getByText('could not be changed: no space left on device').waitFor();
});

test('a newer version that waits for a restart says so while the older one runs', async () => {
  const house = await installed();
  await house.bundle('0.2.0');
  await house.start();
  await core.stop();
  core.answer = readyBridge();
  await core.start();
  await core.command('llm_gateway/push', undefined, 20_000);
  const page = await panel.open({ path: 'settings' });
  await card(page).getByText('A newer version of the integration is in place.').waitFor();
});
