import type { FrameLocator, Page } from 'playwright-core';

/** Where a person is: a page, or the frame that shows it in Home Assistant. */
export type Place = Pick<Page, 'getByRole' | 'getByText' | 'getByLabel' | 'locator'> & Pick<FrameLocator, 'getByRole' | 'locator'>;

const dialog = (place: Place) => place.locator('gw-dialog[open]');

/** Opens a page of the panel by its tab. */
export async function go(place: Place, page: string): Promise<void> {
  await place.getByRole('link', { name: page, exact: true }).first().click();
  await place.getByRole('heading', { level: 1, name: page }).waitFor({ state: 'attached' });
}

/** Looks for a provider in the open dialog, and takes it. Not for Anthropic. */
export async function pickProvider(place: Place, name: string): Promise<void> {
  await dialog(place).getByRole('searchbox').fill(name);
  // While the list narrows, what is pressed may move away before it is let go.
  await dialog(place).getByRole('button', { name: /^Anthropic/ }).waitFor({ state: 'detached' }); // prettier-ignore
  await dialog(place)
    .getByRole('button', { name: new RegExp(`^${name}`) })
    .first()
    .click();
}

/** Adds a model of OpenAI, tested before it is added. */
export async function addModel(
  place: Place,
  { name, upstream, apiKey, address }: Readonly<Record<'name' | 'upstream' | 'apiKey' | 'address', string>>,
): Promise<void> {
  await go(place, 'Models');
  await place.getByRole('button', { name: 'Add model' }).first().click();
  await pickProvider(place, 'OpenAI');
  await dialog(place).getByLabel('API key', { exact: true }).fill(apiKey);
  await dialog(place).getByRole('combobox').first().fill(upstream);
  await dialog(place).getByLabel('Name for your apps').fill(name);
  await dialog(place).getByText('More settings').click();
  await dialog(place).getByRole('textbox', { name: 'Address' }).fill(address);
  await dialog(place).getByRole('button', { name: 'Test and add' }).click();
  await place.getByText(new RegExp(`${name}.* added`)).waitFor();
}

/** @returns the key, which is shown this once */
export async function createKey(place: Place, { name, budget }: { readonly name: string; readonly budget: string }): Promise<string> {
  await go(place, 'Keys');
  await place.getByRole('button', { name: 'Create key' }).first().click();
  const form = place.locator('gw-key-dialog');
  await form.getByLabel('Name', { exact: true }).fill(name);
  await form.getByLabel('Budget', { exact: true }).fill(budget);
  await form.getByRole('button', { name: 'Create key' }).click();
  const shown = place.locator('gw-key-created-dialog');
  await shown.getByText('This key is shown only now').waitFor();
  const key = await shown.locator('.line > span').innerText();
  await shown.getByRole('button', { name: 'Done' }).click();
  return key;
}
