import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { completion as chatCompletion, FakeProvider, json, stream, streamedEvents, type Behaviour } from '../support/fake-provider.ts';
import { startGateway, type TestGateway } from '../support/gateway.ts';
import { wire } from '../support/wire-answers.ts';
import { eventsIn, expectNothingLeft, lastRow } from './leaks.ts';

let provider: FakeProvider;
let gateway: TestGateway;
let key: string;

const PRICES = 'input_cost_per_token: 0.000001, output_cost_per_token: 0.000002';

beforeAll(async () => {
  provider = await FakeProvider.start();
  const row = (name: string, model: string, base = '', more = ''): string =>
    `  - { model_name: ${name}, litellm_params: { model: ${model}, api_base: "${provider.url}${base}", api_key: text-secret, ${PRICES}${more} } }\n`;
  gateway = await startGateway(`model_list:
${row('native', 'text-completion-openai/gpt-3.5-turbo-instruct', '/v1')}${row('vllm', 'hosted_vllm/base', '/v1', ', temperature: 0.5, additional_drop_params: [user]')}${row('fim', 'codestral/codestral-latest', '/v1')}${row('ollama', 'ollama/qwen2.5-coder:1.5b')}${row('openai', 'openai/gpt-4o', '/v1')}${row('claude', 'anthropic/claude-sonnet-4-5')}${row('command', 'cohere_chat/command-a-03-2025')}${row('drops', 'openai/gpt-4o', '/v1', ', drop_params: true')}${row('forced', 'openai/gpt-4o', '/v1', ', allowed_openai_params: [suffix]')}
  - { model_name: mocked, litellm_params: { model: openai/gpt-4o, mock_response: "Good evening", ${PRICES} } }
  - { model_name: away, litellm_params: { model: text-completion-openai/x, api_base: "http://127.0.0.1:1/v1", api_key: k } }
router_settings: { num_retries: 0, disable_cooldowns: true, fallbacks: [{ away: [claude] }] }
`);
  key = await gateway.key({ max_budget: 10 });
});

afterAll(async () => {
  await gateway.stop();
  await provider.stop();
});

beforeEach(() => {
  provider.seen.length = 0;
});

interface Body {
  readonly id: string;
  readonly object: string;
  readonly model: string;
  readonly choices: readonly {
    readonly text: string;
    readonly index: number;
    readonly logprobs: unknown;
    readonly finish_reason: string;
  }[];
  readonly usage: Record<string, number>;
  readonly error: { readonly message: string; readonly param: string | null };
}

async function complete(model: string, more: Record<string, unknown> = {}): Promise<{ answer: Response; text: string; body: Body }> {
  const answer = await gateway.call('POST', '/v1/completions', { model, prompt: 'Once upon', ...more }, key);
  const text = await answer.text();
  return { answer, text, body: (text.startsWith('{') ? JSON.parse(text) : {}) as Body };
}

const USAGE = { prompt_tokens: 10, completion_tokens: 5, total_tokens: 15 };
const COST = '0.00002';
const plain = (texts: readonly string[] = [' a time'], usage: object | null = USAGE): Behaviour =>
  json({
    id: 'cmpl-upstream',
    object: 'text_completion',
    created: 1_730_000_000,
    model: 'upstream',
    system_fingerprint: 'fp_1',
    choices: texts.map((text, index) => ({ text, index, logprobs: null, finish_reason: 'stop' })),
    ...(usage && { usage }),
  });
const chunk = (choices: unknown[], more: object = {}): string =>
  `data: ${JSON.stringify({ id: 'cmpl-upstream', object: 'text_completion', created: 1_730_000_000, model: 'upstream', choices, ...more })}\n\n`;
const piece = (text: string, finish_reason: string | null = null): string =>
  chunk([{ text, index: 0, logprobs: null, finish_reason }], { usage: null });
const END = 'data: [DONE]\n\n';
const EVENTS = [piece(' a'), piece(' time'), piece('', 'stop'), chunk([], { usage: USAGE }), END];
const textOf = (events: readonly unknown[], index = 0): string =>
  events
    .flatMap((event) => (event as { choices?: { text: string; index: number }[] }).choices ?? [])
    .map((choice) => (choice.index === index ? choice.text : ''))
    .join('');

