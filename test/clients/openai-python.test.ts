import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { OPENAI_PYTHON } from '../../scripts/python-clients.ts';
import { ensurePython } from '../../scripts/python-env.ts';
import { completion, FakeProvider, json, stream, streamedEvents, type Behaviour } from '../support/fake-provider.ts';
import { startGateway, type TestGateway } from '../support/gateway.ts';
import { inTurn, wire } from '../support/wire-answers.ts';

interface Failure {
  readonly raised: string | null;
  readonly status: number;
  readonly type: string;
  readonly code: string;
  readonly should_retry: string | null;
  readonly retry_after: string | null;
  readonly seconds: number;
}

interface Spoken {
  readonly text: string;
  readonly model: string;
  readonly usage: number;
  readonly stream: { readonly text: string; readonly ids: number; readonly finish: string[]; readonly usage: number };
  readonly folded: string;
  readonly calls: [string, string, object][];
  readonly calls_streamed: [string, string, object][];
  readonly parsed: object;
}

interface Results extends Record<'openai' | 'anthropic' | 'ollama', Spoken> {
  readonly vectors: number[][];
  readonly models: string[];
  readonly broken: { readonly text: string; readonly raised: string; readonly message: string };
  readonly failures: Readonly<Record<string, Failure>>;
  readonly slow: Failure;
  readonly gone: Failure;
  readonly stranger: Failure;
  readonly budget: Failure;
  readonly patient: { readonly text: string; readonly seconds: number };
}

/** What the provider does for each model of its own. */
const ANSWERS: Readonly<Record<string, Behaviour>> = {
  'openai-text': wire('openai/text'),
  'openai-tools': wire('openai/parallel-tools'),
  'openai-json': wire('openai/json-schema'),
  'anthropic-text': wire('anthropic/text'),
  'anthropic-tools': wire('anthropic/parallel-tools'),
  'anthropic-json': wire('anthropic/json-schema'),
  'ollama-text': wire('ollama/text'),
  'ollama-tools': wire('ollama/tool-calls'),
  'ollama-json': wire('ollama/structured'),
  'openai-broken': stream([
    ...streamedEvents(['Hel', 'lo']).slice(0, 3),
    'data: {"error":{"message":"the GPU is on fire","type":"server_error","code":500}}\n\n',
  ]),
  priced: json(completion('Hello')),
  slow: () => undefined,
  'once-429': inTurn(
    json({ error: { message: 'slow down', type: 'rate_limit_error' } }, 429, { 'retry-after': '1' }),
    json(completion('Hello')),
  ),
  vectors: (request, response) => {
    const asText = request.json['encoding_format'] === 'base64';
    const data = VECTORS.map((vector, index) => ({
      object: 'embedding',
      index,
      embedding: asText ? Buffer.from(new Float32Array(vector).buffer).toString('base64') : vector,
    }));
    return json({ object: 'list', data, model: 'm', usage: { prompt_tokens: 4, total_tokens: 4 } })(request, response);
  },
  ...Object.fromEntries(
    [400, 401, 403, 404, 422, 429, 500, 502, 503, 529].map((status) => [
      `status-${status}`,
      json({ error: { message: 'no', type: 'some_error' } }, status),
    ]),
  ),
};

const VECTORS = [
  [0.25, -0.5, 1],
  [0.125, 2, -3],
];

let provider: FakeProvider;
let gateway: TestGateway;
let results: Results;

