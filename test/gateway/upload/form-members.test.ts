import { expect, test } from 'vitest';
import { membersOf } from '../../../src/gateway/upload/form-members.ts';

test('fields for a provider stay text under their names, and repeat as lists', () => {
  expect(membersOf([['model', 'whisper'], ['temperature', '0'], ['keywords[]', 'a'], ['keywords[]', 'b'], ['x', '{"a":1}']])).toEqual({
    model: 'whisper',
    temperature: '0',
    'keywords[]': ['a', 'b'],
    x: '{"a":1}',
  }); // prettier-ignore
});

test('fields for the gateway are read: truth, numbers, JSON, lists and what lies inside', () => {
  const members = membersOf([
    ['drop_params', 'true'],
    ['num_retries', '2'],
    ['tags[]', 'a'],
    ['tags[]', 'b'],
    ['metadata[session_id]', 's'],
    ['metadata[tags][]', 'c'],
    ['litellm_metadata', '{"tags": ["d"]}'],
    ['fallbacks', '["spare", {"model": "other"}]'],
  ]);
  expect(members).toEqual({
    drop_params: true,
    num_retries: 2,
    tags: ['a', 'b'],
    metadata: { session_id: 's', tags: ['c'] },
    litellm_metadata: { tags: ['d'] },
    fallbacks: ['spare', { model: 'other' }],
  });
});

test('only some words turn streaming on', () => {
  for (const [text, wanted] of [['true', true], ['True', true], ['1', true], ['false', false], ['', false], ['yes please', false]] as const)
    expect([text, membersOf([['stream', text]])]).toEqual([text, { stream: wanted }]); // prettier-ignore
});

test('hostile names and values are members like any other', () => {
  const members = membersOf([
    ['__proto__', 'x'],
    ['metadata[__proto__][polluted]', 'yes'],
    ['metadata[a][b][c][d][e][f][g][h][i]', 'deep'],
    ['tags', '['.repeat(100_000)],
    ['cache', '{"a":1}, "model": {"b":2'],
    ['', 'nothing'],
  ]);
  expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  expect(Object.getPrototypeOf(members)).toBe(Object.prototype);
  expect(Object.hasOwn(members, '__proto__')).toBe(true);
  expect(members['tags']).toHaveLength(100_000);
});
