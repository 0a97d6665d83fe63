import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { hashOf } from '../../src/identity/key-hash.ts';
import { FakeProvider, streamedEvents } from '../support/fake-provider.ts';
import { infoOf } from '../control/asking-for-keys.ts';
import { axeFindings } from './support/axe.ts';
import { makeKeysOfAHome } from './support/keys-of-a-home.ts';
import { looksRight } from './support/looks.ts';
import { choose } from './support/menu.ts';
import { startPanel, type RealPanel } from './support/real-panel.ts';

vi.setConfig({ testTimeout: 240_000 });

let panel: RealPanel;
let provider: FakeProvider;
let texts: ReadonlyMap<string, string>;

const CANARY = '<img src=x onerror=document.title="hit"><script>document.title="hit"</script>';

beforeAll(async () => {
  provider = await FakeProvider.start();
  const mock = 'model: openai/upstream, api_key: sk-provider, mock_response: Hello, input_cost_per_token: 0';
  panel = await startPanel(`
model_list:
  - { model_name: mock, litellm_params: { ${mock}, output_cost_per_token: 0.005 } }
  - { model_name: other, litellm_params: { ${mock}, output_cost_per_token: 0.005 } }
  - { model_name: free, litellm_params: { ${mock}, output_cost_per_token: 0 } }
  - { model_name: slow, litellm_params: { model: openai/upstream, api_key: sk-provider, api_base: "${provider.url}/v1" } }
`);
  texts = await makeKeysOfAHome(panel.gateway);
  for (const model of ['mock', 'other']) await panel.gateway.chat(texts.get('claude-code') ?? '', model);
}, 240_000);
afterAll(async () => {
  await panel?.stop();
  await provider?.stop();
}, 60_000);

/** The machine may be busy: what comes is waited for, not raced. */
const eventually = <Value>(read: () => Value | Promise<Value>) => expect.poll(read, { timeout: 30_000 });
const hash = (name: string) => hashOf(texts.get(name) ?? '');
const names = (page: Page) => page.locator('gw-table tbody .main .row-title').allInnerTexts();
const dialog = (page: Page) => page.locator('gw-dialog[open]').last();

async function open(path: string, more: Parameters<RealPanel['open']>[0] = {}): Promise<Page> {
  const page = await panel.open({ path, ...more });
  page.setDefaultTimeout(30_000);
  return page;
}

/** Opens the menu of a row and takes an item. */
async function takeAction(page: Page, name: string, item: string): Promise<void> {
  await page.getByRole('button', { name: `Actions for ${name}`, exact: true }).click();
  await choose(page, item);
}

test('keys are listed with budget, reset and state, in both themes and at all widths', async () => {
  const page = await open('keys');
  await page.getByText('claude-code').waitFor();
  const row = page.getByRole('row').filter({ hasText: 'claude-code' });
  await row.getByText('$11.02 of $12.00').waitFor();
  await row.getByText('Near limit').waitFor();
  await page.getByRole('row').filter({ hasText: 'guest' }).getByText('Blocked').waitFor();
  await page.getByRole('row').filter({ hasText: 'old-notebook' }).getByText('Expired').waitFor();
  await page.getByRole('row').filter({ hasText: '7 keys' }).getByText('$20.21').waitFor();
  expect((await names(page))[0]).toBe('claude-code');
  await looksRight(page, 'keys', { all: true });
});

test('the page of a key shows where its budget goes, in both themes and at all widths', async () => {
  const page = await open(`keys/${hash('claude-code')}`, { height: 900 });
  await page.getByRole('heading', { level: 1, name: 'claude-code' }).waitFor();
  await page.getByText('Budget for').waitFor();
  await page.getByText('Used up by').waitFor();
  await page
    .locator('gw-bars')
    .getByRole('option', { name: /: \$0\.20$/ })
    .waitFor();
  await page
    .locator('gw-key-limits-card')
    .getByText(/of 60$/)
    .waitFor();
  await page.getByRole('row').filter({ hasText: 'other' }).getByText('$0.10').waitFor();
  await looksRight(page, 'key', { all: true });
});

test('a search and filters narrow the list, stand in the address, and can be taken back', async () => {
  const page = await open('keys');
  await page.getByText('claude-code').waitFor();
  await page.getByRole('searchbox').fill('Anna');
  await eventually(() => names(page)).toEqual(['open-webui', 'guest']);
  await page.getByRole('searchbox').fill('tesla');
  await page.getByText('Nothing found for “tesla”').waitFor();
  await looksRight(page, 'keys-no-match');
  await page.getByRole('button', { name: 'Clear search' }).click();
  await page.getByText('claude-code').waitFor();
  await page.getByRole('button', { name: 'Filters' }).click();
  await dialog(page).getByLabel('State').selectOption('blocked');
  await dialog(page).getByRole('button', { name: 'Show keys' }).click();
  await eventually(() => names(page)).toEqual(['guest']);
  expect(new URL(page.url()).searchParams.get('state')).toBe('blocked');
  await page.getByRole('button', { name: 'Blocked' }).press('Delete');
  await eventually(async () => (await names(page)).length).toBe(7);
  await page.getByRole('columnheader', { name: 'Name' }).getByRole('button').click();
  await eventually(async () => (await names(page))[0]).toBe('claude-code');
  await eventually(() => page.getByRole('columnheader', { name: 'Name' }).getAttribute('aria-sort')).toBe('ascending');
});

