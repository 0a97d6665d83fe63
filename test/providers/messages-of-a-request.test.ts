import { describe, expect, test } from 'vitest';
import type { Abilities } from '../../src/core/dialect.ts';
import type { JsonObject } from '../../src/core/json-object.ts';
import { AbilityTable } from '../../src/providers/abilities.ts';
import { applyQuirks } from '../../src/providers/quirks/apply.ts';
import { resolve } from './resolving.ts';

const nothing = new AbilityTable([]).of('x');
const user = { role: 'user', content: 'hi' };

function sent(
  model: string,
  messages: readonly JsonObject[],
  { abilities = {}, params = {}, body = {} }: { abilities?: Partial<Abilities>; params?: JsonObject; body?: JsonObject } = {},
): unknown {
  const { quirks, provider, model: upstream } = resolve({ model, api_key: 'k', ...params });
  const context = { provider, model: upstream, params: { drop: true, allow: [], modify: false }, abilities: { ...nothing, ...abilities } };
  return applyQuirks({ model: upstream, messages, ...body }, quirks, context)['messages'];
}

describe('roles', () => {
  const developer = { role: 'developer', content: 'a' };
  test.each([
    ['openai/gpt-4o', {}, 'developer'],
    ['openai/m', { api_base: 'http://10.0.0.5/v1' }, 'system'],
    ['groq/m', {}, 'system'],
    ['litellm_proxy/m', { api_base: 'http://10.0.0.5' }, 'developer'],
  ])('%s %j takes a developer turn as %s', (model, params, role) => {
    expect(sent(model, [developer, user], { params })).toEqual([{ role, content: 'a' }, user]);
  });

  test('o-series models take system turns as developer turns, the first of them take none', () => {
    expect(sent('openai/o3', [{ role: 'system', content: 'a' }, user])).toEqual([{ role: 'developer', content: 'a' }, user]);
    expect(sent('openai/o1-mini', [{ role: 'system', content: 'a' }, developer, user])).toEqual([
      { role: 'user', content: 'a\n\na\n\nhi' },
    ]);
    expect(
      sent('openai/o1-mini', [
        { role: 'system', content: 'a' },
        { role: 'user', content: [{ type: 'text', text: 'b' }] },
      ]),
    ).toEqual([
      {
        role: 'user',
        content: [
          { type: 'text', text: 'a' },
          { type: 'text', text: 'b' },
        ],
      },
    ]);
    expect(sent('openai/o3', [{ role: 'system', content: 'a' }], { params: { api_base: 'http://10.0.0.5/v1' } })).toEqual([
      { role: 'system', content: 'a' },
    ]);
  });
});

describe('what only some providers know', () => {
  const mark = { type: 'ephemeral' };
  const marked = { role: 'user', content: [{ type: 'text', text: 'a', cache_control: mark }] };

  test('cache marks are kept where they act and taken out elsewhere', () => {
    expect(sent('openai/gpt-4o', [marked])).toEqual([{ role: 'user', content: [{ type: 'text', text: 'a' }] }]);
    expect(sent('openrouter/anthropic/claude-sonnet-4.5', [marked])).toEqual([marked]);
    expect(sent('openrouter/openai/gpt-4o', [marked])).toEqual([{ role: 'user', content: [{ type: 'text', text: 'a' }] }]);
    expect(sent('openrouter/anthropic/claude-sonnet-4.5', [{ ...user, cache_control: mark }])).toEqual([
      { role: 'user', content: [{ type: 'text', text: 'hi', cache_control: mark }] },
    ]);
  });

  test('reasoning and what belongs to other providers is taken out', () => {
    const assistant = {
      role: 'assistant',
      content: 'a',
      reasoning_content: 'r',
      thinking_blocks: [{ type: 'thinking', thinking: 'r', signature: 'secret' }],
      annotations: [],
      provider_specific_fields: {},
      tool_calls: [
        { id: 'c', type: 'function', function: { name: 'f', arguments: '{}' }, provider_specific_fields: { thought_signature: 's' } },
      ],
    };
    const plain = {
      role: 'assistant',
      content: 'a',
      tool_calls: [{ id: 'c', type: 'function', function: { name: 'f', arguments: '{}' } }],
    };
    expect(sent('openai/gpt-4o', [user, assistant])).toEqual([user, plain]);
    expect(sent('chutes/m', [user, assistant])).toEqual([user, { ...plain, reasoning_content: 'r' }]);
    expect(sent('litellm_proxy/m', [user, assistant], { params: { api_base: 'http://x' } })).toEqual([user, assistant]);
  });

  test('reasoning that came as blocks goes back as text where that is wanted', () => {
    const assistant = {
      role: 'assistant',
      content: 'a',
      thinking_blocks: [
        { type: 'thinking', thinking: 'x' },
        { type: 'thinking', thinking: 'y' },
      ],
    };
    expect(sent('chutes/m', [user, assistant])).toEqual([user, { role: 'assistant', content: 'a', reasoning_content: 'xy' }]);
  });

  test('DeepSeek gets a space where the reasoning was lost, unless it shall not think', () => {
    const history = [user, { role: 'assistant', content: 'a' }, user];
    expect(sent('deepseek/deepseek-chat', history)).toEqual([user, { role: 'assistant', content: 'a', reasoning_content: ' ' }, user]);
    expect(sent('deepseek/deepseek-chat', history, { body: { reasoning_effort: 'none' } })).toEqual(history);
  });

  test('Magistral gets its thoughts back as the list it wrote', () => {
    expect(sent('mistral/magistral-medium-latest', [user, { role: 'assistant', content: 'a', reasoning_content: 'r' }, user])).toEqual([
      user,
      {
        role: 'assistant',
        content: [
          { type: 'thinking', thinking: [{ type: 'text', text: 'r' }], closed: true },
          { type: 'text', text: 'a' },
        ],
      },
      user,
    ]);
  });
});

