import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { hashOf } from '../../src/identity/key-hash.ts';
import { expectNothingLeft } from '../exchange/leaks.ts';
import { axeFindings } from './support/axe.ts';
import { CANARY, startModels, type CalledModels } from './support/called-models.ts';
import { looksRight } from './support/looks.ts';
import { startPanel, type Opening, type RealPanel } from './support/real-panel.ts';
import { screen } from './support/screen.ts';

vi.setConfig({ testTimeout: 90_000 });

let models: CalledModels;
let panel: RealPanel;
let key: string;

beforeAll(async () => {
  models = await startModels();
  panel = await startPanel(models.yaml);
  key = await panel.gateway.key({ key_alias: 'claude-code' });
}, 120_000);
afterAll(async () => {
  await panel.stop();
  await models.stop();
});

const eventually = <Value>(ask: () => Value) => expect.poll(ask, { timeout: 20_000 });

/** Makes a call. @returns the path of its page */
async function called(model: string, more: Record<string, unknown> = {}, by = key): Promise<string> {
  const body = { model, messages: [{ role: 'user', content: 'Hi' }], ...more };
  const answer = await panel.gateway.call('POST', '/v1/chat/completions', body, by);
  await answer.text();
  await expectNothingLeft(panel.gateway);
  return `logs/${answer.headers.get('x-litellm-call-id')}`;
}

async function open(opening: Opening): Promise<Page> {
  const page = await panel.open(opening);
  page.setDefaultTimeout(30_000);
  await page.getByRole('heading', { name: 'What it cost' }).waitFor();
  return page;
}

const lanes = (page: Page) => page.getByRole('list', { name: 'Steps of the call' }).locator('li.lane-row');

/** Text of a part of the page, its spaces as one reads them. */
async function read(page: Page, selector: string): Promise<string> {
  return (await page.locator(selector).innerText()).replaceAll(/\s+/g, ' ').trim();
}

test('the cost is an equation to the last digit, and leads to its price rule', async () => {
  await called('assist');
  const page = await panel.open({ path: 'logs' });
  page.setDefaultTimeout(30_000);
  await page.locator('gw-table tbody tr a').first().click();
  await page.getByRole('heading', { name: 'What it cost' }).waitFor();
  const lines = await page.locator('gw-call-cost tbody tr, gw-call-cost tfoot tr').allInnerTexts();
  expect(lines.map((line) => line.replaceAll(/\s+/g, ' ').trim())).toEqual([
    'Input 600 × $3.00 / 1M = $0.00180',
    '+ Read from cache 400 × $0.30 / 1M = $0.00012',
    '+ Output 200 × $15.00 / 1M = $0.00300',
    '= Total 1,200 $0.00492',
  ]);
  await page.getByText('Price of openai/up-assist from the configuration file').waitFor();
  await page.getByRole('button', { name: 'Show price rule' }).click();
  const dialog = page.locator('gw-dialog[open]');
  await dialog.getByText('openai/up-assist').waitFor();
  await screen(page, 'call-price-rule-light-1280');
  expect(await axeFindings(page)).toEqual([]);
  await page.keyboard.press('Escape');
  await eventually(() => dialog.count()).toBe(0);
});

test('a call with a retry and a fallback shows every attempt, and says why it went on', async () => {
  const page = await open({ path: await called('wandering') });
  await page.getByText('Second choice').first().waitFor();
  const steps = (await lanes(page).allInnerTexts()).map((lane) => lane.replaceAll(/\s+/g, ' ').trim());
  expect(steps[0]).toMatch(/^Gateway Key, limits, and budget checked/);
  expect(steps.slice(1).filter((step) => !step.startsWith('Wait'))).toEqual([
    expect.stringMatching(/^OpenAI up-busy 429 Rate limit “Slow down” .* m?s$/),
    expect.stringMatching(/^OpenAI up-busy-too 503 Unavailable “Still busy” .* m?s$/),
    expect.stringMatching(/^OpenAI up-assist First token after .* m?s$/),
  ]);
  const words = await read(page, 'gw-call-way .words');
  expect(words).toContain('up-busy at OpenAI failed: 429 Rate limit. That deployment was paused for');
  expect(words).toContain('It moved on to level 2: up-busy-too at OpenAI.');
  expect(words).toContain('It moved on to the fallback assist: up-assist at OpenAI. up-assist at OpenAI answered.');
  await screen(page, 'call-light-1280');
});

test('a failed call tells the error in the provider’s own words, as text', async () => {
  const page = await open({ path: await called('broken') });
  const alert = page.locator('gw-alert');
  await alert.getByText('500 Server error').waitFor();
  expect(await alert.innerText()).toContain(`Out of order ${CANARY}`);
  await page.getByText('Nothing was used').waitFor();
  expect(await page.locator('img').count()).toBe(0);
  await screen(page, 'call-failed-light-1280');
  expect(await axeFindings(page)).toEqual([]);
});

