import { completion, FakeProvider, json, streamedEvents, type Behaviour } from '../../support/fake-provider.ts';

const USAGE = { prompt_tokens: 1000, completion_tokens: 200, total_tokens: 1200, prompt_tokens_details: { cached_tokens: 400 } };

/** A provider whose models do as they are called, and the configuration with them. */
export interface CalledModels {
  readonly yaml: string;
  stop(): Promise<void>;
}

export async function startModels(): Promise<CalledModels> {
  const provider = await FakeProvider.start((request, response) => {
    const model = String(request.json['model']);
    return (BEHAVIOURS[model] ?? json(completion('Hello', USAGE)))(request, response);
  });
  const at = `api_base: ${provider.url}/v1, api_key: sk-provider-secret`;
  const price = 'input_cost_per_token: 0.000003, output_cost_per_token: 0.000015, cache_read_input_token_cost: 0.0000003';
  const yaml = `
model_list:
  - { model_name: assist, litellm_params: { model: openai/up-assist, ${at}, ${price} } }
  - { model_name: slow, litellm_params: { model: openai/up-slow, ${at}, ${price} } }
  - { model_name: broken, litellm_params: { model: openai/up-broken, ${at}, ${price} } }
  - { model_name: wandering, litellm_params: { model: openai/up-busy, ${at}, ${price}, order: 1 } }
  - { model_name: wandering, litellm_params: { model: openai/up-busy-too, ${at}, ${price}, order: 2 } }
  - { model_name: unpriced, litellm_params: { model: openai/nobody-knows-it, ${at} } }
  - { model_name: '${CANARY}', litellm_params: { model: 'openai/${CANARY}', ${at}, ${price} } }
router_settings: { num_retries: 0, fallbacks: [{ wandering: [assist] }] }
general_settings: { proxy_batch_write_at: 1 }
`;
  return { yaml, stop: () => provider.stop() };
}

/** A name that would be markup if it were ever taken for it. */
export const CANARY = '<img src=x onerror=alert(1)>';

const BEHAVIOURS: Readonly<Record<string, Behaviour>> = {
  'up-broken': json({ error: { message: `Out of order ${CANARY}`, type: 'server_error', code: null } }, 500),
  'up-busy': json({ error: { message: 'Slow down', type: 'rate_limit', code: null } }, 429),
  'up-busy-too': json({ error: { message: 'Still busy', type: 'server_error', code: null } }, 503),
  'up-slow': async (_request, response) => {
    const [role = '', first = '', ...rest] = streamedEvents(['Hel', 'lo']);
    await pause(60);
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.write(role + first);
    await pause(120);
    response.end(rest.join(''));
  },
};

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
