import { expect } from 'vitest';
import type { Page } from 'playwright-core';
import { axeFindings } from './axe.ts';
import { screen } from './screen.ts';

/** Every theme and every width once; what a page shows most is looked at in all four ways. */
const BOTH = [
  ['light', 1280],
  ['dark', 375],
] as const;
const ALL = [...BOTH, ['dark', 1280], ['light', 375]] as const;

/**
 * Looks at a page as it stands, in both themes, wide and narrow: a picture each, nothing for axe to find, nothing that scrolls sideways. With
 * `all` in every theme at every width; at 320 px and from right to left it only must not scroll sideways.
 */
export async function looksRight(page: Page, name: string, { all = false } = {}): Promise<void> {
  const usual = page.viewportSize() ?? { width: 1280, height: 800 };
  for (const [theme, width] of all ? ALL : BOTH) {
    await page.emulateMedia({ colorScheme: theme });
    await page.setViewportSize({ ...usual, width });
    await screen(page, `${name}-${theme}-${width}`);
    expect(await axeFindings(page), `${name} in ${theme} at ${width} px`).toEqual([]);
    await staysInside(page, `${name} at ${width} px`);
  }
  await page.emulateMedia({ colorScheme: 'light' });
  await page.setViewportSize({ ...usual, width: 320 });
  await staysInside(page, `${name} at 320 px`);
  if (all) await looksAround(page, name, usual);
  await page.setViewportSize(usual);
}

async function looksAround(page: Page, name: string, usual: { width: number; height: number }): Promise<void> {
  await page.setViewportSize({ ...usual, width: 1600 });
  await screen(page, `${name}-light-1600`);
  await page.evaluate(() => document.documentElement.setAttribute('dir', 'rtl'));
  await page.setViewportSize({ ...usual, width: 1280 });
  await screen(page, `${name}-rtl`);
  await staysInside(page, `${name} from right to left`);
  await page.evaluate(() => document.documentElement.removeAttribute('dir'));
}

async function staysInside(page: Page, what: string): Promise<void> {
  const over = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  expect(over, `${what}: nothing scrolls sideways`).toBeLessThanOrEqual(0);
}
