import { describe, expect, it } from 'vitest';
import { familyOf } from '../../../src/dialects/anthropic/families.ts';

describe('families of models', () => {
  it.each([
    [
      'claude-sonnet-4-5',
      [
        'claude-sonnet-4-5-20250929',
        'claude-sonnet-4.5',
        'claude-sonnet-4-5@20250929',
        'us.anthropic.claude-sonnet-4-5-20250929-v1:0',
        'anthropic/claude-sonnet-4-5',
        'Claude-Sonnet-4-5-latest',
      ],
    ],
    ['claude-opus-4', ['claude-opus-4-20250514', 'claude-opus-4-0']],
    ['claude-3-5', ['claude-3-5-sonnet-20240620', 'claude-3-5-haiku-latest', 'claude-3.5-sonnet']],
    ['claude-opus-5-5', ['claude-opus-5-5-20260922', 'anthropic.claude-opus-5-5']],
  ])('%s is known by every name of it', (family, names) => {
    for (const name of names) expect(familyOf(name)).toBe(familyOf(family));
  });

  it('tell versions apart', () => {
    expect(familyOf('claude-opus-4')).not.toBe(familyOf('claude-opus-4-1'));
    expect(familyOf('claude-sonnet-5')).not.toBe(familyOf('claude-sonnet-5-5'));
    expect(familyOf('claude-3-opus').maxOutputTokens).toBe(4096);
  });

  it('take a Claude of the future for the newest there is', () => {
    expect(familyOf('claude-saga-9')).toBe(familyOf('claude-opus-5-5'));
  });

  it('say little of models that are no Claude', () => {
    expect(familyOf('kimi-k2')).toMatchObject({ maxOutputTokens: null, sampling: 'free', jsonSchema: false, prefill: true });
  });
});
