import type { Browser, BrowserContext, FrameLocator, Page } from 'playwright-core';

import type { Person } from './people.ts';

/** A busy machine shows a page late. */
const PATIENCE_MS = 60_000;

/** Home Assistant's own pages in a browser of one person. */
export class Frontend {
  readonly page: Page;
  /** Requests to other machines; none of them was sent. */
  readonly foreign: readonly string[];
  readonly #context: BrowserContext;
  readonly #url: string;

  private constructor(context: BrowserContext, page: Page, url: string, foreign: readonly string[]) {
    this.#context = context;
    this.page = page;
    this.#url = url;
    this.foreign = foreign;
  }

  /** @param url Core's, `http://127.0.0.1:PORT` */
  static async open(browser: Browser, url: string): Promise<Frontend> {
    const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, serviceWorkers: 'block' });
    context.setDefaultTimeout(PATIENCE_MS);
    const foreign: string[] = [];
    await context.route(
      (asked) => asked.hostname !== '127.0.0.1',
      (route) => {
        foreign.push(route.request().url());
        return route.abort();
      },
    );
    return new Frontend(context, await context.newPage(), url, foreign);
  }

  /** Types name and password and waits for the sidebar. */
  async logIn({ username, password }: Person): Promise<void> {
    await this.page.goto(this.#url);
    await this.page.locator('input[name=username]').fill(username);
    await this.page.locator('input[name=password]').fill(password);
    await this.page.getByRole('button', { name: 'Log in' }).click();
    await this.page.locator('ha-sidebar').waitFor();
  }

  /** A new page of the same person, who stays logged in: what Home Assistant's pages are made of is fetched and compiled once. */
  async another(): Promise<Frontend> {
    const frontend = new Frontend(this.#context, await this.#context.newPage(), this.#url, this.foreign);
    await frontend.page.goto(this.#url);
    await frontend.page.locator('ha-sidebar').waitFor();
    return frontend;
  }

  /** The entry of an app in the sidebar. */
  entry(title: string): ReturnType<Page['locator']> {
    return this.page.locator('ha-sidebar').getByText(title, { exact: true });
  }

  /** Clicks an app's entry. @returns what is inside its panel */
  async openPanel(title: string): Promise<FrameLocator> {
    await this.entry(title).click();
    const frame = this.page.locator('ha-panel-app iframe');
    await frame.waitFor();
    return frame.contentFrame();
  }

  /** Closes every page of the person. */
  async close(): Promise<void> {
    await this.#context.close();
  }
}
