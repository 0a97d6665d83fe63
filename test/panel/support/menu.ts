import type { Page } from 'playwright-core';

/**
 * Presses an entry of the menu that is open. A menu takes the focus when it has grown to its size; a press on its way there can meet
 * what lies behind it.
 */
export async function choose(page: Page, name: string, role: 'menuitem' | 'menuitemcheckbox' = 'menuitem'): Promise<void> {
  await page.locator('wa-dropdown-item:focus').waitFor();
  await page.getByRole(role, { name }).click();
}
