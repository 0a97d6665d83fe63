import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ANTHROPIC_PYTHON } from '../../scripts/python-clients.ts';
import { ensurePython } from '../../scripts/python-env.ts';
import { FakeProvider, json, type Behaviour } from '../support/fake-provider.ts';
import { startGateway, type TestGateway } from '../support/gateway.ts';
import { wire } from '../support/wire-answers.ts';

interface Spoken {
  readonly text: string;
  readonly model: string;
  readonly stop_reason: string;
  readonly usage: [number, number];
  readonly streamed: string;
  readonly calls: [string, object][];
  readonly calls_streamed: [string, object][];
  readonly tool_stop: string;
  readonly after_results: string;
  readonly counted: number;
}

interface Failure {
  readonly raised: string | null;
  readonly status: number;
  readonly type: string;
}

interface Results extends Record<'openai' | 'anthropic' | 'ollama', Spoken> {
  readonly by_token: string;
  readonly failures: Readonly<Record<string, Failure>>;
}

const STATUSES = [400, 401, 404, 429, 500, 529];

/** What the provider does for each model of its own. */
const ANSWERS: Readonly<Record<string, Behaviour>> = {
  'gpt-4o': wire('openai/text'),
  'gpt-4o-mini': wire('openai/parallel-tools'),
  'claude-sonnet-4-5': wire('anthropic/text'),
  'claude-haiku-4-5': wire('anthropic/parallel-tools'),
  'qwen3:8b': wire('ollama/text'),
  'qwen3:4b': wire('ollama/tool-calls'),
  ...Object.fromEntries(STATUSES.map((status) => [`status-${status}`, json({ error: { message: 'no', type: 'some_error' } }, status)])),
};

let provider: FakeProvider;
let gateway: TestGateway;
let results: Results;

beforeAll(async () => {
  provider = await FakeProvider.start(
    (request, response) =>
    request.path.includes('count_tokens') ? json({ input_tokens: 8 })(request, response) : ANSWERS[String(request.json['model'])]?.(request, response), // prettier-ignore
  );
  const row = (name: string, model: string, base: string): string =>
    `  - { model_name: ${name}, litellm_params: { model: "${model}", api_base: "${base}", api_key: sk-provider } }\n`;
  const { url } = provider;
  gateway = await startGateway(`model_list:
${row('openai', 'openai/gpt-4o', `${url}/v1`)}${row('openai-tools', 'openai/gpt-4o-mini', `${url}/v1`)}${row('anthropic', 'anthropic/claude-sonnet-4-5', url)}${row('anthropic-tools', 'anthropic/claude-haiku-4-5', url)}${row('ollama', 'ollama_chat/qwen3:8b', url)}${row('ollama-tools', 'ollama_chat/qwen3:4b', url)}${STATUSES.map((status) => row(`status-${status}`, `openai/status-${status}`, `${url}/v1`)).join('')}
router_settings: { num_retries: 0, disable_cooldowns: true }
`);
  const python = await ensurePython(ANTHROPIC_PYTHON);
  const narrow = await gateway.key({ models: ['ollama'] });
  const { stdout } = await promisify(execFile)(
    python,
    [join(import.meta.dirname, 'anthropic-python.py'), gateway.url.replace('127.0.0.1', 'localhost'), gateway.masterKey, narrow],
    { timeout: 120_000 },
  );
  results = JSON.parse(stdout) as Results;
}, 240_000);

afterAll(async () => {
  await gateway.stop();
  await provider.stop();
});

const TEXTS = {
  openai: 'Grüß Gott! 🌍 "How" can I\nhelp?',
  anthropic: 'Grüße aus Köln! 🌧️',
  ollama: 'Light scatters — blue most 🌍.',
} as const;

describe.each(['openai', 'anthropic', 'ollama'] as const)('through Anthropic’s official Python client, %s', (dialect) => {
  test('answers, and streams the same', () => {
    const { text, streamed, model, stop_reason: reason, usage } = results[dialect];
    expect([text, streamed, model, reason]).toEqual([TEXTS[dialect], TEXTS[dialect], dialect, 'end_turn']);
    for (const tokens of usage) expect(tokens).toBeGreaterThan(0);
  });

  test('calls tools, streamed and not, and goes on from their results', () => {
    const { calls, calls_streamed: streamed, tool_stop: reason, after_results: after } = results[dialect];
    expect(calls.length).toBeGreaterThan(1);
    expect(streamed).toEqual(calls);
    expect(reason).toBe('tool_use');
    expect(after).toBe(TEXTS[dialect]);
  });

  test('counts tokens', () => {
    expect(results[dialect].counted).toBeGreaterThan(0);
  });
});

test('a key may come as a token', () => {
  expect(results.by_token).toBe(TEXTS.openai);
});

test.each<[string, string, number, string]>([
  ['unknown model', 'BadRequestError', 400, 'invalid_request_error'],
  ['unknown key', 'AuthenticationError', 401, 'authentication_error'],
  ['other model', 'PermissionDeniedError', 403, 'permission_error'],
  ['400', 'BadRequestError', 400, 'invalid_request_error'],
  ['401', 'AuthenticationError', 401, 'authentication_error'],
  ['404', 'NotFoundError', 404, 'not_found_error'],
  ['429', 'RateLimitError', 429, 'rate_limit_error'],
  ['500', 'InternalServerError', 500, 'api_error'],
  ['529', 'OverloadedError', 529, 'overloaded_error'],
])('%s is the exception that programs catch', (name, raised, status, type) => {
  expect(results.failures[name]).toEqual({ raised, status, type });
});
