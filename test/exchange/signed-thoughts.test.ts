import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { isObject, type JsonObject } from '../../src/core/json-object.ts';
import { wireCase } from '../dialects/wire-case.ts';
import { FakeProvider, type Behaviour } from '../support/fake-provider.ts';
import { startGateway, type TestGateway } from '../support/gateway.ts';
import { wire } from '../support/wire-answers.ts';

/** What a model thought, as its provider proves it, comes back to that provider with the results of its tools. */

const PROVIDERS = {
  anthropic: { model: 'anthropic/claude-sonnet-4-5', answer: 'anthropic/thinking-with-tools' },
  gemini: { model: 'gemini/gemini-3-flash-preview', answer: 'gemini/tools' },
  bedrock: { model: 'bedrock/us.anthropic.claude-sonnet-4-20250514-v1:0', answer: 'bedrock/thinking-with-tools' },
} as const;
type Name = keyof typeof PROVIDERS;
const NAMES = Object.keys(PROVIDERS) as Name[];

let provider: FakeProvider;
let gateway: TestGateway;
let key: string;

beforeAll(async () => {
  provider = await FakeProvider.start();
  const signing = 'aws_access_key_id: AKIAEXAMPLE00000, aws_secret_access_key: a-very-secret-access-key, aws_region_name: eu-central-1';
  const rows = Object.entries(PROVIDERS).map(
    ([name, { model }]) =>
      `  - { model_name: ${name}, litellm_params: { model: "${model}", api_base: "${provider.url}", ${name === 'bedrock' ? signing : 'api_key: sk-provider'} } }`,
  );
  gateway = await startGateway(`model_list:\n${rows.join('\n')}\nrouter_settings: { num_retries: 0, disable_cooldowns: true }\n`);
});

afterAll(async () => {
  await gateway.stop();
  await provider.stop();
});

/** Answers by the provider's own words, its frames or its events where a stream was asked for. */
function answered(name: Name): Behaviour {
  const { answer } = PROVIDERS[name];
  return (request, response) => {
    const streams = request.path.includes('stream') || request.json['stream'] === true;
    return wire(answer)({ ...request, json: { ...request.json, stream: streams } }, response);
  };
}

/** Every signature that stands in a value, wherever. */
function signaturesIn(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(signaturesIn);
  if (!isObject(value)) return [];
  return Object.entries(value).flatMap(([name, inner]) =>
    /^(?:thoughtS|s)ignature$/.test(name) && typeof inner === 'string' ? [inner] : signaturesIn(inner),
  );
}

const TOOLS = ['get_weather', 'check_flight', 'HassTurnOn', 'GetState'];
const schema = { type: 'object', properties: { city: { type: 'string' }, name: { type: 'string' } } };

/** A client: how it asks, and how it goes on from what it was told. */
interface Client {
  readonly path: string;
  first(model: string, stream: boolean): JsonObject;
  /** @param answer whole, or what the events of a stream fold to */
  next(model: string, answer: JsonObject): JsonObject;
  folded(events: readonly JsonObject[]): JsonObject;
}

const textIn = (object: JsonObject, name: string): string => (typeof object[name] === 'string' ? object[name] : '');
const joined = (objects: readonly JsonObject[], name: string): string => objects.map((object) => textIn(object, name)).join('');
const list = (value: unknown): JsonObject[] => (Array.isArray(value) ? value : []) as JsonObject[];

const chat: Client = {
  path: '/v1/chat/completions',
  first: (model, stream) => ({
    model,
    stream,
    reasoning_effort: 'low',
    tools: TOOLS.map((name) => ({ type: 'function', function: { name, parameters: schema } })),
    messages: [{ role: 'user', content: 'Lights?' }],
  }),
  next: (model, answer) => {
    const message = list(answer['choices'])[0]?.['message'] as JsonObject;
    const calls = list(message['tool_calls']);
    const results = calls.map(({ id }) => ({ role: 'tool', tool_call_id: id, content: 'done' }));
    const { messages, ...asked } = chat.first(model, false);
    return { ...asked, messages: [...list(messages), message, ...results] };
  },
  folded: (chunks) => {
    const deltas = chunks.flatMap((chunk) => list(chunk['choices']).map(({ delta }) => delta as JsonObject));
    const calls: JsonObject[] = [];
    for (const call of deltas.flatMap((delta) => list(delta['tool_calls']))) {
      const at = Number(call['index']);
      const before = calls[at];
      const { arguments: piece = '', ...named } = (call['function'] ?? {}) as { arguments?: string };
      const already = ((before?.['function'] ?? {}) as { arguments?: string }).arguments ?? '';
      const { index: _index, ...rest } = { ...before, ...call };
      calls[at] = { ...rest, function: { ...(before?.['function'] as object | undefined), ...named, arguments: already + piece } };
    }
    const blocks = deltas.flatMap((delta) => list(delta['thinking_blocks'])).filter((block) => block['signature']);
    const thought = joined(deltas, 'reasoning_content');
    return {
      choices: [
        {
          message: {
            role: 'assistant',
            content: joined(deltas, 'content'),
            tool_calls: calls,
            ...(blocks.length > 0 ? { thinking_blocks: blocks.map((block) => ({ ...block, thinking: thought })) } : {}),
          },
        },
      ],
    };
  },
};

