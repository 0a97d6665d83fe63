import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { concrete, mostSpecific } from '../../src/providers/wildcard.ts';

describe('the upstream name of a wildcard row', () => {
  test.each([
    ['openai/*', 'openai/*', 'openai/gpt-4o', 'openai/gpt-4o'],
    ['*', '*', 'groq/llama-3', 'groq/llama-3'],
    ['claude-*', 'anthropic/claude-*', 'claude-sonnet-4-5', 'anthropic/claude-sonnet-4-5'],
    ['my/*', 'openai/*', 'my/gpt-4o', 'openai/gpt-4o'],
    ['a-*-b-*', 'x/*/*', 'a-1-b-2', 'x/1/2'],
    ['a-*-b-*', 'x/*', 'a-1-b-2', 'x/1'],
    ['m/*', 'openai/gpt-4o', 'm/anything', 'openai/gpt-4o'],
    ['m/*', 'openai/*', 'm/$&', 'openai/$&'],
    ['exact', 'openai/gpt-4o', 'exact', 'openai/gpt-4o'],
  ])('%s → %s for %s is %s', (pattern, upstream, asked, expected) => {
    expect(concrete(pattern, upstream, asked)).toBe(expected);
  });

  test.each([
    ['openai/*', 'anthropic/x'],
    ['a*b', 'ab-'],
    ['a*a', 'a'],
    ['exact', 'exactly'],
    ['*-x', 'x'],
  ])('%s does not fit %s', (pattern, asked) => {
    expect(concrete(pattern, '*', asked)).toBeNull();
  });

  test('one star takes any text, whatever is in it', () => {
    fc.assert(fc.property(fc.string(), (text) => concrete('p/*', 'q/*', `p/${text}`) === `q/${text}`));
  });
});

test('exact names come first, then the longest literal part, then the fewest stars', () => {
  const patterns = ['*', 'openai/*', 'openai/gpt-*', 'openai/gpt-4o', '*/gpt-*', 'openai/*gpt-*'];
  expect(mostSpecific(patterns, 'openai/gpt-4o')).toBe('openai/gpt-4o');
  expect(mostSpecific(patterns, 'openai/gpt-5')).toBe('openai/gpt-*');
  expect(mostSpecific(patterns, 'openai/o3')).toBe('openai/*');
  expect(mostSpecific(patterns, 'x')).toBe('*');
  expect(mostSpecific(['a/*'], 'b/c')).toBeNull();
});
