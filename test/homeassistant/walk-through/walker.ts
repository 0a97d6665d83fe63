import { join } from 'node:path';
import type { Browser, FrameLocator, Page } from 'playwright-core';
import { SAMPLE_CONFIG } from '../../../src/config/sample.ts';
import { built } from '../../panel/support/built.ts';
import { launchBrowser } from '../../panel/support/chromium.ts';
import { screen } from '../../panel/support/screen.ts';
import { freePort } from '../../real/free-port.ts';
import { completion, FakeProvider, json } from '../../support/fake-provider.ts';
import { startGateway, type TestGateway } from '../../support/gateway.ts';
import { Frontend } from '../lab/frontend.ts';
import { HomeAssistant } from '../lab/home-assistant.ts';

const COMPONENT = join(import.meta.dirname, '../../../custom_components_bridge/custom_components/llm_gateway');
/** An app's name in the network is made from its slug: this one is found here. */
const SLUG = 'localhost';
export const TITLE = 'LLM Gateway';

/** A busy machine shows a page late. */
export const PATIENCE_MS = 60_000;

/** What somebody has in the kitchen. */
const KITCHEN = `
input_boolean:
  kitchen:
template:
  - light:
      - name: Kitchen light
        unique_id: kitchen_light
        state: "{{ is_state('input_boolean.kitchen', 'on') }}"
        turn_on: {action: input_boolean.turn_on, target: {entity_id: input_boolean.kitchen}}
        turn_off: {action: input_boolean.turn_off, target: {entity_id: input_boolean.kitchen}}
`;

/** Somebody who does what the documentation says, in the real frontend of a real Core, with a browser. */
export class Walker {
  readonly home: HomeAssistant;
  readonly provider: FakeProvider;
  readonly page: Page;
  /** Text of the key that was made last. */
  key = '';
  readonly #browser: Browser;
  readonly #frontend: Frontend;
  #gateway: TestGateway | null = null;
  #panel: FrameLocator | null = null;
  #failed: string | null = null;

  private constructor(home: HomeAssistant, provider: FakeProvider, browser: Browser, frontend: Frontend) {
    this.home = home;
    this.provider = provider;
    this.page = frontend.page;
    this.#browser = browser;
    this.#frontend = frontend;
  }

  /** Home Assistant without the app, and its owner logged in. */
  static async start(): Promise<Walker> {
    const [home, provider, browser] = await Promise.all([
      HomeAssistant.start({ configuration: KITCHEN }),
      FakeProvider.start(json(completion('It is 21 degrees.'))),
      launchBrowser(),
    ]);
    await built('panel');
    const frontend = await Frontend.open(browser, home.core.url);
    await frontend.logIn(home.core.owner);
    frontend.page.setDefaultTimeout(PATIENCE_MS);
    return new Walker(home, provider, browser, frontend);
  }

  async stop(): Promise<void> {
    await this.#browser.close();
    await this.#gateway?.stop();
    await this.home.stop();
    await this.provider.stop();
  }

  get gateway(): TestGateway {
    if (!this.#gateway) throw new Error('the app is not installed');
    return this.#gateway;
  }

  /** What is inside the app's panel. */
  get panel(): FrameLocator {
    if (!this.#panel) throw new Error('the panel is not open');
    return this.#panel;
  }

  /** Takes a step, when all before it were taken; where it fails, a picture shows what stood there. */
  async take(name: string, step: (walker: Walker) => Promise<void>): Promise<void> {
    if (this.#failed !== null) throw new Error(`the step “${this.#failed}” was not taken`);
    try {
      await step(this);
    } catch (error) {
      this.#failed = name;
      await screen(this.page, `walk-${name}`);
      throw error;
    }
  }

  async installApp(): Promise<void> {
    const ingress_port = await freePort();
    const app = this.home.supervisor.install({
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
    await this.home.core.place(COMPONENT);
    this.#gateway = await startGateway(SAMPLE_CONFIG, {
      SUPERVISOR_TOKEN: app.token,
      SUPERVISOR_API: this.home.supervisor.url,
      INGRESS_PORT: String(ingress_port),
      INGRESS_PROXIES: '127.0.0.1',
      GATEWAY_TEST_PANEL: await built('panel'),
    });
    await this.home.supervisor.showPanel(app, true);
  }

  async openPanel(): Promise<void> {
    this.#panel = await this.#frontend.openPanel(TITLE);
  }

  /** Opens a page of the panel. */
  async go(name: string): Promise<void> {
    await this.panel.getByRole('link', { name, exact: true }).first().click();
  }

  /** Opens a page of Home Assistant's settings. */
  async openSettings(name: string): Promise<void> {
    await this.page.locator('ha-sidebar').getByText('Settings', { exact: true }).click();
    await this.page.getByText(name, { exact: true }).click();
  }

  async click(button: string): Promise<void> {
    await this.page.getByRole('button', { name: button, exact: true }).click();
  }

  /** Creates a key with a budget of 5 dollars on the page Keys. */
  async createKey(name: string): Promise<void> {
    await this.panel.getByRole('button', { name: 'Create key' }).first().click();
    const form = this.panel.locator('gw-key-dialog');
    await form.getByLabel('Name', { exact: true }).fill(name);
    await form.getByLabel('Budget', { exact: true }).fill('5');
    await form.getByRole('button', { name: 'Create key' }).click();
    const shown = this.panel.locator('gw-key-created-dialog');
    await shown.getByText('at most $5.00 a month').waitFor();
    this.key = await shown.locator('.line > span').innerText();
    await shown.getByRole('button', { name: 'Copy key' }).click();
    await shown.getByRole('button', { name: 'Done' }).click();
  }
}
