import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { FakeProvider, json, type SeenRequest } from '../support/fake-provider.ts';
import { startGateway, type TestGateway } from '../support/gateway.ts';
import { wire } from '../support/wire-answers.ts';

/** Requests as Claude Code makes them, written from its documentation and Anthropic's. */

let provider: FakeProvider;
let gateway: TestGateway;
let key: string;

const GROUPS = ['anthropic', 'openai', 'ollama', 'gemini'] as const;
type Group = (typeof GROUPS)[number];

beforeAll(async () => {
  provider = await FakeProvider.start();
  const { url } = provider;
  const row = (name: string, model: string, base = url): string =>
    `  - { model_name: ${name}, litellm_params: { model: "${model}", api_base: "${base}", api_key: sk-provider } }\n`;
  gateway = await startGateway(`model_list:
${row('anthropic', 'anthropic/claude-sonnet-4-5')}${row('openai', 'openai/gpt-5', `${url}/v1`)}${row('ollama', 'ollama_chat/qwen3:8b')}${row('gemini', 'gemini/gemini-2.5-pro', `${url}/v1beta`)}
router_settings: { num_retries: 0, disable_cooldowns: true }
`);
  key = await gateway.key({ max_budget: 5 });
});

beforeEach(() => {
  provider.seen.length = 0;
});

afterAll(async () => {
  await gateway.stop();
  await provider.stop();
});

const BETAS = 'claude-code-20250219,interleaved-thinking-2025-05-14,context-management-2025-06-27,prompt-caching-scope-2026-01-05';
const HEADERS = {
  'anthropic-version': '2023-06-01',
  'anthropic-beta': BETAS,
  'anthropic-dangerous-direct-browser-access': 'true',
  'x-app': 'cli',
  'user-agent': 'claude-cli/2.1.20 (external, cli)',
  'x-stainless-lang': 'js',
  'x-stainless-retry-count': '0',
};
const USER = JSON.stringify({ device_id: 'a'.repeat(64), account_uuid: '', session_id: '5f0c6c2e-9d2e-4b9c-8a57-1d6d9d6c0f11' });
const CACHED = { cache_control: { type: 'ephemeral' } };
const BILLING = 'x-anthropic-billing-header: cc_version=2.1.20.abc; cc_entrypoint=cli; cch=00000;';

const TOOLS = [
  {
    name: 'Bash',
    description: 'Runs a command.',
    input_schema: {
      $schema: 'https://json-schema.org/draft/2020-12/schema',
      type: 'object',
      properties: {
        command: { type: 'string' },
        timeout: { type: 'number', exclusiveMinimum: 0 },
        run_in_background: { type: 'boolean' },
      },
      required: ['command'],
      additionalProperties: false,
    },
  },
  { name: 'get_weather', description: 'Tells the weather.', input_schema: { type: 'object', properties: { city: { type: 'string' } } } },
  { name: 'get_time', description: 'Tells the time.', input_schema: { type: 'object', properties: {} } },
  {
    name: 'mcp__home-assistant__HassTurnOn',
    description: 'Turns on.',
    input_schema: { type: 'object', properties: { name: { type: 'string' } } },
  },
];

/** The request of the main loop: a system prompt in blocks, tools, thinking, marks of the cache, a history with a call. */
const loop = (model: string) => ({
  model,
  max_tokens: 32_000,
  stream: true,
  system: [
    { type: 'text', text: BILLING },
    { type: 'text', text: 'You are Claude Code.', ...CACHED },
    { type: 'text', text: 'Work in the folder.', ...CACHED },
  ],
  thinking: { type: 'enabled', budget_tokens: 31_999 },
  context_management: { edits: [{ type: 'clear_thinking_20251015', keep: 'all' }] },
  metadata: { user_id: USER },
  tools: TOOLS,
  messages: [
    {
      role: 'user',
      content: [
        { type: 'text', text: '<system-reminder>Today is Monday.</system-reminder>' },
        { type: 'text', text: 'List the files', ...CACHED },
      ],
    },
    {
      role: 'assistant',
      content: [
        { type: 'text', text: 'I look.' },
        { type: 'tool_use', id: 'toolu_01A', name: 'Bash', input: { command: 'ls' } },
      ],
    },
    {
      role: 'user',
      content: [
        { type: 'tool_result', tool_use_id: 'toolu_01A', content: [{ type: 'text', text: 'a.txt' }], is_error: false },
        { type: 'text', text: 'And now?', ...CACHED },
      ],
    },
  ],
});

