import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { axeFindings } from './support/axe.ts';
import { looksRight } from './support/looks.ts';
import { choose } from './support/menu.ts';
import { startPanel, type RealPanel } from './support/real-panel.ts';
import { screen } from './support/screen.ts';
import { refusal } from './support/stub-panel.ts';

vi.setConfig({ testTimeout: 90_000 });

const CANARY = '<img src=x onerror="document.title=1"><script>1</script>';

/** Some values of the file, the rest is open. A call to `paid` costs 0.1 dollar. */
const FILE = `
model_list:
  - model_name: paid
    litellm_params: { model: openai/upstream, api_key: sk-provider, mock_response: Hello, input_cost_per_token: 0, output_cost_per_token: 0.005 }
  - model_name: local-chat
    litellm_params: { model: openai/upstream, api_key: sk-provider, mock_response: Hello, input_cost_per_token: 0, output_cost_per_token: 0 }
router_settings: { num_retries: 1 }
`;

let panel: RealPanel;

beforeAll(async () => {
  panel = await startPanel(FILE);
  const { gateway } = panel;
  await gateway.post('/user/new', {
    user_id: 'ann',
    user_email: 'ann@example.org',
    user_alias: CANARY,
    user_role: 'internal_user',
    password: 'old-password',
    auto_create_key: false,
  });
  await gateway.post('/user/new', {
    user_id: 'viewer',
    user_email: 'viewer@example.org',
    user_role: 'proxy_admin_viewer',
    auto_create_key: false,
  });
  await gateway.key({ key_alias: CANARY });
}, 180_000);

afterAll(() => panel?.stop());

async function settings(opening: Parameters<RealPanel['open']>[0] = {}): Promise<Page> {
  const page = await panel.open({ path: 'settings', ...opening });
  await page.getByRole('heading', { name: 'About' }).waitFor();
  return page;
}

/** The value of a setting at the server. */
async function valueOf(name: string, type: string): Promise<unknown> {
  return (await panel.gateway.get(`/config/field/info?field_name=${name}&config_type=${type}`)).body['field_value'];
}

async function enter(page: Page, label: string, text: string): Promise<void> {
  const field = page.getByLabel(label, { exact: true });
  await field.fill(text);
  await field.press('Enter');
}

/** With a dialog open: what lies behind it counts as small where the dialog covers a part of it. */
async function findingsWithDialog(page: Page): Promise<string[]> {
  return (await axeFindings(page)).filter((finding) => !finding.startsWith('target-size') || !finding.includes('gw-settings-page'));
}

