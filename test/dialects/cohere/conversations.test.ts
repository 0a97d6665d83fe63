import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../../../src/core/json-object.ts';
import type { Part } from '../../../src/core/parts.ts';
import type { Message } from '../../../src/core/request.ts';
import { call, chat, messagesOf, result, said } from './asking.ts';

describe('the system', () => {
  test('speaks once, at the beginning', () => {
    expect(messagesOf([said('system', 'Be kind.'), said('developer', 'Be terse.', 'Be true.'), said('user', 'Hi')])).toEqual([
      { role: 'system', content: 'Be kind.\n\nBe terse.\n\nBe true.' },
      { role: 'user', content: 'Hi' },
    ]);
  });

  test('what it says later is told as the words of the user, in its place', () => {
    expect(messagesOf([said('user', 'Hi'), said('system', 'It is night.'), said('assistant', 'Hello')])).toEqual([
      { role: 'user', content: 'Hi' },
      { role: 'user', content: 'It is night.' },
      { role: 'assistant', content: 'Hello' },
    ]);
  });

  test('that says nothing is not there', () => {
    expect(messagesOf([said('system'), said('user', 'Hi')])).toHaveLength(1);
  });
});

describe('turns', () => {
  test('several texts of the user stay parts, those of an answer are one', () => {
    expect(messagesOf([said('user', 'a', 'b'), said('assistant', 'c', { type: 'refusal', text: 'd' })])).toEqual([
      {
        role: 'user',
        content: [
          { type: 'text', text: 'a' },
          { type: 'text', text: 'b' },
        ],
      },
      { role: 'assistant', content: 'cd' },
    ]);
  });

  test('one of the user that says nothing says a point, one of the assistant is left out', () => {
    const native = { type: 'native', dialect: 'anthropic', raw: {} } as const;
    expect(messagesOf([said('user', ''), said('assistant', native), said('user', 'Hi')])).toEqual([
      { role: 'user', content: '.' },
      { role: 'user', content: 'Hi' },
    ]);
  });

  test.each([
    ['{"id": 12345678901234567890}', '{"id": 12345678901234567890}'],
    ['', '{}'],
    ['[1]', '{"arguments":"[1]"}'],
    ['{"a":', '{"arguments":"{\\"a\\":"}'],
  ])('arguments %j are sent as %j', (text, sent) => {
    expect(messagesOf([said('assistant', call('x', 'f', text))])[0]).toMatchObject({ tool_calls: [{ function: { arguments: sent } }] });
  });
});

describe('results', () => {
  const idsOf = (messages: readonly JsonObject[]): unknown[] =>
    messages.map(({ role, tool_call_id: id, tool_calls: calls }) =>
      role === 'tool' ? id : ((calls as JsonObject[] | undefined)?.map(({ id: own }) => own) ?? role),
    );

  test('follow their calls in the order of the calls', () => {
    const history = [said('assistant', call('a'), call('b')), said('user', 'So?'), result('b'), result('a')];
    expect(idsOf(messagesOf(history))).toEqual([['a', 'b'], 'a', 'b', 'user']);
  });

  test('that are lost are said to be, those without a call are left out, and of two the last counts', () => {
    const history = [result('x'), said('assistant', call('a'), call('b')), result('a', 'first'), result('a', 'last'), said('user', 'So?')];
    const messages = messagesOf(history);
    expect(idsOf(messages)).toEqual([['a', 'b'], 'a', 'b', 'user']);
    expect(messages.slice(1, 3)).toMatchObject([{ content: 'last' }, { content: '[tool result missing]' }]);
  });

  test('of calls whose ids come twice go to calls with ids of their own', () => {
    const history = [
      said('assistant', call('a'), call('a')),
      result('a', '1'),
      result('a', '2'),
      said('assistant', call('a')),
      result('a', '3'),
    ];
    const messages = messagesOf(history);
    expect(idsOf(messages)).toEqual([['a', 'a_2'], 'a', 'a_2', ['a_3'], 'a_3']);
    expect(messages.filter(({ role }) => role === 'tool').map(({ content }) => content)).toEqual(['1', '2', '3']);
  });

  test('that say nothing say a point', () => {
    expect(messagesOf([said('assistant', call('a')), result('a', '')])[1]).toEqual({ role: 'tool', tool_call_id: 'a', content: '.' });
  });
});

const id = fc.constantFrom('a', 'b', '');
const text: fc.Arbitrary<Part> = fc.record({ type: fc.constant('text'), text: fc.constantFrom('', 'Hi', ' ') });
const called: fc.Arbitrary<Part> = fc.record({
  type: fc.constant('tool_call'),
  id,
  name: fc.constantFrom('f', 'g.h'),
  arguments: fc.constantFrom('', '{}', '{"x":1}', 'x', '[]'),
});
const thought: fc.Arbitrary<Part> = fc.record({ type: fc.constant('reasoning'), text: fc.constantFrom('', 'Hm.') });
const told = fc.record({
  type: fc.constant('tool_result' as const),
  callId: id,
  parts: fc.constant([{ type: 'text' as const, text: 'ok' }]),
});
const message: fc.Arbitrary<Message> = fc.oneof(
  fc.record({ role: fc.constantFrom('system' as const, 'developer' as const, 'user' as const), parts: fc.array(text, { maxLength: 2 }) }),
  fc.record({ role: fc.constant('assistant' as const), parts: fc.array(fc.oneof(text, called, thought), { maxLength: 4 }) }),
  fc.record({ role: fc.constant('tool' as const), parts: fc.tuple(told) }),
);

test('any history of a client becomes one that Cohere takes, and stays as it was', () => {
  fc.assert(
    fc.property(fc.array(message, { maxLength: 10 }), (messages) => {
      const before = structuredClone(messages);
      const written = chat({ messages }).body['messages'] as JsonObject[];
      expectLawful(written);
      expect(messages).toEqual(before);
    }),
    { numRuns: 500 },
  );
});

function expectLawful(messages: readonly JsonObject[]): void {
  expect(messages.slice(1).some(({ role }) => role === 'system')).toBe(false);
  const ids = messages.flatMap(({ tool_calls: calls }) => ((calls ?? []) as JsonObject[]).map((one) => one['id']));
  expect(new Set(ids).size).toBe(ids.length);
  expect(ids.every((own) => typeof own === 'string' && own !== '')).toBe(true);
  messages.forEach(({ tool_calls: calls, content, role }, at) => {
    const own = ((calls ?? []) as JsonObject[]).map((one) => one['id']);
    const following = messages.slice(at + 1, at + 1 + own.length);
    expect(following.map(({ tool_call_id: callId }) => callId)).toEqual(own);
    if (role !== 'assistant' || own.length === 0) expect(content?.toString()).not.toBe('');
  });
  expect(messages.filter(({ role }) => role === 'tool')).toHaveLength(ids.length);
}
