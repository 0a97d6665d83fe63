import { describe, expect, test } from 'vitest';
import { MalformedAnswerError, ProviderError } from '../../../src/core/provider-error.ts';
import type { ReadingTraits } from '../../../src/dialects/openai/chat/reading-traits.ts';
import { readChatAnswer } from '../../../src/dialects/openai/chat/read-answer.ts';
import { mendAnswer } from '../../../src/dialects/openai/chat/mend-answer.ts';
import { canonical } from '../laws.ts';
import { wireCase, wireCases } from '../wire-case.ts';

const mend = (body: unknown, traits?: ReadingTraits) =>
  mendAnswer(Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)), 'house/modèl', traits);
const answer = (message: object | null, choice: object = {}, beside: object = {}): object => ({
  id: 'a',
  object: 'chat.completion',
  created: 1,
  model: 'up',
  choices: [{ index: 0, message, finish_reason: 'stop', ...choice }],
  ...beside,
});
const choiceOf = (body: unknown, traits?: ReadingTraits): { message: Record<string, unknown>; finish_reason: unknown } =>
  (JSON.parse(mend(body, traits).body.toString()) as { choices: never[] }).choices[0] as never;
const messageOf = (message: object, choice: object = {}): Record<string, unknown> =>
  choiceOf(answer({ role: 'assistant', ...message }, choice)).message;

const WITH_ANSWER = wireCases('openai').filter((name) => !name.includes('error') && wireCase(name).response !== undefined);

describe('a plain answer between ends of one dialect', () => {
  test('lawful bytes pass unchanged, white space and big numbers too, save for the model', () => {
    const text =
      '{ "choices" : [{"index":0,"message":{"role":"assistant","content":"a \\"model\\":\\"up\\"","model":"up"},"finish_reason":"stop"}],\n "id":"x", "big":12345678901234567890, "model" : "up" }\n';
    expect(mend(text).body.toString()).toBe(text.replace('"model" : "up"', '"model" : "house/modèl"'));
  });

  test('the same bytes go on when the name is right already', () => {
    const body = Buffer.from(JSON.stringify(answer({ role: 'assistant', content: 'a' })));
    expect(mendAnswer(body, 'up').body).toBe(body);
  });

  test.each(WITH_ANSWER)('%s: what the client reads is what the provider said', (name) => {
    const { response } = wireCase(name);
    const traits = name.endsWith('think-tags') ? { thinkTags: true } : {};
    const read = readChatAnswer(JSON.parse(mend(response, traits).body.toString()));
    const said = readChatAnswer(response, traits);
    const choices = (from: typeof read) =>
      canonical(from).choices.map(({ parts, finish }) => ({ parts: parts.filter(({ type }) => type !== 'native'), reason: finish.reason }));
    expect(choices(read)).toEqual(choices(said));
    expect({ ...read.usage, raw: null }).toEqual({ ...said.usage, raw: null });
    expect(read.model).toBe('house/modèl');
  });

  test('usage is read, and the text for counting when there is none', () => {
    const mended = mend(wireCase('openai/text').response);
    expect(mended.usage).toMatchObject({ inputTokens: 19, outputTokens: 10, cacheReadTokens: 4, serviceTier: 'default' });
    expect(mended.text()).toContain('Grüß Gott');
    expect(mend(answer({ role: 'assistant', content: 'a' })).usage).toBeNull();
  });
});

describe('an answer that breaks the rules is mended', () => {
  test('no choices at all become one empty choice', () => {
    expect(choiceOf({ id: 'a', model: 'up', choices: [] })).toMatchObject({
      message: { role: 'assistant', content: '' },
      finish_reason: 'stop',
    });
  });

  test.each([
    ['', '{}'],
    [undefined, '{}'],
    [{ a: 1 }, '{"a":1}'],
    ['{"a":1}', '{"a":1}'],
  ])('arguments %j become %s', (given, text) => {
    expect(
      messageOf({ content: null, tool_calls: [{ id: 'c', type: 'function', function: { name: 'f', arguments: given } }] })['tool_calls'],
    ).toEqual([{ id: 'c', type: 'function', function: { name: 'f', arguments: text } }]);
  });

  test('calls get ids when they have none or share one', () => {
    const calls = messageOf({
      content: null,
      tool_calls: [
        { function: { name: 'f', arguments: '{}' } },
        { id: 'x', type: 'function', function: { name: 'f', arguments: '{}' } },
        { id: 'x', type: 'function', function: { name: 'g', arguments: '{}' } },
      ],
    })['tool_calls'] as { id: string }[];
    expect(new Set(calls.map(({ id }) => id)).size).toBe(3);
    expect(calls[1]?.id).toBe('x');
  });

  test('reasoning, lists, roles, contents and finishes', () => {
    expect(messageOf({ content: 'a', reasoning: 'hm' })).toEqual({ role: 'assistant', content: 'a', reasoning_content: 'hm' });
    expect(messageOf({ content: [{ type: 'text', text: 'a' }] })['content']).toBe('a');
    expect(choiceOf(answer({ content: 'a', role: null })).message['role']).toBe('assistant');
    expect(choiceOf(answer(null)).message).toEqual({ role: 'assistant', content: '' });
    expect(messageOf({ tool_calls: [{ id: 'c', type: 'function', function: { name: 'f', arguments: '{}' } }] })['content']).toBeNull();
    expect(choiceOf(answer({ role: 'assistant', content: 'a' }, { finish_reason: 'eos' }))).toMatchObject({
      finish_reason: 'stop',
      message: { provider_specific_fields: { native_finish_reason: 'eos' } },
    });
    expect(choiceOf(answer({ role: 'assistant', content: 'a' }, { finish_reason: null })).finish_reason).toBe('stop');
  });

  test('thoughts between tags move to their place when the provider is known for it', () => {
    const body = answer({ role: 'assistant', content: '<think>hm</think>\nYes' });
    expect(choiceOf(body, { thinkTags: true }).message).toMatchObject({ content: 'Yes', reasoning_content: 'hm' });
    expect(choiceOf(body).message['content']).toBe('<think>hm</think>\nYes');
  });
});

describe('a body that is no answer', () => {
  test.each([
    ['broken JSON', '{"choices":[', 500],
    ['an HTML page', '<html><title>x</title></html>', 502],
    ['nothing', '', 502],
    ['a list', '[]', 502],
    ['an object without choices', '{"id":"a"}', 502],
  ])('%s is malformed', (_, body, status) => {
    expect(() => mend(body)).toThrow(MalformedAnswerError);
    expect(() => mend(body)).toThrow(expect.objectContaining({ status }));
  });

  test('an error inside a 200 is an error', () => {
    expect(() => mend({ error: { message: 'busy', code: 429 } })).toThrow(ProviderError);
    expect(() => mend(answer({ content: '' }, { error: { message: 'gone', code: 502 }, finish_reason: 'error' }))).toThrow(
      expect.objectContaining({ status: 502 }),
    );
    expect(() => mend(answer({ content: '' }, { finish_reason: 'network_error' }))).toThrow(/network_error/);
  });
});
