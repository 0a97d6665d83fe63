import { join } from 'node:path';
import type { Browser, FrameLocator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { ask } from './playground-house.ts';
import { Conversation, delta, ending } from './playground-provider.ts';
import { axeFindings } from './support/axe.ts';
import { built } from './support/built.ts';
import { launchBrowser } from './support/chromium.ts';
import { addModel, createKey, go } from './support/journeys.ts';
import { screen } from './support/screen.ts';
import { freePort } from '../real/free-port.ts';
import { completion, FakeProvider, json } from '../support/fake-provider.ts';
import { startGateway, type TestGateway } from '../support/gateway.ts';
import { ConfigFlows } from '../homeassistant/lab/config-flow.ts';
import { missingCore } from '../homeassistant/lab/core.ts';
import { Frontend } from '../homeassistant/lab/frontend.ts';
import { HomeAssistant } from '../homeassistant/lab/home-assistant.ts';
import type { Person } from '../homeassistant/lab/people.ts';
import { visit } from './support/visit.ts';

const missing = await missingCore();
const COMPONENT = join(import.meta.dirname, '../../custom_components_bridge/custom_components/llm_gateway');
/** An app's name in the network is made from its slug: this one is found here. */
const SLUG = 'localhost';
const TITLE = 'LLM Gateway';

const YAML = `
model_list:
  - model_name: fast
    litellm_params: {model: openai/gpt-4o, mock_response: Hello}
`;

describe.skipIf(missing !== null)('the panel inside the real frontend of Home Assistant', () => {
  let home: HomeAssistant;
  let gateway: TestGateway;
  let browser: Browser;
  let owner: Frontend;
  let paul: Person;
  let provider: FakeProvider;

  beforeAll(async () => {
    const ingressPort = await freePort();
    let token = '';
    home = await HomeAssistant.start({
      components: [COMPONENT],
      install: (supervisor) => {
        const app = { slug: SLUG, name: TITLE, version: '0.1.0', ingress_port: ingressPort, ingress_stream: true };
        token = supervisor.install({
          ...app,
          panel_title: TITLE,
          panel_icon: 'mdi:transit-connection-variant',
          discovery: ['llm_gateway'],
          network: { '4000/tcp': 4400 },
        }).token;
      },
    });
    gateway = await startGateway(YAML, {
      SUPERVISOR_TOKEN: token,
      SUPERVISOR_API: home.supervisor.url,
      INGRESS_PORT: String(ingressPort),
      INGRESS_PROXIES: '127.0.0.1',
      GATEWAY_TEST_PANEL: await built('panel'),
    });
    paul = await home.core.addPerson('Paul', { admin: false });
    provider = await FakeProvider.start(json(completion('It is 21 degrees.')));
    browser = await launchBrowser();
    owner = await Frontend.open(browser, home.core.url);
    await owner.logIn(home.core.owner);
  }, 300_000);

  afterAll(async () => {
    await browser?.close();
    await gateway?.stop();
    await provider?.stop();
    await home?.stop();
  }, 60_000);

  const panelOf = ({ page }: Frontend): FrameLocator => page.frameLocator(`iframe[title="${TITLE}"]`);

  /** The panel in a page of its own, closed with its test. */
  async function opened(): Promise<{ frontend: Frontend; panel: FrameLocator; page: Page }> {
    const frontend = await owner.another();
    onTestFinished(() => frontend.page.close());
    const panel = await frontend.openPanel(TITLE);
    return { frontend, panel, page: frontend.page };
  }

  test('Home Assistant finds the gateway by itself, and one click sets it up', async () => {
    await expect.poll(async () => (await home.core.client.flowsInProgress('llm_gateway')).length, { timeout: 30_000 }).toBe(1);
    const [flow] = await home.core.client.flowsInProgress('llm_gateway');
    expect(flow).toMatchObject({ step_id: 'hassio_confirm', context: { source: 'hassio' } });
    expect(await new ConfigFlows(home.core.client.rest).submit(flow?.flow_id ?? '')).toMatchObject({ type: 'create_entry', title: TITLE });
    await expect.poll(() => gateway.parts.home.link.state, { timeout: 30_000 }).toBe('connected');
  }, 120_000);

  test('an administrator opens it from the sidebar, walks through it, and the address and the back button follow', async () => {
    const { frontend, panel, page } = await opened();
    await panel.getByRole('heading', { level: 1, name: 'Overview' }).waitFor();
    await panel.locator('gw-card').first().waitFor();
    await screen(page, 'frontend-overview-light-1280');
    await panel.getByRole('link', { name: 'Keys' }).first().click();
    await panel.getByRole('heading', { level: 1, name: 'Keys' }).waitFor();
    await panel.getByText('home-assistant').first().waitFor();
    await expect.poll(() => new URL(page.url()).pathname).toBe(`/${SLUG}/keys`);
    await page.goBack();
    await panel.getByRole('heading', { level: 1, name: 'Overview' }).waitFor();
    expect(frontend.foreign).toEqual([]);
  }, 180_000);

  test('a deep link shows its page, dark and narrow alike, and nothing is there for axe to find', async () => {
    const { frontend, page } = await opened();
    for (const [theme, width] of [
      ['dark', 1280],
      ['light', 400],
      ['dark', 400],
    ] as const) {
      await page.setViewportSize({ width, height: 800 });
      await page.emulateMedia({ colorScheme: theme });
      await visit(page, `${home.core.url}/${SLUG}/settings`);
      const panel = panelOf(frontend);
      await panel.getByText('Sensors, events and actions').waitFor();
      await panel.getByText('Connected', { exact: true }).waitFor();
      await expect.poll(() => panel.locator('html').getAttribute('data-theme')).toBe(theme);
      await expect.poll(() => panel.getByRole('button', { name: 'Sidebar toggle' }).count()).toBe(width === 400 ? 1 : 0);
      expect(await page.locator('ha-sidebar').isVisible()).toBe(width === 1280);
      await screen(page, `frontend-settings-${theme}-${width}`);
    }
    const frame = page.frames().find((each) => each.url().includes('/api/hassio_ingress/'));
    if (!frame) throw new Error('no panel');
    expect(await axeFindings(frame)).toEqual([]);
  }, 240_000);

  test('a key made there works at the port that the Supervisor maps', async () => {
    const { panel } = await opened();
    await panel.getByRole('link', { name: 'Keys' }).first().click();
    await panel.getByRole('button', { name: 'Create key' }).first().click();
    const dialog = panel.locator('gw-dialog[open]');
    await dialog.getByRole('textbox', { name: 'Name' }).fill('Made in the sidebar');
    await dialog.getByRole('button', { name: 'Create key' }).click();
    await panel.getByText(':4400').first().waitFor();
    const made = [...gateway.parts.ring.all()].find(({ keyAlias }) => keyAlias === 'Made in the sidebar');
    expect(made?.fields.createdBy).toBe(`ha:${home.core.owner.id}`);
  }, 180_000);

  test('from the sidebar alone: a model, a key with a budget, a call that is seen as it ends, and what it cost', async () => {
    const { frontend, panel, page } = await opened();
    await addModel(panel, { name: 'assist', upstream: 'gpt-5-mini', apiKey: 'sk-of-the-provider', address: `${provider.url}/v1` });
    const key = await createKey(panel, { name: 'kitchen-tablet', budget: '5' });

    await go(panel, 'Logs');
    const body = { model: 'assist', messages: [{ role: 'user', content: 'How warm?' }] };
    expect(await (await gateway.call('POST', '/v1/chat/completions', body, key)).text()).toContain('It is 21 degrees.');
    // Nothing is asked: the socket through both hops of ingress tells.
    const row = panel.getByRole('row').filter({ hasText: 'kitchen-tablet' }).first();
    await row.waitFor();
    await screen(page, 'frontend-logs-light-1280');
    await row.getByRole('link').first().click();
    await panel.getByRole('heading', { name: 'What it cost' }).waitFor();
    await expect.poll(() => new URL(page.url()).pathname).toMatch(new RegExp(`^/${SLUG}/logs/`));

    await panel.getByRole('link', { name: 'Back' }).click();
    await go(panel, 'Usage');
    await panel.getByRole('row').filter({ hasText: 'assist' }).first().waitFor();
    const [file] = await Promise.all([page.waitForEvent('download'), panel.getByRole('button', { name: 'Download CSV' }).first().click()]);
    expect(file.suggestedFilename()).toMatch(/\.csv$/);
    expect(frontend.foreign).toEqual([]);
  }, 240_000);

  test('the playground streams through ingress piece by piece, dark and narrow too', async () => {
    const conversation = new Conversation();
    provider.behaviour = conversation.behaviour;
    const { frontend, page } = await opened();
    await page.emulateMedia({ colorScheme: 'dark' });
    await page.setViewportSize({ width: 400, height: 800 });
    await visit(page, `${home.core.url}/${SLUG}/playground?model=assist`);
    const panel = panelOf(frontend);
    await ask(panel, 'What is missing for pancakes?');
    const answer = await conversation.call();
    answer.write(delta({ content: 'You still need **milk** ' }));
    await panel.getByText('milk', { exact: true }).waitFor();
    expect(await panel.getByText('and eggs.').count()).toBe(0);
    answer.write(delta({ content: 'and eggs.' }));
    answer.end(ending('stop', { prompt_tokens: 10, completion_tokens: 5, total_tokens: 15 }));
    await panel.getByText('and eggs.').first().waitFor();
    await panel.getByRole('button', { name: 'Send', exact: true }).waitFor();
    await screen(page, 'frontend-playground-dark-400');
    const rows = await gateway.rows();
    expect(rows.at(-1)).toMatchObject({ user_id: `ha:${home.core.owner.id}`, model_group: 'assist' });
  }, 240_000);

  test('the household budget is set there, and the list of changes says which person did it', async () => {
    const { panel } = await opened();
    await go(panel, 'Settings');
    const limit = panel.getByLabel('Limit', { exact: true });
    await limit.fill('40');
    await limit.press('Enter');
    await panel.getByText('Limit: saved').waitFor();
    expect(gateway.parts.limits.globalBudget().limit).not.toBeNull();
    const change = panel.getByRole('row').filter({ hasText: 'max_budget' }).first();
    await change.getByText(/Olga/).waitFor();
  }, 240_000);

  test('somebody who is no administrator is sent to one', async () => {
    const frontend = await Frontend.open(browser, home.core.url);
    await frontend.logIn(paul);
    await visit(frontend.page, `${home.core.url}/app/${SLUG}`);
    // The newest frontend does not even ask the app; an older one shows what the app says.
    await expect.poll(async () => (await frontend.page.locator('iframe').count()) === 0 || (await panelOf(frontend).getByText('Ask an administrator').count()) === 1).toBe(true); // prettier-ignore
    await frontend.close();
  }, 120_000);
});
