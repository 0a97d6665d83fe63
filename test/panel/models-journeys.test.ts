import type { Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { startLlamaServer, type LlamaServer } from '../real/llama-server.ts';
import { completion, FakeProvider, json } from '../support/fake-provider.ts';
import { pickProvider } from './support/journeys.ts';
import { axeFindings } from './support/axe.ts';
import { choose } from './support/menu.ts';
import { MODELS } from './support/models-of-a-house.ts';
import { startPanel, type RealPanel } from './support/real-panel.ts';
import { screen } from './support/screen.ts';

let panel: RealPanel;
let llama: LlamaServer;
let provider: FakeProvider;

beforeAll(async () => {
  provider = await FakeProvider.start();
  [panel, llama] = await Promise.all([startPanel(MODELS, github(provider.url)), startLlamaServer({ kind: 'chat' })]);
}, 240_000);
afterAll(async () => {
  await panel.stop();
  await llama.stop();
  await provider.stop();
});
beforeEach(() => {
  provider.seen.length = 0;
  provider.behaviour = json(completion('Hello'));
});

/** Where GitHub is, for its log-in. */
const github = (url: string): Record<string, string> => ({
  GITHUB_COPILOT_DEVICE_CODE_URL: `${url}/device`,
  GITHUB_COPILOT_ACCESS_TOKEN_URL: `${url}/access`,
  GITHUB_COPILOT_API_KEY_URL: `${url}/copilot_internal/v2/token`,
});

const LONG = 120_000;
const KEY = 'sk-right-0123456789abcdef';
const REFUSED = 'Incorrect API key provided';
const dialog = (page: Page) => page.locator('gw-dialog[open]');
const rowOf = (page: Page, text: string) => page.getByRole('row').filter({ hasText: text });

async function open(): Promise<Page> {
  const page = await panel.open({ path: 'models' });
  page.setDefaultTimeout(30_000);
  await rowOf(page, 'gpt-5-mini').waitFor();
  return page;
}

/** Opens the form of a provider by the dialog's own way. */
async function formOf(page: Page, name: string): Promise<void> {
  await page.getByRole('button', { name: 'Add model' }).click();
  await pickProvider(page, name);
  await dialog(page).getByLabel('Name for your apps').waitFor();
}

/** Writes the fake provider's address into the folded field. */
async function pointToFake(page: Page): Promise<void> {
  await dialog(page).getByText('More settings').click();
  await dialog(page).getByRole('textbox', { name: 'Address' }).fill(`${provider.url}/v1`);
}

async function made(name: string): Promise<string> {
  const litellm_params = { model: 'openai/upstream', api_base: `${provider.url}/v1`, api_key: KEY, input_cost_per_token: 0.000001 };
  return String((await panel.gateway.post('/model/new', { model_name: name, litellm_params })).body['model_id']);
}

test(
  'a real llama.cpp server at another address is found, and its model is added by one button and called',
  { timeout: LONG },
  async () => {
    const page = await open();
    await page.getByRole('button', { name: 'Add model' }).click();
    await dialog(page)
      .getByRole('button', { name: /Another address/ })
      .click();
    await dialog(page).getByRole('textbox', { name: 'Address' }).fill('127.0.0.1:9');
    await dialog(page).getByRole('button', { name: 'Look there' }).click();
    await dialog(page)
      .getByText(/No server of models answers there/)
      .waitFor();
    await dialog(page).getByRole('textbox', { name: 'Address' }).fill(llama.url);
    await dialog(page).getByRole('button', { name: 'Look there' }).click();
    await page.getByRole('heading', { name: 'Found on your network' }).waitFor();
    await screen(page, 'models-found-light-1280');
    expect(await axeFindings(page)).toEqual([]);
    await page.getByRole('button', { name: 'Forget 127.0.0.1:9' }).click();
    await page.getByRole('button', { name: /^Add model of / }).click();
    await page.getByText(/ added$/).waitFor();
    await rowOf(page, 'llama.cpp').waitFor();
    expect(await page.getByRole('button', { name: /^Add model of / }).count()).toBe(0);
    const id = (await rowOf(page, 'llama.cpp').locator('.row-title').innerText()).trim();
    expect((await panel.gateway.get('/v1/models')).text).toContain(JSON.stringify(id));
    expect((await panel.gateway.chat(panel.gateway.masterKey, id)).status).toBe(200);
  },
);

test('a wrong key is told beside its field in the words of the provider; the right one adds the model', { timeout: LONG }, async () => {
  provider.behaviour = (request, response) => {
    const right = request.headers.authorization === `Bearer ${KEY}`;
    return right
      ? json(completion('Hello'))(request, response)
      : json({ error: { message: REFUSED, type: 'invalid_request_error', code: 'invalid_api_key' } }, 401)(request, response);
  };
  const page = await open();
  await formOf(page, 'OpenAI');
  await dialog(page).getByRole('button', { name: 'Test and add' }).click();
  await dialog(page).getByText('API key is needed.').waitFor();
  await dialog(page).getByLabel('API key', { exact: true }).fill('sk-wrong-0123456789abcdef');
  await dialog(page).getByRole('combobox').first().fill('gpt-5-nano');
  expect(await dialog(page).getByLabel('Name for your apps').inputValue()).toBe('gpt-5-nano');
  await dialog(page)
    .getByText(/in and .* out per 1M tokens/)
    .waitFor();
  await pointToFake(page);
  await dialog(page).getByLabel('Name for your apps').fill('nano');
  await dialog(page).getByRole('button', { name: 'Test and add' }).click();
  await dialog(page).getByText('OpenAI did not accept the API key').waitFor();
  await dialog(page).getByText(REFUSED).first().waitFor();
  await dialog(page)
    .getByText(/Copy it again/)
    .waitFor();
  await expect.poll(() => dialog(page).getByLabel('API key', { exact: true }).getAttribute('aria-invalid')).toBe('true');
  await screen(page, 'model-add-failed-light-1280');
  expect(await axeFindings(page)).toEqual([]);
  await dialog(page).getByText('Show the whole answer').click();
  await dialog(page)
    .getByText(/"provider_status": 401/)
    .waitFor();
  expect((await panel.gateway.get('/v1/models')).text).not.toContain('"nano"');
  await dialog(page).getByLabel('API key', { exact: true }).fill(KEY);
  await dialog(page).getByRole('button', { name: 'Test and add' }).click();
  await page.getByText('nano added').waitFor();
  await rowOf(page, 'gpt-5-nano').waitFor();
  expect((await panel.gateway.chat(panel.gateway.masterKey, 'nano')).status).toBe(200);
});

test('what failed its test can be added anyway', { timeout: LONG }, async () => {
  provider.behaviour = json({ error: { message: 'no such model' } }, 404);
  const page = await open();
  await formOf(page, 'OpenAI');
  await dialog(page).getByLabel('API key', { exact: true }).fill(KEY);
  await dialog(page).getByRole('combobox').first().fill('to-come');
  await pointToFake(page);
  await dialog(page).getByRole('button', { name: 'Test and add' }).click();
  await dialog(page).getByRole('button', { name: 'Add anyway' }).click();
  await page.getByText('to-come added').waitFor();
  await rowOf(page, 'to-come').waitFor();
});

test('a changed price is in the list at once, and the key that was not touched stays', { timeout: LONG }, async () => {
  const id = await made('priced');
  const page = await open();
  await page.getByRole('button', { name: 'Actions for priced' }).click();
  await choose(page, 'Edit');
  await dialog(page).getByText('More settings').click();
  const input = dialog(page).getByLabel('Input', { exact: true });
  expect(await input.inputValue()).toBe('1');
  await input.fill('2,5');
  await dialog(page).getByLabel('Output', { exact: true }).fill('lots');
  await dialog(page).getByRole('button', { name: 'Test and save' }).click();
  await dialog(page).getByText('Type an amount in US dollars, such as 1.25.').waitFor();
  await dialog(page).getByLabel('Output', { exact: true }).fill('7');
  await dialog(page).getByRole('button', { name: 'Test and save' }).click();
  await page.getByText('priced saved').waitFor();
  await expect.poll(() => rowOf(page, 'priced').innerText()).toMatch(/\$2\.50[\s\S]*\$7\.00/);
  await panel.gateway.chat(panel.gateway.masterKey, 'priced');
  expect(provider.last.headers.authorization).toBe(`Bearer ${KEY}`);
  expect((await panel.gateway.get(`/panel/models/${id}`)).body['litellm_params']).toMatchObject({ api_base: `${provider.url}/v1` });
});

test('a blocked model is shown as blocked, and Undo puts it back', { timeout: LONG }, async () => {
  await made('resting');
  const page = await open();
  await page.getByRole('button', { name: 'Actions for resting' }).click();
  await choose(page, 'Block');
  await rowOf(page, 'resting').getByText('Blocked').waitFor();
  expect((await panel.gateway.chat(panel.gateway.masterKey, 'resting')).status).toBe(403);
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect.poll(() => rowOf(page, 'resting').getByText('Blocked').count()).toBe(0);
  expect((await panel.gateway.chat(panel.gateway.masterKey, 'resting')).status).toBe(200);
});

test('the form asks what the provider needs, on a phone as well', { timeout: LONG }, async () => {
  const page = await panel.open({ path: 'models', width: 375, theme: 'dark' });
  page.setDefaultTimeout(30_000);
  await page.getByRole('button', { name: 'Add model' }).click();
  await dialog(page).getByRole('searchbox').waitFor();
  await dialog(page).getByText('Used already').waitFor();
  await screen(page, 'model-add-provider-dark-375');
  expect(await axeFindings(page)).toEqual([]);
  await dialog(page).getByRole('searchbox').fill('cloudflare workers');
  await dialog(page)
    .getByRole('button', { name: /Cloudflare/ })
    .first()
    .click();
  await dialog(page).getByLabel('Account ID').waitFor();
  await dialog(page).getByLabel('API key', { exact: true }).fill(KEY);
  await dialog(page).getByRole('button', { name: 'Test and add' }).click();
  await dialog(page).getByText('Account ID is needed.').waitFor();
  await dialog(page).getByText('More settings').click();
  await dialog(page).getByLabel('Further settings, as JSON').fill('not json');
  await screen(page, 'model-add-fields-dark-375');
  expect(await axeFindings(page)).toEqual([]);
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(375);
});

test('deleting asks first, and the model is gone after it', { timeout: LONG }, async () => {
  await made('unloved');
  const page = await open();
  await page.getByRole('button', { name: 'Actions for unloved' }).click();
  await choose(page, 'Delete');
  await dialog(page).getByRole('button', { name: 'Cancel' }).click();
  expect(await rowOf(page, 'unloved').count()).toBe(1);
  await page.getByRole('button', { name: 'Actions for unloved' }).click();
  await choose(page, 'Delete');
  await dialog(page).getByRole('button', { name: 'Delete model' }).click();
  await page.getByText('unloved deleted').waitFor();
  await expect.poll(() => rowOf(page, 'unloved').count()).toBe(0);
  expect((await panel.gateway.get('/v1/models')).text).not.toContain('"unloved"');
});

test('Esc asks before it throws away what was typed, and closes an untouched form', { timeout: LONG }, async () => {
  const page = await open();
  await formOf(page, 'OpenAI');
  await page.keyboard.press('Escape');
  await expect.poll(() => dialog(page).count()).toBe(0);
  await formOf(page, 'OpenAI');
  await dialog(page).getByLabel('Name for your apps').fill('half');
  await page.keyboard.press('Escape');
  await page.getByRole('heading', { name: 'Discard what you typed?' }).waitFor();
  await page.getByRole('button', { name: 'Discard' }).click();
  await expect.poll(() => dialog(page).count()).toBe(0);
});

test('a row that is pressed while the search narrows the list stays the row of its provider', async () => {
  const page = await open();
  await page.getByRole('button', { name: 'Add model' }).click();
  const row = dialog(page).getByRole('button', { name: /^OpenAI/ });
  const pressed = await row.first().elementHandle();
  await dialog(page).getByRole('searchbox').fill('OpenAI');
  await dialog(page)
    .getByRole('button', { name: /^Anthropic/ })
    .first()
    .waitFor({ state: 'detached' });
  expect(await pressed?.evaluate((element) => element.textContent)).toContain('OpenAI');
  await pressed?.click();
  await dialog(page).getByLabel('Name for your apps').waitFor();
});

test('a person signs in at GitHub by a code, and the account is the credential of the new model', { timeout: LONG }, async () => {
  let access: object = { error: 'authorization_pending' };
  provider.behaviour = (request, response) => {
    const answers: Record<string, object> = {
      '/device': { device_code: 'd', user_code: 'WDJB-MJHT', verification_uri: `${panel.gateway.url}/device`, interval: 1 },
      '/access': access,
      '/copilot_internal/v2/token': { token: 'tid=1', expires_at: Date.now() / 1000 + 1800, endpoints: { api: provider.url } },
    };
    return json(answers[request.path] ?? completion('Hello'))(request, response);
  };
  const page = await open();
  await formOf(page, 'GitHub Copilot');
  await dialog(page)
    .getByText(/the risk is yours\.$/)
    .first()
    .waitFor();
  await dialog(page).getByRole('button', { name: 'Sign in at GitHub' }).click();
  await dialog(page).getByText('WDJB-MJHT').waitFor();
  await dialog(page).getByText('Waiting for you to confirm').waitFor();
  expect(await dialog(page).getByRole('link').getAttribute('href')).toBe(`${panel.gateway.url}/device`);
  expect(await axeFindings(page)).toEqual([]);
  await screen(page, 'models-github-light-1280');
  access = { error: 'access_denied' };
  await dialog(page).getByText('At GitHub somebody declined. Begin again.').waitFor();
  access = { access_token: 'gho_of-the-account' };
  await dialog(page).getByRole('button', { name: 'Sign in at GitHub' }).click();
  await page.getByText('Signed in. The account is stored as a credential.').waitFor();
  await dialog(page).getByRole('combobox').first().waitFor();
  await dialog(page)
    .getByRole('combobox', { name: /^Model at/ })
    .fill('gpt-4.1');
  await dialog(page).getByRole('button', { name: 'Test and add' }).click();
  await rowOf(page, 'gpt-4.1').waitFor();
  expect(provider.last.headers.authorization).toBe('Bearer tid=1');
  expect((await panel.gateway.get('/credentials')).text).toContain('"credential_name":"github_copilot"');
});
