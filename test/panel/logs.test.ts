import { readFile } from 'node:fs/promises';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { book } from '../control/booked.ts';
import { axeFindings } from './support/axe.ts';
import { CANARY, startModels, type CalledModels } from './support/called-models.ts';
import { looksRight } from './support/looks.ts';
import { choose } from './support/menu.ts';
import { startPanel, type Opening, type RealPanel } from './support/real-panel.ts';
import { screen } from './support/screen.ts';

vi.setConfig({ testTimeout: 90_000 });

let models: CalledModels;
let panel: RealPanel;
let key: string;

beforeAll(async () => {
  models = await startModels();
  panel = await startPanel(models.yaml);
  key = await panel.gateway.key({ key_alias: 'kids-tablet' });
}, 120_000);
afterAll(async () => {
  await panel.stop();
  await models.stop();
});

/** Asks again until it holds. */
const eventually = <Value>(ask: () => Value) => expect.poll(ask, { timeout: 20_000 });

/** A page of a busy machine is given its time. */
async function open(opening: Opening): Promise<Page> {
  const page = await panel.open(opening);
  page.setDefaultTimeout(30_000);
  return page;
}

const rows = (page: Page) => page.locator('gw-table tbody tr');
const filter = (page: Page, name: string) => page.getByRole('button', { name, exact: true });

/** Names of the models in the list, from the top. */
const listed = (page: Page) => rows(page).locator('.row-title').allInnerTexts();

describe('calls as they end', () => {
  test('a panel without calls says so and offers a longer span', async () => {
    const page = await open({ path: 'logs' });
    await page.getByRole('heading', { name: 'No calls in the last 15 minutes' }).waitFor();
    await screen(page, 'logs-empty-light-1280');
    expect(await axeFindings(page)).toEqual([]);
    await page.getByRole('button', { name: 'Show the last 24 hours' }).click();
    await page.getByRole('heading', { name: 'No calls in the last 24 hours' }).waitFor();
    expect(new URL(page.url()).searchParams.get('range')).toBe('24h');
  });

  test('a call comes into the list by itself, and waits while the pointer is inside', async () => {
    const page = await open({ path: 'logs' });
    await page.getByRole('heading', { name: 'No calls in the last 15 minutes' }).waitFor();
    await panel.gateway.chat(key, 'assist');
    await eventually(() => listed(page)).toEqual(['assist']);
    await page.getByText('1 call, none failed.').waitFor();

    await rows(page).first().hover();
    await panel.gateway.chat(key, 'broken');
    await filter(page, '1 new call').waitFor();
    expect(await listed(page)).toEqual(['assist']);
    await screen(page, 'logs-paused-light-1280');

    await page.mouse.move(640, 20);
    await eventually(() => listed(page)).toEqual(['broken', 'assist']);
    await eventually(() => filter(page, '1 new call').count()).toBe(0);
  });

  test('calls wait while the focus is inside too, and a button lets them in', async () => {
    const page = await open({ path: 'logs' });
    await eventually(() => rows(page).count()).toBe(2);
    await rows(page).first().getByRole('link').focus();
    await panel.gateway.chat(key, 'assist');
    await filter(page, '1 new call').waitFor();
    expect(await rows(page).count()).toBe(2);
    await filter(page, '1 new call').click();
    await eventually(() => rows(page).count()).toBe(3);
  });

  test('a call that the filters leave out does not come in', async () => {
    const page = await open({ path: 'logs?model=assist&status=success' });
    await eventually(() => rows(page).count()).toBe(2);
    await panel.gateway.chat(key, 'broken');
    await panel.gateway.chat(key, 'assist');
    await eventually(() => rows(page).count()).toBe(3);
    expect(new Set(await listed(page))).toEqual(new Set(['assist']));
  });

  test('nothing comes in when live is off', async () => {
    const page = await open({ path: 'logs?model=assist' });
    await eventually(() => rows(page).count()).toBe(3);
    await page.getByRole('switch', { name: 'Live' }).click();
    expect(new URL(page.url()).searchParams.get('still')).toBe('1');
    await panel.gateway.chat(key, 'assist');
    await page.getByRole('switch', { name: 'Live' }).click();
    await panel.gateway.chat(key, 'assist');
    await eventually(() => rows(page).count()).toBe(4);
    await page.reload();
    await eventually(() => rows(page).count()).toBe(5);
  });
});

