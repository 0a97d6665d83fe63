import type { Page, Route } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { axeFindings } from './support/axe.ts';
import { looksRight } from './support/looks.ts';
import { choose } from './support/menu.ts';
import { MODELS } from './support/models-of-a-house.ts';
import { startPanel, type Opening, type RealPanel } from './support/real-panel.ts';
import { screen } from './support/screen.ts';

let panel: RealPanel;

beforeAll(async () => {
  panel = await startPanel(MODELS);
  await panel.gateway.post('/user/new', { user_id: 'looker', user_role: 'proxy_admin_viewer', auto_create_key: false });
}, 180_000);
afterAll(() => panel.stop());

const LONG = 90_000;
const rowOf = (page: Page, text: string) => page.getByRole('row').filter({ hasText: text });
const names = async (page: Page) => (await page.locator('tbody .row-title').allInnerTexts()).map((text) => text.split(/\s/)[0]);

async function open(opening: Opening = {}): Promise<Page> {
  const page = await panel.open({ path: 'models', ...opening });
  page.setDefaultTimeout(20_000);
  return page;
}

/** Answers one route in the place of the gateway. */
async function instead(page: Page, path: string, answer: (route: Route) => Promise<void>): Promise<void> {
  await page.route((url) => url.pathname === path, answer);
}

const nothing = { data: [], total_count: 0, current_page: 1, total_pages: 0, size: 50, providers: [] };
const refused = (route: Route) =>
  route.fulfill({ status: 503, json: { error: { message: 'The database is away', type: 'x', param: null, code: '503' } } });

test('the list says what can be called and what it costs, in both themes and at all widths', { timeout: LONG }, async () => {
  const page = await open();
  await rowOf(page, 'gpt-5-mini').waitFor();
  expect(await rowOf(page, 'gpt-5-mini').innerText()).toMatch(/1 of 2[\s\S]*File[\s\S]*272K[\s\S]*\$0\.25[\s\S]*\$2\.00/);
  await expect.poll(() => rowOf(page, 'qwen3:8b').innerText()).toContain('Free');
  await looksRight(page, 'models', { all: true });
  await page.setViewportSize({ width: 375, height: 800 });
  await expect.poll(() => rowOf(page, 'qwen3:8b').innerText()).toContain('$0.00');
});

test('search, provider and order stand in the address, and what finds nothing can be cleared', { timeout: LONG }, async () => {
  const page = await open({ path: 'models?provider=anthropic&sort=costs&order=desc' });
  await rowOf(page, 'claude-sonnet').waitFor();
  expect(await names(page)).toEqual(['claude-sonnet', 'claude-haiku']);
  await page.getByRole('button', { name: 'Input, per 1M' }).click();
  await expect.poll(() => names(page)).toEqual(['claude-haiku', 'claude-sonnet']);
  await page.getByRole('button', { name: 'Anthropic' }).press('Delete');
  await rowOf(page, 'gpt-5-mini').waitFor();
  expect(new URL(page.url()).searchParams.get('provider')).toBeNull();
  await page.getByRole('searchbox').fill('no-such-model');
  await page.getByText('Nothing found for “no-such-model”').waitFor();
  await page.getByRole('button', { name: 'Clear search' }).click();
  await rowOf(page, 'gpt-5-mini').waitFor();
});

test('a model of the file says where it is changed, and has no Edit and no Delete', { timeout: LONG }, async () => {
  const page = await open();
  await page.getByRole('button', { name: 'Actions for gpt-5', exact: true }).click();
  await page.getByRole('menuitem', { name: /Change it there/ }).waitFor();
  expect(await page.getByRole('menuitem').allInnerTexts()).not.toContain('Edit');
  await choose(page, 'Test');
  await page.getByText('gpt-5 works').waitFor();
});

test('a row opens the model with its prices, sizes and settings, and no key', { timeout: LONG }, async () => {
  const page = await open();
  await rowOf(page, 'claude-haiku-4-5').getByRole('link').press('Enter');
  await page.getByRole('heading', { level: 1, name: 'claude-haiku' }).waitFor();
  await page.getByText('$5.00').waitFor();
  await page.getByText('200,000').waitFor();
  await screen(page, 'model-light-1280');
  expect(await page.locator('main').innerText()).not.toContain('sk-provider');
  expect(await axeFindings(page)).toEqual([]);
  await page.getByRole('link', { name: 'Back' }).click();
  await rowOf(page, 'gpt-5-mini').waitFor();
});

