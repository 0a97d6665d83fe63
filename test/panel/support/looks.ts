import { expect } from 'vitest';
import type { Page } from 'playwright-core';
import { axeFindings } from './axe.ts';
import { screen } from './screen.ts';

type Theme = 'light' | 'dark';

/** What a state or a dialog needs: each theme and each width once. */
const BOTH = [
  ['light', 1280],
  ['dark', 375],
] as const;
/** What a page needs. */
const ALL = [...BOTH, ['dark', 1280], ['light', 375], ['light', 1600]] as const;
/** A page of a busy machine takes its time to stand still after it was resized. */
const SETTLED_MS = 10_000;
/** Where nothing may scroll sideways either. */
const OTHER_WIDTHS = [320, 1024];

/**
 * Looks at a page as it stands, in both themes, wide and narrow: a picture each, nothing for axe to find, nothing that scrolls sideways. With
 * `all` in every theme at every width, and from right to left.
 */
export async function looksRight(page: Page, name: string, { all = false } = {}): Promise<void> {
  const usual = page.viewportSize() ?? { width: 1280, height: 800 };
  for (const [theme, width] of all ? ALL : BOTH) {
    await show(page, theme, { ...usual, width });
    await look(page, `${name}-${theme}-${width}`);
  }
  for (const width of OTHER_WIDTHS) {
    await show(page, 'light', { ...usual, width });
    await staysInside(page, `${name} at ${width} px`);
  }
  await page.setViewportSize(usual);
  if (!all) return;
  await page.evaluate(() => document.documentElement.setAttribute('dir', 'rtl'));
  await look(page, `${name}-rtl`);
  await page.evaluate(() => document.documentElement.removeAttribute('dir'));
}

async function show(page: Page, theme: Theme, size: { width: number; height: number }): Promise<void> {
  await page.emulateMedia({ colorScheme: theme });
  await page.setViewportSize(size);
  // Media queries are told of it in the next frame, and what they render stands in the one after.
  await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))));
}

async function look(page: Page, name: string): Promise<void> {
  await staysInside(page, name);
  await screen(page, name);
  await expect.poll(() => axeFindings(page), { timeout: SETTLED_MS, interval: 500, message: name }).toEqual([]);
}

async function staysInside(page: Page, what: string): Promise<void> {
  const over = () => page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  await expect.poll(over, { timeout: SETTLED_MS, message: `${what}: nothing scrolls sideways` }).toBeLessThanOrEqual(0);
}
