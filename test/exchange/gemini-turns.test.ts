import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { FakeProvider, json } from '../support/fake-provider.ts';
import { startGateway, type TestGateway } from '../support/gateway.ts';
import { inTurn, wire } from '../support/wire-answers.ts';
import { eventsIn, expectNothingLeft, lastRow } from './leaks.ts';

let provider: FakeProvider;
let gateway: TestGateway;

const KEY = `AIza${'SyTestOnly'.repeat(3)}`;

beforeAll(async () => {
  provider = await FakeProvider.start();
  const params = `api_base: "${provider.url}", api_key: ${KEY}`;
  gateway = await startGateway(`model_list:
  - { model_name: flash, litellm_params: { model: gemini/gemini-2.5-flash, ${params}, input_cost_per_token: 0.000001, output_cost_per_token: 0.000002, cache_read_input_token_cost: 0.0000001 } }
  - { model_name: third, litellm_params: { model: gemini/gemini-3-flash-preview, ${params} } }
  - { model_name: other, litellm_params: { model: ollama_chat/qwen3:8b, api_base: "${provider.url}", api_key: sk-x } }
  - { model_name: embed, litellm_params: { model: gemini/gemini-embedding-001, api_base: "${provider.url}/v1beta", api_key: ${KEY} } }
  - { model_name: "google/*", litellm_params: { model: "gemini/*", ${params} } }
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

interface Call {
  readonly id: string;
  readonly function: { readonly name: string; readonly arguments: string };
}
interface Message {
  readonly role: string;
  readonly content: string | null;
  readonly tool_calls?: Call[];
  readonly annotations?: unknown[];
  readonly provider_specific_fields?: Record<string, unknown>;
}

const TOOLS = ['get_weather', 'check_flight'].map((name) => ({ type: 'function', function: { name } }));
const QUESTION = { role: 'user', content: 'Weather?' };

async function ask(
  model: string,
  messages: readonly object[],
  more: Record<string, unknown> = {},
  key = gateway.masterKey,
): Promise<Response> {
  return gateway.call('POST', '/v1/chat/completions', { model, messages, ...more }, key);
}

async function messageOf(answer: Response): Promise<Message> {
  expect(answer.status, await answer.clone().text()).toBe(200);
  return ((await answer.json()) as { choices: { message: Message }[] }).choices[0]?.message as Message;
}

/** What most clients keep of a turn: signatures are lost. */
function bare({ content, tool_calls: calls = [] }: Message): object[] {
  const plain = calls.map(({ id, function: { name, arguments: args } }) => ({ id, type: 'function', function: { name, arguments: args } }));
  return [
    { role: 'assistant', content, tool_calls: plain },
    ...calls.map(({ id }) => ({ role: 'tool', tool_call_id: id, content: '{"celsius":12}' })),
  ];
}

const sentSignature = (): unknown =>
  (provider.last.json as { contents: { parts: { thoughtSignature?: string }[] }[] }).contents[1]?.parts[0]?.thoughtSignature;
const STAND_IN = 'c2tpcF90aG91Z2h0X3NpZ25hdHVyZV92YWxpZGF0b3I=';

describe('a thought signature', () => {
  test('that the client lost is put back for the key that got it, and for no other', async () => {
    provider.behaviour = wire('gemini/tools');
    const [mine, other] = [await gateway.key(), await gateway.key()];
    const message = await messageOf(await ask('third', [QUESTION], { tools: TOOLS }, mine));
    expect(message.tool_calls).toMatchObject([{ id: 'fc-7h2k', provider_specific_fields: { thought_signature: 'c2lnLWE=' } }]);
    const history = [QUESTION, ...bare(message)];
    await ask('third', history, { tools: TOOLS }, mine);
    expect(sentSignature()).toBe('c2lnLWE=');
    await ask('third', history, { tools: TOOLS }, other);
    expect(sentSignature()).toBe(STAND_IN);
  });

  test('of a stream is put back too', async () => {
    provider.behaviour = wire('gemini/tools');
    const key = await gateway.key();
    const text = await (await ask('third', [QUESTION], { tools: TOOLS, stream: true }, key)).text();
    expect(provider.last.path).toBe('/v1beta/models/gemini-3-flash-preview:streamGenerateContent?alt=sse');
    expect(text).toContain('"finish_reason":"tool_calls"');
    const call = { id: 'fc-7h2k', function: { name: 'get_weather', arguments: '{"city":"Zürich"}' } };
    await ask('third', [QUESTION, ...bare({ role: 'assistant', content: null, tool_calls: [call] })], { tools: TOOLS }, key);
    expect(sentSignature()).toBe('c2lnLWE=');
  });

  test('that the client brings back goes as it came, also behind the id as an older gateway wrote it', async () => {
    provider.behaviour = wire('gemini/two-steps');
    const call = { id: 'x', type: 'function', function: { name: 'get_weather', arguments: '{}' } };
    const done = { role: 'tool', tool_call_id: 'x', content: 'ok' };
    const signed = { ...call, provider_specific_fields: { thought_signature: 'bWluZQ==' } };
    await ask('third', [QUESTION, { role: 'assistant', content: null, tool_calls: [signed] }, done]);
    expect(sentSignature()).toBe('bWluZQ==');
    const old = { ...call, id: 'x__thought__b2xk' };
    await ask('third', [QUESTION, { role: 'assistant', content: null, tool_calls: [old] }, { ...done, tool_call_id: old.id }]);
    expect(sentSignature()).toBe('b2xk');
  });

  test('never reaches a provider of another kind', async () => {
    provider.behaviour = inTurn(wire('gemini/tools'), wire('ollama/text'));
    const message = await messageOf(await ask('third', [QUESTION], { tools: TOOLS }));
    await ask('other', [QUESTION, { ...message }, { role: 'tool', tool_call_id: 'fc-7h2k', content: 'ok' }], { tools: TOOLS });
    expect(provider.last.path).toBe('/api/chat');
    expect(provider.last.body.toString()).not.toContain('c2lnLWE=');
  });

  test('of a text stands beside the message and goes back from there', async () => {
    provider.behaviour = wire('gemini/two-steps');
    const message = await messageOf(await ask('third', [QUESTION]));
    expect(message.provider_specific_fields).toEqual({ thought_signatures: ['dGV4dC1zaWc='] });
    await ask('third', [QUESTION, message, { role: 'user', content: 'Thanks' }]);
    expect(sentSignature()).toBe('dGV4dC1zaWc=');
  });
});

describe('a call to Google', () => {
  test('carries the key in its header alone, and the body in Google’s words', async () => {
    provider.behaviour = wire('gemini/text');
    await ask('flash', [QUESTION], { max_tokens: 5, user: 'u' });
    const { path, headers, json: body } = provider.last;
    expect(path).toBe('/v1beta/models/gemini-2.5-flash:generateContent');
    expect(headers['x-goog-api-key']).toBe(KEY);
    expect(headers['authorization']).toBeUndefined();
    expect(body).toEqual({ contents: [{ role: 'user', parts: [{ text: 'Weather?' }] }], generationConfig: { maxOutputTokens: 5 } });
  });

  test('is paid with its cached tokens at their own price', async () => {
    provider.behaviour = wire('gemini/cached');
    const key = await gateway.key();
    const answer = await ask('flash', [QUESTION], {}, key);
    expect(await answer.json()).toMatchObject({
      service_tier: 'flex',
      usage: {
        prompt_tokens: 4100,
        completion_tokens: 3,
        total_tokens: 4103,
        prompt_tokens_details: { cached_tokens: 4000, audio_tokens: 1000 },
      },
    });
    // 100 plain, 4000 cached, 3 written.
    expect(await lastRow(gateway)).toMatchObject({ spend: '0.000506', prompt_tokens: 4100, completion_tokens: 3, status: 'success' });
  });

  test('is answered with citations and with all that Google tells of its search', async () => {
    provider.behaviour = wire('gemini/search');
    const message = await messageOf(await ask('flash', [QUESTION], { web_search_options: {} }));
    expect(provider.last.json['tools']).toEqual([{ googleSearch: {} }]);
    expect(message.annotations).toHaveLength(4);
    expect(message.annotations?.[0]).toEqual({
      type: 'url_citation',
      url_citation: { start_index: 0, end_index: 16, url: 'https://example.com/a', title: 'a.example' },
    });
    expect(message.provider_specific_fields).toMatchObject({
      grounding_metadata: { webSearchQueries: ['Wetter Zürich', 'Wetter Zürich morgen'] },
    });
  });

  test('that a filter stopped says so, and why', async () => {
    provider.behaviour = wire('gemini/blocked-prompt');
    const { choices } = (await (await ask('flash', [QUESTION])).json()) as { choices: unknown[] };
    expect(choices).toMatchObject([
      {
        finish_reason: 'content_filter',
        message: {
          content: '',
          provider_specific_fields: { block_reason: 'PROHIBITED_CONTENT', native_finish_reason: 'PROHIBITED_CONTENT' },
        },
      },
    ]);
  });

  test('that failed tells the class, how long to wait, and never the key', async () => {
    provider.behaviour = wire('gemini/error-429');
    const answer = await ask('flash', [QUESTION]);
    expect(answer.status).toBe(429);
    expect(Number(answer.headers.get('retry-after'))).toBe(13);
    const text = await answer.text();
    expect(text).toContain('RateLimitError');
    expect(text).not.toContain(KEY);
    provider.behaviour = wire('gemini/error-bad-key');
    expect((await ask('flash', [QUESTION])).status).toBe(401);
    await expectNothingLeft(gateway);
  });

  test('streams its usage when asked, and its thoughts apart', async () => {
    provider.behaviour = wire('gemini/thinking');
    const more = { stream: true, stream_options: { include_usage: true }, reasoning_effort: 'low' };
    const events = eventsIn(await (await ask('flash', [QUESTION], more)).text()) as {
      choices: { delta: Record<string, string> }[];
      usage?: object;
    }[];
    const joined = (name: string): string => events.map(({ choices }) => choices?.[0]?.delta[name] ?? '').join('');
    expect([joined('reasoning_content'), joined('content')]).toEqual(['27 is 3 times 9.', 'No: 27 = 3³.']);
    expect(events.at(-2)?.usage).toMatchObject({
      prompt_tokens: 9,
      completion_tokens: 48,
      completion_tokens_details: { reasoning_tokens: 40 },
    });
  });
});

test('embeddings come as numbers or packed, whichever was asked for', async () => {
  provider.behaviour = wire('gemini/embeddings');
  const embed = async (more: object): Promise<unknown> => {
    const body = { model: 'embed', input: ['eins', 'zwei'], dimensions: 2, ...more };
    return ((await (await gateway.call('POST', '/v1/embeddings', body)).json()) as { data: { embedding: unknown }[] }).data.map(
      ({ embedding }) => embedding,
    );
  };
  expect(await embed({ task_type: 'RETRIEVAL_DOCUMENT' })).toEqual([
    [0.5, -0.25],
    [1, 0],
  ]);
  expect(provider.last.path).toBe('/v1beta/models/gemini-embedding-001:batchEmbedContents');
  const [packed] = (await embed({ encoding_format: 'base64' })) as string[];
  expect(Buffer.from(packed ?? '', 'base64').readFloatLE(4)).toBe(-0.25);
});

test('a wildcard stands for the models that Google lists', async () => {
  provider.behaviour = (request, response) =>
    request.path.startsWith('/v1beta/models?') ? wire('gemini/models')(request, response) : json({})(request, response);
  await gateway.parts.modelLists.refresh();
  expect(provider.seen.map(({ path, headers }) => [path, headers['x-goog-api-key']])).toContainEqual(['/v1beta/models?pageSize=1000', KEY]);
  const { data } = (await (await gateway.call('GET', '/v1/models')).json()) as { data: { id: string }[] };
  expect(data.map(({ id }) => id)).toEqual(expect.arrayContaining(['google/gemini-2.5-flash', 'google/gemini-embedding-001']));
  expect(data.map(({ id }) => id)).not.toContain('google/veo-3.0-generate-001');
});
