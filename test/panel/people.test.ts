import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { makeKeysOfAHome } from './support/keys-of-a-home.ts';
import { looksRight } from './support/looks.ts';
import { choose } from './support/menu.ts';
import { startPanel, type RealPanel } from './support/real-panel.ts';

vi.setConfig({ testTimeout: 240_000 });

let panel: RealPanel;

const CANARY = '<img src=x onerror=document.title="hit">';

beforeAll(async () => {
  panel = await startPanel();
  await makeKeysOfAHome(panel.gateway);
}, 240_000);
afterAll(() => panel?.stop(), 60_000);

/** The machine may be busy: what comes is waited for, not raced. */
const eventually = <Value>(read: () => Value | Promise<Value>) => expect.poll(read, { timeout: 30_000 });
const personDialog = (page: Page) => page.locator('gw-person-dialog');

async function open(path: string, more: Parameters<RealPanel['open']>[0] = {}): Promise<Page> {
  const page = await panel.open({ path, ...more });
  page.setDefaultTimeout(30_000);
  return page;
}

async function personOf(id: string): Promise<Record<string, unknown>> {
  return (await panel.gateway.get(`/v2/user/info?user_id=${id}`)).body;
}

test('people are reached from the keys, and a person leads to their keys', async () => {
  const page = await open('keys');
  await page.getByRole('link', { name: 'People' }).click();
  await page.getByRole('heading', { level: 1, name: 'People' }).waitFor();
  const anna = page.getByRole('row').filter({ hasText: 'Anna' });
  await anna.getByText('anna@example.com').waitFor();
  await anna.getByRole('cell', { name: '2', exact: true }).waitFor();
  await looksRight(page, 'people', { all: true });
  await page.getByRole('link', { name: /^Anna/ }).click();
  await eventually(() => page.locator('gw-table tbody .main .row-title').allInnerTexts()).toEqual(['open-webui', 'guest']);
  await page.getByRole('button', { name: 'Used by Anna' }).waitFor();
});

test('a person is made with a password and a budget, and can log in', async () => {
  const page = await open('people');
  await page.getByRole('button', { name: 'Create person' }).click();
  await personDialog(page).getByLabel('Name', { exact: true }).fill('Leo');
  await personDialog(page).getByLabel('E-mail').fill('leo@example.com');
  await personDialog(page).getByLabel('Password', { exact: true }).fill('short');
  await personDialog(page).getByRole('button', { name: 'Create person' }).click();
  await personDialog(page).getByText('It needs at least 8 characters.').waitFor();
  await looksRight(page, 'person-create-wrong');
  await personDialog(page).getByLabel('Password', { exact: true }).fill('long enough');
  await personDialog(page).getByLabel('Budget', { exact: true }).fill('7.5');
  await personDialog(page).getByRole('button', { name: 'Create person' }).click();
  await page.getByRole('row').filter({ hasText: 'Leo' }).getByText('$0.00 of $7.50').waitFor();
  const logIn = await panel.gateway.call('POST', '/v2/login', { username: 'leo@example.com', password: 'long enough' }, null, {
    'x-requested-with': 'llm-gateway',
  });
  expect(logIn.status).toBe(200);
});

test('a person is made in place while a key is made', async () => {
  const page = await open('keys');
  await page.getByRole('button', { name: 'Create key' }).click();
  const form = page.locator('gw-key-dialog');
  await form.getByLabel('Name', { exact: true }).fill('noras-phone');
  await form.getByRole('button', { name: 'Create person' }).click();
  await page.getByRole('dialog', { name: 'Create person' }).waitFor();
  await personDialog(page).getByLabel('Name', { exact: true }).fill('Nora');
  await personDialog(page).getByRole('button', { name: 'Create person' }).click();
  await eventually(() => form.getByRole('combobox', { name: 'Used by' }).inputValue()).toBe('Nora');
  await form.getByRole('button', { name: 'Create key' }).click();
  await page.getByText('This key is shown only now').waitFor();
  await page.getByRole('button', { name: 'Done', exact: true }).click();
  await page.getByRole('row').filter({ hasText: 'noras-phone' }).getByText('· Nora').waitFor();
});

test('an e-mail that is taken marks its field', async () => {
  const page = await open('people');
  await page.getByRole('button', { name: 'Create person' }).click();
  await personDialog(page).getByLabel('E-mail').fill('ANNA@example.com');
  await personDialog(page).getByRole('button', { name: 'Create person' }).click();
  await eventually(() => personDialog(page).getByLabel('E-mail').getAttribute('aria-invalid')).toBe('true');
});

test('editing changes what was changed, and deleting asks and takes the keys along', async () => {
  await panel.gateway.call('POST', '/user/new', { user_id: 'zoe', user_alias: CANARY, auto_create_key: false, max_budget: 2 });
  const text = await panel.gateway.key({ user_id: 'zoe' });
  const page = await open('people');
  await page.getByText(CANARY).waitFor();
  await page.getByRole('button', { name: `Actions for ${CANARY}` }).click();
  await choose(page, 'Edit');
  await personDialog(page).getByLabel('Role').selectOption('internal_user_viewer');
  await personDialog(page).getByRole('button', { name: 'Save' }).click();
  await eventually(async () => (await personOf('zoe'))['user_role']).toBe('internal_user_viewer');
  expect(await personOf('zoe')).toMatchObject({ user_alias: CANARY, max_budget: 2 });
  await page.getByRole('button', { name: `Actions for ${CANARY}` }).click();
  await choose(page, 'Delete person');
  await page.getByText('One key is deleted too').waitFor();
  await page.getByRole('button', { name: 'Delete person', exact: true }).click();
  await page.getByRole('link', { name: CANARY }).waitFor({ state: 'detached' });
  expect((await panel.gateway.chat(text, 'free')).status).toBe(401);
  expect(await page.title()).not.toBe('hit');
});

test('who may not see others is told so', async () => {
  const page = await open('people', { user: 'mia' });
  await page.getByText('Only administrators see other people.').waitFor();
  await looksRight(page, 'people-no-right');
});
