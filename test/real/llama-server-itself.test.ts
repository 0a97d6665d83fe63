import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { setTimeout as wait } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startLlamaServer, type LlamaServer } from './llama-server.ts';

/** What the harness promises to the tests that put the gateway before it: each scene of the tiny model plays for certain. */
describe('the chat server', () => {
  let server: LlamaServer;
  beforeAll(async () => {
    server = await startLlamaServer({ kind: 'chat' });
  });
  afterAll(() => server.stop());

  test('answers a plain question with the fixed answer and counts its tokens', async () => {
    const { choices, usage } = await chat(server, { messages: [ask('hello')] });
    expect(choices).toMatchObject([{ finish_reason: 'stop', message: { role: 'assistant', content: ANSWER } }]);
    expect(usage).toMatchObject({ completion_tokens: 11, total_tokens: usage.prompt_tokens + 11 });
  });

  test('streams the same answer in pieces, with the usage when asked and a [DONE] at the end', async () => {
    const events = await chatStream(server, { messages: [ask('hello')], stream_options: { include_usage: true } });
    expect(events.at(-1)).toBe('[DONE]');
    const chunks = events.slice(0, -1).map((event) => JSON.parse(event) as Chunk);
    const pieces = chunks.map((chunk) => chunk.choices[0]?.delta.content ?? '').filter(Boolean);
    expect(pieces.length).toBeGreaterThan(4);
    expect(pieces.join('')).toBe(ANSWER);
    expect(chunks.at(-1)).toMatchObject({ choices: [], usage: { completion_tokens: 11 } });
  });

  test('thinks aloud before it answers when the question speaks of it', async () => {
    const { choices } = await chat(server, { messages: [ask('please think')] });
    expect(choices[0]?.message).toMatchObject({ reasoning_content: 'Someone wants tea', content: ANSWER });
  });

  test('leaves the thinking tags in the text when asked to', async () => {
    const { choices } = await chat(server, { messages: [ask('please think')], reasoning_format: 'none' });
    expect(choices[0]?.message.content).toBe(`<think>Someone wants tea</think>${ANSWER}`);
  });

  test('calls get_weather for Rome when its only argument is the city', async () => {
    const parameters = { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] };
    const tools = [{ type: 'function', function: { name: 'get_weather', parameters } }];
    const { choices } = await chat(server, { messages: [ask('the weather?')], tools });
    expect(choices).toMatchObject([
      { finish_reason: 'tool_calls', message: { tool_calls: [{ function: { name: 'get_weather', arguments: '{"city": "Rome"}' } }] } },
    ]);
  });

  test('calls any other tool with the least that its schema allows', async () => {
    const { choices } = await chat(server, { messages: [ask('the weather?')], tools: [WEATHER] });
    expect(choices[0]?.finish_reason).toBe('tool_calls');
    expect(choices[0]?.message.tool_calls).toMatchObject([{ type: 'function', function: { name: 'get_weather' } }]);
    expect(JSON.parse(choices[0]?.message.tool_calls?.[0]?.function.arguments ?? '')).toEqual({ city: '', days: 0 });
  });

  test('streams a tool call name first, arguments in pieces', async () => {
    const events = await chatStream(server, { messages: [ask('the weather?')], tools: [WEATHER] });
    const deltas = events.slice(0, -1).flatMap((event) => (JSON.parse(event) as Chunk).choices[0]?.delta.tool_calls ?? []);
    expect(deltas[0]).toMatchObject({ index: 0, function: { name: 'get_weather' } });
    expect(deltas.length).toBeGreaterThan(3);
    expect(JSON.parse(deltas.map((delta) => delta.function?.arguments ?? '').join(''))).toEqual({ city: '', days: 0 });
  });

  test('answers in words once the tool has answered', async () => {
    const call = { id: 'call_1', type: 'function', function: { name: 'get_weather', arguments: '{"city":"Rome","days":1}' } };
    const history = [
      ask('the weather?'),
      { role: 'assistant', content: null, tool_calls: [call] },
      { role: 'tool', tool_call_id: 'call_1', content: 'Sun' },
    ];
    const { choices } = await chat(server, { messages: history, tools: [WEATHER] });
    expect(choices).toMatchObject([{ finish_reason: 'stop', message: { content: ANSWER } }]);
  });

  test('keeps to a JSON schema', async () => {
    const schema = { type: 'object', properties: { name: { type: 'string' }, ripe: { type: 'boolean' } }, required: ['name', 'ripe'] };
    const { choices } = await chat(server, {
      messages: [ask('a fruit')],
      response_format: { type: 'json_schema', json_schema: { name: 'fruit', schema } },
    });
    expect(JSON.parse(choices[0]?.message.content ?? '')).toEqual({ name: '', ripe: true });
  });

  test('stops at the token limit', async () => {
    const { choices, usage } = await chat(server, { messages: [ask('count')], max_tokens: 7 });
    expect(choices).toMatchObject([{ finish_reason: 'length', message: { content: 'one two three four five one two' } }]);
    expect(usage.completion_tokens).toBe(7);
  });

  test('refuses a prompt that is too long and says how long', async () => {
    const answer = await post(`${server.url}/v1/chat/completions`, { messages: [ask('x'.repeat(9000))] });
    expect(answer.status).toBe(400);
    expect(await answer.json()).toMatchObject({ error: { code: 400, type: 'exceed_context_size_error', n_ctx: 4096 } });
  });

  test('stops working when the client of a stream leaves', async () => {
    const leaving = new AbortController();
    const answer = await post(`${server.url}/v1/chat/completions`, { messages: [ask('count')], stream: true }, leaving.signal);
    expect(await busySlots(server)).toBe(1);
    leaving.abort();
    const left = performance.now();
    await until(async () => (await busySlots(server)) === 0);
    // Left alone, it counts to the end of its context, 4000 tokens on, for some seconds.
    expect(performance.now() - left).toBeLessThan(1000);
    await expect(answer.text()).rejects.toThrow(/abort/i);
  });
});

