import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { axeFindings } from './support/axe.ts';
import { built } from './support/built.ts';
import { launchBrowser } from './support/chromium.ts';
import { serveFiles, type FileServer } from './support/files.ts';
import { looksRight } from './support/looks.ts';
import { choose } from './support/menu.ts';
import { Pages } from './support/pages.ts';
import { screen } from './support/screen.ts';

let files: FileServer;
let browser: Browser;
let pages: Pages;
/** What a browser would complain of: errors, refused styles and scripts, requests to others. */
let problems: string[] = [];

beforeAll(async () => {
  files = await serveFiles(await built('gallery'));
  browser = await launchBrowser();
  pages = new Pages(browser);
}, 120_000);

afterEach(() => expect(problems).toEqual([]));

afterAll(async () => {
  await browser?.close();
  await files?.stop();
});

async function open(theme: 'light' | 'dark', width: number): Promise<Page> {
  const page = await pages.open({ theme, width });
  page.setDefaultTimeout(20_000);
  problems = [];
  page.on('console', (message) => message.type() === 'error' && problems.push(message.text()));
  page.on('pageerror', (error) => problems.push(String(error)));
  page.on('request', (request) => request.url().startsWith(files.url) || problems.push(`foreign request ${request.url()}`));
  await page.goto(`${files.url}/ui/`);
  await page
    .locator('gw-bars')
    .waitFor()
    .catch(() => undefined);
  expect(problems).toEqual([]);
  await page.evaluate(() => document.fonts.ready);
  return page;
}

test('every component passes axe in both themes at all widths', async () => {
  await looksRight(await open('light', 1280), 'components', { all: true });
});

test('axe sees what is wrong inside the components', async () => {
  const page = await open('light', 1280);
  await page.getByRole('button', { name: 'More actions' }).evaluate((button) => {
    button.removeAttribute('aria-label');
    button.removeAttribute('title');
  });
  expect((await axeFindings(page)).map((finding) => finding.split(':')[0])).toContain('button-name');
});

test('a menu opens, walks and closes by keyboard and gives the focus back', async () => {
  const page = await open('light', 1280);
  const button = page.getByRole('button', { name: 'More actions' });
  await button.focus();
  await page.keyboard.press('Enter');
  await page.getByRole('menuitem', { name: 'Edit' }).waitFor();
  await screen(page, 'components-menu');
  expect(await axeFindings(page)).toEqual([]);
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Escape');
  await expect.poll(() => page.getByRole('menuitem', { name: 'Edit' }).isVisible()).toBe(false);
  expect(await page.evaluate(() => document.activeElement?.shadowRoot?.activeElement?.id)).toBe('menu');
  await button.click();
  await choose(page, 'Delete');
  await page.getByText('delete', { exact: true }).waitFor();
});

test('a dialog starts on its first field, keeps the focus inside and gives it back', async () => {
  const page = await open('dark', 375);
  await page.getByRole('button', { name: 'Accent' }).click();
  const dialog = page.getByRole('dialog', { name: 'Create key' });
  await dialog.waitFor();
  await expect
    .poll(() =>
      page
        .locator('gw-dialog[open]')
        .getByLabel('Name')
        .evaluate((input) => (input.getRootNode() as ShadowRoot).activeElement === input),
    )
    .toBe(true);
  await screen(page, 'components-dialog');
  expect(await axeFindings(page)).toEqual([]);
  await page.keyboard.press('Escape');
  await dialog.waitFor({ state: 'hidden' });
  expect(await page.evaluate(() => document.activeElement?.shadowRoot?.activeElement?.id)).toBe('open-dialog');
});

test('a confirm starts on the safe button and tells which one was chosen', async () => {
  const page = await open('light', 1280);
  await page.getByRole('button', { name: 'Delete key' }).click();
  await page.getByRole('dialog', { name: 'Delete garden-bot?' }).waitFor();
  await screen(page, 'components-confirm');
  await page.waitForTimeout(100);
  await page.keyboard.press('Enter');
  await page.getByText('kept', { exact: true }).waitFor();
});

test('a toast offers Undo', async () => {
  const page = await open('light', 1280);
  await page.getByRole('button', { name: 'Create key' }).click();
  await page.getByText('guest is blocked').waitFor();
  await page.getByRole('button', { name: 'Undo' }).click();
  await page.getByText('undone', { exact: true }).waitFor();
});

test('a combobox takes what is typed and what is chosen, and a field of chips adds and removes', async () => {
  const page = await open('light', 1280);
  const model = page.getByRole('combobox', { name: 'Model at the provider' });
  await model.fill('own-model');
  await page.keyboard.press('Tab');
  expect(await model.inputValue()).toBe('own-model');
  await model.fill('gpt');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowDown');
  await screen(page, 'components-combobox');
  expect(await axeFindings(page)).toEqual([]);
  await page.keyboard.press('Enter');
  expect(await model.inputValue()).toBe('gpt-5');
  await page.getByRole('button', { name: 'Add model' }).click();
  await page.getByRole('combobox', { name: 'Add model' }).fill('loc');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  const chip = page.locator('gw-chips-field').getByRole('button', { name: 'local-chat' });
  await chip.focus();
  await page.keyboard.press('Delete');
  await expect.poll(() => chip.count()).toBe(0);
});

test('a sortable header says how the list is sorted', async () => {
  const page = await open('light', 1280);
  const header = page.getByRole('columnheader', { name: 'Spend' });
  expect(await header.getAttribute('aria-sort')).toBe('descending');
  await header.getByRole('button').click();
  await expect.poll(() => header.getAttribute('aria-sort')).toBe('ascending');
});

test('arrow keys walk the bars of a chart and the legend hides a series', async () => {
  const page = await open('light', 1280);
  const first = page.getByRole('option', { name: 'Nov 10: $0.81' });
  await first.focus();
  await page.keyboard.press('ArrowRight');
  await page.getByRole('option', { name: /^Nov 11/, selected: true }).waitFor();
  await page.getByRole('button', { name: 'openai $1.00' }).click();
  await page.getByRole('option', { name: 'Nov 10: $0.51' }).waitFor();
});
