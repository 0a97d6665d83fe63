import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';

const FOLDER = join(import.meta.dirname, '../../../.cache/screens');

/** A picture of the whole page, for the eye: `.cache/screens/<name>.png`. Taken when they are asked for, by `SCREENS=1`: each costs half a second. */
export async function screen(page: Page, name: string): Promise<void> {
  if (process.env['SCREENS'] !== '1') return;
  await mkdir(FOLDER, { recursive: true });
  await page.screenshot({ path: join(FOLDER, `${name}.png`), fullPage: true });
}
