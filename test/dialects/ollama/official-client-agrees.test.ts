import { Ollama, type ChatRequest as OllamaRequest, type ChatResponse } from 'ollama';
import { expect, test } from 'vitest';
import { foldStream } from '../../../src/core/fold-stream.ts';
import { readStream } from '../laws.ts';
import { wireCase } from '../wire-case.ts';
import { chat } from './asking.ts';

/** Ollama's own client on the same bytes: a second opinion on fixtures and reader. */
function clientOn(body: string | Buffer): Ollama {
  return new Ollama({ fetch: () => Promise.resolve(new Response(body)) });
}

interface Read {
  text: string;
  thinking: string;
  calls: unknown[];
  tokens: number[];
}

function add(read: Read, line: ChatResponse): Read {
  const { content, thinking = '', tool_calls = [] } = line.message;
  const tokens = line.done ? [line.prompt_eval_count, line.eval_count] : read.tokens;
  const calls = tool_calls.map((call) => ({ name: call.function.name, arguments: call.function.arguments }));
  return { text: read.text + content, thinking: read.thinking + thinking, calls: [...read.calls, ...calls], tokens };
}

function ours(stream: Buffer): Read {
  const { choices, usage } = foldStream(readStream([stream], 'ndjson', chat().reader()));
  const parts = choices[0]?.parts ?? [];
  const text = (type: string) => parts.map((part) => (part.type === type && 'text' in part ? part.text : '')).join('');
  const calls = parts.flatMap((part) =>
    part.type === 'tool_call' ? { name: part.name, arguments: JSON.parse(part.arguments) as unknown } : [],
  );
  return { text: text('text'), thinking: text('reasoning'), calls, tokens: [usage?.inputTokens ?? -1, usage?.outputTokens ?? -1] };
}

test.each(['text', 'thinking', 'tool-calls'])('%s: both read the same from the stream', async (name) => {
  const { stream } = wireCase(`ollama/${name}`);
  const answer = await clientOn(stream).chat({ model: 'qwen3:8b', messages: [], stream: true });
  let theirs: Read = { text: '', thinking: '', calls: [], tokens: [] };
  for await (const line of answer) theirs = add(theirs, line);
  expect(ours(stream)).toEqual(theirs);
});

test('the client sends what we send for the same call', async () => {
  const sent: unknown[] = [];
  const client = new Ollama({
    fetch: (_url, init) => {
      sent.push(typeof init?.body === 'string' ? JSON.parse(init.body) : null);
      return Promise.resolve(new Response('{}'));
    },
  });
  const request = wireCase('ollama/text').request as unknown as OllamaRequest;
  await client.chat({ ...request, stream: false });
  expect(sent).toEqual([{ ...request, stream: false }]);
});