describe('where the provider has completions', () => {
  test('bytes pass but for the model’s name, and the call is paid for', async () => {
    provider.behaviour = plain();
    const asked = {
      prompt: ['Once', [9906, 1917]],
      suffix: ' end',
      max_tokens: 5,
      logprobs: 2,
      echo: true,
      best_of: 3,
      n: 2,
      logit_bias: { 50256: -100 },
    };
    const { answer, body } = await complete('native', { ...asked, metadata: { tags: ['a'] }, timeout: 30 });
    expect(provider.last).toMatchObject({ method: 'POST', path: '/v1/completions', headers: { authorization: 'Bearer text-secret' } });
    expect(provider.last.json).toEqual({ model: 'gpt-3.5-turbo-instruct', ...asked });
    expect(body).toEqual({
      id: 'cmpl-upstream',
      object: 'text_completion',
      created: 1_730_000_000,
      model: 'native',
      system_fingerprint: 'fp_1',
      choices: [{ text: ' a time', index: 0, logprobs: null, finish_reason: 'stop' }],
      usage: USAGE,
    });
    expect(answer.headers.get('x-litellm-response-cost')).toBe(COST);
    expect(await lastRow(gateway)).toMatchObject({ call_type: 'atext_completion', spend: COST, prompt_tokens: 10, completion_tokens: 5 });
  });

  test('what the row sets holds, and what it drops is gone', async () => {
    provider.behaviour = plain();
    await complete('vllm', { user: 'ann', top_k: 5, extra_body: { min_p: 0.1 } });
    expect(provider.last.json).toEqual({ model: 'base', prompt: 'Once upon', top_k: 5, temperature: 0.5, min_p: 0.1 });
  });

  test('a stream passes event by event, without the usage that nobody asked for', async () => {
    provider.behaviour = stream(EVENTS);
    const { text } = await complete('native', { stream: true });
    expect(provider.last.json).toMatchObject({ stream: true, stream_options: { include_usage: true } });
    const events = eventsIn(text);
    expect(textOf(events)).toBe(' a time');
    expect(events.at(-1)).toBe('[DONE]');
    expect(events).toHaveLength(4);
    expect(events[0]).toEqual({
      id: 'cmpl-upstream',
      object: 'text_completion',
      created: 1_730_000_000,
      model: 'native',
      choices: [{ text: ' a', index: 0, logprobs: null, finish_reason: null }],
    });
    expect(await lastRow(gateway)).toMatchObject({ spend: COST, prompt_tokens: 10, completion_tokens: 5 });
  });

  test('and with it where the client asks', async () => {
    provider.behaviour = stream(EVENTS);
    const { text } = await complete('native', { stream: true, stream_options: { include_usage: true } });
    expect(eventsIn(text).at(-2)).toMatchObject({ choices: [], usage: USAGE });
  });

  test('a stream that comes in one body is told as one', async () => {
    provider.behaviour = plain();
    const { text } = await complete('native', { stream: true });
    expect(textOf(eventsIn(text))).toBe(' a time');
    expect(text.endsWith(END)).toBe(true);
    expect(await lastRow(gateway)).toMatchObject({ spend: COST });
  });

  test('what is not counted is counted here', async () => {
    provider.behaviour = plain([' a time there was'], null);
    await complete('native', { prompt: ['Once upon', [1, 2, 3]] });
    const row = await lastRow(gateway);
    // Two tokens of text and three that were sent as such.
    expect(row).toMatchObject({ prompt_tokens: 5, completion_tokens: 4, metadata: expect.objectContaining({ usage_estimated: true }) });
    provider.behaviour = stream([...EVENTS.slice(0, 3), END]);
    await complete('native', { stream: true });
    expect(await lastRow(gateway)).toMatchObject({ prompt_tokens: 2, completion_tokens: 2, status: 'success' });
  });

  test.each([
    ['closes early', [piece(' a')], 'api_connection_error'],
    ['tells an error', [piece(' a'), 'data: {"error":{"message":"no","type":"server_error"}}\n\n'], 'server_error'],
    ['sends what is no JSON', [piece(' a'), 'data: <html>\n\n'], 'api_connection_error'],
  ])('a stream that %s ends with an error', async (_name, events, type) => {
    provider.behaviour = stream(events);
    const { text } = await complete('native', { stream: true });
    expect(eventsIn(text).at(-1)).toMatchObject({ error: { type } });
    expect(text).not.toContain('[DONE]');
    expect(await lastRow(gateway)).toMatchObject({ status: 'failure' });
  });

  test('a stream that forgets its last event has answered all the same', async () => {
    provider.behaviour = stream(EVENTS.slice(0, -1));
    expect((await complete('native', { stream: true })).text.endsWith(END)).toBe(true);
    expect(await lastRow(gateway)).toMatchObject({ status: 'success', spend: COST });
  });

  test.each([
    ['no choices', json({}), 502],
    ['choices that are none', json({ choices: 'x' }), 502],
    ['a list', json([]), 502],
    ['an error in a good answer', json({ error: { message: 'no', code: 429 } }), 429],
    ['a page', (_request, response) => void response.writeHead(200, { 'content-type': 'text/html' }).end('<html>'), 502],
    ['broken JSON', (_request, response) => void response.writeHead(200).end('{"choices":['), 500],
  ] as readonly [string, Behaviour, number][])('%s is no completion', async (_name, behaviour, status) => {
    provider.behaviour = behaviour;
    expect((await complete('native')).answer.status).toBe(status);
    expect(await lastRow(gateway)).toMatchObject({ status: 'failure', spend: '0' });
  });
});

