import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { call, emptyFolder, ensureBuilt, program, removeFolder, ROOT, type Program } from '../server/program.ts';
import { completion, FakeProvider, json } from '../support/fake-provider.ts';
import { launchBrowser } from './support/chromium.ts';
import { addModel, createKey } from './support/journeys.ts';

let folder: string;
let provider: FakeProvider;
let browser: Browser;
let running: Program;
let url: string;
let masterKey: string;

beforeAll(async () => {
  await ensureBuilt();
  [folder, provider, browser] = await Promise.all([
    emptyFolder(),
    FakeProvider.start(json(completion('It is 21 degrees.'))),
    launchBrowser(),
  ]);
  running = started(0);
  url = await running.ready();
  masterKey = (await readFile(join(folder, 'secrets', 'master-key'), 'utf8')).trim();
}, 240_000);

afterAll(async () => {
  await browser.close();
  await running.stop();
  await provider.stop();
  await removeFolder(folder);
}, 60_000);

/** The built program on this folder, as `npm start` runs it. */
function started(port: number): Program {
  return program(['--host', '127.0.0.1', '--port', String(port), '--data', folder], { cwd: ROOT });
}

const LONG = 180_000;

async function logIn(page: Page): Promise<void> {
  await page.goto(`${url}/ui/`);
  await page.getByLabel('Name').fill('admin');
  await page.getByLabel('Password', { exact: true }).fill(masterKey);
  await page.getByRole('button', { name: 'Log in' }).click();
}

async function newPage(): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, reducedMotion: 'reduce', locale: 'en-US' });
  const page = await context.newPage();
  page.setDefaultTimeout(30_000);
  return page;
}

test(
  'from nothing to a working, capped, visible call of a model, without touching a file',
  async () => {
    const page = await newPage();
    await logIn(page);
    await page.getByText(/0 of 4/).waitFor();

    const apiKey = 'sk-of-the-provider-0123456789';
    await addModel(page, { name: 'assist', upstream: 'gpt-5-mini', apiKey, address: `${provider.url}/v1` });
    const key = await createKey(page, { name: 'kitchen-tablet', budget: '5' });
    const answer = await call(url, key, 'POST', '/v1/chat/completions', {
      model: 'assist',
      messages: [{ role: 'user', content: 'How warm?' }],
    });
    expect(answer.text).toContain('It is 21 degrees.');
    expect(provider.last.headers.authorization).toBe(`Bearer ${apiKey}`);

    await page.getByRole('link', { name: 'Overview' }).click();
    await page.getByText(/3 of 4/).waitFor();
    await page.getByRole('row').filter({ hasText: 'kitchen-tablet' }).first().waitFor();
    await page.context().close();
  },
  LONG,
);

test(
  'a page that is open while the server is away says so, keeps what it shows, and goes on when it is back',
  async () => {
    const page = await newPage();
    await logIn(page);
    await page.getByRole('row').filter({ hasText: 'kitchen-tablet' }).first().waitFor();
    const { port } = new URL(url);
    await running.stop();
    await page.getByText('Connection lost. Reconnecting').waitFor();
    expect(await page.getByRole('row').filter({ hasText: 'kitchen-tablet' }).count()).toBeGreaterThan(0);
    running = started(Number(port));
    url = await running.ready();
    await page.getByText('Connection lost. Reconnecting').waitFor({ state: 'detached' });
    await call(url, masterKey, 'POST', '/v1/chat/completions', { model: 'demo', messages: [{ role: 'user', content: 'Hello' }] });
    await page.getByRole('row').filter({ hasText: 'demo' }).first().waitFor();
    await page.context().close();
  },
  LONG,
);
