/**
 * What one event of a provider's stream costs between its bytes and the client's: framing, reading into the hub, and writing in
 * the words of each client. Answers of 300 words, one event a read. Prints nanoseconds of processor time an event.
 *
 *   node bench/dialects/codecs.ts [events]
 */
import type { OutwardDialect, PartWriter } from '../../src/core/dialect.ts';
import { anthropic } from '../../src/dialects/anthropic/index.ts';
import { MessagesStreamWriter } from '../../src/dialects/anthropic/messages/stream.ts';
import { createCohere } from '../../src/dialects/cohere/index.ts';
import { parserFor } from '../../src/dialects/framing/parser-for.ts';
import { createGemini } from '../../src/dialects/gemini/index.ts';
import { ollama } from '../../src/dialects/ollama/index.ts';
import { openai } from '../../src/dialects/openai/index.ts';
import { ChatStreamWriter } from '../../src/dialects/openai/chat/stream.ts';
import { readResponsesRequest } from '../../src/dialects/openai/responses/request.ts';
import { ResponsesStreamWriter } from '../../src/dialects/openai/responses/stream.ts';
import { target } from '../../test/dialects/targets.ts';
import { events, WIRES, type Wire } from '../../test/exchange/wires.ts';

const EVENTS = Number(process.argv[2] ?? 100_000);
const WORDS = ['The', ' answer', ' to', ' that', ' is', ' "forty', ' two"', '\n', ' über', ' 🌍', ' and', ' so', ' on'];

const DIALECTS: Readonly<Record<Wire['group'], OutwardDialect>> = {
  openai,
  anthropic,
  ollama,
  cohere: createCohere(),
  gemini: createGemini(),
};

const { asked } = readResponsesRequest({ model: 'm', input: 'Hi' }, 'm');
const WRITERS: Readonly<Record<string, () => PartWriter>> = {
  chat: () => new ChatStreamWriter({ id: 'chatcmpl-1', model: 'm', created: 1, includeUsage: true }),
  messages: () => new MessagesStreamWriter({ id: 'msg_1', model: 'm' }),
  responses: () => new ResponsesStreamWriter({ id: 'resp_1', model: 'm', created: 1, asked }),
};

function nanosecondsAnEvent(dialect: OutwardDialect, pieces: readonly Buffer[], writerOf: () => PartWriter, wanted: number): number {
  const request = { model: 'm', messages: [{ role: 'user' as const, parts: [{ type: 'text' as const, text: 'Hi' }] }], stream: true, others: {}, extras: {} }; // prettier-ignore
  const outward = dialect.chat(request, target('bench', 'm'));
  let seen = 0;
  let length = 0;
  const start = process.cpuUsage();
  while (seen < wanted) {
    const [parser, reader, writer] = [parserFor(outward.framing), outward.reader(), writerOf()];
    for (const piece of pieces)
      for (const event of parser.push(piece)) for (const part of reader.push(event)) length += writer.write(part).length;
    for (const part of reader.end()) length += writer.write(part).length;
    length += writer.finish().length;
    seen += pieces.length;
  }
  const spent = process.cpuUsage(start);
  if (length === 0) throw new Error('nothing was written');
  return ((spent.user + spent.system) * 1000) / seen;
}

console.log(`${'provider'.padEnd(12)}${Object.keys(WRITERS).map((name) => name.padStart(12)).join('')}   ns/event`); // prettier-ignore
for (const wire of WIRES) {
  const words = Array.from({ length: 300 }, (_, at) => WORDS[at % WORDS.length] ?? '');
  const pieces = events(wire, words).map((event) => Buffer.from(event));
  const costs = Object.values(WRITERS).map((writerOf) => {
    nanosecondsAnEvent(DIALECTS[wire.group], pieces, writerOf, EVENTS / 10);
    return nanosecondsAnEvent(DIALECTS[wire.group], pieces, writerOf, EVENTS).toFixed(0).padStart(12);
  });
  console.log(wire.group.padEnd(12) + costs.join(''));
}
