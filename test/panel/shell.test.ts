import type { Browser, Page, Route } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { axeFindings } from './support/axe.ts';
import { built } from './support/built.ts';
import { launchBrowser } from './support/chromium.ts';
import { serveFiles, type FileServer } from './support/files.ts';
import { choose } from './support/menu.ts';
import { Pages } from './support/pages.ts';
import { screen } from './support/screen.ts';
import { answer, refusal, SESSION, type Answers } from './support/stub-panel.ts';

let files: FileServer;
let browser: Browser;
let pages: Pages;

beforeAll(async () => {
  files = await serveFiles(await built('panel'));
  browser = await launchBrowser();
  pages = new Pages(browser);
}, 120_000);

afterAll(async () => {
  await browser?.close();
  await files?.stop();
});

interface Opening {
  readonly path?: string;
  readonly width?: number;
  readonly answers?: Answers;
  readonly locale?: string;
}

async function open({ path = '', answers = {}, ...look }: Opening = {}): Promise<Page> {
  const page = await pages.open(look);
  page.setDefaultTimeout(20_000);
  await answer(page, files, answers);
  await page.goto(`${files.url}/ui/${path}`);
  return page;
}

const heading = (page: Page, name: string) => page.getByRole('heading', { level: 1, name });

test('tabs are walked by arrow keys and opened by Enter, and the title follows', async () => {
  const page = await open();
  const overview = page.getByRole('link', { name: 'Overview' });
  await overview.waitFor();
  expect(await overview.getAttribute('aria-current')).toBe('page');
  await overview.focus();
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('Enter');
  await heading(page, 'Keys').waitFor({ state: 'attached' });
  expect(new URL(page.url()).pathname).toBe('/ui/keys');
  await expect.poll(() => page.title()).toBe('Keys - LLM Gateway');
});

test('back and forward walk the pages', async () => {
  const page = await open();
  await page.getByRole('link', { name: 'Models' }).click();
  await page.getByRole('link', { name: 'Usage' }).click();
  await heading(page, 'Usage').waitFor({ state: 'attached' });
  await page.goBack();
  await heading(page, 'Models').waitFor({ state: 'attached' });
  await page.goForward();
  await heading(page, 'Usage').waitFor({ state: 'attached' });
});

test('an address of a page opens that page, and the ids of ?page= are known', async () => {
  const deep = await open({ path: 'settings' });
  await heading(deep, 'Settings').waitFor({ state: 'attached' });
  const byId = await open({ path: '?page=api-keys' });
  await heading(byId, 'Keys').waitFor({ state: 'attached' });
  expect(new URL(byId.url()).pathname).toBe('/ui/keys');
});

test('an address that is no page says so and leads back', async () => {
  const page = await open({ path: 'nowhere/at-all' });
  await heading(page, 'There is no such page').waitFor();
  expect(await axeFindings(page)).toEqual([]);
  await page.getByRole('link', { name: 'Open overview' }).click();
  await heading(page, 'Overview').waitFor({ state: 'attached' });
});

test('a narrow panel has its pages in a bar below, the rest behind More', async () => {
  const page = await open({ width: 375 });
  await heading(page, 'Overview').waitFor();
  await page.getByRole('button', { name: 'More', exact: true }).click();
  await page.locator('gw-dialog[open]').getByRole('link', { name: 'Logs' }).waitFor();
  await screen(page, 'shell-more-375');
  expect(await axeFindings(page)).toEqual([]);
  await page.locator('gw-dialog[open]').getByRole('link', { name: 'Logs' }).click();
  await heading(page, 'Logs').waitFor();
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(375);
});

test('right to left mirrors the header for who reads Arabic', async () => {
  const page = await open({ locale: 'ar' });
  const tabs = page.getByRole('navigation', { name: 'Pages' }).getByRole('link');
  await tabs.first().waitFor();
  const [first, last] = [await tabs.first().boundingBox(), await tabs.last().boundingBox()];
  expect(first?.x).toBeGreaterThan(last?.x ?? 0);
});

test('who is not logged in logs in, and a wrong password is told', async () => {
  let loggedIn = false;
  const page = await open({
    answers: {
      'GET v2/session': (route: Route) => (loggedIn ? route.fulfill({ json: SESSION }) : refusal(401, 'Log in')(route)),
      'POST v2/login': (route: Route) => {
        const { password } = route.request().postDataJSON() as { password: string };
        expect(route.request().headers()['x-requested-with']).toBe('llm-gateway');
        if (password !== 'right') return refusal(401, 'wrong')(route);
        loggedIn = true;
        return route.fulfill({ json: { redirect_url: '/ui/', token: 't' } });
      },
    },
  });
  await heading(page, 'LLM Gateway').waitFor();
  await screen(page, 'login-light-1280');
  expect(await axeFindings(page)).toEqual([]);
  await page.getByLabel('Username').fill('admin');
  await page.getByLabel('Password', { exact: true }).fill('wrong');
  await page.keyboard.press('Enter');
  await page.getByText('Username or password is wrong').waitFor();
  await screen(page, 'login-error-light-1280');
  await page.getByLabel('Password', { exact: true }).fill('right');
  await page.getByRole('button', { name: 'Log in' }).click();
  await page.getByRole('link', { name: 'Overview' }).waitFor();
});

test('the menu says who is logged in and logs out', async () => {
  const page = await open({ answers: { 'POST logout': {} } });
  await page.getByRole('button', { name: 'More actions' }).click();
  await page.getByText('admin', { exact: true }).waitFor();
  await screen(page, 'shell-menu');
  await choose(page, 'Log out');
  await page.getByLabel('Username').waitFor();
});

test('the panel speaks German to who reads German', async () => {
  const page = await open({ locale: 'de-DE' });
  await page.getByRole('link', { name: 'Übersicht' }).waitFor();
  expect(await page.evaluate(() => document.documentElement.lang)).toBe('de-DE');
  // And brings no other language.
  const fetched = await page.evaluate(() => performance.getEntriesByType('resource').map(({ name }) => name.split('/').at(-1) ?? ''));
  expect(fetched.filter((name) => /^(?:de|en)-.+\.js$/.test(name))).toEqual([expect.stringMatching(/^de-/)]);
});

test('a lost connection is told once', async () => {
  const page = await open();
  await page.getByText('Connection lost. Reconnecting').waitFor();
});
