import { afterAll, beforeAll, expect, test } from 'vitest';
import { choose } from './support/menu.ts';
import { startPanel, type RealPanel } from './support/real-panel.ts';

let panel: RealPanel;

beforeAll(async () => {
  panel = await startPanel();
}, 120_000);
afterAll(() => panel.stop());

test('somebody who logs in with the master key stands where they wanted to go, and is out after the log-out', async () => {
  const page = await panel.open({ path: 'keys', user: null });
  await page.getByLabel('Name').fill('admin');
  await page.getByLabel('Password', { exact: true }).fill(panel.gateway.masterKey);
  await page.getByRole('button', { name: 'Log in' }).click();
  await page.getByRole('heading', { level: 1, name: 'Keys' }).waitFor({ state: 'attached' });
  expect(new URL(page.url()).pathname).toBe('/ui/keys');
  await page.getByRole('button', { name: 'More actions' }).click();
  await choose(page, 'Log out');
  await page.getByRole('button', { name: 'Log in' }).waitFor();
});

test('a wrong password is told beside the form, and nobody is logged in', async () => {
  const page = await panel.open({ user: null });
  await page.getByLabel('Name').fill('admin');
  await page.getByLabel('Password', { exact: true }).fill('not the password');
  await page.getByRole('button', { name: 'Log in' }).click();
  await page.getByText(/wrong/i).first().waitFor();
  expect(await page.context().cookies()).toEqual([]);
});

test('a session that ends while the page is open says so', async () => {
  const page = await panel.open({ path: 'keys' });
  await page.getByRole('heading', { level: 1, name: 'Keys' }).waitFor({ state: 'attached' });
  await panel.gateway.parts.sessions.closeOf('default_user_id');
  // Its connection is closed, and what it asks next is refused: it does not wait for a click.
  await page.getByText('Session expired').waitFor({ timeout: 20_000 });
  await page.getByRole('button', { name: 'Log in' }).waitFor();
});
