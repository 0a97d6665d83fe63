import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, FrameLocator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { SAMPLE_CONFIG } from '../../src/config/sample.ts';
import { built } from '../panel/support/built.ts';
import { launchBrowser } from '../panel/support/chromium.ts';
import { screen } from '../panel/support/screen.ts';
import { freePort } from '../real/free-port.ts';
import { completion, FakeProvider, json } from '../support/fake-provider.ts';
import { startGateway, type TestGateway } from '../support/gateway.ts';
import { missingCore } from './lab/core.ts';
import { Frontend } from './lab/frontend.ts';
import { HomeAssistant } from './lab/home-assistant.ts';
import { wordsNamed, wordsOnPages } from './lab/words.ts';

const missing = await missingCore();
const ROOT = join(import.meta.dirname, '../..');
const COMPONENT = join(ROOT, 'custom_components_bridge/custom_components/llm_gateway');
/** An app's name in the network is made from its slug: this one is found here. */
const SLUG = 'localhost';
const TITLE = 'LLM Gateway';

/** A busy machine shows a page late. */
const PATIENCE_MS = 60_000;

const PAGE = readFileSync(join(ROOT, 'addon/DOCS.md'), 'utf8');
const SECTION = /^## In ten minutes\n([^]*?)^## /m.exec(PAGE)?.[1] ?? '';
/** Heading and text of each step, as the page has them. */
const WRITTEN = [...SECTION.matchAll(/^### \d+\. (.+)\n([^]*?)(?=^### |(?![^]))/gm)].map(([, heading = '', text = '']) => ({
  heading,
  text,
}));

/** Path, credential and body of the call that the page shows. */
const CURL = /^curl http:\/\/homeassistant\.local:4000(\S+).*"Authorization: (.+?)".*-d '(.*)'/s;

/** The example of a step, as people copy it. */
function exampleOf(heading: string): string {
  const text = WRITTEN.find((step) => step.heading === heading)?.text ?? '';
  return /^```\w+\n([^]*?)^```$/m.exec(text)?.[1] ?? '';
}

