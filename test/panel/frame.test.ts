import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { built } from './support/built.ts';
import { launchBrowser } from './support/chromium.ts';
import { serveFiles, type FileServer } from './support/files.ts';
import { Pages } from './support/pages.ts';
import { screen } from './support/screen.ts';
import { answer, refusal, type Answers } from './support/stub-panel.ts';

vi.setConfig({ testTimeout: 90_000 });

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

/** A page around the panel that does what the frontend of Home Assistant does: tokens, language, and the documented messages. */
const PARENT = `<!doctype html><html lang="de" style="--primary-color: rgb(200, 30, 90); --primary-background-color: rgb(17, 17, 17)">
<body style="margin:0"><home-assistant></home-assistant>
<iframe src="/ui/" title="panel" style="border:0;inline-size:100%;block-size:700px"></iframe>
<script>
  const frame = document.querySelector('iframe');
  document.querySelector('home-assistant').hass = { themes: { darkMode: true }, language: 'de', locale: { time_format: '24' } };
  window.heard = [];
  let path = '/keys';
  const tell = () => frame.contentWindow.postMessage({ type: 'home-assistant/properties', narrow: true, route: { prefix: '/app/llm_gateway', path }, safeAreaInsets: { top: '7px', right: '0px', bottom: '0px', left: '0px' } }, '*');
  window.show = (next) => { path = next; tell(); };
  addEventListener('message', (event) => {
    if (event.source !== frame.contentWindow) return;
    window.heard.push(event.data);
    if (event.data.type === 'home-assistant/subscribe-properties') tell();
    if (event.data.type === 'home-assistant/navigate') { path = event.data.path.replace('/app/llm_gateway', ''); tell(); }
  });
</script></body></html>`;

async function framed(answers: Answers = {}): Promise<Page> {
  const page = await pages.open({ width: 860, height: 700 });
  page.setDefaultTimeout(20_000);
  await answer(page, files, answers);
  await page.route(`${files.url}/parent`, (route) => route.fulfill({ contentType: 'text/html', body: PARENT }));
  await page.goto(`${files.url}/parent`);
  return page;
}

const heard = (page: Page) => page.evaluate(() => (window as unknown as { heard: { type: string; path?: string }[] }).heard);

test('inside Home Assistant the panel takes over theme, language, route and inset, and brings the menu button', async () => {
  const page = await framed();
  const panel = page.frameLocator('iframe');
  await panel.getByRole('heading', { level: 1, name: 'Schlüssel' }).waitFor();
  const root = panel.locator('html');
  expect(await root.getAttribute('data-theme')).toBe('dark');
  expect(await root.evaluate((element) => getComputedStyle(element).getPropertyValue('--primary-color').trim())).toBe('rgb(200, 30, 90)');
  expect(await root.evaluate((element) => getComputedStyle(element).getPropertyValue('--safe-area-inset-top').trim())).toBe('7px');
  await screen(page, 'frame-keys');
  await panel.getByRole('button', { name: 'Seitenleiste umschalten' }).click();
  await expect.poll(async () => (await heard(page)).map(({ type }) => type)).toContain('home-assistant/toggle-menu');
  expect((await heard(page))[0]).toMatchObject({ type: 'home-assistant/subscribe-properties', kioskMode: true, handleSafeArea: true });
});

test('the page around shows where the panel is, and leads it', async () => {
  const page = await framed();
  const panel = page.frameLocator('iframe');
  await panel.getByRole('link', { name: 'Modelle' }).click();
  await panel.getByRole('heading', { level: 1, name: 'Modelle' }).waitFor();
  await expect.poll(async () => (await heard(page)).map(({ path }) => path)).toContain('/app/llm_gateway/models');
  await page.evaluate(() => (window as unknown as { show: (path: string) => void }).show('/usage'));
  await panel.getByRole('heading', { level: 1, name: 'Verbrauch' }).waitFor();
});

test('a session that ended inside Home Assistant is renewed by the page around, not by a log-in', async () => {
  const page = await framed({ 'GET v2/session': refusal(401, 'Log in') });
  await page.frameLocator('iframe').getByText('Sitzung abgelaufen').waitFor();
  expect(await page.frameLocator('iframe').getByLabel('Passwort').count()).toBe(0);
});
