import { describe, expect, it } from 'vitest';
import type { Message } from '../../../src/core/request.ts';
import { assistant, bodyOf, call, result, target, turnsOf, user, write } from './hub.ts';

const mark = { cache_control: { type: 'ephemeral' } };
const hour = { cache_control: { type: 'ephemeral', ttl: '1h' } };
const markedUser = (text: string): Message => user({ type: 'text', text, cache: {} });

/** Texts and names of everything that bears a mark, in the order of the prompt. */
function markedIn(body: Record<string, unknown>): unknown[] {
  const { tools = [], system = [], messages } = body as { tools?: Block[]; system?: Block[]; messages: { content: Block[] }[] };
  return [...tools, ...system, ...messages.flatMap(({ content }) => content)]
    .filter((block) => block.cache_control)
    .map(({ text, name }) => text ?? name);
}
interface Block {
  readonly text?: string;
  readonly name?: string;
  readonly cache_control?: unknown;
}

describe('cache marks', () => {
  it('stand where the client put them, with their life', () => {
    const body = bodyOf({
      messages: [{ role: 'system', parts: [{ type: 'text', text: 'S', cache: { ttl: '1h' } }] }, markedUser('U')],
      tools: [{ type: 'function', name: 'f', cache: { ttl: '1h' } }],
    });
    expect(body['system']).toEqual([{ type: 'text', text: 'S', ...hour }]);
    expect(body['tools']).toEqual([{ name: 'f', input_schema: { type: 'object', properties: {} }, ...hour }]);
    expect(body['messages']).toEqual([{ role: 'user', content: [{ type: 'text', text: 'U', ...mark }] }]);
  });

  it('of a message stand on its last block', () => {
    expect(turnsOf([{ ...user('a', 'b'), cache: {} }])).toEqual([
      {
        role: 'user',
        content: [
          { type: 'text', text: 'a' },
          { type: 'text', text: 'b', ...mark },
        ],
      },
    ]);
  });

  it('stand on a result, never inside it', () => {
    const inner: Message = { role: 'tool', parts: [{ type: 'tool_result', callId: 'a', parts: [{ type: 'text', text: 'x', cache: {} }] }] };
    const expected = { role: 'user', content: [{ type: 'tool_result', tool_use_id: 'a', content: 'x', ...mark }] };
    expect(turnsOf([user('Go'), assistant(call('a')), inner])).toContainEqual(expected);
    expect(turnsOf([user('Go'), assistant(call('a')), { ...result('a', 'x'), cache: {} }])).toContainEqual(expected);
  });

  it('are at most four: the first and the last ones stay', () => {
    const messages = ['1', '2', '3', '4', '5'].map(markedUser);
    const tools = [{ type: 'function', name: 't', cache: {} }] as const;
    expect(markedIn(bodyOf({ messages, tools }))).toEqual(['t', '3', '4', '5']);
    expect(markedIn(bodyOf({ messages, tools, extras: { cache_control: { type: 'ephemeral' } } }))).toEqual(['t', '4', '5']);
    expect(markedIn(bodyOf({ messages: messages.slice(0, 4) }))).toEqual(['1', '2', '3', '4']);
  });

  it('are taken from the copy, not from what the client sent', () => {
    const raw = { type: 'custom', name: 'x', input_schema: {}, input_examples: [], cache_control: { type: 'ephemeral' } };
    const request = {
      tools: [
        { type: 'function', name: 'a', cache: {} },
        { type: 'native', dialect: 'anthropic', raw },
      ] as const,
      messages: ['1', '2', '3', '4'].map(markedUser),
    };
    const first = write(request).body;
    expect(raw.cache_control).toEqual({ type: 'ephemeral' });
    expect(write(request, target()).body).toEqual(first);
  });
});
