import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { foldStream } from '../../src/core/fold-stream.ts';
import { openai } from '../../src/dialects/openai/index.ts';
import { readChatRequest } from '../../src/dialects/openai/chat/request.ts';
import { expectCutsChangeNothing, expectFoldEquals, readStream } from '../dialects/laws.ts';
import { target } from '../dialects/targets.ts';
import { wireCase } from '../dialects/wire-case.ts';
import { FakeProvider, json } from '../support/fake-provider.ts';
import { startGateway, type TestGateway } from '../support/gateway.ts';
import { inTurn, wire } from '../support/wire-answers.ts';
import { eventsIn, lastRow } from './leaks.ts';

const CASE = 'openai/databricks-thinking';
const { request, response, stream } = wireCase(CASE);
const SIGNATURE = 'EqQBCkYIBxgC+/=';
const THOUGHT = 'Bern lies in Switzerland: I look.';

describe('Claude’s thoughts in a content list', () => {
  const outward = openai.chat(readChatRequest({ messages: [{ role: 'user', content: 'Hi' }] }, 'm'), target('databricks', 'claude'));

  test('are read whole and streamed alike, with their signature', () => {
    const answer = outward.answer(response);
    expectFoldEquals(readStream([stream], 'sse', outward.reader()), answer);
    expectCutsChangeNothing(stream, 'sse', () => outward.reader());
    expect(answer.choices[0]?.parts.slice(0, 3)).toEqual([
      { type: 'reasoning', text: THOUGHT, signature: SIGNATURE, origin: 'anthropic' },
      { type: 'reasoning', text: '', encrypted: 'EncRyPt/ed=', origin: 'anthropic' },
      { type: 'text', text: 'I look up Bern. 🌦' },
    ]);
  });

  test('that are signed in part lose nothing', () => {
    const summary = [{ text: 'a', signature: 's' }, { text: 'b' }];
    const message = {
      content: [
        { type: 'reasoning', summary },
        { type: 'text', text: 'c' },
      ],
    };
    const { choices } = outward.answer({ choices: [{ message, finish_reason: 'stop' }] });
    expect(choices[0]?.parts).toEqual([
      { type: 'reasoning', text: 'a', signature: 's', origin: 'anthropic' },
      { type: 'reasoning', text: 'b' },
      { type: 'text', text: 'c' },
    ]);
    const unsigned = outward.answer({ choices: [{ message: { content: [{ type: 'reasoning', summary: [{ text: 'b' }] }] } }] });
    expect(unsigned.choices[0]?.parts).toEqual([{ type: 'reasoning', text: 'b' }]);
  });

  test('fold from any stream as they came', () => {
    const { usage } = foldStream(readStream([stream], 'sse', outward.reader()));
    expect(usage).toMatchObject({ inputTokens: 40, outputTokens: 30 });
  });
});

let provider: FakeProvider;
let gateway: TestGateway;

beforeAll(async () => {
  provider = await FakeProvider.start();
  const row = (name: string, model: string, more = 'api_key: dapi-secret'): string =>
    `  - { model_name: ${name}, litellm_params: { model: databricks/${model}, api_base: "${provider.url}/serving-endpoints", input_cost_per_token: 0.000003, output_cost_per_token: 0.000015, ${more} } }\n`;
  gateway = await startGateway(`model_list:
${row('claude', 'databricks-claude-sonnet-4-5')}${row('llama', 'databricks-llama-4-maverick')}${row('vectors', 'databricks-gte-large-en')}${row('principal', 'databricks-claude-sonnet-4-5', 'client_id: client, client_secret: shh')}
router_settings: { num_retries: 0, disable_cooldowns: true }
`);
});

afterAll(async () => {
  await gateway.stop();
  await provider.stop();
});

beforeEach(() => {
  provider.seen.length = 0;
});

const USER = { role: 'user', content: 'How is the weather in Bern?' };
const RESULT = { role: 'tool', tool_call_id: 'toolu_bdrk_01', content: 'Rain' };
const CALLS = [{ id: 'toolu_bdrk_01', type: 'function', function: { name: 'get_weather', arguments: '{"city":"Bern"}' } }];
const BLOCKS = [
  { type: 'thinking', thinking: THOUGHT, signature: SIGNATURE },
  { type: 'redacted_thinking', data: 'EncRyPt/ed=' },
];
const SENT_BACK = [
  { type: 'reasoning', summary: [{ type: 'summary_text', text: THOUGHT, signature: SIGNATURE }] },
  { type: 'reasoning', summary: [{ type: 'summary_encrypted_text', data: 'EncRyPt/ed=' }] },
];