/** A chat client that keeps what OpenAI's protocol has and loses the rest. */
const plainChat: Client = {
  ...chat,
  next: (model, answer) => {
    const whole = chat.next(model, answer);
    const messages = list(whole['messages']).map(({ role, content, tool_calls: calls, tool_call_id: id }) => ({
      role,
      content,
      ...(id === undefined ? {} : { tool_call_id: id }),
      ...(calls === undefined
        ? {}
        : { tool_calls: list(calls).map(({ id: call, function: f }) => ({ id: call, type: 'function', function: { name: (f as JsonObject)['name'], arguments: (f as JsonObject)['arguments'] } })) }), // prettier-ignore
    }));
    return { ...whole, messages };
  },
};

const messages: Client = {
  path: '/v1/messages',
  first: (model, stream) => ({
    model,
    stream,
    max_tokens: 4000,
    thinking: { type: 'enabled', budget_tokens: 1024 },
    tools: TOOLS.map((name) => ({ name, input_schema: schema })),
    messages: [{ role: 'user', content: 'Lights?' }],
  }),
  next: (model, { content }) => {
    const { messages: before, ...asked } = messages.first(model, false);
    const results = list(content).filter(({ type }) => type === 'tool_use').map(({ id }) => ({ type: 'tool_result', tool_use_id: id, content: 'done' })); // prettier-ignore
    return { ...asked, messages: [...list(before), { role: 'assistant', content }, { role: 'user', content: results }] };
  },
  folded: (events) => {
    const content: JsonObject[] = [];
    for (const event of events) {
      const at = Number(event['index']);
      if (event['type'] === 'content_block_start') content[at] = { ...(event['content_block'] as JsonObject) };
      const block = content[at];
      if (event['type'] !== 'content_block_delta' || !block) continue;
      const delta = event['delta'] as Record<string, string>;
      if (delta['type'] === 'input_json_delta') block['json'] = `${textIn(block, 'json')}${delta['partial_json']}`;
      for (const name of ['text', 'thinking', 'signature']) if (delta[name] !== undefined) block[name] = textIn(block, name) + delta[name];
    }
    return {
      content: content.map(({ json, ...block }) =>
        json === undefined ? block : { ...block, input: JSON.parse(textIn({ json }, 'json')) as unknown },
      ),
    };
  },
};

const responses: Client = {
  path: '/v1/responses',
  first: (model, stream) => ({
    model,
    stream,
    reasoning: { effort: 'low' },
    include: ['reasoning.encrypted_content'],
    tools: TOOLS.map((name) => ({ type: 'function', name, parameters: schema })),
    input: [{ role: 'user', content: 'Lights?' }],
  }),
  next: (model, { output }) => {
    const { input, ...asked } = responses.first(model, false);
    return { ...asked, input: [...list(input), ...list(output), ...resultsOf(output)] };
  },
  folded: (events) => events.at(-1)?.['response'] as JsonObject,
};

/** The same, which names the turn before in place of telling it. */
const nextResponse: Client = {
  ...responses,
  next: (model, { id, output }) => ({ ...responses.first(model, false), previous_response_id: id, input: resultsOf(output) }),
};

function resultsOf(output: unknown): JsonObject[] {
  return list(output).filter(({ type }) => type === 'function_call').map(({ call_id: id }) => ({ type: 'function_call_output', call_id: id, output: 'done' })); // prettier-ignore
}

const CLIENTS = { chat, 'chat that loses them': plainChat, messages, responses, 'responses by their id': nextResponse };

async function asked(client: Client, body: JsonObject): Promise<JsonObject> {
  const answer = await gateway.call('POST', client.path, body, key);
  const text = await answer.text();
  expect(answer.status, text).toBe(200);
  if (body['stream'] !== true) return JSON.parse(text) as JsonObject;
  const events = text.split('\n').flatMap((line) => (line.startsWith('data: {') ? [JSON.parse(line.slice(6)) as JsonObject] : []));
  return client.folded(events);
}

describe.each(Object.entries(CLIENTS))('asked as %s,', (_name, client) => {
  test.each(NAMES.flatMap((name) => [[name, false] as const, [name, true] as const]))(
    '%s gets its own signature back (streamed: %s)',
    async (name, stream) => {
      key = await gateway.key();
      provider.behaviour = answered(name);
      const first = await asked(client, client.first(name, stream));
      await asked(client, client.next(name, first));
      const [expected] = signaturesIn(wireCase(PROVIDERS[name].answer).response);
      expect(expected).toBeTypeOf('string');
      expect(signaturesIn(provider.last.json)).toContain(expected);
    },
  );
});

test('none of them reaches another provider', async () => {
  key = await gateway.key();
  for (const [from, to] of [
    ['anthropic', 'gemini'],
    ['gemini', 'anthropic'],
    ['bedrock', 'gemini'],
  ] as const) {
    for (const client of Object.values(CLIENTS)) {
      provider.behaviour = answered(from);
      const first = await asked(client, client.first(from, false));
      const [secret] = signaturesIn(wireCase(PROVIDERS[from].answer).response);
      provider.behaviour = answered(to);
      await asked(client, client.next(to, first));
      expect(JSON.stringify(provider.last.json)).not.toContain(secret);
    }
  }
});
