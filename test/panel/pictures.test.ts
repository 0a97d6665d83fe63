import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { axeFindings } from './support/axe.ts';
import { furnish, HOUSEHOLD } from './support/household.ts';
import { startPanel, type RealPanel } from './support/real-panel.ts';

vi.setConfig({ testTimeout: 90_000 });

/** Only when asked for (`npm run pictures`): what they show is looked at by the tests of each page. */
const ASKED = process.env['PICTURES'] === '1';
const FOLDER = join(import.meta.dirname, '../../docs/pictures');

let panel: RealPanel;

beforeAll(async () => {
  if (!ASKED) return;
  panel = await startPanel(HOUSEHOLD);
  await furnish(panel.gateway);
  await panel.gateway.chat(panel.gateway.masterKey, 'assist');
  await spent(panel.gateway);
  await mkdir(FOLDER, { recursive: true });
}, 180_000);
afterAll(() => panel?.stop());

/** The calls of a household are booked in the past, where no balance of now counts them. */
async function spent(gateway: RealPanel['gateway']): Promise<void> {
  await gateway.post('/user/update', { user_id: 'litellm-proxy-budget', spend: 19.61 });
  const { body } = await gateway.get('/key/list?return_full_object=true&size=100');
  const shares: Readonly<Record<string, number>> = { 'claude-code': 9.59, 'home-assistant': 7.39, frigate: 1.83, 'n8n-workflows': 0.8 };
  for (const { token, key_alias: alias } of body['keys'] as { token: string; key_alias: string }[])
    await gateway.post('/key/update', { key: token, spend: shares[alias] ?? 0 });
}

async function theCall(): Promise<string> {
  const rows = await panel.gateway.rows();
  return `logs/${String(rows.at(-1)?.['request_id'])}`;
}

/** Where each picture is taken, and what must be there first. */
const PICTURES: Readonly<
  Record<string, { readonly path: () => string | Promise<string>; readonly shows: (page: Page) => Promise<unknown> }>
> = {
  overview: { path: () => '', shows: (page) => page.getByText('Recent calls').first().waitFor() },
  models: { path: () => 'models', shows: (page) => page.getByText('claude-sonnet').first().waitFor() },
  keys: { path: () => 'keys', shows: (page) => page.getByText('claude-code').first().waitFor() },
  usage: { path: () => 'usage', shows: (page) => page.getByRole('heading', { name: 'All spend' }).waitFor() },
  logs: { path: () => 'logs', shows: (page) => page.getByText('assist').first().waitFor() },
  call: { path: theCall, shows: (page) => page.getByRole('heading', { name: 'What it cost' }).waitFor() },
  playground: { path: () => 'playground', shows: (page) => page.getByPlaceholder('Ask something').waitFor() },
  settings: { path: () => 'settings', shows: (page) => page.getByRole('heading', { level: 2 }).first().waitFor() },
};

test.runIf(ASKED).each(Object.keys(PICTURES).flatMap((name) => (['light', 'dark'] as const).map((theme) => [name, theme] as const)))(
  '%s of a household stands in %s as a picture shows it, and passes axe',
  async (name, theme) => {
    const { path, shows } = PICTURES[name] ?? { path: () => '', shows: async () => undefined };
    const page = await panel.open({ path: await path(), theme, width: 1280, height: 900 });
    await shows(page);
    await page.evaluate(() => document.fonts.ready);
    await page.waitForTimeout(500);
    await page.screenshot({ path: join(FOLDER, `${name}-${theme}.png`) });
    expect(await axeFindings(page)).toEqual([]);
  },
);