describe('an administrator', () => {
  test('sees a page that passes axe in both themes at all widths and scrolls nowhere sideways', async () => {
    const page = await settings();
    await page.getByText('genai-prices').waitFor();
    await page
      .getByRole('link', { name: /onerror/ })
      .first()
      .waitFor();
    await page.evaluate(() => document.fonts.ready);
    await looksRight(page, 'settings', { all: true });
  });

  test('sets a household budget that the next call and Overview know, and takes it back', async () => {
    const page = await settings();
    await enter(page, 'Limit', '0.05');
    await page.getByText('Limit: saved').waitFor();
    expect(await valueOf('max_budget', 'litellm_settings')).toBe(0.05);
    const key = await panel.gateway.key({});
    await panel.gateway.chat(key, 'paid');
    const refused = await panel.gateway.chat(key, 'paid');
    expect(refused.status, refused.text).toBe(422);
    await page.getByRole('link', { name: 'Overview' }).click();
    await page.getByText('of $0.05').first().waitFor();

    await page.getByRole('link', { name: 'Settings' }).click();
    await enter(page, 'Limit', '500');
    await page.getByRole('button', { name: 'Undo' }).click();
    await page.getByText('Limit: as before').waitFor();
    expect(await valueOf('max_budget', 'litellm_settings')).toBe(0.05);
    await expect.poll(() => page.getByLabel('Limit', { exact: true }).inputValue()).toBe('0.05');
    await enter(page, 'Limit', '');
    await page.getByText('Limit: saved').waitFor();
    expect(await valueOf('max_budget', 'litellm_settings')).toBeNull();
    expect((await panel.gateway.chat(key, 'paid')).status).toBe(200);
  });

  test('cannot change what the file says, and sees where it stands', async () => {
    const page = await settings();
    await page.getByText(/Set in .+\.yaml, line 7\./).waitFor();
    expect(await page.getByLabel('Try again', { exact: true }).and(page.locator('input')).count()).toBe(0);
    await page.locator('gw-setting').filter({ hasText: 'Try again' }).getByText('1', { exact: true }).waitFor();
  });

  test('sees beside a field what is wrong with its value', async () => {
    const page = await settings();
    await enter(page, 'Give up after', 'soon');
    const field = page.getByLabel('Give up after', { exact: true });
    await page.getByRole('alert').filter({ hasText: 'Must be a number of seconds' }).waitFor();
    expect(await field.getAttribute('aria-invalid')).toBe('true');
    expect(await field.inputValue()).toBe('soon');
    await screen(page, 'settings-wrong-light-1280');
    expect(await axeFindings(page)).toEqual([]);
    await enter(page, 'Give up after', '60');
    await page.getByText('Give up after: saved').waitFor();
    expect(await field.getAttribute('aria-invalid')).toBeNull();
    expect(await valueOf('request_timeout', 'litellm_settings')).toBe(60);
  });

  test('says which models answer for another, and in which order', async () => {
    const page = await settings();
    await page.getByRole('button', { name: 'Add fallback' }).click();
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('Select the model that may fail.').waitFor();
    await page.getByRole('combobox', { name: 'When this model fails' }).fill('paid');
    const next = page.getByRole('combobox', { name: 'Try first' });
    await next.fill('local-chat');
    await next.press('Enter');
    await page.getByRole('combobox', { name: 'Then try' }).fill(CANARY);
    await page.getByRole('combobox', { name: 'Then try' }).press('Enter');
    await page.getByRole('button', { name: `Move ${CANARY} up` }).click();
    await screen(page, 'settings-fallback-light-1280');
    expect(await findingsWithDialog(page)).toEqual([]);
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('When nothing else answers: saved').waitFor();
    expect(await valueOf('fallbacks', 'router_settings')).toEqual([{ paid: [CANARY, 'local-chat'] }]);
    await page.getByRole('button', { name: 'Actions for the fallback of paid' }).click();
    await choose(page, 'Remove');
    await page.getByText('No fallbacks.').waitFor();
    await page.getByRole('button', { name: 'Undo' }).click();
    await page.getByRole('button', { name: 'Actions for the fallback of paid' }).waitFor();
  });

  test('sees amounts in another currency', async () => {
    const page = await settings();
    await page.getByLabel('Currency', { exact: true }).selectOption('EUR');
    await enter(page, 'Exchange rate', '0,5');
    await page.getByText('Exchange rate: saved').waitFor();
    expect(await valueOf('display_exchange_rate', 'general_settings')).toBe('0.5');
    await page.getByRole('link', { name: 'Overview' }).click();
    await page.getByText(/€\d/).first().waitFor();
    await panel.gateway.post('/config/field/delete', { field_name: 'display_currency' });
    await panel.gateway.post('/config/field/delete', { field_name: 'display_exchange_rate' });
  });

  test('finds each change with who made it, what it was and what it is', async () => {
    const page = await settings();
    await enter(page, 'Pause a failing model', '7');
    await page.getByText('Pause a failing model: saved').waitFor();
    await enter(page, 'Pause a failing model', '9');
    await expect.poll(() => valueOf('cooldown_time', 'router_settings')).toBe(9);
    await page.getByLabel('What was changed').selectOption({ label: 'Settings' });
    const rows = page.getByRole('row').filter({ hasText: 'cooldown_time' });
    // The list may still show what stood there before the last change.
    await expect.poll(() => rows.count()).toBeGreaterThanOrEqual(2);
    const row = rows.first();
    expect(await row.textContent()).toContain('Administrator');
    await row.getByRole('link').click();
    const dialog = page.getByRole('dialog');
    await dialog.getByText('cooldown_time').first().waitFor();
    await page.locator('gw-change-dialog').getByText('Before').waitFor();
    expect(await page.locator('gw-change-dialog dd').allTextContents()).toEqual(['7', '9']);
    await screen(page, 'settings-change-light-1280');
    expect(await findingsWithDialog(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
    expect(new URL(page.url()).search).toBe('?kind=LiteLLM_Config');
    await page.getByLabel('How').selectOption({ label: 'deleted' });
    await page.getByLabel('What was changed').selectOption({ label: 'Credentials' });
    await page.getByRole('button', { name: 'Clear filters' }).click();
    await row.waitFor();
  });

  test('finds the licences of what is shipped', async () => {
    const page = await settings();
    await page.getByRole('button', { name: 'Licenses' }).click();
    const dialog = page.locator('gw-licences-dialog');
    await dialog.getByText('lit', { exact: true }).or(dialog.getByText(/^lit /)).first().waitFor();
    expect(await findingsWithDialog(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
  });

  test('keeps the page when a reload fails, and is told', async () => {
    const page = await settings();
    await page.route('**/config/list*', refusal(503, 'The database does not answer.'));
    await enter(page, 'Allowed failures', '4');
    await page.getByText('The database does not answer.').waitFor();
    await page.getByRole('heading', { name: 'Routing' }).waitFor();
    await page.unroute('**/config/list*');
    await page.getByRole('button', { name: 'Try now' }).first().click();
    await expect.poll(() => page.getByLabel('Allowed failures').inputValue()).toBe('4');
  });

  test('sees what failed in its own card, and the rest stands', async () => {
    const page = await panel.open();
    await page.route('**/audit*', refusal(503, 'The list cannot be read.'));
    await page.route('**/panel/about', refusal(503, 'Nothing is known.'));
    await page.getByRole('link', { name: 'Settings' }).click();
    await page.getByText('The list cannot be read.').waitFor();
    await page.getByText('Nothing is known.').waitFor();
    await page.getByLabel('Limit', { exact: true }).waitFor();
    await screen(page, 'settings-partly-light-1280');
  });
});

test('a viewer sees all of it and can change nothing', async () => {
  const page = await settings({ user: 'viewer' });
  await page.getByText('genai-prices').waitFor();
  await page.getByText('Try again').waitFor();
  for (const control of ['gw-setting input', 'gw-setting select', 'gw-switch', 'gw-text-field', 'gw-fallbacks gw-button'])
    expect(await page.locator(control).count(), control).toBe(0);
  await screen(page, 'settings-viewer-light-1280');
  expect(await axeFindings(page)).toEqual([]);
});

describe('a person', () => {
  test('sees only themselves and About', async () => {
    const page = await settings({ user: 'ann' });
    await expect.poll(() => page.getByLabel('Name').inputValue()).toBe(CANARY);
    expect(await page.getByRole('heading', { level: 2 }).allTextContents()).toEqual(['You', 'About']);
    await looksRight(page, 'settings-person');
  });

  test('changes their name, and takes it back', async () => {
    const page = await settings({ user: 'ann' });
    await page.getByLabel('Name').fill('Ann');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByRole('button', { name: 'Undo' }).click();
    await expect.poll(() => page.getByLabel('Name').inputValue()).toBe(CANARY);
  });

  test('changes their password, and logs in with it', async () => {
    const page = await settings({ user: 'ann' });
    const field = page.getByLabel('New password', { exact: true });
    await field.fill('short');
    await page.getByRole('button', { name: 'Change password' }).click();
    await page.locator('gw-dialog').getByRole('button', { name: 'Change password' }).click();
    await page.getByRole('alert').filter({ hasText: 'at least 8 characters' }).waitFor();
    await field.fill('new-password');
    await page.getByRole('button', { name: 'Change password' }).click();
    await page.locator('gw-dialog').getByRole('button', { name: 'Change password' }).click();
    await page.getByRole('button', { name: 'Log in' }).waitFor();
    expect((await panel.gateway.post('/v2/login', { username: 'ann@example.org', password: 'old-password' })).status).toBe(401);
    await page.getByLabel('Username').fill('ann@example.org');
    await page.getByLabel('Password', { exact: true }).fill('new-password');
    await page.getByRole('button', { name: 'Log in' }).click();
    await page.getByRole('heading', { name: 'You' }).waitFor();
  });
});
