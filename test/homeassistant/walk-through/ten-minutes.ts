import { expect } from 'vitest';
import { completion, json } from '../../support/fake-provider.ts';
import { PATIENCE_MS, type Walker } from './walker.ts';
import { exampleIn, sectionOf, stepsOf } from './written.ts';
import { visit } from '../../panel/support/visit.ts';

export const TEN_MINUTES = sectionOf('In ten minutes');
export const WRITTEN = stepsOf(TEN_MINUTES);

const exampleOf = (heading: string): string => exampleIn(WRITTEN.find((step) => step.heading === heading)?.text ?? '');

/** Path, credential and body of the call that the page shows. */
const CURL = /^curl http:\/\/homeassistant\.local:4000(\S+).*"Authorization: (.+?)".*-d '(.*)'/s;

async function call({ gateway, key }: Walker): Promise<Response> {
  const [, path = '', token = '', body = ''] = CURL.exec(exampleOf('Call the model from a program')) ?? [];
  const authorization = token.replace('YOUR_KEY', key);
  return fetch(gateway.url + path, { method: 'POST', headers: { authorization, 'content-type': 'application/json' }, body });
}

/** What each heading of the section asks for. */
export const STEPS: Readonly<Record<string, (walker: Walker) => Promise<void>>> = {
  async 'Install the app and start it'(walker) {
    await walker.installApp();
    await expect.poll(() => walker.gateway.log.join('\n')).toContain('Ready at');
    const asked = { model: 'demo', messages: [{ role: 'user', content: 'Hello' }] };
    expect((await walker.gateway.call('POST', '/v1/chat/completions', asked)).status).toBe(200);
  },

  async 'Open it in the sidebar'(walker) {
    await walker.openPanel();
    await walker.panel.getByRole('heading', { level: 1, name: 'Overview' }).waitFor();
  },

  async 'Add a model'(walker) {
    await walker.go('Models');
    await walker.panel.getByRole('button', { name: 'Add model' }).first().click();
    const dialog = walker.panel.locator('gw-dialog[open]').last();
    await dialog.getByRole('searchbox').fill('OpenAI');
    // While the list narrows, what is pressed may move away before it is let go.
    await dialog.getByRole('button', { name: /^Anthropic/ }).waitFor({ state: 'detached' });
    const provider = dialog.getByRole('button', { name: /^OpenAI/ });
    await provider.first().click();
    await dialog.getByLabel('API key', { exact: true }).fill('sk-of-the-provider-0123456789');
    await dialog.getByRole('combobox').first().fill('gpt-5-mini');
    await dialog.getByLabel('Name for your apps').fill('assist');
    // Where OpenAI is for this test.
    await dialog.getByText('More settings').click();
    await dialog.getByRole('textbox', { name: 'Address' }).fill(`${walker.provider.url}/v1`);
    await dialog.getByRole('button', { name: 'Test and add' }).click();
    await walker.panel.getByText(/assist.* added/).waitFor();
  },

  async 'Ask it something'(walker) {
    await walker.go('Playground');
    await walker.panel.getByRole('button', { name: /: assist/ }).waitFor();
    await walker.panel.getByRole('textbox', { name: 'Ask something' }).fill('How warm is it?');
    await walker.panel.getByRole('button', { name: 'Send', exact: true }).click();
    await walker.panel.getByText('It is 21 degrees.').first().waitFor();
    await walker.panel.getByText('10 × $0.25 + 5 × $2.00, per 1M tokens').waitFor();
    // The field for the next question is in sight.
    const { y = 0, height = 0 } = (await walker.panel.locator('gw-play-composer').boundingBox()) ?? {};
    expect(y + height).toBeLessThanOrEqual(800);
  },

  async 'Create a key with a budget'(walker) {
    await walker.go('Keys');
    await walker.createKey('household');
  },

  async 'Call the model from a program'(walker) {
    const answer = await call(walker);
    expect([answer.status, await answer.text()]).toEqual([200, expect.stringContaining('It is 21 degrees.')]);
  },

  async 'See what it cost'(walker) {
    const card = (title: string) => walker.panel.locator('gw-card').filter({ hasText: title });
    await walker.go('Overview');
    await card('Recent calls').getByRole('row').filter({ hasText: 'household' }).first().waitFor();
    await card('Closest to their budget').getByText('household').waitFor();
    await walker.go('Logs');
    await walker.panel.getByRole('row').filter({ hasText: 'household' }).first().waitFor();
  },

  async 'Bring it into Home Assistant'(walker) {
    const { core } = walker.home;
    await core.restart();
    await visit(walker.page, core.url);
    await walker.openSettings('Devices & services');
    await walker.page.getByText('Discovered', { exact: true }).waitFor();
    for (const button of ['Add', 'Submit', 'Skip and finish']) await walker.click(button);
    expect(await core.client.entries('llm_gateway')).toMatchObject([{ state: 'loaded' }]);
  },

  async 'Be warned before the budget is used up'(walker) {
    const { home, page, provider } = walker;
    await walker.openSettings('Automations & scenes');
    await walker.click('Create automation');
    await page.getByText('Create new automation').click();
    await page.getByRole('button', { name: 'Menu' }).last().click();
    await page.getByText('Edit in YAML').click();
    await page.locator('ha-yaml-editor .cm-content').click();
    await page.keyboard.press('Control+A');
    await page.keyboard.insertText(exampleOf('Be warned before the budget is used up'));
    await walker.click('Save');
    const automations = async (): Promise<string[]> =>
      (await home.core.client.states()).filter(({ entity_id: id }) => id.startsWith('automation.')).map(({ state }) => state);
    await expect.poll(automations, { timeout: PATIENCE_MS }).toEqual(['on']);
    // 16.4 million tokens in are $4.10 of the $5.00.
    provider.behaviour = json(completion('A lot.', { prompt_tokens: 16_400_000, completion_tokens: 0, total_tokens: 16_400_000 }));
    expect((await call(walker)).status).toBe(200);
    await page.locator('ha-sidebar').getByText('Notifications', { exact: true }).click();
    await page.getByText(/^82(\.0+)? % are used\.$/).waitFor();
    await page.keyboard.press('Escape');
  },
};