describe('filters', () => {
  test('failed calls are found by their result and by their code, and a chip takes a filter away', async () => {
    const page = await open({ path: 'logs' });
    await filter(page, 'Result').click();
    await choose(page, 'Failed', 'menuitemcheckbox');
    await eventually(async () => new Set(await listed(page))).toEqual(new Set(['broken']));
    await page.getByText('500 Server error').first().waitFor();

    await filter(page, 'More').click();
    const dialog = page.locator('gw-filter-dialog');
    await dialog.getByLabel('Error code').fill('429');
    await screen(page, 'logs-filters-light-1280');
    expect(await axeFindings(page)).toEqual([]);
    await page.getByRole('button', { name: 'Show calls' }).click();
    await page.getByRole('heading', { name: 'Nothing matches these filters' }).waitFor();
    expect(await axeFindings(page)).toEqual([]);

    const chip = page.getByRole('button', { name: 'Error code: 429' });
    await chip.focus();
    await page.keyboard.press('Delete');
    await eventually(() => rows(page).count()).toBe(2);
    expect(new URL(page.url()).searchParams.get('error')).toBeNull();
  });

  test('an amount and a span that make no sense are marked in their fields', async () => {
    const page = await open({ path: 'logs' });
    await filter(page, 'More').click();
    const dialog = page.locator('gw-filter-dialog');
    await dialog.getByLabel('Cost from').fill('much');
    await dialog.getByLabel('Until').fill('2020-01-01T00:00');
    await page.getByRole('button', { name: 'Show calls' }).click();
    await dialog.getByText('Enter an amount such as 0.05').waitFor();
    await dialog.getByText('Must be after the beginning').waitFor();
    await dialog.getByLabel('Cost from').fill('0,004');
    await dialog.getByLabel('Until').fill('2099-01-01T00:00');
    await page.getByRole('button', { name: 'Show calls' }).click();
    await page.getByRole('button', { name: 'Cost from: $0.004' }).waitFor();
    await eventually(async () => new Set(await listed(page))).toEqual(new Set(['assist']));
  });

  test('words find a call by its key, its model and its error', async () => {
    const page = await open({ path: 'logs' });
    const search = page.getByRole('searchbox');
    await search.fill('kids-tab');
    await eventually(() => new URL(page.url()).searchParams.get('search')).toBe('kids-tab');
    await eventually(() => rows(page).count()).toBe(7);
    await search.fill('out of ORDER');
    await eventually(async () => new Set(await listed(page))).toEqual(new Set(['broken']));
    await search.fill('nobody at all');
    await page.getByRole('heading', { name: 'Nothing found for “nobody at all”' }).waitFor();
    await page.getByRole('button', { name: 'Clear search' }).click();
    await eventually(() => rows(page).count()).toBe(7);
  });

  test('stay in the address, so that a reload and the way back keep them', async () => {
    const page = await open({ path: 'logs' });
    await filter(page, 'Model').click();
    await choose(page, 'broken', 'menuitemcheckbox');
    await eventually(() => rows(page).count()).toBe(2);
    await page.reload();
    await eventually(() => rows(page).count()).toBe(2);
    await rows(page).first().getByRole('link').click();
    await page.getByRole('heading', { name: 'What it cost' }).waitFor();
    await page.getByRole('link', { name: 'Back' }).click();
    await page.getByRole('button', { name: 'Model: broken' }).waitFor();
    await eventually(() => rows(page).count()).toBe(2);
  });
});

test('rows are sorted by the server, and the header says how', async () => {
  const page = await open({ path: 'logs' });
  await page.getByRole('button', { name: 'Cost' }).click();
  await eventually(() => page.getByRole('columnheader', { name: 'Cost' }).getAttribute('aria-sort')).toBe('descending');
  await eventually(async () => (await listed(page)).at(-1)).toBe('broken');
  await eventually(() => page.getByRole('switch', { name: 'Live' }).getAttribute('aria-checked')).toBe('false');
});

test('more calls than fit are loaded when they are asked for, each once', async () => {
  const start = Date.now() - 3_600_000;
  await book(panel.gateway, Array.from({ length: 70 }, (_, n) => ({ start_time: start + n, model_group: `numbered-${n}` }))); // prettier-ignore
  const page = await open({ path: 'logs?range=4h&search=numbered' });
  await eventually(() => rows(page).count()).toBe(50);
  await page.getByText('50 of 70 calls.').waitFor();
  await page.getByRole('button', { name: 'Load earlier' }).click();
  await eventually(() => rows(page).count()).toBe(70);
  expect(new Set(await listed(page)).size).toBe(70);
  await page.getByText('70 calls, none failed.').waitFor();
});

