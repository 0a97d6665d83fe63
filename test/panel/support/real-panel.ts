import type { Browser, BrowserContext, Page } from 'playwright-core';
import { startAsked, MOCKED, type AskedGateway } from '../../control/asking-for-keys.ts';
import { built } from './built.ts';
import { launchBrowser } from './chromium.ts';
import { Pages } from './pages.ts';

export interface Opening {
  /** Below `/ui/`, with its query. */
  readonly path?: string;
  readonly width?: number;
  readonly height?: number;
  readonly theme?: 'light' | 'dark';
  readonly locale?: string;
  /** Whose session: an id of `/user/new`; the administrator's when absent; null: nobody is logged in. */
  readonly user?: string | null;
}

/** The panel as people meet it: the real gateway, its database, and a Chromium. */
export interface RealPanel {
  readonly gateway: AskedGateway;
  readonly browser: Browser;
  /** Opens a page for a test; it is closed with it. Pages of the same person share what was fetched; somebody who is not logged in starts with nothing. */
  open(opening?: Opening): Promise<Page>;
  /** What pages said or did that they must not: script errors, reports of the content policy, requests to another origin. */
  readonly faults: string[];
  /** Ends everything. @throws when a page did what it must not: see `faults` */
  stop(): Promise<void>;
}

const ADMIN = 'default_user_id';

/**
 * Starts it all. A timeout of two minutes for `beforeAll` is enough.
 *
 * @param yaml configuration of the gateway; `MOCKED` when absent
 * @param env variables it sees
 */
export async function startPanel(yaml: string = MOCKED, env: Record<string, string> = {}): Promise<RealPanel> {
  const folder = await built('panel');
  const [gateway, browser] = await Promise.all([startAsked(yaml, { GATEWAY_TEST_PANEL: folder, ...env }), launchBrowser()]);
  await gateway.parts.users.set(ADMIN, () => ({ role: 'proxy_admin' }), null);
  const faults: string[] = [];
  const pages = new Pages(browser);
  return {
    gateway,
    browser,
    faults,
    async open({ path = '', user = ADMIN, ...look } = {}) {
      const page = await pages.open({ ...look, reader: user });
      if (user !== null) await logIn(page.context(), gateway, user);
      page.setDefaultTimeout(10_000);
      watch(page, gateway.url, faults);
      await page.goto(`${gateway.url}/ui/${path}`);
      return page;
    },
    async stop() {
      await browser.close();
      await gateway.stop();
      if (faults.length > 0) throw new Error(`The pages did what they must not:\n${faults.join('\n')}`);
    },
  };
}

async function logIn(context: BrowserContext, gateway: AskedGateway, user: string): Promise<void> {
  const { id } = await gateway.parts.sessions.open(user, 'username_password', 3_600_000);
  await context.addCookies([{ name: 'llm_gateway_session', value: id, url: gateway.url, httpOnly: true, sameSite: 'Strict' }]);
}

function watch(page: Page, origin: string, faults: string[]): void {
  page.on('pageerror', (error) => faults.push(`script: ${error.message}`));
  page.on('console', (message) => {
    if (message.text().includes('Content Security Policy')) faults.push(`policy: ${message.text()}`);
  });
  page.on('request', (request) => {
    const url = request.url();
    if (!url.startsWith(origin) && !url.startsWith('data:') && !url.startsWith('blob:')) faults.push(`foreign request: ${url}`);
  });
}
