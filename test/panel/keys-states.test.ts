import type { Browser, Page, Route } from 'playwright-core';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { built } from './support/built.ts';
import { launchBrowser } from './support/chromium.ts';
import { serveFiles, type FileServer } from './support/files.ts';
import { looksRight } from './support/looks.ts';
import { choose } from './support/menu.ts';
import { Pages } from './support/pages.ts';
import { answer, refusal, SESSION, type Answers } from './support/stub-panel.ts';

vi.setConfig({ testTimeout: 240_000 });

let files: FileServer;
let browser: Browser;
let pages: Pages;

beforeAll(async () => {
  files = await serveFiles(await built('panel'));
  browser = await launchBrowser();
  pages = new Pages(browser);
}, 240_000);
afterAll(async () => {
  await browser?.close();
  await files?.stop();
}, 60_000);

async function open(path: string, answers: Answers, locale = 'en-US'): Promise<Page> {
  const page = await pages.open({ locale });
  page.setDefaultTimeout(30_000);
  await answer(page, files, answers);
  await page.goto(`${files.url}/ui/${path}`);
  return page;
}

const HASH = 'a'.repeat(64);
const KEY = {
  token: HASH,
  key_name: 'sk-...f3Kd',
  short_key: false,
  key_alias: 'claude-code',
  key_type: 'default',
  spend: 1,
  max_budget: 12,
  budget_duration: '1mo',
  budget_reset_at: new Date(Date.now() + 5 * 86_400_000).toISOString(),
  budget_limits: null,
  model_max_budget: {},
  temp_budget_increase: null,
  temp_budget_expiry: null,
  models: [],
  aliases: {},
  rpm_limit: null,
  tpm_limit: null,
  max_parallel_requests: null,
  allowed_routes: [],
  blocked: null,
  expires: null,
  user_id: null,
  metadata: {},
  tags: null,
  created_at: '2026-09-14T10:00:00Z',
  created_by: null,
};
const LIST = { keys: [KEY], total_count: 1, total_spend: 1 };
const never = () => new Promise<void>(() => undefined);

test('before there are keys the page says what they are for', async () => {
  const page = await open('keys', { 'GET key/list': { keys: [], total_count: 0, total_spend: 0 } });
  await page.getByRole('heading', { name: 'No keys yet' }).waitFor();
  expect(await page.getByRole('searchbox').count()).toBe(0);
  await looksRight(page, 'keys-empty');
  await page.getByRole('button', { name: 'Create key' }).click();
  await page.getByRole('dialog', { name: 'Create key' }).waitFor();
});

test('who may only look is not asked to create the first key', async () => {
  const session = { ...SESSION, user_role: 'proxy_admin_viewer', read_only: true };
  const page = await open('keys', { 'GET v2/session': session, 'GET key/list': { keys: [], total_count: 0, total_spend: 0 } });
  await page.getByText('An administrator can create keys.').waitFor();
  expect(await page.getByRole('button', { name: 'Create key' }).count()).toBe(0);
});

test('while keys load the toolbar stands and a ring turns', async () => {
  const page = await open('keys', { 'GET key/list': never });
  await page.getByRole('searchbox').waitFor();
  await page.locator('gw-table gw-ring').waitFor();
  await looksRight(page, 'keys-loading');
});

test('keys that cannot be loaded say why, and Try now loads them', async () => {
  let works = false;
  const page = await open('keys', {
    'GET key/list': (route: Route) => (works ? route.fulfill({ json: LIST }) : refusal(503, 'The database does not answer.')(route)),
  });
  await page.getByText('The database does not answer.').waitFor();
  await looksRight(page, 'keys-error');
  works = true;
  await page.getByRole('button', { name: 'Try now' }).click();
  await page.getByText('claude-code').waitFor();
});

test('a key whose numbers and calls cannot be loaded still shows itself and what can be done', async () => {
  const page = await open(`keys/${HASH}`, {
    'GET key/info': { key: HASH, info: KEY },
    'GET panel/key': refusal(503, 'Spend cannot be read.'),
    'GET spend/logs/v2': refusal(503, 'Calls cannot be read.'),
  });
  await page.getByRole('heading', { level: 1, name: 'claude-code' }).waitFor();
  await page.getByText('Spend cannot be read.').waitFor();
  await page.getByText('Calls cannot be read.').waitFor();
  await page.getByRole('button', { name: 'Block' }).waitFor();
  await looksRight(page, 'key-partly');
});

test('a key that is gone says so', async () => {
  const page = await open(`keys/${HASH}`, { 'GET key/info': refusal(404, 'Key not found in database.') });
  await page.getByText('Key not found in database.').waitFor();
  await page.getByRole('link', { name: 'Back' }).click();
  await page.getByRole('heading', { level: 1, name: 'Keys' }).waitFor({ state: 'attached' });
});

test('an action that fails says why and leaves the row as it was', async () => {
  const page = await open('keys', { 'GET key/list': LIST, 'POST key/block': refusal(503, 'The database does not answer.') });
  await page.getByRole('button', { name: 'Actions for claude-code' }).click();
  await choose(page, 'Block');
  await page.getByText('The database does not answer.').waitFor();
  await page.getByRole('row').filter({ hasText: 'claude-code' }).getByText('Active').waitFor();
});

test('twice the text size stays inside the page', async () => {
  const page = await open('keys', { 'GET key/list': LIST });
  await page.getByText('claude-code').waitFor();
  await page.evaluate(() => (document.documentElement.style.fontSize = '200%'));
  await page.setViewportSize({ width: 640, height: 800 });
  expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0);
});

test('the page speaks German to who reads German', async () => {
  const page = await open('keys', { 'GET key/list': LIST }, 'de-DE');
  await page.getByRole('button', { name: 'Schlüssel erstellen' }).waitFor();
  await page.getByText('1,00 $ von 12,00 $').waitFor();
});
