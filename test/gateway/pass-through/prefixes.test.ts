import { generateKeyPairSync } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Anthropic from '@anthropic-ai/sdk';
import OpenAI from 'openai';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { signed } from '../../../src/providers/aws/sigv4.ts';
import { bytesOf } from '../../dialects/bedrock/asking.ts';
import { completion, FakeProvider, json, type Behaviour } from '../../support/fake-provider.ts';
import { startGateway, type TestGateway } from '../../support/gateway.ts';

const AWS = { accessKeyId: 'AKIAEXAMPLE00000', secretAccessKey: 'a-very-secret-access-key', sessionToken: null };
const OWN_KEY = 'sk-ant-the-owners-own-key';

let provider: FakeProvider;
let gateway: TestGateway;
let key: string;

beforeAll(async () => {
  provider = await FakeProvider.start();
  gateway = await startGateway(
    `model_list:
  - { model_name: house, litellm_params: { model: "bedrock/us.amazon.nova-lite-v1:0", aws_access_key_id: ${AWS.accessKeyId}, aws_secret_access_key: ${AWS.secretAccessKey}, aws_region_name: eu-central-1, aws_bedrock_runtime_endpoint: "${provider.url}", use_in_pass_through: true } }
  - { model_name: says, litellm_params: { model: openai/tts-1, input_cost_per_character: 0.000015, api_base: "${provider.url}/v1", api_key: sk-openai-owner, use_in_pass_through: true } }
`,
    {
      OPENAI_API_KEY: 'sk-openai-owner',
      OPENAI_API_BASE: `${provider.url}/v1`,
      ANTHROPIC_API_KEY: OWN_KEY,
      ANTHROPIC_API_BASE: provider.url,
      GEMINI_API_KEY: 'gemini-owner-key',
      GEMINI_API_BASE: `${provider.url}/v1beta`,
      COHERE_API_KEY: 'cohere-owner-key',
      COHERE_API_BASE: provider.url,
    },
  );
  key = await gateway.key({ max_budget: 10 });
});

beforeEach(() => {
  provider.seen.length = 0;
});

afterAll(async () => {
  await gateway.stop();
  await provider.stop();
});

function events(list: readonly unknown[]): Behaviour {
  return (_request, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.end(list.map((event) => `data: ${JSON.stringify(event)}\n\n`).join(''));
  };
}

async function lastRow(): Promise<Record<string, unknown>> {
  const row = (await gateway.rows()).at(-1);
  if (!row) throw new Error('no row');
  return row;
}

const SONNET = 'claude-sonnet-4-5-20250929';
const MESSAGE = {
  id: 'msg_1',
  type: 'message',
  role: 'assistant',
  model: SONNET,
  content: [{ type: 'text', text: 'Hello' }],
  stop_reason: 'end_turn',
  stop_sequence: null,
  usage: { input_tokens: 1000, output_tokens: 100, cache_read_input_tokens: 0, cache_creation_input_tokens: 0 },
};

