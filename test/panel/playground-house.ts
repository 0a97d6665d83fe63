import type { Page } from 'playwright-core';
import { FakeProvider } from '../support/fake-provider.ts';
import type { Place } from './support/journeys.ts';
import { startPanel, type RealPanel } from './support/real-panel.ts';

/** A model's name that would be markup if anybody took it for that. */
export const CANARY = '<img src=x onerror=alert(1)>';

/** What a provider counts for an answer of the mock pictures. */
export const USAGE = {
  prompt_tokens: 1842,
  completion_tokens: 532,
  total_tokens: 2374,
  completion_tokens_details: { reasoning_tokens: 318 },
};

/** Body of a call as a provider saw it. */
export interface SentChat extends Record<string, unknown> {
  readonly messages: readonly { readonly role: string; readonly content: unknown }[];
}

/** A panel whose models are at two providers of the test: `assist` sees, reasons and calls tools, `claude-sonnet` is known to be blind. */
export class PlaygroundHouse {
  readonly panel: RealPanel;
  readonly provider: FakeProvider;
  readonly other: FakeProvider;

  private constructor(panel: RealPanel, provider: FakeProvider, other: FakeProvider) {
    this.panel = panel;
    this.provider = provider;
    this.other = other;
  }

  static async start(): Promise<PlaygroundHouse> {
    const [provider, other] = [await FakeProvider.start(), await FakeProvider.start()];
    return new PlaygroundHouse(await startPanel(yaml(provider.url, other.url)), provider, other);
  }

  async stop(): Promise<void> {
    await this.panel.stop();
    await this.provider.stop();
    await this.other.stop();
  }

  /** Before each test. */
  clear(): void {
    this.provider.seen.length = 0;
    this.other.seen.length = 0;
  }

  async open({
    model = 'assist',
    query = '',
    ...opening
  }: Parameters<RealPanel['open']>[0] & { model?: string; query?: string } = {}): Promise<Page> {
    const page = await this.panel.open({ path: `playground?model=${model}${query}`, ...opening });
    page.setDefaultTimeout(25_000);
    await field(page).waitFor();
    await page.getByRole('button', { name: new RegExp(`: ${model}`) }).waitFor();
    return page;
  }

  /** What a provider was sent last. */
  sent(from = this.provider): SentChat {
    return from.last.json as SentChat;
  }
}

export const field = (place: Place) => place.locator('gw-play-composer textarea');

export async function ask(place: Place, text: string): Promise<void> {
  await field(place).fill(text);
  await field(place).press('Enter');
}

const yaml = (provider: string, other: string): string => `
model_list:
  - model_name: assist
    litellm_params: { model: openai/gpt-5-mini, api_key: sk-a, api_base: ${provider}/v1, input_cost_per_token: 0.00000025, output_cost_per_token: 0.000002 }
    model_info: { supports_vision: true, supports_function_calling: true, supports_reasoning: true }
  - model_name: claude-sonnet
    litellm_params: { model: deepseek/claude-sonnet-4-5, api_key: sk-b, api_base: ${other}/v1, input_cost_per_token: 0.000003, output_cost_per_token: 0.000015 }
    model_info: { supports_vision: false }
  - model_name: '${CANARY}'
    litellm_params: { model: openai/canary, api_key: sk-c, api_base: ${provider}/v1, input_cost_per_token: 0, output_cost_per_token: 0 }
router_settings: { num_retries: 0, disable_cooldowns: true }
general_settings: { proxy_batch_write_at: 1 }
`;
