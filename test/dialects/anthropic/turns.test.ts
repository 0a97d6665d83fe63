import { describe, expect, it } from 'vitest';
import { assistant, bodyOf, system, target, text, turnsOf, user, write } from './hub.ts';
import type { Message } from '../../../src/core/request.ts';

const developer: Message = { role: 'developer', parts: [{ type: 'text', text: 'Be brief.' }] };

describe('system messages', () => {
  it('become the top-level system when they lead, developers included', () => {
    const body = bodyOf({ messages: [system('One.'), developer, user('Hi')] });
    expect(body['system']).toEqual([text('One.'), text('Be brief.')]);
    expect(body['messages']).toEqual([{ role: 'user', content: [text('Hi')] }]);
  });

  it('leave no member behind when they are empty', () => {
    expect(bodyOf({ messages: [system('  '), user('Hi')] })).not.toHaveProperty('system');
  });

  it('fold into the user’s words in mid conversation', () => {
    expect(turnsOf([user('Hi'), assistant('Yes?'), system('Now in French.'), user('Go')])).toEqual([
      { role: 'user', content: [text('Hi')] },
      { role: 'assistant', content: [text('Yes?')] },
      { role: 'user', content: [text('Now in French.'), text('Go')] },
    ]);
  });

  it('keep their role where a model takes system turns and the place is lawful', () => {
    const opus = target('claude-opus-4-8');
    expect(turnsOf([user('Hi'), system('Now in French.')], opus)).toEqual([
      { role: 'user', content: [text('Hi')] },
      { role: 'system', content: [text('Now in French.')] },
    ]);
    expect(turnsOf([user('Hi'), system('In French.'), user('Go')], opus)).toEqual([
      { role: 'user', content: [text('Hi'), text('In French.'), text('Go')] },
    ]);
  });
});

describe('turns', () => {
  it('merge neighbours of one role', () => {
    expect(turnsOf([user('a'), user('b'), assistant('c'), assistant('d'), user('e')])).toEqual([
      { role: 'user', content: [text('a'), text('b')] },
      { role: 'assistant', content: [text('c'), text('d')] },
      { role: 'user', content: [text('e')] },
    ]);
  });

  it('begin with the user', () => {
    expect(turnsOf([assistant('Hello!'), user('Hi')])).toEqual([
      { role: 'user', content: [text('.')] },
      { role: 'assistant', content: [text('Hello!')] },
      { role: 'user', content: [text('Hi')] },
    ]);
    expect(turnsOf([system('Only this.')])).toEqual([{ role: 'user', content: [text('.')] }]);
  });

  it('lose blank text, and say a full stop when nothing is left', () => {
    expect(turnsOf([user('', 'Hi', '\n'), assistant(''), user(' ')])).toEqual([
      { role: 'user', content: [text('Hi')] },
      { role: 'assistant', content: [text('.')] },
      { role: 'user', content: [text('.')] },
    ]);
  });

  it('write a refusal as text and leave foreign parts and citations out', () => {
    const turns = turnsOf([
      user('Hi'),
      assistant(
        { type: 'refusal', text: 'No.' },
        { type: 'citation', url: 'https://a.example' },
        { type: 'native', dialect: 'openai', raw: { type: 'x' } },
      ),
      user('Why?'),
    ]);
    expect(turns).toContainEqual({ role: 'assistant', content: [text('No.')] });
  });

  it('write blocks of this dialect back as they came, and its fields not at all', () => {
    const raw = { type: 'server_tool_use', id: 'srvtoolu_1', name: 'web_search', input: { query: 'x' } };
    const native = (value: unknown) => ({ type: 'native', dialect: 'anthropic', raw: value }) as const;
    expect(turnsOf([user('Hi'), assistant(native(raw), native({ citations: [] })), user('Go')])).toContainEqual({
      role: 'assistant',
      content: [raw],
    });
  });
});

describe('a beginning of the answer', () => {
  it('loses the blanks at its end', () => {
    expect(turnsOf([user('Count'), assistant('one, two, \n')])).toContainEqual({ role: 'assistant', content: [text('one, two,')] });
  });

  it('is dropped when it is empty', () => {
    expect(turnsOf([user('Count'), assistant(' ')])).toEqual([{ role: 'user', content: [text('Count')] }]);
  });

  it('is followed by a word of the user where the model refuses one and requests may be modified', () => {
    const messages = [user('Count'), assistant('one')];
    expect(turnsOf(messages, target('claude-opus-4-6', { modify: true }))).toHaveLength(3);
    expect(turnsOf(messages, target('claude-opus-4-6'))).toHaveLength(2);
    expect(turnsOf(messages, target('claude-sonnet-4-5', { modify: true }))).toHaveLength(2);
  });
});

it('names the path, the version and the framing', () => {
  const chat = write({});
  expect(chat.path).toBe('/v1/messages');
  expect(chat.headers).toEqual({ 'anthropic-version': '2023-06-01' });
  expect(chat.framing).toBe('sse');
});
