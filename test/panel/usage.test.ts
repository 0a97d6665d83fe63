import { readFile } from 'node:fs/promises';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { book } from '../control/booked.ts';
import { axeFindings } from './support/axe.ts';
import { furnish, HOUSEHOLD } from './support/household.ts';
import { looksRight } from './support/looks.ts';
import { startPanel, type RealPanel } from './support/real-panel.ts';
import { screen } from './support/screen.ts';
import { refusal } from './support/stub-panel.ts';

vi.setConfig({ testTimeout: 90_000 });

let panel: RealPanel;

beforeAll(async () => {
  panel = await startPanel(HOUSEHOLD);
  await furnish(panel.gateway);
  const evil = '<img src=x onerror=alert(1)>';
  await book(panel.gateway, [
    { start_time: Date.now() - 60_000, end_time: Date.now() - 59_000, model_group: evil, model: evil, spend: '0.5' },
  ]);
}, 180_000);
afterAll(() => panel?.stop());

async function opened(query = ''): Promise<Page> {
  const page = await panel.open({ path: `usage${query}` });
  await page
    .getByRole('heading', { name: /^All |calls?$/ })
    .first()
    .waitFor();
  return page;
}

const total = (page: Page) => page.locator('tfoot td').nth(2);

test('the page passes axe in both themes at all widths and scrolls nowhere sideways', async () => {
  const page = await opened();
  await page.evaluate(() => document.fonts.ready);
  await looksRight(page, 'usage', { all: true });
});

test('what the table adds up to is what the database adds up to, whatever it is grouped by', async () => {
  const page = await opened();
  const [row] = await panel.gateway.parts.database.query(
    `select sum(spend)::text as spend from gateway.spend_logs where start_time >= date_trunc('month', now() at time zone 'UTC') at time zone 'UTC'`,
  );
  const wanted = Number(row?.['spend']).toFixed(2);
  for (const by of ['model', 'provider', 'key', 'person', 'day']) {
    await page.goto(`${panel.gateway.url}/ui/usage?by=${by}`);
    await expect.poll(async () => (await total(page).textContent())?.trim(), { message: by, timeout: 15_000 }).toBe(`$${wanted}`);
  }
});

test('two clicks lead from the sum of a month to the price of one call, and back leads back', async () => {
  const page = await opened();
  await page.getByRole('link', { name: 'claude-sonnet' }).click();
  await page.getByRole('link', { name: 'All spend' }).waitFor();
  expect(new URL(page.url()).searchParams.get('model')).toBe('claude-sonnet');
  await page.locator('gw-usage-calls a').first().waitFor();
  await screen(page, 'usage-drill-light-1280');
  expect(await axeFindings(page)).toEqual([]);
  await page.locator('gw-usage-calls a').first().click();
  await expect.poll(() => new URL(page.url()).pathname).toMatch(/\/ui\/logs\/[0-9a-f-]{36}$/);
  await page.goBack();
  await page.goBack();
  await page.getByRole('heading', { name: 'All spend' }).waitFor();
});

test('a day is chosen by its bar with the keyboard, and the way back stands above', async () => {
  const page = await opened();
  await page.getByRole('option', { selected: true }).focus();
  await page.keyboard.press('End');
  await page.keyboard.press('Enter');
  await expect.poll(() => new URL(page.url()).searchParams.get('day')).toMatch(/^\d{4}-\d\d-\d\d$/);
  await page.getByRole('link', { name: 'All spend' }).click();
  await expect.poll(() => new URL(page.url()).searchParams.get('day')).toBeNull();
});

test('filters stand in the address, outlive a reload, and are taken away by their chip', async () => {
  const page = await opened('?provider=openai&measure=requests');
  const chip = page.getByRole('button', { name: 'Provider: OpenAI' });
  await page.reload();
  await chip.focus();
  await page.keyboard.press('Delete');
  await expect.poll(() => new URL(page.url()).searchParams.get('provider')).toBeNull();
  expect(new URL(page.url()).searchParams.get('measure')).toBe('requests');
  await page.getByRole('button', { name: 'Add filter' }).click();
  await page.getByRole('dialog').waitFor();
  expect(await axeFindings(page)).toEqual([]);
  await page.keyboard.press('Escape');
});

test('days without a call say so, and offer the way out when filters are in force', async () => {
  const page = await panel.open({ path: 'usage?range=custom&from=2020-01-01&to=2020-01-02&model=assist' });
  await page.getByRole('heading', { name: 'No calls in these days' }).waitFor();
  await page.getByRole('button', { name: 'Clear filters' }).click();
  await expect.poll(() => new URL(page.url()).searchParams.get('model')).toBeNull();
});

test('what cannot be loaded says why and is tried again', async () => {
  const page = await panel.open({ path: 'settings' });
  await page.route('**/user/daily/activity/aggregated*', refusal(503, 'The database does not answer.'));
  await page.getByRole('link', { name: 'Usage' }).click();
  await page.getByText('The database does not answer.').waitFor();
  await page.unroute('**/user/daily/activity/aggregated*');
  await page.getByRole('button', { name: 'Try now' }).click();
  await page.getByRole('heading', { name: 'All spend' }).waitFor();
});

test('the CSV holds the rows that are shown', async () => {
  const page = await opened('?by=call&model=assist');
  const waiting = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Download CSV' }).click();
  const lines = (await readFile(await (await waiting).path(), 'utf8')).trim().split('\n');
  const shown = Number(/^(\d+)/.exec((await page.getByRole('heading', { name: /calls$/ }).textContent()) ?? '')?.[1]);
  expect(lines.length - 1).toBe(shown);
});

test('a person who is no administrator sees their own spend', async () => {
  await panel.gateway.post('/user/new', { user_id: 'ada', user_role: 'internal_user', auto_create_key: false });
  const page = await panel.open({ path: 'usage', user: 'ada' });
  await page.getByRole('heading', { name: 'No calls in these days' }).waitFor();
});