describe('tool-call ids', () => {
  const turn = (id: string): readonly JsonObject[] => [
    user,
    { role: 'assistant', content: '', tool_calls: [{ id, type: 'function', function: { name: 'f', arguments: '{}' } }] },
    { role: 'tool', name: 'f', tool_call_id: id, content: 'x' },
  ];

  test('are nine letters and digits at Mistral, the same every time and different for different calls', () => {
    const idOf = (id: string): unknown => (sent('mistral/m', turn(id)) as JsonObject[])[2]?.['tool_call_id'];
    expect(idOf('call_1')).toMatch(/^[a-zA-Z0-9]{9}$/);
    expect(idOf('call_1')).toBe(idOf('call_1'));
    expect(idOf('call_1')).not.toBe(idOf('call_2'));
    expect(idOf('abcDEF123')).toBe('abcDEF123');
  });

  test('lose the signature that old clients keep in them', () => {
    expect(sent('openai/gpt-4o', turn('call_1__thought__c2ln'))).toEqual(turn('call_1'));
  });
});

describe('content', () => {
  const texts = {
    role: 'user',
    content: [
      { type: 'text', text: 'a' },
      { type: 'text', text: 'b' },
    ],
  };

  test('lists of text become text where lists are not read, unless the model sees', () => {
    expect(sent('deepseek/m', [texts])).toEqual([{ role: 'user', content: 'a\nb' }]);
    expect(sent('deepseek/m', [texts], { abilities: { vision: true } })).toEqual([texts]);
    expect(sent('openai/gpt-4o', [texts])).toEqual([texts]);
  });

  test('an image is never left out in silence', () => {
    const mixed = {
      role: 'user',
      content: [
        { type: 'text', text: 'a' },
        { type: 'image_url', image_url: { url: 'https://x/y.png' } },
      ],
    };
    expect(sent('deepseek/m', [mixed])).toEqual([mixed]);
  });

  test('Mistral gets its forms of pictures, documents and sound, and nothing null', () => {
    const content = [
      { type: 'image_url', image_url: { url: 'https://x/y.png' } },
      { type: 'file', file: { file_id: 'https://x/a.pdf' } },
      { type: 'file', file: { file_id: 'file-abc' } },
      { type: 'input_audio', input_audio: { data: 'QUJD', format: 'mp3' } },
    ];
    expect(sent('mistral/m', [{ role: 'user', content, name: null, refusal: null }])).toEqual([
      {
        role: 'user',
        content: [
          { type: 'image_url', image_url: 'https://x/y.png' },
          { type: 'document_url', document_url: 'https://x/a.pdf' },
          { type: 'file', file: { file_id: 'file-abc' } },
          { type: 'input_audio', input_audio: 'QUJD' },
        ],
      },
    ]);
  });
});

test('messages that are no objects are left for the provider to judge', () => {
  expect(sent('mistral/m', ['odd' as unknown as JsonObject, user])).toEqual(['odd', user]);
});