test('a model that is gone says so and leads back', { timeout: LONG }, async () => {
  const page = await open({ path: 'models/not-there' });
  await page.getByRole('heading', { name: 'This model is gone' }).waitFor();
  await page.getByRole('link', { name: 'All models' }).click();
  await rowOf(page, 'gpt-5-mini').waitFor();
});

test('who may only look sees all models and nothing that changes one', { timeout: LONG }, async () => {
  const page = await open({ user: 'looker' });
  await rowOf(page, 'gpt-5-mini').waitFor();
  expect(await page.getByRole('button', { name: 'Add model' }).count()).toBe(0);
  expect(await page.getByRole('button', { name: /^Actions for/ }).count()).toBe(0);
  await rowOf(page, 'claude-haiku-4-5').getByRole('link').click();
  await page.getByText('$5.00').waitFor();
  expect(await page.getByRole('button', { name: 'Test' }).count()).toBe(0);
});

test('without models the page says what to do', { timeout: LONG }, async () => {
  const page = await panel.open({ path: '' });
  await instead(page, '/v2/model/info', (route) => route.fulfill({ json: nothing }));
  await page.getByRole('link', { name: 'Models' }).click();
  await page.getByRole('heading', { name: 'No models yet' }).waitFor();
  await screen(page, 'models-empty-light-1280');
  expect(await axeFindings(page)).toEqual([]);
  await page.locator('gw-empty').getByRole('button', { name: 'Add model' }).click();
  await page.locator('gw-dialog[open]').getByRole('heading', { name: 'Add model' }).waitFor();
});

test('a list that cannot be loaded says why and is tried again; a reload that fails keeps the rows', { timeout: LONG }, async () => {
  const page = await panel.open({ path: '' });
  await instead(page, '/v2/model/info', refused);
  await page.getByRole('link', { name: 'Models' }).click();
  await page.getByText('The database is away').waitFor();
  await screen(page, 'models-error-light-1280');
  expect(await axeFindings(page)).toEqual([]);
  await page.unrouteAll();
  await page.getByRole('button', { name: 'Try now' }).click();
  await rowOf(page, 'gpt-5-mini').waitFor();
  await instead(page, '/v2/model/info', refused);
  const asked = page.waitForResponse((response) => response.url().includes('sort_by=context'));
  await page.getByRole('button', { name: 'Context' }).click();
  expect((await asked).status()).toBe(503);
  expect(await rowOf(page, 'gpt-5-mini').count()).toBe(1);
});

test('names are text, whatever they hold', { timeout: LONG }, async () => {
  const name = '<img src=x onerror=alert(1)>';
  const litellm_params = { model: 'openai/<script>alert(2)</script>', api_key: 'sk-x', mock_response: 'Hello' };
  const made = await panel.gateway.post('/model/new', { model_name: name, litellm_params });
  expect(made.status, made.text).toBe(200);
  const page = await open();
  await rowOf(page, name).waitFor();
  await rowOf(page, name).getByRole('link').click();
  await page.getByRole('heading', { level: 1, name }).waitFor();
  await page.getByText('<script>alert(2)</script>').first().waitFor();
  await panel.gateway.post('/model/delete', { id: made.body['model_id'] });
});

test('German and right to left are as complete', { timeout: LONG }, async () => {
  const german = await open({ locale: 'de-DE', width: 375 });
  await german.getByRole('button', { name: 'Modell hinzufügen' }).waitFor();
  await screen(german, 'models-de-375');
  await german.getByRole('button', { name: 'Modell hinzufügen' }).click();
  await german
    .getByRole('button', { name: /^Anthropic / })
    .first()
    .click();
  await german.getByLabel('API-Schlüssel', { exact: true }).waitFor();
  await german.getByText('Aus deinem Konto bei Anthropic.').waitFor();
  await screen(german, 'model-form-de-375');
  const mirrored = await open({ path: 'models?dir=rtl' });
  await rowOf(mirrored, 'gpt-5-mini').waitFor();
  await screen(mirrored, 'models-rtl-1280');
  expect(await axeFindings(mirrored)).toEqual([]);
});
