import type { SpendRecord } from '../../../src/core/spend-record.ts';
import { hashOf } from '../../../src/identity/key-hash.ts';
import { book } from '../../control/booked.ts';
import type { TestGateway } from '../../support/gateway.ts';

/** One household: its models answer by themselves, its budget is 40 dollars a month. */
export const HOUSEHOLD = `
model_list:
  - model_name: claude-sonnet
    litellm_params: { model: anthropic/claude-sonnet-4-5, api_key: sk-provider, mock_response: Hello }
  - model_name: assist
    litellm_params: { model: openai/gpt-5-mini, api_key: sk-provider, mock_response: Hello }
  - model_name: vision
    litellm_params: { model: gemini/gemini-3-flash, api_key: sk-provider }
  - model_name: speech-to-text
    litellm_params: { model: groq/whisper-large-v3, api_key: sk-provider }
  - model_name: local-chat
    litellm_params: { model: ollama_chat/qwen3, api_base: http://127.0.0.1:11434 }
litellm_settings: { max_budget: 40, budget_duration: 30d }
`;

const DAY_MS = 86_400_000;

interface Kind {
  readonly provider: string;
  readonly group: string;
  readonly model: string;
  readonly cents: number;
  readonly key: string;
}

const KINDS: readonly Kind[] = [
  { provider: 'anthropic', group: 'claude-sonnet', model: 'claude-sonnet-4-5', cents: 37, key: 'claude-code' },
  { provider: 'openai', group: 'assist', model: 'gpt-5-mini', cents: 26, key: 'home-assistant' },
  { provider: 'gemini', group: 'vision', model: 'gemini-3-flash', cents: 7, key: 'frigate' },
  { provider: 'bedrock', group: 'claude-haiku', model: 'anthropic.claude-haiku', cents: 3, key: 'n8n-workflows' },
  { provider: 'groq', group: 'speech-to-text', model: 'whisper-large-v3', cents: 2, key: 'home-assistant' },
  { provider: 'ollama_chat', group: 'local-chat', model: 'qwen3', cents: 0, key: 'open-webui' },
];

const BUDGETS: Readonly<Record<string, number>> = {
  'claude-code': 12,
  'open-webui': 8,
  'home-assistant': 10,
  frigate: 4,
  'n8n-workflows': 5,
};

/** Keys of the household and calls of all days of this month up to now, the last ones minutes old. */
export async function furnish(gateway: TestGateway, now = Date.now()): Promise<void> {
  const hashes: Record<string, string> = {};
  for (const [alias, budget] of Object.entries(BUDGETS))
    hashes[alias] = hashOf(await gateway.key({ key_alias: alias, max_budget: budget, budget_duration: '30d' }));
  const today = Math.floor(now / DAY_MS) * DAY_MS;
  const first = new Date(now).setUTCDate(1);
  const days = Math.floor((today - first) / DAY_MS) + 1;
  const calls: Partial<SpendRecord>[] = [];
  for (let day = 0; day <= days; day++)
    for (const [index, kind] of KINDS.entries())
      calls.push(
        callOf(kind, hashes, today - day * DAY_MS + 3_600_000 * (index + 2), (kind.cents * (4 + ((day * 7 + index * 3) % 5))) / 6),
      );
  for (let hour = 0; hour < 24; hour++)
    for (const [index, kind] of KINDS.entries()) {
      const failed = kind.provider === 'ollama_chat' && hour < 2 && index > 0 && hour === 1;
      calls.push({ ...callOf(kind, hashes, now - hour * 3_600_000 - (index + 1) * 70_000, kind.cents / 100), ...(failed ? REFUSED : {}) });
    }
  await book(gateway, calls.filter(({ start_time: start }) => start !== undefined && start < now)); // prettier-ignore
}

const REFUSED: Partial<SpendRecord> = {
  status: 'failure',
  spend: '0',
  prompt_tokens: 0,
  completion_tokens: 0,
  total_tokens: 0,
  metadata: { error_information: { error_code: '429', error_class: 'Rate limit' } },
};

function callOf({ provider, group, model, key }: Kind, hashes: Record<string, string>, at: number, cents: number): Partial<SpendRecord> {
  return {
    start_time: at,
    end_time: at + 1400,
    completion_start_time: at + 640,
    request_duration_ms: 1400,
    custom_llm_provider: provider,
    model_group: group,
    model,
    api_key: hashes[key] ?? 'a'.repeat(64),
    spend: (cents / 100).toFixed(6),
    prompt_tokens: 3412,
    completion_tokens: 74,
    total_tokens: 3486,
    metadata: { user_api_key_alias: key },
  };
}
