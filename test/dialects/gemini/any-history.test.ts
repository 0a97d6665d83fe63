import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Part } from '../../../src/core/parts.ts';
import type { Message } from '../../../src/core/request.ts';
import { chatRequest, FLASH_2_5, FLASH_3, gemini, target } from './hub.ts';

/** Few ids and texts, so that they meet often; some odd. */
const id = fc.constantFrom('a', 'b', 'call.1', '');
const text: fc.Arbitrary<Part> = fc.record({ type: fc.constant('text'), text: fc.constantFrom('', ' ', 'Hi', 'So? ') });
const call: fc.Arbitrary<Part> = fc.record({
  type: fc.constant('tool_call'),
  id,
  name: fc.constantFrom('f', '1 g/h', 'x'.repeat(80)),
  arguments: fc.constantFrom('', '{}', '{"x":1}', 'x', '[1]'),
});
const thought: fc.Arbitrary<Part> = fc.record({
  type: fc.constant('reasoning'),
  text: fc.string(),
  signature: fc.constant('secret-of-another'),
  origin: fc.constantFrom('anthropic', 'openai'),
});
const own: fc.Arbitrary<Part> = fc.record({
  type: fc.constant('native'),
  dialect: fc.constantFrom('gemini', 'openai', 'anthropic'),
  raw: fc.constantFrom(
    { thought_signatures: ['s1', 's2', 7] },
    { gemini_parts: [{ toolCall: { id: 'x' } }, 'odd'] },
    { gemini_parts: 'odd' },
  ),
});
const result = fc.record({
  type: fc.constant('tool_result' as const),
  callId: id,
  parts: fc.constantFrom([{ type: 'text' as const, text: 'ok' }], [{ type: 'text' as const, text: '{"ok":true}' }], []),
});
const message: fc.Arbitrary<Message> = fc.oneof(
  fc.record({ role: fc.constantFrom('system' as const, 'developer' as const, 'user' as const), parts: fc.array(text, { maxLength: 2 }) }),
  fc.record({ role: fc.constant('assistant' as const), parts: fc.array(fc.oneof(text, call, thought, own), { maxLength: 5 }) }),
  fc.record({ role: fc.constant('tool' as const), parts: fc.tuple(result) }),
);

interface WirePart {
  readonly text?: string;
  readonly thoughtSignature?: string;
  readonly functionCall?: { readonly id: string; readonly name: string; readonly args: unknown };
  readonly functionResponse?: { readonly id: string; readonly name: string; readonly response: unknown };
}
interface Content {
  readonly role: string;
  readonly parts: readonly WirePart[];
}

it('any history of a client becomes one that Google takes', () => {
  fc.assert(
    fc.property(fc.array(message, { maxLength: 10 }), fc.constantFrom(FLASH_2_5, FLASH_3, 'gemma-3-27b-it'), (messages, model) => {
      const request = chatRequest({ messages });
      const before = structuredClone(request);
      const { body } = gemini.chat(request, target(model));
      expectLawful(body['contents'] as Content[], model === FLASH_3);
      expect(JSON.stringify(body)).not.toContain('secret-of-another');
      expect(request).toEqual(before);
      expect(gemini.chat(request, target(model)).body).toEqual(body);
    }),
    { numRuns: 500 },
  );
});

function expectLawful(contents: readonly Content[], signed: boolean): void {
  expect(contents.map(({ role }) => role)).toEqual(contents.map((_, i) => (i % 2 === 0 ? 'user' : 'model')));
  const parts = contents.flatMap((content) => content.parts);
  for (const content of contents) expect(content.parts.length).toBeGreaterThan(0);
  expect(parts.filter((part) => part.text?.trim() === '' && part.thoughtSignature === undefined)).toEqual([]);
  const calls = parts.flatMap(({ functionCall }) => functionCall ?? []);
  expect(new Set(calls.map((one) => one.id)).size).toBe(calls.length);
  for (const one of calls) {
    expect(one.name).toMatch(/^[a-zA-Z_][a-zA-Z0-9_.:-]{0,63}$/);
    expect(one.args).toBeTypeOf('object');
  }
  contents.forEach((content, i) => {
    if (content.role !== 'user') return;
    const asked = (contents[i - 1]?.parts ?? []).flatMap(({ functionCall }) =>
      functionCall ? [[functionCall.id, functionCall.name]] : [],
    );
    const answered = content.parts.slice(0, asked.length).map(({ functionResponse }) => [functionResponse?.id, functionResponse?.name]);
    expect(answered).toEqual(asked);
    expect(content.parts.slice(asked.length).some(({ functionResponse }) => functionResponse)).toBe(false);
  });
  expect(contents.at(-1)?.parts.some(({ functionCall }) => functionCall)).toBe(false);
  if (!signed) return;
  for (const content of contents) {
    const first = content.parts.find(({ functionCall }) => functionCall);
    if (first) expect(first.thoughtSignature).toBeTypeOf('string');
  }
}
