import { chromium, type Browser } from 'playwright-core';
import { ensureChromium } from '../../../scripts/chromium.ts';

/** A browser that speaks to nobody on its own. */
export function launchBrowser(): Promise<Browser> {
  return chromium.launch({
    executablePath: ensureChromium(),
    headless: true,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
}
