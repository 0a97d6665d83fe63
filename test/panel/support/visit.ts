import type { Page } from 'playwright-core';

const TRIES = 5;

/** Opens an address. A page that is on its way to another one of its own ends the attempt: then once more. */
export async function visit(page: Page, url: string): Promise<void> {
  for (let tried = 1; ; tried++) {
    try {
      await page.goto(url);
      return;
    } catch (error) {
      if (tried === TRIES || !(error instanceof Error) || !error.message.includes('ERR_ABORTED')) throw error;
    }
  }
}
