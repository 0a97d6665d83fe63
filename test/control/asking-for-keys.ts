import { expect } from 'vitest';
import { startGateway, type TestGateway } from '../support/gateway.ts';

/** A call to `mock` costs exactly 0.1 dollar (20 tokens of output), one to `other` the same, one to `free` nothing. */
export const MOCKED = `
model_list:
  - model_name: mock
    litellm_params: { model: openai/upstream, api_key: sk-provider, mock_response: Hello, input_cost_per_token: 0, output_cost_per_token: 0.005 }
  - model_name: other
    litellm_params: { model: openai/upstream, api_key: sk-provider, mock_response: Hello, input_cost_per_token: 0, output_cost_per_token: 0.005 }
  - model_name: free
    litellm_params: { model: openai/upstream, api_key: sk-provider, mock_response: Hello, input_cost_per_token: 0, output_cost_per_token: 0 }
`;

/** A gateway whose answers are read as JSON. */
export interface AskedGateway extends TestGateway {
  /** POSTs to a key route. Numbers of the answer are doubles; `text` has their digits. */
  post(path: string, body: unknown, key?: string): Promise<Told>;
  get(path: string, key?: string): Promise<Told>;
  /** A chat call of the key. */
  chat(key: string, model?: string, more?: Record<string, unknown>): Promise<Told>;
  /** A key with its whole answer. */
  made(body?: Record<string, unknown>): Promise<Told>;
}

export interface Told {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  readonly body: Record<string, unknown>;
}

export async function startAsked(yaml: string = MOCKED, env: Record<string, string> = {}): Promise<AskedGateway> {
  const gateway = await startGateway(yaml, env);
  const told = async (answer: Response): Promise<Told> => {
    const text = await answer.text();
    return { status: answer.status, headers: answer.headers, text, body: JSON.parse(text) as Record<string, unknown> };
  };
  const post: AskedGateway['post'] = async (path, body, key) => told(await gateway.call('POST', path, body, key));
  return {
    ...gateway,
    post,
    get: async (path, key) => told(await gateway.call('GET', path, undefined, key)),
    chat: (key, model = 'mock', more = {}) =>
      post('/v1/chat/completions', { model, messages: [{ role: 'user', content: 'Hi' }], max_tokens: 20, ...more }, key),
    async made(body = {}) {
      const answer = await post('/key/generate', body);
      expect(answer.status, answer.text).toBe(200);
      return answer;
    },
  };
}

export function keyIn({ body }: Told): string {
  return String(body['key']);
}

/** The stored key as `/key/info` shows it. */
export async function infoOf(gateway: AskedGateway, key: string): Promise<Record<string, unknown>> {
  const answer = await gateway.get(`/key/info?key=${key}`);
  expect(answer.status, answer.text).toBe(200);
  return answer.body['info'] as Record<string, unknown>;
}

/** The message of an error answer, in both of its forms. */
export function messageOf({ body }: Told): string {
  const { error, detail } = body as { error: { message: string }; detail?: unknown };
  if (detail !== undefined) expect(detail).toBe(error.message);
  return error.message;
}
