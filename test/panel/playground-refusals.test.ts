import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { json } from '../support/fake-provider.ts';
import { ask, field, PlaygroundHouse } from './playground-house.ts';
import { delta } from './playground-provider.ts';
import { axeFindings } from './support/axe.ts';
import { screen } from './support/screen.ts';

vi.setConfig({ testTimeout: 90_000 });

let house: PlaygroundHouse;

beforeAll(async () => {
  house = await PlaygroundHouse.start();
}, 180_000);

beforeEach(() => house.clear());
afterAll(() => house?.stop());

test('a key whose budget is used up explains itself, and leads to the key', async () => {
  const made = await house.panel.gateway.made({ key_alias: 'garden-bot', max_budget: 0 });
  const page = await house.open();
  await page.getByRole('button', { name: /^Key: This session/ }).click();
  await page.getByRole('combobox', { name: 'Key: Search' }).fill('garden');
  await page.getByRole('option', { name: /garden-bot/ }).click();
  await page.getByText('Spend counts on garden-bot and on the household budget.').waitFor();
  await ask(page, 'Hello');
  const alert = page.locator('gw-play-error').filter({ hasText: 'The budget is used up' });
  await alert.getByText('Budget has been exceeded!').waitFor();
  expect(await alert.getByRole('link', { name: 'Open the key' }).getAttribute('href')).toBe(`keys/${String(made.body['token'])}`);
  await screen(page, 'playground-budget-light-1280');
  expect(await axeFindings(page)).toEqual([]);
  expect(house.provider.seen).toHaveLength(0);
});

test('a key that was blocked fails its call and not the session', async () => {
  const made = await house.panel.gateway.made({ key_alias: 'old-tablet' });
  const page = await house.open();
  await page.getByRole('button', { name: /^Key: This session/ }).click();
  await page.getByRole('option', { name: /old-tablet/ }).click();
  await house.panel.gateway.post('/key/block', { key: made.body['key'] });
  await ask(page, 'Hello');
  await page.locator('gw-play-error').filter({ hasText: 'The key was refused' }).waitFor();
  await field(page).waitFor();
  await page.getByRole('link', { name: 'Models' }).first().click();
  await page.getByRole('heading', { level: 1, name: 'Models' }).waitFor({ state: 'attached' });
});

test('a provider’s refusal is shown in its own words, with a countdown where it asks to wait', async () => {
  house.provider.behaviour = json({ error: { message: 'Slow down, friend', type: 'requests', code: 'rate_limit' } }, 429, {
    'retry-after': '3',
  });
  const page = await house.open();
  await ask(page, 'Hello');
  const alert = page.locator('gw-play-error').filter({ hasText: 'Too many calls right now' });
  await alert.getByText('Slow down, friend').waitFor();
  await alert.getByRole('button', { name: /Try again in \d+ s/ }).waitFor();
  house.provider.behaviour = json({ error: { message: 'The engine is on fire', type: 'server_error' } }, 500);
  await page.getByRole('button', { name: 'Try again', exact: true }).click();
  await page.locator('gw-play-error').filter({ hasText: 'The engine is on fire' }).waitFor();
  house.provider.behaviour = (_request, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.write(delta({ content: 'Half of ' }));
    setTimeout(() => response.destroy(), 50);
  };
  await page.getByRole('button', { name: 'Try again' }).click();
  await page.getByText('Half of').first().waitFor();
  await page.locator('gw-play-error').waitFor();
});