test('a refused call says which limit it was, in the list and on its page', async () => {
  const limited = await panel.gateway.key({ key_alias: 'kids-tablet', rpm_limit: 1 });
  await called('assist', {}, limited);
  const { status } = await panel.gateway.chat(limited, 'assist');
  expect(status).toBe(429);
  const page = await panel.open({ path: `logs?key=${hashOf(limited)}` });
  page.setDefaultTimeout(30_000);
  const row = page.locator('gw-table tbody tr').first();
  await row.getByText('429 Rate limit').waitFor();
  expect(await row.innerText()).toContain('1 request a minute');
  await row.getByRole('link').click();
  await page.getByRole('heading', { name: 'What happened' }).waitFor();
  const words = await read(page, 'gw-call-way .words');
  expect(words).toMatch(
    /^The gateway refused the call: 1 request a minute is the limit of this key\. 1 were used\. There is room again from /,
  );
  expect(words).toContain('Nothing was sent to a provider, and nothing was charged.');
  await screen(page, 'call-refused-light-1280');
  expect(await axeFindings(page)).toEqual([]);
});

test('a call over its budget says which budget', async () => {
  const poor = await panel.gateway.key({ key_alias: 'poor', max_budget: 0.001 });
  await called('assist', {}, poor);
  await panel.gateway.chat(poor, 'assist');
  const page = await panel.open({ path: `logs?key=${hashOf(poor)}` });
  page.setDefaultTimeout(30_000);
  const row = page.locator('gw-table tbody tr').first();
  await row.getByText('422 Budget used up').waitFor();
  expect(await row.innerText()).toContain('Budget of $0.0010');
});

test('usage is shown as the provider sent it, and that prompts are not kept is said', async () => {
  const page = await open({ path: await called('assist') });
  await page.getByText('Show usage').click();
  const code = page.locator('gw-code pre');
  await code.waitFor();
  expect(JSON.parse(await code.innerText())).toMatchObject({ prompt_tokens: 1000, completion_tokens: 200 });
  await page.getByText('Not stored. The gateway keeps figures of a call, never what was said.').waitFor();
});

test('a model without a price says so, and is counted as nothing', async () => {
  const page = await open({ path: await called('unpriced') });
  await page.getByText('No price of this model is known.').waitFor();
});

test('arrows step to older and newer calls within the filters of the list', async () => {
  const own = await panel.gateway.key({ key_alias: 'stepping' });
  const first = await called('assist', {}, own);
  await called('assist');
  const last = await called('unpriced', {}, own);
  const query = `?key=${hashOf(own)}`;
  const page = await open({ path: `${last}${query}` });
  const newer = page.getByRole('button', { name: 'Newer call' });
  await eventually(() => newer.isDisabled()).toBe(true);
  await page.getByRole('button', { name: 'Older call' }).click();
  await eventually(() => new URL(page.url()).pathname).toBe(`/ui/${first}`);
  expect(new URL(page.url()).search).toBe(query);
  await newer.click();
  await eventually(() => new URL(page.url()).pathname).toBe(`/ui/${last}`);
});

test('the request id is copied', async () => {
  const path = await called('assist');
  const page = await open({ path });
  await page.getByRole('button', { name: 'Copy Request ID' }).click();
  await page.getByText('Copied to the clipboard').waitFor();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(path.slice('logs/'.length));
});

test('a call that does not exist says so and leads back', async () => {
  const page = await panel.open({ path: 'logs/01936b2e-77c4-7d0a-9e51-3f8ab2d4c610' });
  page.setDefaultTimeout(30_000);
  await page.getByRole('heading', { name: 'There is no such call' }).waitFor();
  expect(await axeFindings(page)).toEqual([]);
  await page.getByRole('link', { name: 'Open logs' }).click();
  await page.locator('gw-table').waitFor();
});

describe('how it looks', () => {
  let path: string;

  test('a stream is pale until its first token, and solid while it answers', async () => {
    const page = await open({ path: await called('slow', { stream: true }) });
    const lane = lanes(page).last();
    await lane.getByText(/First token after .*, \d+ tokens a second/).waitFor();
    const widths = await lane.locator('i').evaluateAll((bars) => bars.map((bar) => bar.getBoundingClientRect().width));
    expect(widths).toHaveLength(2);
    expect(Math.min(...widths)).toBeGreaterThan(10);
    await screen(page, 'call-stream-light-1280');
    path = await called('wandering');
  });

  test('the page passes axe in both themes at all widths and scrolls nowhere sideways', async () => {
    await looksRight(await open({ path }), 'call', { all: true });
  });

  test('nothing scrolls sideways in German', async () => {
    const page = await panel.open({ path, locale: 'de-DE' });
    await page.locator('gw-call-way').waitFor();
    await screen(page, 'call-german');
    expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0);
  });
});