describe('where only conversations are', () => {
  test('a prompt is one turn, and the answer a completion', async () => {
    provider.behaviour = json(chatCompletion('a time'));
    const { answer, body } = await complete('openai', { max_tokens: 7, temperature: 0.5, stop: ['.'], user: 'ann' });
    expect(provider.last.path).toBe('/v1/chat/completions');
    expect(provider.last.json).toEqual({
      model: 'gpt-4o',
      messages: [{ role: 'user', content: 'Once upon' }],
      max_tokens: 7,
      temperature: 0.5,
      stop: ['.'],
      user: 'ann',
    });
    expect(body).toMatchObject({
      object: 'text_completion',
      model: 'openai',
      choices: [{ text: 'a time', index: 0, logprobs: null, finish_reason: 'stop' }],
      usage: USAGE,
    });
    expect(body.id).toMatch(/^cmpl-/);
    expect(answer.headers.get('x-litellm-response-cost')).toBe(COST);
    expect(await lastRow(gateway)).toMatchObject({ call_type: 'atext_completion', spend: COST });
  });

  test.each([
    ['claude', 'anthropic/text', '/v1/messages', 'Grüße aus Köln! 🌧️'],
    ['command', 'cohere/text', '/v2/chat', 'Light scatters — blue most 🌍.'],
  ])('of every dialect, whole and streamed: %s', async (model, name, path, text) => {
    provider.behaviour = wire(name);
    expect((await complete(model, { max_tokens: 50 })).body.choices[0]?.text).toBe(text);
    expect(provider.last.path).toBe(path);
    const whole = await lastRow(gateway);
    const events = eventsIn((await complete(model, { max_tokens: 50, stream: true, stream_options: { include_usage: true } })).text);
    expect(textOf(events)).toBe(text);
    expect(events.slice(-2)).toMatchObject([{ choices: [], usage: { prompt_tokens: whole['prompt_tokens'] } }, '[DONE]']);
    expect(events.filter((event) => JSON.stringify(event).includes('"finish_reason":"stop"'))).toHaveLength(1);
    expect(await lastRow(gateway)).toMatchObject({ spend: whole['spend'] });
  });

  test('several prompts are several calls, told and paid for as one', async () => {
    provider.behaviour = (request, response) => {
      const [{ content } = { content: '' }] = request.json['messages'] as { content: string }[];
      const {
        choices: [choice],
        ...rest
      } = chatCompletion(`${content}!`) as { choices: object[] };
      return json({ ...rest, choices: [choice, { ...choice, index: 1, message: { role: 'assistant', content: `${content}?` } }] })(
        request,
        response,
      );
    };
    const { body } = await complete('openai', { prompt: ['one', 'two', 'three'], n: 2 });
    expect(provider.seen.map(({ json: sent }) => (sent['messages'] as { content: string }[])[0]?.content)).toEqual(['one', 'two', 'three']);
    expect(body.choices.map(({ index, text }) => [index, text])).toEqual([
      [0, 'one!'],
      [1, 'one?'],
      [2, 'two!'],
      [3, 'two?'],
      [4, 'three!'],
      [5, 'three?'],
    ]);
    expect(body.usage).toMatchObject({ prompt_tokens: 30, completion_tokens: 15, total_tokens: 45 });
    expect(await lastRow(gateway)).toMatchObject({ spend: '0.00006', prompt_tokens: 30, completion_tokens: 15 });
  });

  test('also where a stream is wanted', async () => {
    provider.behaviour = json(chatCompletion('yes'));
    const { text } = await complete('openai', { prompt: ['one', 'two'], stream: true, stream_options: { include_usage: true } });
    expect(provider.seen.map(({ json: sent }) => sent['stream'] ?? false)).toEqual([false, false]);
    const events = eventsIn(text);
    expect([textOf(events, 0), textOf(events, 1), events.length]).toEqual(['yes', 'yes', 4]);
    expect(events.slice(-2)).toMatchObject([{ choices: [], usage: { total_tokens: 30 } }, '[DONE]']);
    expect(await lastRow(gateway)).toMatchObject({ spend: '0.00004', status: 'success' });
  });

  test('several prompts fail together', async () => {
    let calls = 0;
    provider.behaviour = (request, response) =>
      (calls++ === 1 ? json({ error: { message: 'no' } }, 503) : json(chatCompletion('x')))(request, response);
    expect((await complete('openai', { prompt: ['a', 'b', 'c'], stream: true })).answer.status).toBe(503);
    expect(calls).toBe(2);
    expect(await lastRow(gateway)).toMatchObject({ status: 'failure' });
  });

  test('tokens are read back to text', async () => {
    provider.behaviour = json(chatCompletion('x'));
    // "Hello world" by gpt-4o's vocabulary.
    await complete('openai', { prompt: [13225, 2375] });
    expect(provider.last.json['messages']).toEqual([{ role: 'user', content: 'Hello world' }]);
    const { answer, body } = await complete('openai', { prompt: [999_999_999] });
    expect([answer.status, body.error.param]).toEqual([400, 'prompt']);
  });

  test('the prompt is repeated where the client wants it, and probabilities are told in parallel lists', async () => {
    const entry = (token: string, logprob: number) => ({ token, logprob, bytes: null, top_logprobs: [{ token, logprob, bytes: null }] });
    const {
      choices: [choice],
      ...rest
    } = chatCompletion(' a time') as { choices: object[] };
    provider.behaviour = json({ ...rest, choices: [{ ...choice, logprobs: { content: [entry(' a', -0.1), entry(' time', -0.2)] } }] });
    expect((await complete('openai', { echo: true })).body.choices[0]?.text).toBe('Once upon a time');
    expect((await complete('openai', { logprobs: 1 })).body.choices[0]?.logprobs).toEqual({
      tokens: [' a', ' time'],
      token_logprobs: [-0.1, -0.2],
      top_logprobs: [{ ' a': -0.1 }, { ' time': -0.2 }],
      text_offset: [0, 2],
    });
    expect(provider.last.json).toMatchObject({ logprobs: true, top_logprobs: 1 });
    provider.behaviour = stream(streamedEvents([' a', ' time']));
    expect(textOf(eventsIn((await complete('openai', { echo: true, stream: true })).text))).toBe('Once upon a time');
  });

  test.each([
    ['suffix', { suffix: 'end' }],
    ['best_of', { best_of: 3 }],
    ['echo', { echo: true, logprobs: 1 }],
  ])('%s has no place there: 400, unless it may be dropped', async (param, more) => {
    provider.behaviour = json(chatCompletion('x'));
    const { answer, body } = await complete('openai', more);
    expect([answer.status, body.error.param]).toEqual([400, param]);
    expect((await complete('drops', more)).answer.status).toBe(200);
    expect(provider.last.json).not.toHaveProperty(param);
  });

  test('or sent because the owner says so; as many as are told may be the best of', async () => {
    provider.behaviour = json(chatCompletion('x'));
    expect((await complete('forced', { suffix: 'end', n: 2, best_of: 2 })).answer.status).toBe(200);
    expect(provider.last.json).toMatchObject({ suffix: 'end', n: 2 });
  });
});