describe('a request below a prefix', () => {
  test('arrives as it was sent, under the credentials of the gateway and without those of the caller', async () => {
    provider.behaviour = json(MESSAGE, 200, { 'request-id': 'req_1', 'set-cookie': 'a=b' });
    const body = `{"model": "${SONNET}",  "max_tokens": 5, "unknown": [1.50], "messages": [{"role":"user","content":"Grüße"}]}`;
    const answer = await gateway.call('POST', '/anthropic/v1/messages?beta=true', body, null, {
      'x-api-key': key,
      'anthropic-version': '2023-06-01',
      'anthropic-beta': 'files-api-2025-04-14',
      cookie: 'session=secret',
      'x-litellm-tags': 'night',
    });
    expect(answer.status).toBe(200);
    expect(await answer.json()).toEqual(MESSAGE);
    expect(answer.headers.get('request-id')).toBe('req_1');
    expect(answer.headers.get('set-cookie')).toBe(null);
    expect(answer.headers.get('x-litellm-call-id')).toMatch(/^[0-9a-f-]{36}$/);
    expect(answer.headers.get('x-litellm-model-api-base')).toBe(provider.url);
    const { path, headers, body: sent } = provider.last;
    expect(path).toBe('/v1/messages?beta=true');
    expect(sent.toString()).toBe(body);
    expect(headers).toMatchObject({ 'x-api-key': OWN_KEY, 'anthropic-version': '2023-06-01', 'anthropic-beta': 'files-api-2025-04-14' });
    expect(headers.host).toBe(new URL(provider.url).host);
    for (const name of ['cookie', 'authorization', 'x-litellm-tags', 'accept-encoding']) expect(headers[name]).toBeUndefined();
    expect(JSON.stringify(headers)).not.toContain(key);
  });

  test('is booked to the last digit, with the tags that its caller set', async () => {
    provider.behaviour = json(MESSAGE);
    await (
      await gateway.call('POST', '/anthropic/v1/messages', { model: SONNET, max_tokens: 5, messages: [] }, key, {
        'x-litellm-tags': 'night',
      })
    ).text();
    // 1000 tokens at 3 USD and 100 at 15 USD a million.
    expect(await lastRow()).toMatchObject({
      call_type: 'pass_through_endpoint',
      spend: '0.0045',
      prompt_tokens: 1000,
      completion_tokens: 100,
      model: SONNET,
      custom_llm_provider: 'anthropic',
      status: 'success',
      request_tags: ['night'],
    });
  });

  test('is refused without a key, and nobody is asked', async () => {
    const answer = await gateway.call('POST', '/openai_passthrough/v1/chat/completions', { model: 'gpt-5', messages: [] }, null);
    expect(answer.status).toBe(401);
    expect(provider.seen).toEqual([]);
  });

  test('is refused by a spent budget, and nobody is asked', async () => {
    const poor = await gateway.key({ max_budget: 0.000001 });
    provider.behaviour = json(completion('hi'));
    const ask = () =>
      gateway.call('POST', '/openai_passthrough/v1/chat/completions', { model: 'gpt-4o', messages: [], max_tokens: 1000 }, poor);
    await (await ask()).text();
    const answer = await ask();
    expect(answer.status).toBe(422);
    expect(await answer.text()).toContain('Budget has been exceeded');
    expect(provider.seen).toHaveLength(1);
  });

  test('is refused for a model that the key may not use, named in the body or the path', async () => {
    const narrow = await gateway.key({ models: ['gpt-4o-mini', 'gemini/gemini-2.5-flash'] });
    provider.behaviour = json(completion('hi'));
    const ask = async (path: string, body: unknown): Promise<number> => {
      const answer = await gateway.call('POST', path, body, narrow);
      await answer.text();
      return answer.status;
    };
    expect(await ask('/openai_passthrough/v1/chat/completions', { model: 'gpt-4o', messages: [] })).toBe(403);
    expect(await ask('/gemini/v1beta/models/gemini-2.5-pro:generateContent', { contents: [] })).toBe(403);
    expect(await ask('/openai_passthrough/v1/threads', {})).toBe(403);
    expect(provider.seen).toEqual([]);
    expect(await ask('/openai_passthrough/v1/chat/completions', { model: 'gpt-4o-mini', messages: [] })).toBe(200);
    expect(await ask('/gemini/v1beta/models/gemini-2.5-flash:generateContent', { contents: [] })).toBe(200);
  });

  test('may be kept to certain paths by the key', async () => {
    const kept = await gateway.key({ allowed_passthrough_routes: ['/anthropic'] });
    provider.behaviour = json(MESSAGE);
    expect((await gateway.call('GET', '/openai_passthrough/v1/models', undefined, kept)).status).toBe(403);
    expect((await gateway.call('GET', '/anthropic/v1/models', undefined, kept)).status).toBe(200);
  });

  test.each(['/anthropic/../v1/messages', '/anthropic/v1/%2e%2e/admin', '/anthropic/v1/..%2fadmin/..'])(
    'cannot leave its place: %s',
    async (path) => {
      const { host } = new URL(gateway.url);
      const { request } = await import('node:http');
      const status = await new Promise<number>((resolve, reject) => {
        // Not by fetch, which resolves the steps itself.
        request({ host: host.split(':')[0], port: host.split(':')[1], path, headers: { authorization: `Bearer ${key}` } }, (answer) => {
          answer.resume();
          resolve(answer.statusCode ?? 0);
        })
          .on('error', reject)
          .end();
      });
      expect(status).toBeGreaterThanOrEqual(400);
      expect(provider.seen).toEqual([]);
    },
  );

  test('says which variable is missing when there are no credentials', async () => {
    const answer = await gateway.call('POST', '/mistral/v1/chat/completions', { model: 'mistral-small-latest', messages: [] }, key);
    expect(answer.status).toBe(400);
    expect(((await answer.json()) as { error: { message: string } }).error.message).toContain('MISTRAL_API_KEY');
  });

  test('is refused when it is no JSON although it says so', async () => {
    const answer = await gateway.call('POST', '/openai_passthrough/v1/chat/completions', '{"model":"gpt-4o-mini","model":"gpt-4o"}', key);
    expect(answer.status).toBe(400);
    expect(provider.seen).toEqual([]);
  });
});