beforeAll(async () => {
  provider = await FakeProvider.start((request, response) =>
    ANSWERS[String(request.json['model']).replace('claude-sonnet-4-5-', 'anthropic-')]?.(request, response),
  );
  const row = (name: string, model: string, base: string, more = ''): string =>
    `  - { model_name: ${name}, litellm_params: { model: ${model}, api_base: "${base}", api_key: sk-provider${more} } }\n`;
  const plain = Object.keys(ANSWERS).filter((name) => !/^(anthropic|ollama)-|^openai-(text|tools|json)$/.test(name));
  const spoken = (['openai', 'anthropic', 'ollama'] as const).flatMap((dialect) =>
    ['text', 'tools', 'json'].map((kind) =>
      row(
        kind === 'text' ? dialect : `${dialect}-${kind}`,
        { openai: `openai/openai-${kind}`, anthropic: `anthropic/claude-sonnet-4-5-${kind}`, ollama: `ollama_chat/ollama-${kind}` }[
          dialect
        ],
        dialect === 'openai' ? `${provider.url}/v1` : provider.url,
      ),
    ),
  );
  gateway = await startGateway(`model_list:
${spoken.join('')}${plain.map((name) => row(name, `openai/${name}`, `${provider.url}/v1`, { slow: ', timeout: 0.3', priced: ', input_cost_per_token: 0.01, output_cost_per_token: 0.01' }[name])).join('')}${row('gone', 'openai/gone', 'http://127.0.0.1:1/v1')}
router_settings: { num_retries: 0, disable_cooldowns: true }
`);
  const python = await ensurePython(OPENAI_PYTHON);
  const budgetKey = await gateway.key({ max_budget: 0.01 });
  // Without `/v1`, as people write it (data-plane 4).
  const { stdout } = await promisify(execFile)(
    python,
    [join(import.meta.dirname, 'openai-python.py'), gateway.url.replace('127.0.0.1', 'localhost'), gateway.masterKey, budgetKey],
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

describe.each(['openai', 'anthropic', 'ollama'] as const)('through the official Python client, %s', (dialect) => {
  test('answers, and streams the same', () => {
    const { text, model, usage, stream: streamed, folded } = results[dialect];
    expect([text, model, folded]).toEqual([TEXTS[dialect], dialect, TEXTS[dialect]]);
    expect(streamed).toEqual({ text: TEXTS[dialect], ids: 1, finish: ['stop'], usage });
  });

  test('calls tools in parallel, streamed and not', () => {
    const { calls, calls_streamed: streamed } = results[dialect];
    expect(calls.length).toBeGreaterThan(1);
    expect(new Set(calls.map(([id]) => id)).size).toBe(calls.length);
    expect(streamed).toEqual(calls);
  });

  test('gives an answer of the asked shape', () => {
    expect(results[dialect].parsed).toEqual(
      { openai: { stars: 4 }, anthropic: { name: 'Ada', age: 36 }, ollama: { name: 'fig' } }[dialect],
    );
  });
});

test('embeddings are numbers, models are listed', () => {
  expect(results.vectors).toEqual(VECTORS);
  expect(results.models).toEqual(expect.arrayContaining(['openai', 'anthropic', 'ollama', 'vectors']));
});

test.each([
  ['400', 'BadRequestError'],
  ['401', 'AuthenticationError'],
  ['403', 'PermissionDeniedError'],
  ['404', 'NotFoundError'],
  ['422', 'UnprocessableEntityError'],
  ['429', 'RateLimitError'],
  ['500', 'InternalServerError'],
  ['502', 'InternalServerError'],
  ['503', 'InternalServerError'],
  ['529', 'InternalServerError'],
])('a provider that says %s raises %s', (status, raised) => {
  expect(results.failures[status]).toMatchObject({ raised, status: Number(status), type: 'some_error', code: status, param: null });
});

test('our own refusals raise their classes', () => {
  expect(results.slow).toMatchObject({ raised: 'APIStatusError', status: 408, type: 'timeout_error' });
  expect(results.gone).toMatchObject({ raised: 'InternalServerError', status: 502, type: 'api_connection_error' });
  expect(results.stranger).toMatchObject({ raised: 'AuthenticationError', type: 'token_not_found_in_db' });
});

test('a spent budget is not tried again; a wait that the provider asks for is obeyed', () => {
  expect(results.budget).toMatchObject({ raised: 'UnprocessableEntityError', type: 'budget_exceeded', should_retry: 'false' });
  expect(results.budget.seconds).toBeLessThan(1);
  expect(results.patient.text).toBe('Hello');
  expect(results.patient.seconds).toBeGreaterThan(0.95);
});

test('an error in the middle of a stream is raised after the text that came', () => {
  expect(results.broken).toMatchObject({ text: 'Hello', raised: 'APIError', message: expect.stringContaining('the GPU is on fire') });
});
