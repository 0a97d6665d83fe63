import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { axeFindings } from './support/axe.ts';
import { furnish, HOUSEHOLD } from './support/household.ts';
import { looksRight } from './support/looks.ts';
import { startPanel, type RealPanel } from './support/real-panel.ts';
import { screen } from './support/screen.ts';
import { refusal } from './support/stub-panel.ts';

vi.setConfig({ testTimeout: 90_000 });

/** Balances of the household: its calls are booked in the past, where no balance of now counts them. */
async function spent(page: Page): Promise<void> {
  await page.route('**/panel/summary*', async (route) => {
    const summary = (await (await route.fetch()).json()) as { month: { spend: number }; budget: { spend: number } };
    summary.budget.spend = summary.month.spend;
    await route.fulfill({ json: summary });
  });
  await page.route('**/key/list*', async (route) => {
    const list = (await (await route.fetch()).json()) as { keys: { key_alias: string; spend: number }[] };
    for (const key of list.keys) key.spend = { 'claude-code': 10.82, 'open-webui': 4.38, 'home-assistant': 4.11 }[key.key_alias] ?? 0.5;
    await route.fulfill({ json: list });
  });
}

describe('of a household', () => {
  let panel: RealPanel;

  beforeAll(async () => {
    panel = await startPanel(HOUSEHOLD);
    await furnish(panel.gateway);
  }, 180_000);

  afterAll(() => panel?.stop());

  test('the page passes axe in both themes at all widths and scrolls nowhere sideways', async () => {
    const page = await panel.open({ path: 'settings' });
    await spent(page);
    await page.getByRole('link', { name: 'Overview' }).click();
    await page.getByText('Recent calls').first().waitFor();
    await page.getByText('claude-sonnet').first().waitFor();
    await page.evaluate(() => document.fonts.ready);
    await looksRight(page, 'overview', { all: true });
  });

  test('the month of the page is the month of the server', async () => {
    const page = await panel.open();
    const summary = (await (await panel.gateway.call('GET', '/panel/summary?timezone=UTC')).json()) as { budget: { limit: number } };
    expect(summary.budget.limit).toBe(40);
    await page.getByText('of $40.00').waitFor();
  });

  test('a call that ends is there without asking', async () => {
    const page = await panel.open();
    await page.getByText('Recent calls').first().waitFor();
    await page.getByRole('link', { name: 'assist' }).first().waitFor();
    const before = await page.getByRole('row').count();
    await panel.gateway.call('POST', '/v1/chat/completions', { model: 'assist', messages: [{ role: 'user', content: 'Hi' }] });
    await expect.poll(() => page.getByRole('row').nth(1).textContent(), { timeout: 20_000 }).toContain('assist');
    await expect.poll(() => page.getByRole('row').count()).toBe(before);
  });

  test('what cannot be loaded says so in its own card, and the rest stands', async () => {
    const page = await panel.open({ path: 'settings' });
    await page.route('**/spend/logs/ui*', refusal(503, 'The database does not answer.'));
    await page.getByRole('link', { name: 'Overview' }).click();
    await page.getByText('The database does not answer.').waitFor();
    await page.getByText('Closest to their budget').waitFor();
    await page.unroute('**/spend/logs/ui*');
    await page.getByRole('button', { name: 'Try now' }).click();
    await page.getByRole('link', { name: 'assist' }).first().waitFor();
  });

  test('a file that has become wrong stands above everything with the place of each fault, until it is mended', async () => {
    const page = await panel.open();
    await page.getByText('Recent calls').first().waitFor();
    await panel.gateway.configure(`${HOUSEHOLD}router_settings: [\n`);
    await page.getByText('The configuration file cannot be used').waitFor({ timeout: 20_000 });
    await page
      .getByText(/litellm_config\.yaml, line \d+/)
      .first()
      .waitFor();
    await looksRight(page, 'overview-file-refused');
    await panel.gateway.configure(
      HOUSEHOLD.replace('model_list:', 'model_list:\n  - model_name: nowhere\n    litellm_params: { mock_response: Hi }'),
    );
    await page.getByText('A model of the configuration file is left out').waitFor({ timeout: 20_000 });
    await screen(page, 'overview-file-left-out-light-1280');
    await panel.gateway.configure(HOUSEHOLD);
    await page.getByText('of the configuration file').waitFor({ state: 'detached', timeout: 20_000 });
  });

  test('a provider that fails stands above everything', async () => {
    const page = await panel.open();
    await page.getByText('Recent calls').first().waitFor();
    await page.route('**/panel/summary*', async (route) => {
      const summary = (await (await route.fetch()).json()) as {
        budget: { spend: number };
        last_24_hours: { providers: { provider: string; hours: { requests: number; failed: number }[] }[] };
      };
      summary.budget.spend = 36.8;
      const openai = summary.last_24_hours.providers.find(({ provider }) => provider === 'openai');
      for (const hour of openai?.hours.slice(-2) ?? []) Object.assign(hour, { requests: 6, failed: 6 });
      await route.fulfill({ json: summary });
    });
    await page.route('**/panel/providers*', async (route) => {
      const answer = (await (await route.fetch()).json()) as { providers: { id: string }[] };
      const openai = answer.providers.find(({ id }) => id === 'openai');
      Object.assign(openai ?? {}, { state: 'down', reason: '<b>503</b> Service Unavailable', status: 503 });
      await route.fulfill({ json: answer });
    });
    await page.reload();
    // What a provider says is text, whatever it holds.
    await page.getByText('It said: <b>503</b> Service Unavailable').waitFor();
    await page.getByText('OpenAI is not answering').waitFor();
    await page.getByText('92% of the household budget is used').waitFor();
    await screen(page, 'overview-problem-light-1280');
    expect(await axeFindings(page)).toEqual([]);
  });
});

describe('at the first start', () => {
  let panel: RealPanel;

  beforeAll(async () => {
    panel = await startPanel(`
model_list:
  - model_name: demo
    litellm_params: { model: openai/demo, mock_response: Hello, api_key: none-needed }
`);
  }, 180_000);

  afterAll(() => panel?.stop());

  test('four tasks stand in the place of the numbers', async () => {
    const page = await panel.open();
    await page.getByText('0 of 4 done').waitFor();
    await page.getByText('Keys travel unencrypted').waitFor();
    await page.evaluate(() => document.fonts.ready);
    await looksRight(page, 'overview-first-run');
  });

  test('a finished task gets its check without asking', async () => {
    const page = await panel.open();
    await page.getByText('0 of 4 done').waitFor();
    await panel.gateway.key({ key_alias: 'first' });
    await page.getByText('1 of 4 done').waitFor({ timeout: 20_000 });
  });
});
