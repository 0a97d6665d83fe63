import { expect } from 'vitest';
import { inTurn, wire } from '../../support/wire-answers.ts';
import { PATIENCE_MS, type Walker } from './walker.ts';
import { listedIn, sectionOf } from './written.ts';
import { visit } from '../../panel/support/visit.ts';

export const ASSIST = sectionOf('Use it for Assist');
/** Where each step of the list is done. */
export const PLACES = listedIn(ASSIST);

const LIGHT = 'light.kitchen_light';

/** What each step of the list asks for. */
export const ASSIST_STEPS: Readonly<Record<string, (walker: Walker) => Promise<void>>> = {
  async 'Keys → Create key'(walker) {
    await visit(walker.page, walker.home.core.url);
    await walker.openPanel();
    await walker.go('Keys');
    await walker.createKey('assist');
  },

  async 'Settings → Devices & services → Add integration → LiteLLM'(walker) {
    const { page } = walker;
    await walker.openSettings('Devices & services');
    await walker.click('Add integration');
    const brands = page.locator('dialog-add-integration');
    await brands.locator('input').fill('LiteLLM');
    await brands.getByText('LiteLLM').click();
    await page.locator('input[name=url]').fill(walker.gateway.url);
    await page.locator('input[name=api_key]').fill(walker.key);
    await walker.click('Submit');
    await walker.click('Finish');
  },

  async 'Add conversation agent'(walker) {
    const { page } = walker;
    await page.getByText('LiteLLM', { exact: true }).first().click();
    await page.getByText('Add conversation agent').first().click();
    await page.locator('ha-selector-select').first().locator('ha-select').click();
    await page.getByRole('menuitem', { name: 'assist', exact: true }).click();
    expect(await page.getByRole('checkbox', { name: 'Device control' }).isChecked()).toBe(true);
    await walker.click('Submit');
    await walker.click('Finish');
  },

  async 'Settings → Voice assistants → Add assistant'(walker) {
    const { page } = walker;
    await walker.openSettings('Voice assistants');
    await page.getByText('Add assistant').click();
    await page.locator('input[name=name]').fill('House');
    await page.locator('ha-conversation-agent-picker').click();
    await page.getByRole('menuitem', { name: 'assist', exact: true }).click();
    await walker.click('Create');
    await page.getByText('House', { exact: true }).waitFor();
  },

  async Expose({ page }) {
    await page.getByText('Expose', { exact: true }).click();
    await page.getByText('Kitchen light').waitFor();
    await page.getByText('Expose entities').waitFor();
  },

  async 'Start conversation'(walker) {
    const { page, provider, home } = walker;
    provider.behaviour = inTurn(wire('openai/assist-turn-on'), wire('openai/text'));
    await walker.openSettings('Voice assistants');
    const assistant = page.locator('assist-pref ha-list-item-button').filter({ hasText: 'House' });
    await assistant.locator('ha-dropdown ha-icon-button').click();
    await assistant.getByText('Start conversation').click();
    const say = async (text: string, answer: string): Promise<void> => {
      await page.locator('ha-assist-chat input').fill(text);
      await page.keyboard.press('Enter');
      await page.getByText(answer).waitFor();
      await home.core.client.stateWhen(LIGHT, ({ state }) => state === 'on', PATIENCE_MS);
    };
    const calls = provider.seen.length;
    await say('Turn on the kitchen light', 'Turned on the light');
    expect(provider.seen).toHaveLength(calls);
    await home.core.client.act('light.turn_off', {}, { target: { entity_id: LIGHT } });
    await say('It is too dark to cook', 'Grüß Gott!');
    expect(provider.seen).toHaveLength(calls + 2);
  },
};
