import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { launchBrowser } from '../panel/support/chromium.ts';
import { startGateway, type TestGateway } from '../support/gateway.ts';

/** A page of this size takes its time on a busy machine. */
const WITHIN_MS = 120_000;

let gateway: TestGateway;
let browser: Browser;
/** One for all pages: what they load is large. */
let context: BrowserContext;

beforeAll(async () => {
  [gateway, browser] = await Promise.all([startGateway('model_list: []\n', { SERVER_ROOT_PATH: '/behind' }), launchBrowser()]);
  context = await browser.newContext();
});

afterAll(async () => {
  await browser.close();
  await gateway.stop();
});

interface Opened {
  readonly page: Page;
  readonly requests: string[];
  /** What the browser refused or complained of. */
  readonly complaints: string[];
}

async function opened(path: string): Promise<Opened> {
  const page = await context.newPage();
  page.setDefaultTimeout(WITHIN_MS);
  const requests: string[] = [];
  const complaints: string[] = [];
  page.on('request', (request) => requests.push(request.url()));
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(String(error)));
  await page.goto(gateway.url + path);
  await page.locator('.opblock-tag-section').first().waitFor();
  return { page, requests, complaints };
}

test.each(['/behind', '/behind/docs'])(
  'the page at %s shows the routes, asks nobody else, and keeps to its policy',
  async (path) => {
    const { page, requests, complaints } = await opened(path);
    expect(await page.title()).toBe('LLM Gateway API');
    expect(await page.locator('.info .title').innerText()).toContain('LLM Gateway');
    await page.locator('h3[data-tag="Virtual keys"]').click();
    await page.locator('#operations-Virtual_keys-post_key_generate').waitFor();
    expect(requests.length).toBeGreaterThan(3);
    expect(requests.filter((url) => !url.startsWith(gateway.url) && !url.startsWith('data:'))).toEqual([]);
    expect(complaints).toEqual([]);
    await page.close();
  },
  WITHIN_MS,
);

test(
  'a route is tried from the page with a key',
  async () => {
    const { page, complaints } = await opened('/behind/docs');
    await page.locator('button.authorize').first().click();
    await page.locator('.auth-container input').first().fill(gateway.masterKey);
    await page.locator('.auth-btn-wrapper button.authorize').first().click();
    await page.locator('.btn-done').first().click();
    await page.locator('h3[data-tag="Information"]').click();
    const operation = page.locator('#operations-Information-get_key_list');
    await operation.locator('.opblock-summary-control').click();
    await operation.locator('.try-out__btn').click();
    await operation.locator('.execute').click();
    const status = operation.locator('.live-responses-table .response-col_status').nth(1);
    await status.waitFor();
    expect((await status.innerText()).trim()).toMatch(/^200/);
    expect(complaints).toEqual([]);
    await page.close();
  },
  WITHIN_MS,
);
