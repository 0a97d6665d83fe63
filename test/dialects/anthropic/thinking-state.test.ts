import { describe, expect, it } from 'vitest';
import type { Part } from '../../../src/core/parts.ts';
import { assistant, bodyOf, call, result, target, text, thought, turnsOf, user } from './hub.ts';

const THOUGHT = { type: 'thinking', thinking: 'Hm.', signature: 'c2ln' };
const use = { type: 'tool_use', id: 'a', name: 'f', input: {} };

describe('thoughts in the history', () => {
  it('go back unmodified and stand before everything else of their message', () => {
    const redacted: Part = { type: 'reasoning', text: '', encrypted: 'ZW5j', origin: 'anthropic' };
    expect(turnsOf([user('Go'), assistant('Let me see', call('a'), thought('Hm.', 'c2ln'), redacted), result('a')])).toContainEqual({
      role: 'assistant',
      content: [THOUGHT, { type: 'redacted_thinking', data: 'ZW5j' }, text('Let me see'), use],
    });
  });

  it('keep their place between other blocks when the message begins with one', () => {
    expect(turnsOf([user('Go'), assistant(thought('Hm.', 'c2ln'), 'One.', thought('Hm.', 'c2ln'), 'Two.'), user('So?')])).toContainEqual({
      role: 'assistant',
      content: [THOUGHT, text('One.'), THOUGHT, text('Two.')],
    });
  });

  it('go back with an empty text when the provider withheld it', () => {
    expect(turnsOf([user('Go'), assistant(thought('', 'c2ln'), 'Yes.'), user('So?')])).toContainEqual({
      role: 'assistant',
      content: [{ type: 'thinking', thinking: '', signature: 'c2ln' }, text('Yes.')],
    });
  });

  it.each<[string, Part]>([
    ['another provider', thought('Hm.', 'c2ln', 'gemini')],
    ['nobody', { type: 'reasoning', text: 'Hm.' }],
    ['an unknown provider', { type: 'reasoning', text: 'Hm.', signature: 'c2ln' }],
  ])('stay here when they come from %s', (_, part) => {
    expect(turnsOf([user('Go'), assistant(part, 'Yes.'), user('So?')])).toContainEqual({ role: 'assistant', content: [text('Yes.')] });
  });

  it('stay here when the model does not think', () => {
    expect(turnsOf([user('Go'), assistant(thought('Hm.', 'c2ln'), 'Yes.'), user('So?')], target('claude-3-5-haiku-latest'))).toContainEqual(
      {
        role: 'assistant',
        content: [text('Yes.')],
      },
    );
  });

  it('carry no cache mark', () => {
    const message = { ...assistant(thought('Hm.', 'c2ln')), cache: {} };
    expect(turnsOf([user('Go'), message, user('So?')])).toContainEqual({ role: 'assistant', content: [THOUGHT] });
  });
});

describe('thinking in a round of tool calls', () => {
  const reasoning = { effort: 'low' };
  const tools = [{ type: 'function', name: 'f' }] as const;
  const thinkingOf = (messages: Parameters<typeof turnsOf>[0], model?: string): unknown =>
    bodyOf({ messages, reasoning, tools }, target(model))['thinking'];

  it('is off when the thoughts that began the round are lost', () => {
    expect(thinkingOf([user('Go'), assistant(call('a')), result('a')])).toBeUndefined();
    expect(thinkingOf([user('Go'), assistant('Sure', call('a')), result('a'), user('Hurry')])).toBeUndefined();
    expect(thinkingOf([user('Go'), assistant(call('a')), result('a')], 'claude-opus-4-6')).toBeUndefined();
  });

  it('stays on when they are there, also where later calls of the round have none', () => {
    const on = { type: 'enabled', budget_tokens: 1024 };
    expect(thinkingOf([user('Go'), assistant(thought('Hm.', 'c2ln'), call('a')), result('a')])).toEqual(on);
    expect(thinkingOf([user('Go'), assistant(thought('Hm.', 'c2ln'), call('a')), result('a'), assistant(call('b')), result('b')])).toEqual(
      on,
    );
  });

  it('stays on when the round is over', () => {
    expect(thinkingOf([user('Go'), assistant(call('a')), result('a'), assistant('Done.'), user('Next')])).toEqual({
      type: 'enabled',
      budget_tokens: 1024,
    });
  });

  it('is off when the thoughts are another provider’s', () => {
    expect(thinkingOf([user('Go'), assistant(thought('Hm.', 'c2ln', 'gemini'), call('a')), result('a')])).toBeUndefined();
  });

  it('lets temperature through again when it is off', () => {
    const body = bodyOf({ messages: [user('Go'), assistant(call('a')), result('a')], reasoning, tools, temperature: 0.3 });
    expect(body['temperature']).toBe(0.3);
  });
});
