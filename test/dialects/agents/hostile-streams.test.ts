import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import type { StreamPart } from '../../../src/core/answer.ts';
import { ProviderError } from '../../../src/core/provider-error.ts';
import type { AgentDialect } from '../../../src/dialects/agents/index.ts';
import { readStream } from '../laws.ts';
import { asked, framed } from './asking.ts';

const odd: fc.Arbitrary<unknown> = fc.oneof(
  fc.constantFrom(null, undefined, '', 'null', '<think>', '{}', 'text', -1, 0, 1e300, true, [], {}, { toString: 1 }),
  fc.jsonValue({ maxDepth: 2 }),
);
const mostly = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<unknown> =>
  fc.oneof({ weight: 4, arbitrary: value }, { weight: 1, arbitrary: odd });
const text = mostly(fc.constantFrom('Hello', ' ', '', '<think>', '</think>', 'Hello there'));
const id = mostly(fc.constantFrom('a', 'b', ''));
const record = (members: Readonly<Record<string, fc.Arbitrary<unknown>>>): fc.Arbitrary<unknown> =>
  mostly(fc.record(members, { requiredKeys: [] }));
const list = (item: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> => mostly(fc.array(item, { maxLength: 3 }));
const usage = record({ prompt_tokens: odd, completion_tokens: odd, input_tokens: odd, output_tokens: odd, input_count: odd, output_count: odd, total_price: odd, currency: mostly(fc.constant('USD')) }); // prettier-ignore

const part = record({
  kind: mostly(fc.constantFrom('text', 'file', 'data')),
  text,
  file: record({ bytes: text, uri: text, mimeType: text }),
  data: odd,
  raw: text,
  url: text,
});
const state = mostly(fc.constantFrom('working', 'completed', 'input-required', 'failed', 'TASK_STATE_COMPLETED', 'TASK_STATE_WORKING'));
const status = record({ state, message: record({ role: text, messageId: id, parts: list(part) }) });
const artifact = record({ artifactId: id, parts: list(part) });
const result = record({
  kind: mostly(fc.constantFrom('task', 'message', 'status-update', 'artifact-update')),
  id,
  taskId: id,
  contextId: id,
  status,
  final: odd,
  append: odd,
  artifact,
  artifacts: list(artifact),
  parts: list(part),
  history: list(record({ role: mostly(fc.constantFrom('user', 'agent')), parts: list(part) })),
  statusUpdate: record({ status }),
});
const message = record({
  id,
  type: mostly(fc.constantFrom('ai', 'AIMessageChunk', 'tool', 'human', 'answer', 'verbose')),
  content: mostly(
    fc.oneof(text, fc.array(record({ type: mostly(fc.constantFrom('text', 'thinking')), text, thinking: text }), { maxLength: 2 })),
  ),
  usage_metadata: usage,
  response_metadata: record({ finish_reason: text, stop_reason: text }),
  reasoning_content: text,
  conversation_id: id,
  usage,
  last_error: record({ code: odd, msg: text }),
  code: odd,
  msg: text,
});

interface Event {
  readonly event?: string;
  readonly data: unknown;
}
const events = (names: readonly string[], data: fc.Arbitrary<unknown>): fc.Arbitrary<Event> =>
  fc.record({ event: fc.constantFrom(...names), data: mostly(data) });

const EVENTS: Readonly<Record<AgentDialect, fc.Arbitrary<Event>>> = {
  a2a: fc.record({
    data: record({ result, error: fc.option(record({ code: odd, message: text, data: odd }), { nil: undefined, freq: 9 }) }),
  }),
  coze: events(
    [
      'conversation.chat.created',
      'conversation.message.delta',
      'conversation.message.completed',
      'conversation.chat.completed',
      'done',
      'error',
      'conversation.chat.failed',
      'other',
    ],
    message,
  ),
  dify: fc.record({
    data: record({
      event: mostly(fc.constantFrom('message', 'agent_message', 'message_end', 'message_replace', 'message_file', 'agent_thought', 'ping')),
      message_id: id,
      created_at: odd,
      answer: text,
      url: text,
      type: text,
      conversation_id: id,
      metadata: record({ usage, retriever_resources: list(odd) }),
    }),
  }),
  langflow: fc.record({
    data: record({
      event: mostly(fc.constantFrom('token', 'add_message', 'end', 'other')),
      data: record({
        id,
        chunk: text,
        result: record({
          session_id: id,
          outputs: list(record({ outputs: list(record({ results: odd, outputs: odd, messages: list(record({ message: text })) })) })),
        }),
      }),
    }),
  }),
  langgraph: events(['metadata', 'messages', 'messages|sub', 'end', 'values'], list(message)),
};

/** What a reader made of a stream before it failed, if it did. */
function read(name: AgentDialect, bytes: string): { readonly parts: StreamPart[]; readonly failed: boolean } {
  const outward = asked(name);
  const reader = outward.reader();
  const parts: StreamPart[] = [];
  const kept = (made: StreamPart[]): StreamPart[] => (parts.push(...made), made);
  try {
    readStream([bytes], outward.framing, { push: (one) => kept(reader.push(one)), end: () => kept(reader.end()), finished: false });
    return { parts, failed: false };
  } catch (error) {
    expect(error).toBeInstanceOf(ProviderError);
    return { parts, failed: true };
  }
}

test.each(Object.keys(EVENTS) as AgentDialect[])('whatever %s sends, what is told obeys the order of a stream', (name) => {
  fc.assert(
    fc.property(fc.array(EVENTS[name], { maxLength: 10 }), (sent) => {
      const bytes = framed(name, sent);
      const { parts, failed } = read(name, bytes);
      expect(parts.slice(1).some(({ type }) => type === 'start')).toBe(false);
      if (parts.length > 0) expect(parts[0]?.type).toBe('start');
      const finish = parts.findIndex(({ type }) => type === 'finish');
      expect(finish !== -1).toBe(!failed);
      if (finish !== -1) expect(parts.slice(finish + 1).every(({ type }) => type === 'usage')).toBe(true);
      for (const told of parts) if (told.type === 'text_delta' || told.type === 'reasoning_delta') expect(told.text).toBeTypeOf('string');
      expect(read(name, bytes)).toEqual({ parts, failed });
    }),
    { numRuns: 300 },
  );
});
