import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { stream } from '../support/fake-provider.ts';
import { ask, PlaygroundHouse, USAGE } from './playground-house.ts';
import { delta, ending } from './playground-provider.ts';
import { axeFindings } from './support/axe.ts';
import { looksRight } from './support/looks.ts';
import { screen } from './support/screen.ts';

vi.setConfig({ testTimeout: 90_000 });

let house: PlaygroundHouse;

beforeAll(async () => {
  house = await PlaygroundHouse.start();
}, 180_000);

beforeEach(() => house.clear());
afterAll(() => house?.stop());

test('the whole page passes axe in both themes at all widths and nothing scrolls sideways', async () => {
  house.provider.behaviour = stream([
    delta({ reasoning_content: 'Thinking.' }),
    delta({
      content:
        'You have flour, butter, and sugar. For pancakes you still need:\n\n- Milk, about 300 ml\n- Eggs, 3 of them\n\nI put both on the shopping list.\n\n```python\nprint("a rather long line of code that does not fit on a phone")\n```',
    }),
    ending('stop', USAGE),
  ]);
  const page = await house.open();
  await looksRight(page, 'playground-empty');
  await ask(page, 'What is missing for pancakes?');
  await page.getByText('I put both on the shopping list.').first().waitFor();
  await page.getByRole('button', { name: 'Send', exact: true }).waitFor();
  await looksRight(page, 'playground', { all: true });
  await page.setViewportSize({ width: 375, height: 800 });
  await page.emulateMedia({ colorScheme: 'dark' });
  await page.getByRole('button', { name: 'Settings' }).first().click();
  await page
    .locator('gw-dialog[open]')
    .getByRole('button', { name: /^Key: This session/ })
    .waitFor();
  await screen(page, 'playground-settings-dark-375');
  expect(await axeFindings(page)).toEqual([]);
});

test('without a model there is one way on, and a list that fails says so and is tried again', async () => {
  const page = await house.panel.open({ path: 'overview-not-yet' });
  let fails = true;
  await page.route('**/v2/model/info**', (route) =>
    fails
      ? route.fulfill({ status: 503, json: { error: { message: 'The database is away', type: 'no_db_connection' } } })
      : route.fulfill({ json: { data: [], total_count: 0 } }),
  );
  await page.goto(`${house.panel.gateway.url}/ui/playground`);
  await page.getByText('The database is away').waitFor();
  expect(await axeFindings(page)).toEqual([]);
  fails = false;
  await page.getByRole('button', { name: 'Try now' }).click();
  await page.getByRole('heading', { name: 'No model to talk to' }).waitFor();
  await page.getByRole('link', { name: 'Open models' }).waitFor();
  await screen(page, 'playground-no-models');
  expect(await axeFindings(page)).toEqual([]);
});

test('the list of models is searched, walked and closed by keyboard', async () => {
  const page = await house.open();
  const button = page.getByRole('button', { name: /^Model: assist/ });
  await button.focus();
  await page.keyboard.press('ArrowDown');
  await page.getByRole('option', { name: /claude-sonnet/ }).waitFor();
  await screen(page, 'playground-picker-light-1280');
  expect(await axeFindings(page)).toEqual([]);
  await page.keyboard.type('no such model');
  await page.getByText('Nothing found').waitFor();
  expect(await axeFindings(page)).toEqual([]);
  await page.keyboard.press('Escape');
  await page.getByRole('listbox').waitFor({ state: 'detached' });
  expect(await button.evaluate((element) => element === (element.getRootNode() as ShadowRoot).activeElement)).toBe(true);
});

test('right to left mirrors the page, and who reads German is spoken to in German', async () => {
  house.provider.behaviour = stream([delta({ content: 'Milch und Eier.' }), ending('stop', USAGE)]);
  const mirrored = await house.open({ query: '&dir=rtl' });
  await ask(mirrored, 'Was fehlt?');
  await mirrored.getByText('Milch und Eier.').first().waitFor();
  await screen(mirrored, 'playground-rtl-1280');
  const side = await mirrored.getByRole('complementary').boundingBox();
  expect(side?.x).toBe(0);
  const german = await house.open({ locale: 'de-DE', width: 375 });
  await ask(german, 'Was fehlt?');
  await german.getByText('1.842 ein, 532 aus').waitFor();
  await german.getByText('Die Kosten zählen für dich und zum Budget des Haushalts.').waitFor();
  expect(await german.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0);
  await screen(german, 'playground-german-375');
});

test('compared answers stack on a phone, each with its figures', async () => {
  const answer = stream([delta({ content: 'Milk and eggs.' }), ending('stop', USAGE)]);
  house.provider.behaviour = answer;
  house.other.behaviour = answer;
  const page = await house.open({ width: 375, theme: 'dark' });
  await page.getByRole('switch', { name: 'Compare' }).click();
  await ask(page, 'What is missing?');
  await page.locator('gw-compare-numbers').nth(1).getByText('1,842 in, 532 out').waitFor();
  const [first, second] = [await page.locator('.column').nth(0).boundingBox(), await page.locator('.column').nth(1).boundingBox()];
  expect(second?.y).toBeGreaterThanOrEqual((first?.y ?? 0) + (first?.height ?? 0));
  await screen(page, 'playground-compare-dark-375');
  expect(await axeFindings(page)).toEqual([]);
  expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0);
});