describe('the embeddings server', () => {
  let server: LlamaServer;
  beforeAll(async () => {
    server = await startLlamaServer({ kind: 'embeddings' });
  });
  afterAll(() => server.stop());

  test('gives each text 64 numbers, the same for the same text', async () => {
    const answer = await post(`${server.url}/v1/embeddings`, { input: ['tea', 'water', 'tea'] });
    const { data, usage } = (await answer.json()) as { data: { embedding: number[] }[]; usage: { prompt_tokens: number } };
    expect(data.map(({ embedding }) => embedding.length)).toEqual([64, 64, 64]);
    expect(cosine(data[0]?.embedding, data[2]?.embedding)).toBeCloseTo(1, 5);
    expect(cosine(data[0]?.embedding, data[1]?.embedding)).toBeLessThan(0.99);
    expect(usage.prompt_tokens).toBeGreaterThan(9);
  });

  test('fails on a text that is too long', async () => {
    const answer = await post(`${server.url}/v1/embeddings`, { input: 'word '.repeat(200) });
    expect(answer.status).toBe(500);
    expect(await answer.text()).toContain('too large to process');
  });
});

describe('the life of a server', () => {
  test('ends on request', async () => {
    const server = await startLlamaServer({ kind: 'chat' });
    expect(await answers(server.url)).toBe(true);
    await server.stop();
    expect(await answers(server.url)).toBe(false);
  });

  test('ends with the process that started it, even when that one is killed', async () => {
    const harness = pathToFileURL(path.join(import.meta.dirname, 'llama-server.ts')).href;
    const program = `import { startLlamaServer } from '${harness}'; console.log((await startLlamaServer({ kind: 'chat' })).url);`;
    const starter = spawn(process.execPath, ['--input-type=module', '--eval', program], { stdio: ['ignore', 'pipe', 'ignore'] });
    let url = '';
    for await (const line of createInterface(starter.stdout)) {
      url = line;
      break;
    }
    expect(await answers(url)).toBe(true);
    starter.kill('SIGKILL');
    await until(async () => !(await answers(url)));
  });
});

const ANSWER = 'The kettle is on 🫖.';

const WEATHER = {
  type: 'function',
  function: {
    name: 'get_weather',
    parameters: { type: 'object', properties: { city: { type: 'string' }, days: { type: 'integer' } }, required: ['city', 'days'] },
  },
};

interface ToolCall {
  index?: number;
  function: { name?: string; arguments: string };
}
interface Completion {
  choices: { finish_reason: string; message: { content: string; reasoning_content?: string; tool_calls?: ToolCall[] } }[];
  usage: { prompt_tokens: number; completion_tokens: number };
}
interface Chunk {
  choices: { delta: { content?: string; tool_calls?: Partial<ToolCall>[] } }[];
}

const ask = (content: string) => ({ role: 'user', content });

function post(url: string, body: object, signal?: AbortSignal): Promise<Response> {
  return fetch(url, { method: 'POST', body: JSON.stringify(body), ...(signal ? { signal } : {}) });
}

async function chat(server: LlamaServer, body: object): Promise<Completion> {
  const answer = await post(`${server.url}/v1/chat/completions`, body);
  expect(answer.status).toBe(200);
  return (await answer.json()) as Completion;
}

async function chatStream(server: LlamaServer, body: object): Promise<string[]> {
  const answer = await post(`${server.url}/v1/chat/completions`, { ...body, stream: true });
  const text = await answer.text();
  return text
    .split('\n\n')
    .filter(Boolean)
    .map((event) => event.replace(/^data: /, ''));
}

async function busySlots(server: LlamaServer): Promise<number> {
  const slots = (await (await fetch(`${server.url}/slots`)).json()) as { is_processing: boolean }[];
  return slots.filter((slot) => slot.is_processing).length;
}

function answers(url: string): Promise<boolean> {
  return fetch(`${url}/health`).then(
    (answer) => answer.ok,
    () => false,
  );
}

async function until(done: () => Promise<boolean>, withinMs = 5000): Promise<void> {
  const deadline = performance.now() + withinMs;
  while (!(await done())) {
    if (performance.now() > deadline) throw new Error(`not within ${withinMs} ms`);
    await wait(10);
  }
}

function cosine(a: readonly number[] = [], b: readonly number[] = []): number {
  const dot = (x: readonly number[], y: readonly number[]) => x.reduce((sum, value, at) => sum + value * (y[at] ?? 0), 0);
  return dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b));
}