describe('Ollama', () => {
  const line = (response: string, more: object = {}): object => ({
    model: 'qwen2.5-coder:1.5b',
    created_at: '2026-01-01T00:00:00Z',
    response,
    done: false,
    ...more,
  });
  const last = { done: true, done_reason: 'stop', prompt_eval_count: 10, eval_count: 5 };

  test('fills in by its own completion', async () => {
    provider.behaviour = json(line('return a + b', last));
    const { body } = await complete('ollama', {
      prompt: 'def add(a, b):',
      suffix: 'print(add(1, 2))',
      max_tokens: 5,
      keep_alive: '5m',
      raw: true,
      seed: 1,
    });
    expect(provider.last.path).toBe('/api/generate');
    expect(provider.last.json).toEqual({
      model: 'qwen2.5-coder:1.5b',
      prompt: 'def add(a, b):',
      suffix: 'print(add(1, 2))',
      stream: false,
      options: { num_predict: 5, seed: 1 },
      keep_alive: '5m',
      raw: true,
    });
    expect(body).toMatchObject({ object: 'text_completion', choices: [{ text: 'return a + b', finish_reason: 'stop' }], usage: USAGE });
    expect(await lastRow(gateway)).toMatchObject({ spend: COST });
  });

  test('streams, and its errors are errors', async () => {
    provider.behaviour = stream(
      [line('return'), line(' a', { thinking: 'hm' }), line('', last)].map((each) => `${JSON.stringify(each)}\n`),
      'application/x-ndjson',
    );
    expect(textOf(eventsIn((await complete('ollama', { stream: true })).text))).toBe('return a');
    provider.behaviour = json({ error: 'model "qwen" does not support insert' }, 400);
    const { answer, body } = await complete('ollama', { suffix: 'x' });
    expect([answer.status, body.error.message]).toEqual([400, expect.stringContaining('does not support insert')]);
    provider.behaviour = json({ nothing: true });
    expect((await complete('ollama')).answer.status).toBe(502);
  });
});

