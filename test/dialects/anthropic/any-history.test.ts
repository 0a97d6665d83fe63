import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Part } from '../../../src/core/parts.ts';
import type { Message } from '../../../src/core/request.ts';
import { anthropic } from '../../../src/dialects/anthropic/index.ts';
import { chatRequest, target } from './hub.ts';

/** Few ids and texts, so that they meet often; some unlawful. */
const id = fc.constantFrom('a', 'b', 'call.1', '', 'toolu_1');
const text: fc.Arbitrary<Part> = fc.record({ type: fc.constant('text'), text: fc.constantFrom('', ' ', 'Hi', 'So? ') });
const call: fc.Arbitrary<Part> = fc.record({
  type: fc.constant('tool_call'),
  id,
  name: fc.constantFrom('f', 'g.h'),
  arguments: fc.constantFrom('', '{}', '{"x":1}', 'x'),
});
const thought: fc.Arbitrary<Part> = fc.record({
  type: fc.constant('reasoning'),
  text: fc.string(),
  signature: fc.constant('s'),
  origin: fc.constantFrom('anthropic', 'gemini'),
});
const result = fc.record({
  type: fc.constant('tool_result' as const),
  callId: id,
  parts: fc.constant([{ type: 'text' as const, text: 'ok' }]),
});
const message: fc.Arbitrary<Message> = fc.oneof(
  fc.record({ role: fc.constantFrom('system' as const, 'developer' as const, 'user' as const), parts: fc.array(text, { maxLength: 2 }) }),
  fc.record({ role: fc.constant('assistant' as const), parts: fc.array(fc.oneof(text, call, thought), { maxLength: 4 }) }),
  fc.record({ role: fc.constant('tool' as const), parts: fc.tuple(result) }),
);

interface Block {
  readonly type: string;
  readonly text?: string;
  readonly id?: string;
  readonly tool_use_id?: string;
}
interface Turn {
  readonly role: string;
  readonly content: readonly Block[];
}

it('any history of a client becomes one that Anthropic takes', () => {
  fc.assert(
    fc.property(fc.array(message, { maxLength: 10 }), fc.constantFrom('claude-sonnet-4-5', 'claude-opus-4-8'), (messages, model) => {
      const request = chatRequest({ messages });
      const before = structuredClone(request);
      const turns = anthropic.chat(request, target(model)).body['messages'] as Turn[];
      expectLawful(turns);
      expect(request).toEqual(before);
      expect(anthropic.chat(request, target(model)).body['messages']).toEqual(turns);
    }),
    { numRuns: 500 },
  );
});

function expectLawful(turns: readonly Turn[]): void {
  const spoken = turns.filter(({ role }) => role !== 'system');
  expect(spoken.map(({ role }) => role)).toEqual(spoken.map((_, i) => (i % 2 === 0 ? 'user' : 'assistant')));
  const blocks = turns.flatMap(({ content }) => content);
  expect(blocks.filter(({ type, text: said }) => type === 'text' && said?.trim() === '')).toEqual([]);
  for (const { content } of turns) expect(content.length).toBeGreaterThan(0);
  expectLawfulIds(blocks.flatMap(({ type, id: own }) => (type === 'tool_use' ? [own ?? ''] : [])));
  spoken.forEach(({ role, content }, i) => {
    if (role !== 'user') return;
    const wanted = spoken[i - 1]?.content.flatMap(({ id: own }) => own ?? []) ?? [];
    const given = content.slice(0, wanted.length).map(({ tool_use_id }) => tool_use_id);
    expect(given).toEqual(wanted);
    expect(content.slice(wanted.length).some(({ type }) => type === 'tool_result')).toBe(false);
  });
  expect(spoken.at(-1)?.content.some(({ type }) => type === 'tool_use')).toBe(false);
}

function expectLawfulIds(ids: readonly string[]): void {
  for (const own of ids) expect(own).toMatch(/^[a-zA-Z0-9_-]+$/);
  expect(new Set(ids).size).toBe(ids.length);
}