const { model: _, ...ASKED } = request;
const ask = (more: object, model = 'claude'): Promise<Response> =>
  gateway.call('POST', '/v1/chat/completions', { ...ASKED, model, ...more });

interface Delta {
  readonly content?: string;
  readonly reasoning_content?: string;
  readonly thinking_blocks?: readonly unknown[];
}

interface Told {
  readonly choices: readonly { readonly message: Record<string, unknown> }[];
}

describe('Databricks', () => {
  test('is asked for Claude as its documentation says, and its thoughts are told in OpenAI’s words', async () => {
    provider.behaviour = wire(CASE);
    const answer = await ask({ user: null, messages: [{ ...USER, name: 'ann' }] });
    expect(answer.status).toBe(200);
    expect(provider.last).toMatchObject({ path: '/serving-endpoints/chat/completions', headers: { authorization: 'Bearer dapi-secret' } });
    expect(provider.last.json).toEqual(request);
    expect(((await answer.json()) as Told).choices[0]?.message).toMatchObject({
      content: 'I look up Bern. 🌦',
      reasoning_content: THOUGHT,
      thinking_blocks: BLOCKS,
      tool_calls: CALLS,
    });
    expect(await lastRow(gateway)).toMatchObject({ spend: '0.00057' });
  });

  test('streams them likewise', async () => {
    provider.behaviour = wire(CASE);
    const events = eventsIn(await (await ask({ stream: true })).text()) as { choices?: { delta: Delta }[] }[];
    const deltas = events.flatMap((event) => event.choices?.map(({ delta }) => delta) ?? []);
    expect(deltas.map((delta) => delta.reasoning_content ?? '').join('')).toBe(THOUGHT);
    expect(deltas.map((delta) => delta.content ?? '').join('')).toBe('I look up Bern. 🌦');
    expect(deltas.flatMap((delta) => delta.thinking_blocks ?? [])).toEqual([{ ...BLOCKS[0], thinking: '' }, BLOCKS[1]]);
  });

  test('gets back what a client brings back', async () => {
    provider.behaviour = wire('openai/text');
    const turn = {
      role: 'assistant',
      content: 'I look up Bern. 🌦',
      reasoning_content: THOUGHT,
      thinking_blocks: BLOCKS,
      tool_calls: CALLS,
    };
    await (await ask({ messages: [USER, turn, RESULT] })).text();
    expect((provider.last.json['messages'] as unknown[])[1]).toEqual({
      role: 'assistant',
      content: [...SENT_BACK, { type: 'text', text: 'I look up Bern. 🌦' }],
      tool_calls: CALLS,
    });
  });

  test.each([false, true])('gets back what a client lost with its tool calls; streamed: %s', async (streams) => {
    provider.behaviour = inTurn(wire(CASE), wire('openai/text'));
    await (await ask({ stream: streams })).text();
    const turn = { role: 'assistant', content: null, tool_calls: CALLS };
    await (await ask({ messages: [USER, turn, RESULT] })).text();
    expect((provider.last.json['messages'] as unknown[])[1]).toMatchObject({ content: SENT_BACK, tool_calls: CALLS });
  });

  test('gets no thoughts of others, nor any for models that are not Claude', async () => {
    provider.behaviour = wire('openai/text');
    const foreign = [
      { type: 'thinking', thinking: 'a', signature: 'gemini:abc' },
      { type: 'thinking', thinking: 'unsigned' },
    ];
    await (await ask({ messages: [USER, { role: 'assistant', content: 'x', thinking_blocks: foreign }, USER] })).text();
    expect((provider.last.json['messages'] as unknown[])[1]).toEqual({ role: 'assistant', content: 'x' });
    const { thinking: __, ...plain } = ASKED;
    const own = { role: 'assistant', content: 'x', thinking_blocks: BLOCKS };
    await (await gateway.call('POST', '/v1/chat/completions', { ...plain, model: 'llama', messages: [USER, own, USER] })).text();
    expect((provider.last.json['messages'] as unknown[])[1]).toEqual({ role: 'assistant', content: 'x' });
  });

  test('keeps cache marks for Claude alone', async () => {
    provider.behaviour = wire('openai/text');
    const content = [{ type: 'text', text: 'long', cache_control: { type: 'ephemeral' } }];
    for (const [model, kept] of [
      ['claude', true],
      ['llama', false],
    ] as const) {
      await (await gateway.call('POST', '/v1/chat/completions', { model, messages: [{ role: 'user', content }] })).text();
      expect(JSON.stringify(provider.last.json).includes('cache_control')).toBe(kept);
    }
  });

  test('tells Anthropic’s clients its signed thoughts, and takes them back', async () => {
    provider.behaviour = inTurn(wire(CASE), wire('openai/text'));
    const asked = { model: 'claude', max_tokens: 2048, thinking: { type: 'enabled', budget_tokens: 1024 } };
    const first = await gateway.call('POST', '/v1/messages', { ...asked, messages: [USER] });
    const { content } = (await first.json()) as { content: Record<string, unknown>[] };
    expect(content.slice(0, 2)).toEqual(BLOCKS);
    const result = { role: 'user', content: [{ type: 'tool_result', tool_use_id: 'toolu_bdrk_01', content: 'Rain' }] };
    await (await gateway.call('POST', '/v1/messages', { ...asked, messages: [USER, { role: 'assistant', content }, result] })).text();
    expect((provider.last.json['messages'] as unknown[])[1]).toMatchObject({
      content: [...SENT_BACK, { type: 'text', text: 'I look up Bern. 🌦' }],
      tool_calls: CALLS,
    });
    expect(provider.last.json['thinking']).toEqual(asked.thinking);
  });

  test('embeds', async () => {
    provider.behaviour = json({ object: 'list', data: [{ index: 0, object: 'embedding', embedding: [1, 2] }], model: 'gte', usage: { prompt_tokens: 4, total_tokens: 4 } }); // prettier-ignore
    const answer = await gateway.call('POST', '/v1/embeddings', { model: 'vectors', input: ['a'] });
    expect(await answer.json()).toMatchObject({ model: 'vectors', data: [{ embedding: [1, 2] }] });
    expect(provider.last).toMatchObject({
      path: '/serving-endpoints/embeddings',
      json: { model: 'databricks-gte-large-en', input: ['a'] },
    });
    expect(await lastRow(gateway)).toMatchObject({ spend: '0.000012' });
  });

  test.each([
    ['BAD_REQUEST', 'Invalid parameter: foo', 400, 'BadRequestError'],
    ['BAD_REQUEST', 'prompt is too long: 250000 tokens > 200000 maximum', 400, 'ContextWindowExceededError'],
    ['PERMISSION_DENIED', 'No permission', 403, 'PermissionDeniedError'],
    ['RESOURCE_DOES_NOT_EXIST', 'The given endpoint does not exist', 404, 'NotFoundError'],
    ['REQUEST_LIMIT_EXCEEDED', 'Exceeded workspace rate limit', 429, 'RateLimitError'],
    ['TEMPORARILY_UNAVAILABLE', 'The service is busy', 503, 'ServiceUnavailableError'],
  ])('refuses in its words: %s, %s', async (code, words, status, kind) => {
    provider.behaviour = json({ error_code: code, message: words }, status);
    const answer = await ask({});
    expect(answer.status).toBe(status);
    const { error } = (await answer.json()) as { error: { message: string } };
    expect(error.message).toContain(words);
    expect(error.message).toContain(kind);
    expect(JSON.stringify(error)).not.toContain('dapi-secret');
  });

  test('is asked by a token that it gives a service principal', async () => {
    const chat = wire('openai/text');
    provider.behaviour = (asked, told) =>
      asked.path === '/oidc/v1/token' ? json({ access_token: 'token-of-the-workspace', expires_in: 3600 })(asked, told) : chat(asked, told);
    for (let call = 0; call < 2; call++) expect((await ask({}, 'principal')).status).toBe(200);
    expect(provider.seen.map(({ path }) => path)).toEqual([
      '/oidc/v1/token',
      '/serving-endpoints/chat/completions',
      '/serving-endpoints/chat/completions',
    ]);
    expect(provider.last.headers.authorization).toBe('Bearer token-of-the-workspace');
  });
});