test('a key is made with a budget, copied once, spent, and its page explains the refusal', async () => {
  const page = await open('keys');
  await page.getByRole('button', { name: 'Create key' }).click();
  const form = page.locator('gw-key-dialog');
  await form.getByLabel('Name', { exact: true }).fill('garden-bot');
  await form.getByRole('combobox', { name: 'Used by' }).click();
  await form.getByRole('option', { name: 'Anna' }).click();
  await form.getByRole('button', { name: 'Add model', exact: true }).click();
  await form.getByRole('combobox', { name: 'Add model' }).fill('moc');
  await form.getByRole('option', { name: 'mock' }).click();
  await form.getByLabel('Budget', { exact: true }).fill('0.15');
  await looksRight(page, 'key-create');
  await form.getByText('More settings').click();
  await looksRight(page, 'key-create-more');
  await form.getByRole('button', { name: 'Create key' }).click();

  const shown = page.locator('gw-key-created-dialog');
  await shown.getByText('This key is shown only now').waitFor();
  const text = await shown.locator('.line > span').innerText();
  expect(text).toMatch(/^sk-/);
  const curl = await shown.locator('gw-code pre').innerText();
  expect(curl).toContain(`${panel.gateway.url}/v1/chat/completions`);
  expect(curl).toContain(text);
  expect(curl).toContain('"model": "mock"');
  await shown.getByText('The key may use mock, at most $0.15 a month.').waitFor();
  await looksRight(page, 'key-created');
  await page.keyboard.press('Escape');
  await page.getByRole('heading', { name: 'Close without copying?' }).waitFor();
  await page.getByRole('button', { name: 'Cancel', exact: true }).click();
  await shown.getByRole('button', { name: 'Copy key' }).click();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(text);
  await page.keyboard.press('Escape');
  await page.getByText('This key is shown only now').waitFor({ state: 'detached' });

  expect((await panel.gateway.chat(text)).status).toBe(200);
  expect((await panel.gateway.chat(text)).status).toBe(200);
  expect((await panel.gateway.chat(text)).status).toBe(422);
  await page.getByRole('link', { name: 'garden-bot' }).click();
  await page.getByText('Paid calls are refused', { exact: true }).waitFor();
  await page.getByText('The budget of $0.15 is used up.').waitFor();
  await page.locator('gw-state').getByText('Used up').waitFor();
  await looksRight(page, 'key-used-up');

  await page.getByRole('button', { name: 'Raise for a while' }).click();
  await dialog(page).getByLabel('More budget').fill('0.2');
  await dialog(page).getByText('$0.35 until then').waitFor();
  await dialog(page).getByRole('button', { name: 'Raise budget' }).click();
  await page.getByText('$0.15 and $0.20 more until').waitFor();
  await page.getByText('Paid calls are refused', { exact: true }).waitFor({ state: 'detached' });
  expect((await panel.gateway.chat(text)).status).toBe(200);

  await page.getByRole('button', { name: 'Reset spend' }).click();
  await page.getByRole('heading', { name: 'Reset spend of garden-bot?' }).waitFor();
  await dialog(page).getByRole('button', { name: 'Reset spend' }).click();
  await eventually(async () => (await infoOf(panel.gateway, text))['spend']).toBe(0);
});

test('a key is blocked while it streams: the stream ends as it would, the next call is refused, and Undo lets it call again', async () => {
  const gate = Promise.withResolvers<void>();
  const [first = '', ...rest] = streamedEvents(['Hello', ' you']);
  provider.behaviour = async (_request, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.write(first);
    await gate.promise;
    response.end(rest.join(''));
  };
  const text = await panel.gateway.key({ key_alias: 'streamer', models: ['slow', 'free'] });
  const body = { model: 'slow', messages: [{ role: 'user', content: 'Hi' }], stream: true };
  const page = await open('keys');
  const answer = await panel.gateway.call('POST', '/v1/chat/completions', body, text);
  await takeAction(page, 'streamer', 'Block');
  await page.getByText('streamer is blocked').waitFor();
  await page.getByRole('row').filter({ hasText: 'streamer' }).getByText('Blocked').waitFor();
  expect((await panel.gateway.chat(text, 'free')).status).toBe(401);
  gate.resolve();
  expect(await answer.text()).toContain('[DONE]');
  await page.getByRole('button', { name: 'Undo' }).click();
  await page.getByRole('row').filter({ hasText: 'streamer' }).getByText('Active').waitFor();
  expect((await panel.gateway.chat(text, 'free')).status).toBe(200);
});

