import { FakeProvider } from '../support/fake-provider.ts';
import { startGateway, type TestGateway } from '../support/gateway.ts';

export interface House {
  readonly gateway: TestGateway;
  /** Speaks whatever dialect the called group speaks. */
  readonly provider: FakeProvider;
  stop(): Promise<void>;
}

/** A gateway with a group for each dialect, all led to one fake provider, and groups for each kind of refusal. */
export async function house(): Promise<House> {
  const provider = await FakeProvider.start();
  const row = (name: string, model: string, base: string, more = ''): string =>
    `  - { model_name: ${name}, litellm_params: { model: ${model}, api_base: "${base}", api_key: sk-provider${more} } }\n`;
  const gateway = await startGateway(`model_list:
${row('openai', 'openai/gpt-4o', `${provider.url}/v1`)}${row('anthropic', 'anthropic/claude-sonnet-4-5-20250929', provider.url)}${row('haiku', 'anthropic/claude-3-5-haiku-20241022', provider.url)}${row('ollama', 'ollama_chat/qwen3:8b', provider.url)}${row('cohere', 'cohere_chat/command-a-03-2025', provider.url)}${row('gemini', 'gemini/gemini-2.5-flash', provider.url)}${row('gemini-3', 'gemini/gemini-3-flash-preview', provider.url)}${row('tuned', 'gemini/gemini-2.5-flash', provider.url, ', max_tokens: 77, temperature: 0.9')}${row('google-vectors', 'gemini/gemini-embedding-001', provider.url)}${row('vectors', 'openai/text-embedding-3-small', `${provider.url}/v1`)}${row('local-vectors', 'ollama/all-minilm', provider.url)}${row('slow', 'openai/gpt-4o', `${provider.url}/v1`, ', timeout: 0.3')}${row('gone', 'openai/gpt-4o', 'http://127.0.0.1:1/v1')}
  - { model_name: priced, litellm_params: { model: openai/gpt-4o, api_base: "${provider.url}/v1", api_key: sk-provider, input_cost_per_token: 0.01, output_cost_per_token: 0.01 } }
router_settings: { num_retries: 0, disable_cooldowns: true }
`);
  return {
    gateway,
    provider,
    async stop() {
      await gateway.stop();
      await provider.stop();
    },
  };
}

/** The wire cases that say the same thing in each dialect. */
export const DIALECTS = ['openai', 'anthropic', 'ollama', 'cohere'] as const;
