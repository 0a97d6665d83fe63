import { describe, expect, it } from 'vitest';
import type { Part } from '../../../../src/core/parts.ts';
import { anthropic } from '../../../../src/dialects/anthropic/index.ts';
import { hasForeignBlocks } from '../../../../src/dialects/anthropic/messages/foreign-blocks.ts';
import { call, target, thought } from '../hub.ts';
import { answered, read } from './wire.ts';

const text: Part = { type: 'text', text: 'Hi' };

/** A history with an answer of this gateway in it. */
function historyOf(...parts: Part[]): unknown[] {
  return [
    { role: 'user', content: 'Hi' },
    { role: 'assistant', content: answered(parts)['content'] },
    { role: 'user', content: 'And?' },
  ];
}

describe('a history that goes to Anthropic', () => {
  it.each<[string, Part]>([
    ['thoughts that nobody signed', { type: 'reasoning', text: 'hm' }],
    ['thoughts that another provider signed', thought('hm', 'c2ln', 'gemini')],
    ['thoughts that another provider encrypted', { type: 'reasoning', text: '', encrypted: 'gAAA', origin: 'openai' }],
  ])('may not pass with %s, and goes through the hub without them', (_, part) => {
    const messages = historyOf(part, text);
    expect(hasForeignBlocks(messages)).toBe(true);
    expect(anthropic.chat(read({ messages }), target()).body['messages']).toMatchObject([
      { role: 'user' },
      { role: 'assistant', content: [{ type: 'text', text: 'Hi' }] },
      { role: 'user' },
    ]);
  });

  it('may not pass with citations made up from links, and goes through the hub without them', () => {
    const messages = historyOf(text, { type: 'citation', url: 'https://a.example' });
    expect(hasForeignBlocks(messages)).toBe(true);
    expect(JSON.stringify(anthropic.chat(read({ messages }), target()).body)).not.toContain('citations');
  });

  it('passes with what Anthropic itself said', () => {
    const citations: Part = { type: 'native', dialect: 'anthropic', raw: { citations: [{ type: 'char_location' }] } };
    const encrypted: Part = { type: 'reasoning', text: '', encrypted: 'ZGF0', origin: 'anthropic' };
    expect(hasForeignBlocks(historyOf(thought('hm', 'c2ln'), encrypted, text, citations, call('a')))).toBe(false);
    expect(hasForeignBlocks('no list')).toBe(false);
  });
});
