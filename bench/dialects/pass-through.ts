/**
 * How long one event of a stream takes in `ChatPassThrough`: content-only chunks of about 250 bytes, one event a read,
 * as a provider sends them. Prints nanoseconds of processor time an event; a stream of a provider's own habits in each line.
 *
 *   node bench/dialects/pass-through.ts [events]
 */
import { ChatPassThrough } from '../../src/dialects/openai/chat/pass-through.ts';

const EVENTS = Number(process.argv[2] ?? 200_000);
const STREAM_LENGTH = 1000;
const WORDS = [
  'The',
  ' answer',
  ' to',
  ' that',
  ' is',
  ' "forty',
  '\\"',
  ' two',
  '\n',
  ' über',
  ' 🌍',
  ' and',
  ' so',
  ' on',
  ' it',
  ' goes',
];

interface Habit {
  readonly name: string;
  event(word: string, i: number): string;
}

const HEAD =
  '"id":"chatcmpl-B9MBs8CjcvOU2jLn4n570S5qMJKcT","object":"chat.completion.chunk","created":1741569952,"model":"gpt-4o-2024-08-06"';

const HABITS: readonly Habit[] = [
  {
    name: 'plain content',
    event: (word) =>
      chunk(
        `"delta":{"content":${JSON.stringify(word)}},"logprobs":null,"finish_reason":null`,
        '"service_tier":"default","system_fingerprint":"fp_fc9f1d7035"',
      ),
  },
  {
    name: 'content with obfuscation',
    event: (word, i) =>
      `${chunk(`"delta":{"content":${JSON.stringify(word)}},"logprobs":null,"finish_reason":null`, '"service_tier":"default"').slice(0, -3)},"usage":null,"obfuscation":"${'x'.repeat(i % 12)}"}\n\n`,
  },
  {
    name: 'tool arguments',
    event: (word) =>
      chunk(
        `"delta":{"tool_calls":[{"index":0,"function":{"arguments":${JSON.stringify(word)}}}]},"logprobs":null,"finish_reason":null`,
        '"system_fingerprint":"fp_1"',
      ),
  },
  {
    name: 'mended: role repeated',
    event: (word) =>
      chunk(
        `"delta":{"role":"assistant","content":${JSON.stringify(word)}},"logprobs":null,"finish_reason":null`,
        '"system_fingerprint":"fp_1"',
      ),
  },
  {
    name: 'mended: reasoning elsewhere',
    event: (word) =>
      chunk(
        `"delta":{"content":"","reasoning":${JSON.stringify(word)}},"logprobs":null,"finish_reason":null`,
        '"system_fingerprint":"fp_1"',
      ),
  },
  {
    name: 'parsed: log probabilities',
    event: (word) =>
      chunk(
        `"delta":{"content":${JSON.stringify(word)}},"logprobs":{"content":[{"token":${JSON.stringify(word)},"logprob":-0.1,"bytes":null,"top_logprobs":[]}]},"finish_reason":null`,
        '"system_fingerprint":"fp_1"',
      ),
  },
  {
    name: 'parsed and written: usage in all',
    event: (word, i) =>
      chunk(
        `"delta":{"content":${JSON.stringify(word)}},"finish_reason":null`,
        `"usage":{"prompt_tokens":9,"completion_tokens":${i},"total_tokens":${9 + i}}`,
      ),
  },
];

function chunk(choice: string, beside: string): string {
  return `data: {${HEAD},"choices":[{"index":0,${choice}}],${beside}}\n\n`;
}

function streamOf(habit: Habit): Buffer[] {
  const words = Array.from({ length: STREAM_LENGTH }, (_, i) => habit.event(WORDS[i % WORDS.length] ?? '', i));
  const opening = chunk('"delta":{"role":"assistant","content":""},"finish_reason":null', '"system_fingerprint":"fp_1"');
  const call = chunk(
    '"delta":{"tool_calls":[{"index":0,"id":"call_1","type":"function","function":{"name":"f","arguments":""}}]},"finish_reason":null',
    '"system_fingerprint":"fp_1"',
  );
  return [opening, ...(habit.name === 'tool arguments' ? [call] : []), ...words].map((event) => Buffer.from(event));
}

function nanosecondsAnEvent(chunks: readonly Buffer[], events: number): number {
  let seen = 0;
  let bytes = 0;
  const start = process.cpuUsage();
  while (seen < events) {
    const stream = new ChatPassThrough({ clientModel: 'gpt-4o', keepUsage: true });
    for (const piece of chunks) bytes += Buffer.byteLength(stream.push(piece), 'latin1');
    seen += chunks.length;
  }
  const spent = process.cpuUsage(start);
  if (bytes === 0) throw new Error('nothing passed');
  return ((spent.user + spent.system) * 1000) / seen;
}

for (const habit of HABITS) {
  const chunks = streamOf(habit);
  nanosecondsAnEvent(chunks, EVENTS / 10);
  const average = Math.round(chunks.reduce((sum, piece) => sum + piece.length, 0) / chunks.length);
  console.log(
    `${habit.name.padEnd(34)} ${String(average).padStart(4)} B  ${nanosecondsAnEvent(chunks, EVENTS).toFixed(0).padStart(6)} ns/event`,
  );
}
