import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Part } from '../../../src/core/parts.ts';
import type { Message } from '../../../src/core/request.ts';
import { bedrock, LLAMA, NOVA, SONNET_4, targetOf } from './asking.ts';

/** Few ids and texts, so that they meet often; some odd. */
const id = fc.constantFrom('a', 'b', 'call/1', '', 'x'.repeat(80));
const cache = fc.option(fc.constantFrom({}, { ttl: '1h' }), { nil: undefined });
const text = fc.record({ type: fc.constant('text' as const), text: fc.constantFrom('', ' ', 'Hi', 'So? '), cache }) as fc.Arbitrary<Part>;
const call: fc.Arbitrary<Part> = fc.record({
  type: fc.constant('tool_call'),
  id,
  name: fc.constantFrom('f', '1 g/h', 'x'.repeat(80)),
  arguments: fc.constantFrom('', '{}', '{"x":1}', 'x', '[1]'),
});
const foreign: fc.Arbitrary<Part> = fc.oneof(
  fc.record({
    type: fc.constant('reasoning' as const),
    text: fc.string(),
    signature: fc.constant('secret-of-another'),
    origin: fc.constantFrom('gemini', 'openai'),
  }),
  fc.record({
    type: fc.constant('native' as const),
    dialect: fc.constantFrom('gemini', 'openai'),
    raw: fc.constantFrom({ a: 1 }, 'odd', null),
  }),
);
const own: fc.Arbitrary<Part> = fc.constant({ type: 'reasoning', text: 'So', signature: 's', origin: 'anthropic' });
const pdf: fc.Arbitrary<Part> = fc.constant({ type: 'media', kind: 'file', source: { type: 'data', data: 'JVBERi0xLjQ=' } });
const result = fc.record({
  type: fc.constant('tool_result' as const),
  callId: id,
  parts: fc.constantFrom([{ type: 'text' as const, text: 'ok' }], [{ type: 'text' as const, text: ' ' }], []),
});
const message: fc.Arbitrary<Message> = fc.oneof(
  fc.record({ role: fc.constantFrom('system' as const, 'developer' as const), parts: fc.array(text, { maxLength: 2 }) }),
  fc.record({ role: fc.constant('user' as const), parts: fc.array(fc.oneof(text, pdf), { maxLength: 2 }) }),
  fc.record({ role: fc.constant('assistant' as const), parts: fc.array(fc.oneof(text, call, foreign, own), { maxLength: 5 }) }),
  fc.record({ role: fc.constant('tool' as const), parts: fc.tuple(result) }),
);

interface Block {
  readonly text?: string;
  readonly document?: object;
  readonly cachePoint?: object;
  readonly reasoningContent?: object;
  readonly toolUse?: { readonly toolUseId: string; readonly name: string; readonly input: unknown };
  readonly toolResult?: { readonly toolUseId: string; readonly content: readonly object[] };
}
interface Turn {
  readonly role: string;
  readonly content: readonly Block[];
}

it('any history of a client becomes one that Bedrock takes', () => {
  fc.assert(
    fc.property(
      fc.array(message, { maxLength: 10 }),
      fc.constantFrom(SONNET_4, NOVA, LLAMA, 'mistral.mistral-7b-instruct-v0:2'),
      (messages, model) => {
        const request = { model: 'm', messages, stream: false, others: {}, extras: {} };
        const before = structuredClone(request);
        const { body } = bedrock.chat(request, targetOf({ model }));
        const wire = JSON.parse(JSON.stringify(body)) as { messages: Turn[]; system?: Block[]; toolConfig?: object };
        expectLawful(wire.messages, wire.toolConfig !== undefined);
        expect(JSON.stringify(body)).not.toContain('secret-of-another');
        expect(JSON.stringify(body).split('"cachePoint"').length - 1).toBeLessThanOrEqual(model === SONNET_4 || model === NOVA ? 4 : 0);
        expect(request).toEqual(before);
        expect(bedrock.chat(request, targetOf({ model })).body).toEqual(body);
      },
    ),
    { numRuns: 700 },
  );
});

function expectLawful(turns: readonly Turn[], hasTools: boolean): void {
  expect(turns.map(({ role }) => role)).toEqual(turns.map((_, i) => (i % 2 === 0 ? 'user' : 'assistant')));
  expect(turns.length).toBeGreaterThan(0);
  const blocks = turns.flatMap(({ content }) => content);
  for (const { content } of turns) {
    expect(content.some(({ cachePoint }) => cachePoint === undefined)).toBe(true);
    expect(content[0]?.cachePoint).toBeUndefined();
    if (content.some(({ document }) => document)) expect(content.some((block) => block.text !== undefined)).toBe(true);
    if (content.some(({ reasoningContent }) => reasoningContent)) expect(content[0]?.reasoningContent).toBeTypeOf('object');
  }
  expect(blocks.filter((block) => block.text?.trim() === '')).toEqual([]);
  const calls = blocks.flatMap(({ toolUse }) => toolUse ?? []);
  expect(new Set(calls.map(({ toolUseId }) => toolUseId)).size).toBe(calls.length);
  for (const one of calls) {
    expect(one.toolUseId).toMatch(/^[a-zA-Z0-9_.:-]{1,64}$/);
    expect(one.name).toMatch(/^[a-zA-Z0-9_-]{1,64}$/);
    expect(one.input).toBeTypeOf('object');
  }
  turns.forEach(({ role, content }, i) => {
    if (role !== 'user') return;
    const asked = (turns[i - 1]?.content ?? []).flatMap(({ toolUse }) => toolUse?.toolUseId ?? []);
    expect(content.flatMap(({ toolResult }) => toolResult?.toolUseId ?? [])).toEqual(asked);
    for (const { toolResult } of content) if (toolResult) expect(toolResult.content.length).toBeGreaterThan(0);
  });
  expect(turns.at(-1)?.content.some(({ toolUse }) => toolUse)).toBe(false);
  expect(calls.length > 0).toBe(hasTools);
}