describe('Mistral', () => {
  test('fills in by its own route, and answers like a chat', async () => {
    provider.behaviour = json(chatCompletion('return a + b'));
    const { body } = await complete('fim', { prompt: 'def add(a, b):', suffix: 'print(1)', seed: 3, max_tokens: 9, stop: 'x' });
    expect(provider.last.path).toBe('/v1/fim/completions');
    expect(provider.last.json).toEqual({
      model: 'codestral-latest',
      prompt: 'def add(a, b):',
      suffix: 'print(1)',
      random_seed: 3,
      max_tokens: 9,
      stop: ['x'],
    });
    expect(body).toMatchObject({ object: 'text_completion', choices: [{ text: 'return a + b' }], usage: USAGE });
    provider.behaviour = stream(streamedEvents(['return', ' a']));
    expect(textOf(eventsIn((await complete('fim', { stream: true })).text))).toBe('return a');
    expect(provider.last.json).toMatchObject({ stream: true });
    expect(await lastRow(gateway)).toMatchObject({ spend: COST });
  });
});

test('a fallback may be of another kind', async () => {
  provider.behaviour = wire('anthropic/text');
  const { answer, body } = await complete('away', { max_tokens: 5 });
  expect([answer.status, body.choices[0]?.text]).toEqual([200, 'Grüße aus Köln! 🌧️']);
});

test('a mocked model answers as a completion', async () => {
  const { answer, body } = await complete('mocked');
  expect(body).toMatchObject({
    object: 'text_completion',
    choices: [{ text: 'Good evening' }],
    usage: { prompt_tokens: 10, completion_tokens: 20 },
  });
  expect(answer.headers.get('x-litellm-response-cost')).toBe('0.00005');
  expect(textOf(eventsIn((await complete('mocked', { stream: true })).text))).toBe('Good evening');
});

test.each([undefined, null, 5, {}, [], [[]], ['a', 5], [[1.5]], [[-1]], [['a']]])('a prompt of %o is 400', async (prompt) => {
  const { answer, body } = await complete('openai', { prompt });
  expect([answer.status, body.error.param]).toEqual([400, 'prompt']);
});

test('each prompt and each answer is reserved for', async () => {
  const poor = await gateway.key({ max_budget: 0.1 });
  provider.behaviour = async (request) => request.gone;
  const held = async (more: object): Promise<string> => {
    const controller = new AbortController();
    const asked = fetch(`${gateway.url}/v1/completions`, {
      method: 'POST',
      headers: { authorization: `Bearer ${poor}`, 'content-type': 'application/json' },
      body: JSON.stringify({ model: 'native', prompt: 'a', max_tokens: 1000, ...more }),
      signal: controller.signal,
    }).catch(() => null);
    await expect.poll(() => gateway.parts.limits.openHolds).toBe(1);
    controller.abort();
    await asked;
    return String(((await lastRow(gateway))['metadata'] as Record<string, unknown>)['reserved']);
  };
  expect(Number(await held({}))).toBeCloseTo(0.002, 3);
  expect(Number(await held({ prompt: ['a', 'b'], n: 2, best_of: 3 }))).toBeCloseTo(0.012, 3);
  await expectNothingLeft(gateway);
});
