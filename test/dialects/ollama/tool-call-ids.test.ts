import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import type { ToolCallPart } from '../../../src/core/parts.ts';
import { chat, said } from './asking.ts';

interface Call {
  id?: string;
  name?: string;
}

function idsOf(calls: readonly Call[], earlier: readonly string[] = [], createdAt = '2026-03-01T08:00:01Z'): string[] {
  const history = said('assistant', ...earlier.map((id): ToolCallPart => ({ type: 'tool_call', id, name: 'f', arguments: '{}' })));
  const tool_calls = calls.map(({ id, name = 'f' }) => ({ id, function: { name, arguments: {} } }));
  const answer = chat({ messages: [history] }).answer({ created_at: createdAt, message: { tool_calls }, done: true });
  return (answer.choices[0]?.parts ?? []).map((part) => (part as ToolCallPart).id);
}

test("the server's id stays", () => {
  expect(idsOf([{ id: 'call_a' }])).toEqual(['call_a']);
});

test('without one an id is made, the same for the same answer', () => {
  expect(idsOf([{}])[0]).toMatch(/^call_[0-9a-f]{24}$/);
  expect(idsOf([{}])).toEqual(idsOf([{}]));
});

test('the same call at another time or place has another id', () => {
  const [first, second] = idsOf([{}, {}]);
  expect(first).not.toBe(second);
  expect(idsOf([{}], [], '2026-03-01T08:00:02Z')).not.toEqual([first]);
});

test('an id that the conversation knows is not given again', () => {
  expect(idsOf([{ id: 'call_a' }], ['call_a'])).not.toEqual(['call_a']);
});

test('ids are unique in an answer and over its turns, whatever the server sends', () => {
  const ids = fc.array(fc.constantFrom('call_1', 'call_2', 'call_3'), { maxLength: 3 });
  const calls = fc.array(fc.record({ id: fc.constantFrom('call_1', 'call_2') }, { requiredKeys: [] }), { maxLength: 6 });
  fc.assert(
    fc.property(calls, ids, (given, earlier) => {
      const made = idsOf(given, earlier);
      expect(new Set([...made, ...earlier]).size).toBe(made.length + new Set(earlier).size);
    }),
  );
});