test('the file holds the rows of the filters, and no others', async () => {
  const page = await open({ path: 'logs?model=broken' });
  await eventually(() => rows(page).count()).toBe(2);
  const [file] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: 'Download CSV' }).click()]);
  expect(file.suggestedFilename()).toMatch(/\.csv$/);
  const lines = (await readFile(await file.path(), 'utf8')).trim().split(/\r?\n(?=[0-9a-f]{8}-)/);
  expect(lines[0]).toContain('request_id');
  expect(lines).toHaveLength(3);
  expect(lines.slice(1).every((line) => line.includes('broken'))).toBe(true);
});

test('a list that cannot be loaded says so, and is there when it is tried again', async () => {
  const page = await panel.open({ path: 'settings' });
  page.setDefaultTimeout(30_000);
  const refused = {
    status: 503,
    json: { error: { message: 'The database cannot be reached.', type: 'database_error', param: null, code: '503' } },
  };
  await page.route('**/spend/logs/v2*', (route) => route.fulfill(refused));
  await page.getByRole('link', { name: 'Logs' }).click();
  await page.getByText('The database cannot be reached.').waitFor();
  await screen(page, 'logs-failed-light-1280');
  expect(await axeFindings(page)).toEqual([]);
  await page.unroute('**/spend/logs/v2*');
  await page.getByRole('button', { name: 'Try now' }).click();
  await rows(page).first().waitFor();
});

test('without the socket the list asks by itself', async () => {
  const page = await panel.open({ path: 'settings' });
  page.setDefaultTimeout(30_000);
  await page.routeWebSocket(/\/ui\/ws$/, (socket) => void socket.close());
  await page.goto(`${panel.gateway.url}/ui/logs?model=unpriced`);
  await page.getByRole('heading', { name: 'Nothing matches these filters' }).waitFor();
  await panel.gateway.chat(key, 'unpriced');
  await expect.poll(() => listed(page), { timeout: 60_000 }).toEqual(['unpriced']);
  await eventually(() => page.getByRole('switch', { name: 'Live' }).getAttribute('aria-checked')).toBe('false');
});

test('a call that ends before the server knows that somebody listens is not lost', async () => {
  const page = await open({ path: 'settings' });
  await page.routeWebSocket(/\/ui\/ws$/, (socket) => {
    const server = socket.connectToServer();
    socket.onMessage((message) => {
      setTimeout(() => server.send(message), String(message).includes('calls') ? 1000 : 0);
    });
  });
  await page.reload();
  await page.getByRole('heading', { name: 'About' }).waitFor();
  const list = page.waitForResponse((response) => response.url().includes('/spend/logs/v2'));
  await page.getByRole('link', { name: 'Logs' }).click();
  const known = ((await (await list).json()) as { total: number }).total;
  await panel.gateway.chat(key, 'assist');
  await page.getByText(new RegExp(`\\b${known + 1} calls?\\b`)).waitFor();
});

test('names that look like markup are text', async () => {
  await panel.gateway.chat(key, CANARY);
  const page = await open({ path: 'logs' });
  await rows(page).getByText(CANARY, { exact: true }).waitFor();
  await rows(page).first().getByRole('link').click();
  await page.getByRole('heading', { name: 'What it cost' }).waitFor();
  expect(await page.locator('img').count()).toBe(0);
});

test('a person sees their own calls and nobody else’s', async () => {
  await panel.gateway.post('/user/new', { user_id: 'ada', user_role: 'internal_user', auto_create_key: false });
  const own = await panel.gateway.key({ key_alias: 'adas', user_id: 'ada' });
  await panel.gateway.chat(own, 'assist');
  const page = await open({ path: 'logs?range=24h', user: 'ada' });
  await eventually(() => rows(page).count()).toBe(1);
  await panel.gateway.chat(key, 'assist');
  await panel.gateway.chat(own, 'unpriced');
  await eventually(() => listed(page)).toEqual(['unpriced', 'assist']);
  await page.getByText('No price').first().waitFor();
});

describe('how it looks', () => {
  test('the list passes axe in both themes at all widths and scrolls nowhere sideways', async () => {
    const page = await open({ path: 'logs' });
    await rows(page).first().waitFor();
    await looksRight(page, 'logs', { all: true });
  });

  test('nothing scrolls sideways in German', async () => {
    const page = await open({ path: 'logs', locale: 'de-DE' });
    await rows(page).first().waitFor();
    await screen(page, 'logs-German');
    expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0);
  });
});