function ask(path: string, body: unknown): Promise<Response> {
  return fetch(gateway.url + path, {
    method: 'POST',
    headers: { ...HEADERS, authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
}

interface Event {
  readonly type: string;
  readonly index?: number;
  readonly message?: { readonly usage: object };
}

async function eventsOf(answer: Response): Promise<Event[]> {
  const text = await answer.text();
  return text.split('\n\n').flatMap((event) => {
    const data = /^data: (.*)$/m.exec(event)?.[1];
    return data === undefined ? [] : [JSON.parse(data) as Event];
  });
}

/** Blocks open and close one after another, between the message's start and its end. */
function expectLawful(events: readonly Event[]): void {
  const types = events.map(({ type }) => type).filter((type) => type !== 'ping');
  expect(types[0]).toBe('message_start');
  expect(types.slice(-2)).toEqual(['message_delta', 'message_stop']);
  let open: number | null = null;
  let next = 0;
  for (const { type, index } of events) {
    if (type === 'content_block_start') {
      expect([open, index]).toEqual([null, next++]);
      open = index ?? null;
    } else if (type === 'content_block_delta') expect(index).toBe(open);
    else if (type === 'content_block_stop') {
      expect(index).toBe(open);
      open = null;
    }
  }
  expect(open).toBe(null);
}

const ANSWER: Readonly<Record<Group, string>> = {
  anthropic: 'anthropic/parallel-tools',
  openai: 'openai/parallel-tools',
  ollama: 'ollama/tool-calls',
  gemini: 'gemini/parallel-tools',
};

describe.each(GROUPS)('the main loop before %s', (group) => {
  test('streams lawful events with calls of its tools', async () => {
    provider.behaviour = answered(group);
    const answer = await ask('/v1/messages?beta=true', loop(group));
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toContain('text/event-stream');
    const events = await eventsOf(answer);
    expectLawful(events);
    expect(JSON.stringify(events)).toContain('"tool_use"');
  });

  test('asks the provider for all that it can say', async () => {
    provider.behaviour = answered(group);
    await (await ask('/v1/messages?beta=true', loop(group))).text();
    expectAsked[group](provider.last);
  });

  test('probes, and counts what a request would read', async () => {
    provider.behaviour = (request, response) =>
      request.path.includes('count_tokens') ? json({ input_tokens: 99 })(request, response) : answered(group)(request, response);
    const probe = await ask('/v1/messages?beta=true', {
      model: group,
      max_tokens: 1,
      messages: [{ role: 'user', content: 'quota' }],
      metadata: { user_id: USER },
    });
    expect(probe.status).toBe(200);
    expect(await probe.json()).toMatchObject({ type: 'message', role: 'assistant', model: group });
    const { model, messages, system, tools } = loop(group);
    const counted = await ask('/v1/messages/count_tokens?beta=true', { model, messages, system, tools });
    expect(counted.status).toBe(200);
    expect(((await counted.json()) as { input_tokens: number }).input_tokens).toBeGreaterThan(50);
  });
});

function answered(group: Group) {
  return (request: SeenRequest, response: Parameters<ReturnType<typeof wire>>[1]) => {
    // Gemini says by its path whether it streams.
    const asked = group === 'gemini' ? { ...request, json: { ...request.json, stream: request.path.includes('stream') } } : request;
    return wire(ANSWER[group])(asked, response);
  };
}

const expectAsked: Readonly<Record<Group, (request: SeenRequest) => void>> = {
  anthropic: ({ headers, json: body, path }) => {
    expect(path).toBe('/v1/messages');
    expect(headers['anthropic-beta']).toBe(BETAS);
    expect(headers['x-api-key']).toBe('sk-provider');
    // To the byte what the client wrote, but for the model.
    expect(body).toEqual({ ...loop('claude-sonnet-4-5') });
  },
  openai: ({ headers, json: body }) => {
    expect(headers['anthropic-beta']).toBeUndefined();
    const [system, ...messages] = body['messages'] as { role: string; content: unknown; tool_calls?: { function: { name: string } }[] }[];
    expect(JSON.stringify(system)).not.toContain('billing');
    expect(JSON.stringify(system)).toContain('You are Claude Code.');
    expect(messages.map(({ role }) => role)).toEqual(['user', 'assistant', 'tool', 'user']);
    expect(messages[1]?.tool_calls?.[0]?.function.name).toBe('Bash');
    expect((body['tools'] as unknown[]).length).toBe(TOOLS.length);
    expect(body['reasoning_effort']).toBe('high');
    expect(JSON.stringify(body)).not.toContain('cache_control');
  },
  ollama: ({ json: body }) => {
    expect(JSON.stringify(body)).not.toContain('billing');
    expect((body['tools'] as unknown[]).length).toBe(TOOLS.length);
  },
  gemini: ({ json: body }) => {
    expect(JSON.stringify(body)).not.toContain('billing');
    const [{ functionDeclarations = [] } = {}] = body['tools'] as { functionDeclarations?: { name: string }[] }[];
    expect(functionDeclarations).toHaveLength(TOOLS.length);
    expect(JSON.stringify(body)).not.toContain('cache_control');
  },
};

test('a background model that nobody set up is told as an ordinary error, in Anthropic’s shape', async () => {
  const answer = await ask('/v1/messages?beta=true', {
    model: 'claude-haiku-4-5-20251001',
    max_tokens: 512,
    messages: [{ role: 'user', content: 'Name this talk' }],
  });
  expect(answer.status).toBe(400);
  expect(await answer.json()).toMatchObject({ type: 'error', error: { type: 'invalid_request_error' } });
});

test('the list of models is there under the key that it sends', async () => {
  const answer = await fetch(`${gateway.url}/v1/models`, { headers: { ...HEADERS, authorization: `Bearer ${key}` } });
  expect(answer.status).toBe(200);
  expect(JSON.stringify(await answer.json())).toContain('"openai"');
});