describe.skipIf(missing !== null)('the walk-through of the app’s documentation', () => {
  let home: HomeAssistant;
  let provider: FakeProvider;
  let browser: Browser;
  let gateway: TestGateway;
  let frontend: Frontend;
  let page: Page;
  let panel: FrameLocator;
  let key = '';
  let failed: string | null = null;

  beforeAll(async () => {
    [home, provider, browser] = await Promise.all([
      HomeAssistant.start(),
      FakeProvider.start(json(completion('It is 21 degrees.'))),
      launchBrowser(),
    ]);
    await built('panel');
    frontend = await Frontend.open(browser, home.core.url);
    ({ page } = frontend);
    page.setDefaultTimeout(PATIENCE_MS);
    await frontend.logIn(home.core.owner);
  }, 300_000);

  afterAll(async () => {
    await browser?.close();
    await gateway?.stop();
    await home?.stop();
    await provider?.stop();
  }, 60_000);

  const go = (name: string): Promise<void> => panel.getByRole('link', { name, exact: true }).first().click();
  const dialog = () => panel.locator('gw-dialog[open]').last();

  /** @returns the text of the key, as the page shows it once */
  async function createKey(name: string): Promise<string> {
    await panel.getByRole('button', { name: 'Create key' }).first().click();
    const form = panel.locator('gw-key-dialog');
    await form.getByLabel('Name', { exact: true }).fill(name);
    await form.getByLabel('Budget', { exact: true }).fill('5');
    await form.getByRole('button', { name: 'Create key' }).click();
    const shown = panel.locator('gw-key-created-dialog');
    await shown.getByText('at most $5.00 a month').waitFor();
    const text = await shown.locator('.line > span').innerText();
    await shown.getByRole('button', { name: 'Copy key' }).click();
    await shown.getByRole('button', { name: 'Done' }).click();
    return text;
  }

  async function call(): Promise<Response> {
    const [, path = '', token = '', body = ''] = CURL.exec(exampleOf('Call the model from a program')) ?? [];
    const authorization = token.replace('YOUR_KEY', key);
    return fetch(gateway.url + path, { method: 'POST', headers: { authorization, 'content-type': 'application/json' }, body });
  }

  const STEPS: Readonly<Record<string, () => Promise<void>>> = {
    async 'Install the app and start it'() {
      const ingress_port = await freePort();
      const app = home.supervisor.install({
        slug: SLUG,
        name: TITLE,
        version: '0.1.0',
        ingress_port,
        ingress_stream: true,
        panel_title: TITLE,
        discovery: ['llm_gateway'],
        network: { '4000/tcp': 4000 },
      });
      // The app puts its integration there before the server starts.
      await home.core.place(COMPONENT);
      gateway = await startGateway(SAMPLE_CONFIG, {
        SUPERVISOR_TOKEN: app.token,
        SUPERVISOR_API: home.supervisor.url,
        INGRESS_PORT: String(ingress_port),
        INGRESS_PROXIES: '127.0.0.1',
        GATEWAY_TEST_PANEL: await built('panel'),
      });
      await home.supervisor.showPanel(app, true);
      await expect.poll(() => gateway.log.join('\n')).toContain('Ready at');
      const asked = { model: 'demo', messages: [{ role: 'user', content: 'Hello' }] };
      expect((await gateway.call('POST', '/v1/chat/completions', asked)).status).toBe(200);
    },

    async 'Open it in the sidebar'() {
      panel = await frontend.openPanel(TITLE);
      await panel.getByRole('heading', { level: 1, name: 'Overview' }).waitFor();
    },

    async 'Add a model'() {
      await go('Models');
      await panel.getByRole('button', { name: 'Add model' }).first().click();
      await dialog().getByRole('searchbox').fill('OpenAI');
      await dialog()
        .getByRole('button', { name: /^OpenAI/ })
        .first()
        .click();
      await dialog().getByLabel('API key', { exact: true }).fill('sk-of-the-provider-0123456789');
      await dialog().getByRole('combobox').first().fill('gpt-5-mini');
      await dialog().getByLabel('Name for your apps').fill('assist');
      // Where OpenAI is for this test.
      await dialog().getByText('More settings').click();
      await dialog().getByRole('textbox', { name: 'Address' }).fill(`${provider.url}/v1`);
      await dialog().getByRole('button', { name: 'Test and add' }).click();
      await panel.getByText(/assist.* added/).waitFor();
    },

    async 'Ask it something'() {
      await go('Playground');
      await panel.getByRole('button', { name: /: assist/ }).waitFor();
      await panel.getByRole('textbox', { name: 'Ask something' }).fill('How warm is it?');
      await panel.getByRole('button', { name: 'Send', exact: true }).click();
      await panel.getByText('It is 21 degrees.').first().waitFor();
      await panel.getByText('10 × $0.25 + 5 × $2.00, per 1M tokens').waitFor();
      // The field for the next question is in sight.
      const { y = 0, height = 0 } = (await panel.locator('gw-play-composer').boundingBox()) ?? {};
      expect(y + height).toBeLessThanOrEqual(800);
    },

    async 'Create a key with a budget'() {
      await go('Keys');
      key = await createKey('household');
    },

    async 'Call the model from a program'() {
      const answer = await call();
      expect([answer.status, await answer.text()]).toEqual([200, expect.stringContaining('It is 21 degrees.')]);
    },

    async 'See what it cost'() {
      await go('Overview');
      const recent = panel.locator('gw-card').filter({ hasText: 'Recent calls' });
      await recent.getByRole('row').filter({ hasText: 'household' }).first().waitFor();
      await panel.locator('gw-card').filter({ hasText: 'Closest to their budget' }).getByText('household').waitFor();
      await go('Logs');
      await panel.getByRole('row').filter({ hasText: 'household' }).first().waitFor();
    },

    async 'Bring it into Home Assistant'() {
      await home.core.restart();
      await page.goto(home.core.url);
      await page.locator('ha-sidebar').getByText('Settings', { exact: true }).click();
      await page.getByText('Devices & services', { exact: true }).click();
      await page.getByText('Discovered', { exact: true }).waitFor();
      await page.getByRole('button', { name: 'Add', exact: true }).click();
      await page.getByRole('button', { name: 'Submit', exact: true }).click();
      await page.getByRole('button', { name: 'Skip and finish', exact: true }).click();
      expect(await home.core.client.entries('llm_gateway')).toMatchObject([{ state: 'loaded' }]);
    },

    async 'Be warned before the budget is used up'() {
      await page.locator('ha-sidebar').getByText('Settings', { exact: true }).click();
      await page.getByText('Automations & scenes', { exact: true }).click();
      await page.getByRole('button', { name: 'Create automation' }).click();
      await page.getByText('Create new automation').click();
      await page.getByRole('button', { name: 'Menu' }).last().click();
      await page.getByText('Edit in YAML').click();
      await page.locator('ha-yaml-editor .cm-content').click();
      await page.keyboard.press('Control+A');
      await page.keyboard.insertText(exampleOf('Be warned before the budget is used up'));
      await page.getByRole('button', { name: 'Save', exact: true }).click();
      const automation = async (): Promise<unknown[]> =>
        (await home.core.client.states()).filter(({ entity_id: id }) => id.startsWith('automation.')).map(({ state }) => state);
      await expect.poll(automation, { timeout: PATIENCE_MS }).toEqual(['on']);
      // 16.4 million tokens in are $4.10 of the $5.00.
      provider.behaviour = json(completion('A lot.', { prompt_tokens: 16_400_000, completion_tokens: 0, total_tokens: 16_400_000 }));
      expect((await call()).status).toBe(200);
      await page.locator('ha-sidebar').getByText('Notifications', { exact: true }).click();
      await page.getByText(/^82(\.0+)? % are used\.$/).waitFor();
    },
  };

  test('has a step here for every step of the page', () => {
    expect(Object.keys(STEPS)).toEqual(WRITTEN.map(({ heading }) => heading));
  });

  test('names what stands on the pages', async () => {
    const known = await wordsOnPages(home.core.client, 'hassio');
    expect(wordsNamed(SECTION).filter((word) => word !== TITLE && !known.has(word))).toEqual([]);
  });

  test.each(Object.entries(STEPS))('%s', (heading, step) => taken(heading, step), 180_000);

  /** Takes a step, when all before it were taken; where it fails, a picture shows what stood there. */
  async function taken(name: string, step: () => Promise<void>): Promise<void> {
    expect(failed).toBeNull();
    try {
      await step();
    } catch (error) {
      failed = name;
      await screen(page, `walk-${name}`);
      throw error;
    }
  }
});
