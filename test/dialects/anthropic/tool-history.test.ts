import { describe, expect, it } from 'vitest';
import type { Message } from '../../../src/core/request.ts';
import { assistant, bodyOf, call, result, target, text, turnsOf, user, write } from './hub.ts';

const use = (id: string, name = 'f', input: object = {}) => ({ type: 'tool_use', id, name, input });
const res = (id: string, content = 'ok') => ({ type: 'tool_result', tool_use_id: id, content });

describe('results of tools', () => {
  it('stand together in the next user turn, in the order of the calls, before any text', () => {
    expect(turnsOf([user('Go'), assistant('Sure', call('a'), call('b')), user('Hurry'), result('b', '2'), result('a', '1')])).toEqual([
      { role: 'user', content: [text('Go')] },
      { role: 'assistant', content: [text('Sure'), use('a'), use('b')] },
      { role: 'user', content: [res('a', '1'), res('b', '2'), text('Hurry')] },
    ]);
  });

  it('are added where they are missing', () => {
    const lost = res('a', '[tool result missing]');
    expect(turnsOf([user('Go'), assistant(call('a')), user('Well?')])).toContainEqual({ role: 'user', content: [lost, text('Well?')] });
    expect(turnsOf([user('Go'), assistant(call('a'))])).toContainEqual({ role: 'user', content: [lost] });
  });

  it('are dropped when nothing asked for them', () => {
    expect(turnsOf([user('Go'), result('ghost'), assistant('Done'), result('ghost'), user('Next')])).toEqual([
      { role: 'user', content: [text('Go')] },
      { role: 'assistant', content: [text('Done')] },
      { role: 'user', content: [text('Next')] },
    ]);
  });

  it('count once for each call: the later one', () => {
    expect(turnsOf([user('Go'), assistant(call('a')), result('a', 'old'), result('a', 'new')])).toContainEqual({
      role: 'user',
      content: [res('a', 'new')],
    });
  });

  it('may hold text, pictures and documents, and tell an error', () => {
    const message: Message = {
      role: 'tool',
      parts: [
        {
          type: 'tool_result',
          callId: 'a',
          isError: true,
          parts: [
            { type: 'text', text: 'see' },
            { type: 'media', kind: 'image', source: { type: 'url', url: 'https://example.com/a.png' } },
            { type: 'native', dialect: 'anthropic', raw: { type: 'tool_reference', tool_name: 'f' } },
          ],
        },
      ],
    };
    expect(turnsOf([user('Go'), assistant(call('a')), message])).toContainEqual({
      role: 'user',
      content: [
        {
          type: 'tool_result',
          tool_use_id: 'a',
          content: [
            text('see'),
            { type: 'image', source: { type: 'url', url: 'https://example.com/a.png' } },
            { type: 'tool_reference', tool_name: 'f' },
          ],
          is_error: true,
        },
      ],
    });
  });

  it('have no content when they are empty', () => {
    expect(turnsOf([user('Go'), assistant(call('a')), result('a', '')])).toContainEqual({
      role: 'user',
      content: [{ type: 'tool_result', tool_use_id: 'a' }],
    });
  });

  it('are found inside a user’s message too', () => {
    const message: Message = { role: 'user', parts: [{ type: 'text', text: 'and?' }, ...result('a', '1').parts] };
    expect(turnsOf([user('Go'), assistant(call('a')), message])).toContainEqual({ role: 'user', content: [res('a', '1'), text('and?')] });
  });
});

describe('calls of tools', () => {
  it('have their arguments as an object, whatever the client wrote', () => {
    const inputs = ['{"a":1}', '', ' ', '[1]', 'not json'].map((args, i) => call(`c${i}`, 'f', args));
    const [, turn] = turnsOf([user('Go'), assistant(...inputs)]) as { content: { input: unknown }[] }[];
    expect(turn?.content.map(({ input }) => input)).toEqual([{ a: 1 }, {}, {}, { arguments: [1] }, { arguments: 'not json' }]);
  });

  it('keep every digit of a number', () => {
    const args = '{"id":12345678901234567890,"ratio":1.50e3,"n":0.1}';
    const { body } = write({ messages: [user('Go'), assistant(call('a', 'f', args))] });
    expect(JSON.stringify(body)).toContain(`"input":${args}`);
  });

  it('get ids that Anthropic can read, and their results the same', () => {
    expect(turnsOf([user('Go'), assistant(call('call:1/x')), result('call:1/x')])).toEqual([
      { role: 'user', content: [text('Go')] },
      { role: 'assistant', content: [use('call_1_x')] },
      { role: 'user', content: [res('call_1_x')] },
    ]);
  });

  it('get ids of their own when a client counts from 0 in each round', () => {
    expect(turnsOf([user('Go'), assistant(call('0')), result('0', 'first'), assistant(call('0')), result('0', 'second')])).toEqual([
      { role: 'user', content: [text('Go')] },
      { role: 'assistant', content: [use('0')] },
      { role: 'user', content: [res('0', 'first')] },
      { role: 'assistant', content: [use('0_2')] },
      { role: 'user', content: [res('0_2', 'second')] },
    ]);
  });

  it('get ids of their own when a client gives one to two calls at once', () => {
    expect(turnsOf([user('Go'), assistant(call('x'), call('x', 'g')), result('x', 'first'), result('x', 'second')])).toEqual([
      { role: 'user', content: [text('Go')] },
      { role: 'assistant', content: [use('x'), use('x_2', 'g')] },
      { role: 'user', content: [res('x', 'first'), res('x_2', 'second')] },
    ]);
  });

  it('need a tool to be there: a placeholder that cannot be called, for those who let requests be modified', () => {
    const messages = [user('Go'), assistant(call('a')), result('a')];
    const body = bodyOf({ messages }, target(undefined, { modify: true }));
    expect(body['tools']).toHaveLength(1);
    expect(body['tool_choice']).toEqual({ type: 'none' });
    expect(bodyOf({ messages })).not.toHaveProperty('tools');
    expect(bodyOf({}, target(undefined, { modify: true }))).not.toHaveProperty('tools');
  });
});