test('a key regenerated with grace has a new text, and the old one works meanwhile', async () => {
  const old = await panel.gateway.key({ key_alias: 'renewed', spend: 0.25 });
  const page = await open(`keys/${hashOf(old)}`);
  await page.getByRole('button', { name: 'Regenerate' }).click();
  await dialog(page).getByLabel('The old text works').selectOption('24h');
  await looksRight(page, 'key-regenerate');
  await dialog(page).getByRole('button', { name: 'Regenerate key' }).click();
  const text = await dialog(page).locator('.line > span').innerText();
  expect(text).not.toBe(old);
  expect((await panel.gateway.chat(text, 'free')).status).toBe(200);
  expect((await panel.gateway.chat(old, 'free')).status).toBe(200);
  await dialog(page).getByRole('button', { name: 'Done' }).click();
  await eventually(() => new URL(page.url()).pathname).toBe(`/ui/keys/${hashOf(text)}`);
  await page.getByText('$0.25').first().waitFor();
});

test('a key whose text was chosen too short is marked, and is no more once it is regenerated', async () => {
  await panel.gateway.made({ key: 'sk-by-hand', key_alias: 'by-hand' });
  const page = await open('keys');
  const row = page.getByRole('row').filter({ hasText: 'by-hand' });
  await row.getByText('Short', { exact: true }).waitFor();
  await row.getByRole('link').first().click();
  await page.getByText('This key can be guessed').waitFor();
  expect(await axeFindings(page)).toEqual([]);
  const { body } = await panel.gateway.post('/key/regenerate', { key: 'sk-by-hand' });
  const again = await open(`keys/${String(body['token'])}`);
  await again.getByRole('heading', { level: 1, name: 'by-hand' }).waitFor();
  expect(await again.getByText('This key can be guessed').count()).toBe(0);
  await panel.gateway.post('/key/delete', { key_aliases: ['by-hand'] });
});

test('deleting a key asks first, and Home Assistant’s own key cannot be deleted', async () => {
  const text = await panel.gateway.key({ key_alias: 'short-lived' });
  const page = await open('keys');
  await takeAction(page, 'short-lived', 'Delete');
  await page.getByRole('heading', { name: 'Delete short-lived?' }).waitFor();
  await looksRight(page, 'key-delete');
  await page.keyboard.press('Escape');
  expect((await panel.gateway.chat(text, 'free')).status).toBe(200);
  await takeAction(page, 'short-lived', 'Delete');
  await dialog(page).getByRole('button', { name: 'Delete key' }).click();
  await page.getByText('short-lived is deleted').waitFor();
  await page.getByRole('link', { name: 'short-lived' }).waitFor({ state: 'detached' });
  expect((await panel.gateway.chat(text, 'free')).status).toBe(401);
  await page.getByRole('button', { name: 'Actions for home-assistant' }).click();
  await page.getByRole('menuitem', { name: 'Regenerate' }).waitFor();
  expect(await page.getByRole('menuitem', { name: 'Delete' }).count()).toBe(0);
});

test('a wrong field is marked with what is wrong, whether the panel or the gateway finds it', async () => {
  const page = await open('keys');
  await page.getByRole('button', { name: 'Create key' }).click();
  const form = page.locator('gw-key-dialog');
  await form.getByLabel('Name', { exact: true }).fill('open-webui');
  await form.getByLabel('Budget', { exact: true }).fill('-1');
  await form.getByRole('button', { name: 'Create key' }).click();
  await form.getByText('It cannot be less than 0.').waitFor();
  expect(await form.getByLabel('Budget', { exact: true }).getAttribute('aria-invalid')).toBe('true');
  await form.getByLabel('Budget', { exact: true }).fill('1');
  await form.getByRole('button', { name: 'Create key' }).click();
  await form.getByText(/already exists/).waitFor();
  expect(await form.getByLabel('Name', { exact: true }).getAttribute('aria-invalid')).toBe('true');
  await looksRight(page, 'key-create-wrong');
  await page.keyboard.press('Escape');
  await page.getByRole('heading', { name: 'Discard changes?' }).waitFor();
  await page.getByRole('button', { name: 'Discard', exact: true }).click();
  await form.waitFor({ state: 'detached' });
});