describe('a path of OpenAI’s', () => {
  test('that the gateway has itself stays its own', async () => {
    const answer = await gateway.call('GET', '/openai/deployments/x/chat/completions', undefined, key);
    await answer.text();
    const own = await gateway.call(
      'POST',
      '/openai/v1/chat/completions',
      { model: 'nobody', messages: [{ role: 'user', content: 'x' }] },
      key,
    );
    expect(own.status).toBe(400);
    expect(await own.text()).toContain('Invalid model name');
  });

  test('that it has not goes to OpenAI, with or without a version', async () => {
    provider.behaviour = json({ object: 'list', data: [] });
    await (await gateway.call('GET', '/openai/v1/vector_stores?limit=2', undefined, key)).text();
    expect(provider.last).toMatchObject({ method: 'GET', path: '/v1/vector_stores?limit=2' });
    await (await gateway.call('DELETE', '/openai/assistants/asst_1', undefined, key)).text();
    expect(provider.last).toMatchObject({ method: 'DELETE', path: '/v1/assistants/asst_1' });
    expect(provider.last.headers.authorization).toBe('Bearer sk-openai-owner');
    expect(await lastRow()).toMatchObject({ spend: '0', model_group: 'openai/*', status: 'success', total_tokens: 0 });
  });
});

describe('the answer', () => {
  test('streams as it comes, and is booked by what its events tell', async () => {
    const { promise: goOn, resolve: release } = Promise.withResolvers<undefined>();
    provider.behaviour = async (_request, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write(
        `event: message_start\ndata: ${JSON.stringify({ type: 'message_start', message: { ...MESSAGE, content: [], stop_reason: null, usage: { input_tokens: 1000, output_tokens: 1 } } })}\n\n`,
      );
      await goOn;
      const rest = [
        { type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } },
        { type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: 'Hello' } },
        { type: 'content_block_stop', index: 0 },
        { type: 'message_delta', delta: { stop_reason: 'end_turn', stop_sequence: null }, usage: { output_tokens: 100 } },
        { type: 'message_stop' },
      ];
      response.end(rest.map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`).join(''));
    };
    const client = new Anthropic({ apiKey: key, baseURL: `${gateway.url}/anthropic`, maxRetries: 0 });
    const stream = client.messages.stream({ model: SONNET, max_tokens: 5, messages: [{ role: 'user', content: 'x' }] });
    const first = await new Promise<string>((resolve) => {
      stream.once('streamEvent', ({ type }) => {
        resolve(type);
      });
    });
    expect(first).toBe('message_start');
    release(undefined);
    expect((await stream.finalMessage()).content).toMatchObject([{ type: 'text', text: 'Hello' }]);
    expect(await lastRow()).toMatchObject({ spend: '0.0045', prompt_tokens: 1000, completion_tokens: 100, status: 'success' });
  });

  test('that breaks off is booked as a failure with what had come', async () => {
    provider.behaviour = async (_request, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write(
        `data: ${JSON.stringify({ ...completion(''), object: 'chat.completion.chunk', choices: [{ index: 0, delta: { role: 'assistant', content: 'one two three four' }, finish_reason: null }], usage: null })}\n\n`,
      );
      await new Promise((resolve) => setTimeout(resolve, 50));
      response.destroy();
    };
    const answer = await gateway.call(
      'POST',
      '/openai_passthrough/v1/chat/completions',
      { model: 'gpt-4o', stream: true, messages: [{ role: 'user', content: 'x' }] },
      key,
    );
    await expect(answer.text()).rejects.toThrow(/terminated|aborted/);
    await expect.poll(async () => (await lastRow())['status']).toBe('failure');
    const row = await lastRow();
    expect(row).toMatchObject({ model: 'gpt-4o' });
    expect(Number(row['completion_tokens'])).toBeGreaterThan(0);
  });

  test('of a client that left is booked with what had come, and its provider is left', async () => {
    provider.behaviour = (_request, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write(
        `data: ${JSON.stringify({ ...completion(''), object: 'chat.completion.chunk', choices: [{ index: 0, delta: { role: 'assistant', content: 'one two three four' }, finish_reason: null }], usage: null })}\n\n`,
      );
    };
    const leave = new AbortController();
    const answer = await fetch(`${gateway.url}/openai_passthrough/v1/chat/completions`, {
      method: 'POST',
      signal: leave.signal,
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      body: JSON.stringify({ model: 'gpt-4o', stream: true, messages: [{ role: 'user', content: 'x' }] }),
    });
    await answer.body?.getReader().read();
    leave.abort();
    await provider.last.gone;
    await expect.poll(async () => (await lastRow())['metadata']).toContain('"client_left":true');
    const row = await lastRow();
    expect(row['status']).toBe('success');
    expect(Number(row['completion_tokens'])).toBeGreaterThan(0);
  });

  test('that refuses keeps its status and its words, and costs nothing', async () => {
    const refusal = { type: 'error', error: { type: 'overloaded_error', message: 'Overloaded' } };
    provider.behaviour = json(refusal, 529, { 'retry-after': '7' });
    const answer = await gateway.call('POST', '/anthropic/v1/messages', { model: SONNET, max_tokens: 5, messages: [] }, key);
    expect(answer.status).toBe(529);
    expect(answer.headers.get('retry-after')).toBe('7');
    expect(await answer.json()).toEqual(refusal);
    expect(await lastRow()).toMatchObject({ status: 'failure', spend: '0' });
  });

  test('that repeats the owner’s key in a header does not tell it', async () => {
    provider.behaviour = json(MESSAGE, 200, { 'x-seen-key': OWN_KEY });
    const answer = await gateway.call('POST', '/anthropic/v1/messages', { model: SONNET, max_tokens: 5, messages: [] }, key);
    await answer.text();
    expect(answer.headers.get('x-seen-key')).toBe(null);
  });

  test('that leads elsewhere is not followed', async () => {
    provider.behaviour = (_request, response) => {
      response.writeHead(302, { location: 'https://elsewhere.example/' }).end();
    };
    const answer = await fetch(`${gateway.url}/openai/v1/files/x/content`, {
      headers: { authorization: `Bearer ${key}` },
      redirect: 'manual',
    });
    expect(answer.status).toBe(302);
    expect(provider.seen).toHaveLength(1);
  });

  test('does not come: the reason is told in the words of every call', async () => {
    const lost = await FakeProvider.start();
    const { url } = lost;
    await lost.stop();
    await using other = await gatewayWith({ OPENAI_API_KEY: 'sk-x', OPENAI_API_BASE: url });
    const answer = await other.call('GET', '/openai/v1/files');
    expect(answer.status).toBe(502);
    expect(((await answer.json()) as { error: { type: string } }).error.type).toBe('api_connection_error');
  });
});

async function gatewayWith(env: Record<string, string>, yaml = 'model_list: []\n'): Promise<TestGateway & AsyncDisposable> {
  const started = await startGateway(yaml, env);
  return Object.assign(started, { [Symbol.asyncDispose]: () => started.stop() });
}

describe('usage is read from', () => {
  test.each<[string, string, unknown, unknown, number, number]>([
    [
      'OpenAI’s Responses',
      '/openai_passthrough/v1/responses',
      { model: 'gpt-4o', input: 'x' },
      { id: 'resp_1', usage: { input_tokens: 12, output_tokens: 3, total_tokens: 15 } },
      12,
      3,
    ],
    [
      'OpenAI’s embeddings',
      '/openai_passthrough/v1/embeddings',
      { model: 'text-embedding-3-small', input: 'x' },
      { data: [], usage: { prompt_tokens: 9, total_tokens: 9 } },
      9,
      0,
    ],
    [
      'Gemini',
      '/gemini/v1beta/models/gemini-2.5-flash:generateContent',
      { contents: [] },
      { candidates: [], usageMetadata: { promptTokenCount: 20, candidatesTokenCount: 5, thoughtsTokenCount: 2, totalTokenCount: 27 } },
      20,
      7,
    ],
    [
      'Gemini’s streams without events',
      '/gemini/v1beta/models/gemini-2.5-flash:streamGenerateContent',
      { contents: [] },
      [
        { usageMetadata: { promptTokenCount: 20, candidatesTokenCount: 1 } },
        { usageMetadata: { promptTokenCount: 20, candidatesTokenCount: 8 } },
      ],
      20,
      8,
    ],
    [
      'Cohere’s chat',
      '/cohere/v2/chat',
      { model: 'command-a-03-2025', messages: [] },
      { usage: { billed_units: { input_tokens: 5, output_tokens: 6 }, tokens: { input_tokens: 50, output_tokens: 6 } } },
      50,
      6,
    ],
    [
      'Bedrock',
      '/bedrock/model/us.amazon.nova-lite-v1%3A0/converse',
      { messages: [] },
      { output: {}, usage: { inputTokens: 30, outputTokens: 4, totalTokens: 34 } },
      30,
      4,
    ],
  ])('%s', async (_name, path, body, reply, input, output) => {
    provider.behaviour = json(reply);
    const answer = await gateway.call('POST', path, body, key);
    expect(answer.status).toBe(200);
    expect(await answer.json()).toEqual(reply);
    expect(await lastRow()).toMatchObject({ prompt_tokens: input, completion_tokens: output, status: 'success' });
  });

  test('pictures, by their number, size and quality where no tokens are told', async () => {
    provider.behaviour = json({ created: 1, data: [{ b64_json: 'aGk=' }, { b64_json: 'aGk=' }] });
    const body = { model: 'dall-e-3', prompt: 'A cat', n: 2, size: '1024x1792', quality: 'hd' };
    const answer = await gateway.call('POST', '/openai_passthrough/v1/images/generations', body, key);
    expect(answer.headers.get('x-litellm-key-spend')).toMatch(/^[\d.]+$/);
    await answer.text();
    // Two in high definition, upright, at 0.12 USD each.
    expect(await lastRow()).toMatchObject({ spend: '0.24', prompt_tokens: 0, completion_tokens: 0, status: 'success' });
  });

  test('pictures, by the tokens that their answer or their events tell', async () => {
    const usage = { input_tokens: 50, output_tokens: 4160, total_tokens: 4210, input_tokens_details: { text_tokens: 50, image_tokens: 0 } };
    provider.behaviour = json({ created: 1, data: [{ b64_json: 'aGk=' }], usage });
    const ask = { model: 'gpt-image-1', prompt: 'A cat' };
    await (await gateway.call('POST', '/openai_passthrough/v1/images/generations', ask, key)).text();
    const whole = await lastRow();
    expect(whole).toMatchObject({ prompt_tokens: 50, completion_tokens: 4160 });
    // 50 tokens of text at 5 USD and 4160 of pictures at 40 USD a million.
    expect(whole['spend']).toBe('0.16665');
    provider.behaviour = events([
      { type: 'image_generation.partial_image', partial_image_index: 0, b64_json: 'aA==' },
      { type: 'image_generation.completed', b64_json: 'aGk=', usage },
    ]);
    await (await gateway.call('POST', '/openai_passthrough/v1/images/generations', { ...ask, stream: true }, key)).text();
    expect(await lastRow()).toMatchObject({
      spend: '0.16665',
      status: 'success',
      metadata: expect.not.objectContaining({ unpriced: true }),
    });
  });

  test('speech, by the characters that were to be spoken, whatever sound comes', async () => {
    provider.behaviour = (_request, response) => {
      response.writeHead(200, { 'content-type': 'audio/mpeg' }).end(Buffer.alloc(40_000, 1));
    };
    const body = { model: 'tts-1', input: 'Guten Morgen', voice: 'alloy' };
    await (await gateway.call('POST', '/openai_passthrough/v1/audio/speech', body, key)).arrayBuffer();
    // 12 characters at 15 USD a million.
    expect(await lastRow()).toMatchObject({ spend: '0.00018', completion_tokens: 0, status: 'success' });
    provider.behaviour = events([
      { type: 'speech.audio.delta', audio: 'aGk=' },
      { type: 'speech.audio.done', usage: { input_tokens: 14, output_tokens: 101, total_tokens: 115 } },
    ]);
    const streamed = { model: 'gpt-4o-mini-tts', input: 'Guten Morgen', voice: 'alloy', stream_format: 'sse' };
    await (await gateway.call('POST', '/openai_passthrough/v1/audio/speech', streamed, key)).text();
    expect(await lastRow()).toMatchObject({ prompt_tokens: 14, completion_tokens: 101, status: 'success' });
  });

  test('a budget that a picture does not fit into is kept before it is made', async () => {
    const poor = await gateway.key({ max_budget: 0.00001 });
    provider.behaviour = json({ created: 1, data: [{ b64_json: 'aGk=' }] });
    const ask = async (): Promise<number> => {
      const body = { model: 'dall-e-3', prompt: 'A cat' };
      const answer = await gateway.call('POST', '/openai_passthrough/v1/images/generations', body, poor);
      await answer.text();
      return answer.status;
    };
    expect([await ask(), await ask()]).toEqual([200, 422]);
    expect(provider.seen).toHaveLength(1);
  });

  test('the events of a stream of Responses', async () => {
    provider.behaviour = (_request, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.end(
        `event: response.created\ndata: {"type":"response.created","response":{"usage":null}}\n\nevent: response.completed\ndata: {"type":"response.completed","response":{"usage":{"input_tokens":12,"output_tokens":3,"total_tokens":15}}}\n\n`,
      );
    };
    const client = new OpenAI({ apiKey: key, baseURL: `${gateway.url}/openai_passthrough/v1`, maxRetries: 0 });
    const types: string[] = [];
    for await (const event of await client.responses.create({ model: 'gpt-4o', input: 'x', stream: true })) types.push(event.type);
    expect(types).toEqual(['response.created', 'response.completed']);
    expect(await lastRow()).toMatchObject({ prompt_tokens: 12, completion_tokens: 3 });
  });

  test('nothing, when a chat streams without it: what was written is counted, and the row is marked', async () => {
    provider.behaviour = (_request, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      const chunk = (delta: object, finish: string | null): string =>
        `data: ${JSON.stringify({ id: 'c', object: 'chat.completion.chunk', created: 1, model: 'm', choices: [{ index: 0, delta, finish_reason: finish }] })}\n\n`;
      response.end(`${chunk({ role: 'assistant', content: 'one two three' }, null)}${chunk({}, 'stop')}data: [DONE]\n\n`);
    };
    await (
      await gateway.call(
        'POST',
        '/openai_passthrough/v1/chat/completions',
        { model: 'gpt-4o', stream: true, messages: [{ role: 'user', content: 'hello' }] },
        key,
      )
    ).text();
    // The row before this one has as many tokens, but they were told.
    await expect.poll(async () => (await lastRow())['metadata']).toContain('"usage_estimated":true');
    expect((await lastRow())['completion_tokens']).toBe(3);
  });
});

describe('Bedrock', () => {
  test('gets a signature over the very bytes, for a model by its own name or by the gateway’s', async () => {
    provider.behaviour = json({ usage: { inputTokens: 1, outputTokens: 1 } });
    for (const name of ['us.amazon.nova-lite-v1%3A0', 'house']) {
      await (await gateway.call('POST', `/bedrock/model/${name}/converse`, { messages: [] }, key)).text();
      const { path, headers, body } = provider.last;
      expect(path).toBe('/model/us.amazon.nova-lite-v1%3A0/converse');
      const at = Date.parse(String(headers['x-amz-date']).replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z'));
      const known = Object.fromEntries(
        Object.entries(headers).filter(([header]) =>
          /SignedHeaders=([^,]+)/.exec(String(headers.authorization))?.[1]?.split(';').includes(header),
        ),
      ) as Record<string, string>;
      const again = signed(
        { method: 'POST', origin: provider.url, path, headers: withoutProof(known), body },
        AWS,
        { region: 'eu-central-1', service: 'bedrock' },
        at,
      );
      expect(again['authorization']).toBe(headers.authorization);
    }
  });

  test('streams its own frames, and is booked by them', async () => {
    const frames = bytesOf([
      ['messageStart', { role: 'assistant' }],
      ['contentBlockDelta', { contentBlockIndex: 0, delta: { text: 'Hi' } }],
      ['messageStop', { stopReason: 'end_turn' }],
      ['metadata', { usage: { inputTokens: 25, outputTokens: 2, totalTokens: 27 } }],
    ] as never);
    provider.behaviour = (_request, response) => {
      response.writeHead(200, { 'content-type': 'application/vnd.amazon.eventstream' }).end(frames);
    };
    const answer = await gateway.call('POST', '/bedrock/model/us.amazon.nova-lite-v1%3A0/converse-stream', { messages: [] }, key);
    expect(Buffer.from(await answer.arrayBuffer()).equals(frames)).toBe(true);
    expect(await lastRow()).toMatchObject({ prompt_tokens: 25, completion_tokens: 2 });
  });
});

function withoutProof(headers: Record<string, string>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).filter(([name]) => !name.startsWith('x-amz-') && name !== 'host' && name !== 'authorization'),
  );
}

describe('Google', () => {
  test('takes the key as its clients send it, and is asked by the owner’s', async () => {
    provider.behaviour = json({ candidates: [], usageMetadata: { promptTokenCount: 2, candidatesTokenCount: 1 } });
    const answer = await gateway.call(
      'POST',
      `/gemini/v1beta/models/gemini-2.5-flash:generateContent?key=${key}&a=b`,
      { contents: [] },
      null,
    );
    expect(answer.status).toBe(200);
    expect(provider.last.path).toBe('/v1beta/models/gemini-2.5-flash:generateContent?a=b');
    expect(provider.last.headers['x-goog-api-key']).toBe('gemini-owner-key');
  });

  test('hears a refusal of the gateway in its own words', async () => {
    const answer = await gateway.call(
      'POST',
      '/gemini/v1beta/models/gemini-2.5-flash:generateContent',
      { contents: [] },
      'sk-nobody-knows-this',
    );
    expect(answer.status).toBe(401);
    expect(await answer.json()).toMatchObject({ error: { code: 401, status: 'UNAUTHENTICATED' } });
  });

  test('Cloud is asked at the place that the path names, by the credential of the deployment that stands there', async () => {
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const credential = {
      type: 'service_account',
      project_id: 'p-1',
      client_email: 'a@p-1.iam.gserviceaccount.com',
      private_key: privateKey.export({ type: 'pkcs8', format: 'pem' }),
      token_uri: `${provider.url}/token`,
    };
    await using cloud = await gatewayWith(
      {},
      `model_list:
  - model_name: flash
    litellm_params:
      model: vertex_ai/gemini-2.5-flash
      api_base: "${provider.url}"
      vertex_project: p-1
      vertex_location: europe-west4
      vertex_credentials: '${JSON.stringify(credential)}'
      use_in_pass_through: true
`,
    );
    provider.behaviour = (request, response) =>
      json(
        request.path === '/token'
          ? { access_token: 'a-token-of-google', expires_in: 3600 }
          : { candidates: [], usageMetadata: { promptTokenCount: 7, candidatesTokenCount: 1 } },
      )(request, response);
    const path = '/vertex_ai/v1/projects/p-1/locations/europe-west4/publishers/google/models/gemini-2.5-flash:generateContent';
    const answer = await cloud.call('POST', path, { contents: [] });
    expect(answer.status, await answer.text()).toBe(200);
    expect(provider.last.path).toBe(path.slice('/vertex_ai'.length));
    expect(provider.last.headers.authorization).toBe('Bearer a-token-of-google');
    expect((await cloud.rows()).at(-1)).toMatchObject({ prompt_tokens: 7, custom_llm_provider: 'vertex_ai', model: 'gemini-2.5-flash' });
  });
});

describe('Google Cloud without a deployment of its own', () => {
  const MODEL = 'publishers/google/models/gemini-2.5-flash:generateContent';
  const PLACE = '/v1/projects/p-2/locations/europe-west1';
  const said = { candidates: [], usageMetadata: { promptTokenCount: 7, candidatesTokenCount: 1 } };

  test('is asked by the variables for requests that pass, in their project and location where the path names none', async () => {
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const folder = await mkdtemp(join(tmpdir(), 'google-'));
    const file = join(folder, 'credential.json');
    const pem = privateKey.export({ type: 'pkcs8', format: 'pem' });
    const account = {
      type: 'service_account',
      client_email: 'a@p-2.iam.gserviceaccount.com',
      private_key: pem,
      token_uri: `${provider.url}/token`,
    };
    await writeFile(file, JSON.stringify(account));
    await using cloud = await gatewayWith(
      {
        VERTEX_API_BASE: provider.url,
        VERTEXAI_PROJECT: 'another',
        DEFAULT_VERTEXAI_PROJECT: 'p-2',
        DEFAULT_VERTEXAI_LOCATION: 'europe-west1',
        DEFAULT_GOOGLE_APPLICATION_CREDENTIALS: file,
      },
      'model_list: []',
    );
    provider.behaviour = (request, response) =>
      json(request.path === '/token' ? { access_token: 'a-token-of-google', expires_in: 3600 } : said)(request, response);
    for (const path of [`/v1/${MODEL}`, `/${MODEL}`, `${PLACE}/${MODEL}`]) {
      const answer = await cloud.call('POST', `/vertex_ai${path}`, { contents: [] });
      expect(answer.status, await answer.text()).toBe(200);
      expect(provider.last.path).toBe(`${PLACE}/${MODEL}`);
      expect(provider.last.headers.authorization).toBe('Bearer a-token-of-google');
    }
    await rm(folder, { recursive: true });
  });

  test('is asked by the token that the caller brings beside its key, and never by a key of the gateway', async () => {
    await using cloud = await gatewayWith({ VERTEX_API_BASE: provider.url, HOME: '/nowhere' }, 'model_list: []');
    provider.behaviour = json(said);
    const mine = await cloud.key();
    const other = await cloud.key();
    const ask = (headers: Record<string, string>) => cloud.call('POST', `/vertex_ai${PLACE}/${MODEL}`, { contents: [] }, null, headers);
    const answer = await ask({ 'x-litellm-api-key': mine, authorization: 'Bearer ya29.the-callers-own' });
    expect(answer.status, await answer.text()).toBe(200);
    expect(provider.last.headers.authorization).toBe('Bearer ya29.the-callers-own');
    expect(JSON.stringify(provider.last.headers)).not.toContain(mine);
    expect((await cloud.rows()).at(-1)).toMatchObject({ prompt_tokens: 7, custom_llm_provider: 'vertex_ai', status: 'success' });
    const asked = provider.seen.length;
    const keys = [mine, other, cloud.masterKey];
    for (const key of keys) await (await ask({ 'x-litellm-api-key': mine, authorization: `Bearer ${key}` })).text();
    await (await ask({ authorization: `Bearer ${mine}` })).text();
    expect(
      provider.seen
        .slice(asked)
        .map(({ headers }) => headers.authorization)
        .filter((text) => text !== undefined),
    ).toEqual([]);
  });
});

describe('a file', () => {
  test('passes as it arrives, at the speed at which the provider takes it', async () => {
    const size = 30 * 1024 * 1024;
    provider.behaviour = (request, response) => {
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ bytes: request.body.length }));
    };
    const form = new FormData();
    form.set('purpose', 'assistants');
    form.set('file', new Blob([Buffer.alloc(size, 7)]), 'big.bin');
    const answer = await fetch(`${gateway.url}/openai/v1/files`, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}` },
      body: form,
    });
    expect(answer.status).toBe(200);
    expect(((await answer.json()) as { bytes: number }).bytes).toBeGreaterThan(size);
    expect(provider.last.headers['content-type']).toMatch(/^multipart\/form-data; boundary=/);
  });
});
