import type { Browser, BrowserContext, Page } from 'playwright-core';
import { onTestFinished } from 'vitest';

export interface Look {
  readonly width?: number;
  readonly height?: number;
  readonly theme?: 'light' | 'dark';
  readonly locale?: string;
  /** Pages of one reader in one language share a context, and so the files that were fetched; null: a context of its own, with nothing in it. */
  readonly reader?: string | null;
}

/** Pages of a browser. A page closes with its test, and what it stored goes. */
export class Pages {
  readonly #browser: Browser;
  readonly #contexts = new Map<string, Promise<BrowserContext>>();

  constructor(browser: Browser) {
    this.#browser = browser;
  }

  /** An empty page that looks like this. To be called inside a test. */
  async open({ width = 1280, height = 800, theme = 'light', locale = 'en-US', reader = '' }: Look = {}): Promise<Page> {
    const context = await (reader === null ? this.#context(locale) : this.#shared(reader, locale));
    const page = await context.newPage();
    onTestFinished(async () => {
      await page.evaluate(() => localStorage.clear()).catch(() => undefined);
      await (reader === null ? context : page).close();
    });
    await page.setViewportSize({ width, height });
    await page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' });
    return page;
  }

  #shared(reader: string, locale: string): Promise<BrowserContext> {
    const name = `${locale} ${reader}`;
    const context = this.#contexts.get(name) ?? this.#context(locale);
    this.#contexts.set(name, context);
    return context;
  }

  #context(locale: string): Promise<BrowserContext> {
    return this.#browser.newContext({ locale, timezoneId: 'UTC', permissions: ['clipboard-read', 'clipboard-write'] });
  }
}