test('editing changes what was changed and nothing else', async () => {
  const text = await panel.gateway.key({
    key_alias: 'edited',
    max_budget: 3,
    budget_duration: '30d',
    metadata: { room: 'kitchen' },
    tags: ['a'],
  });
  const before = await infoOf(panel.gateway, text);
  const page = await open(`keys/${hashOf(text)}`);
  await page.getByRole('button', { name: 'Edit key' }).click();
  await dialog(page).getByLabel('Calls', { exact: true }).fill('30');
  await dialog(page).getByText('More settings').click();
  await dialog(page).getByRole('button', { name: 'Add model budget' }).click();
  await dialog(page).getByRole('combobox', { name: 'Model', exact: true }).fill('mock');
  await dialog(page).locator('gw-key-rows-field[name="model_max_budget"]').getByRole('textbox', { name: 'Budget' }).fill('1.5');
  await dialog(page).getByRole('button', { name: 'Save' }).click();
  await page.locator('gw-key-models-card').getByText('of $1.50 a month').waitFor();
  const { updated_at: _at, updated_by: _by, ...after } = await infoOf(panel.gateway, text);
  expect(after).toEqual({
    ...after,
    ...Object.fromEntries(
      Object.entries(before).filter(([name]) => !['updated_at', 'updated_by', 'rpm_limit', 'model_max_budget'].includes(name)),
    ),
    rpm_limit: 30,
    model_max_budget: { mock: { max_budget: 1.5, budget_duration: '1mo' } },
  });
});

test('a budget of one model and one of the person explain their refusals on the key’s page', async () => {
  await panel.gateway.call('POST', '/user/new', { user_id: 'tom', user_alias: 'Tom', max_budget: 1, auto_create_key: false });
  await panel.gateway.call('POST', '/user/update', { user_id: 'tom', spend: 2 });
  const text = await panel.gateway.key({ key_alias: 'two-walls', user_id: 'tom', model_max_budget: { mock: 0 } });
  const page = await open(`keys/${hashOf(text)}`);
  await page.getByText('Calls to mock are refused').waitFor();
  await page.getByText('Tom, who uses this key, has used up their budget of $1.00.').waitFor();
});

test('who may only look sees every key and nothing that changes one', async () => {
  await panel.gateway.call('POST', '/user/new', { user_id: 'eve', user_role: 'proxy_admin_viewer', auto_create_key: false });
  const page = await open('keys', { user: 'eve' });
  await page.getByText('claude-code').waitFor();
  expect(await page.getByRole('button', { name: 'Create key' }).count()).toBe(0);
  expect(await page.getByRole('button', { name: /^Actions for/ }).count()).toBe(0);
  await page.getByRole('link', { name: 'claude-code' }).click();
  await page.getByText('Models and their budgets').waitFor();
  for (const name of ['Block', 'Regenerate', 'Reset spend', 'Raise for a while', 'Delete key', 'Edit key'])
    expect(await page.getByRole('button', { name }).count(), name).toBe(0);
});

test('a person sees their own keys alone and makes keys of their own', async () => {
  const page = await open('keys', { user: 'mia' });
  await eventually(() => names(page)).toEqual(['kids-tablet']);
  await page.getByRole('button', { name: 'Create key' }).click();
  expect(await dialog(page).getByRole('combobox', { name: 'Used by' }).count()).toBe(0);
  await dialog(page).getByLabel('Name', { exact: true }).fill('mias-laptop');
  await dialog(page).getByRole('button', { name: 'Create key' }).click();
  const text = await dialog(page).locator('.line > span').innerText();
  await dialog(page).getByRole('button', { name: 'Done' }).click();
  expect((await infoOf(panel.gateway, text))['user_id']).toBe('mia');
  await page.getByRole('link', { name: 'mias-laptop' }).click();
  await page.getByRole('button', { name: 'Block' }).waitFor();
  expect(await page.getByRole('button', { name: 'Reset spend' }).count()).toBe(0);
});

test('names, tags and notes that look like markup are shown as they are', async () => {
  const text = await panel.gateway.key({
    key_alias: CANARY,
    tags: [CANARY],
    aliases: { [CANARY]: 'free' },
    models: [CANARY, 'free'],
    user_id: CANARY,
  });
  const page = await open(`keys/${hashOf(text)}`);
  await page.getByRole('heading', { level: 1, name: CANARY }).waitFor();
  await page.locator('gw-key-models-card').getByText(CANARY).waitFor();
  await page.locator('gw-badge').getByText(CANARY).waitFor();
  await page.goBack().catch(() => null);
  await page.goto(`${panel.gateway.url}/ui/keys?sort=created_at`);
  await page.getByText(CANARY).first().waitFor();
  await takeAction(page, CANARY, 'Block');
  await page.getByText(`${CANARY} is blocked`).waitFor();
  expect(await page.title()).not.toBe('hit');
  expect(await page.locator('img').count()).toBe(0);
});
