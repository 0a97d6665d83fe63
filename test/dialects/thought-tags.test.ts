import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ThinkTags } from '../../src/dialects/think-tags.ts';

interface Parted {
  reasoning: string;
  text: string;
}

function parted(chunks: readonly string[], opened = false): Parted {
  const tags = new ThinkTags({ opened });
  const sum: Parted = { reasoning: '', text: '' };
  for (const piece of [...chunks.flatMap((chunk) => tags.push(chunk)), ...tags.end()]) sum[piece.type] += piece.text;
  return sum;
}

test.each([
  ['plain', '', 'plain'],
  ['  plain', '', '  plain'],
  ['<think>a</think>b', 'a', 'b'],
  ['\n<think>\na\n</think>\n\nb', 'a\n', 'b'],
  ['<think></think>b', '', 'b'],
  ['<think>never closed', 'never closed', ''],
  ['<think>a</thin', 'a</thin', ''],
  ['<thin', '', '<thin'],
  ['<thinking>a', '', '<thinking>a'],
  ['a <think>b</think>', '', 'a <think>b</think>'],
  ['<think>a <think> b</think>c</think>', 'a <think> b', 'c</think>'],
  ['<think>a</think>b<think>c</think>', 'a', 'b<think>c</think>'],
  ['', '', ''],
])('%j', (input, reasoning, text) => {
  expect(parted([input])).toEqual({ reasoning, text });
});

test('a prompt that opened the tag begins inside', () => {
  expect(parted(['\na</think>b'], true)).toEqual({ reasoning: 'a', text: 'b' });
});

test('nothing is held back longer than a tag needs', () => {
  const tags = new ThinkTags();
  expect(tags.push('<think>one <')).toEqual([{ type: 'reasoning', text: 'one ' }]);
  expect(tags.push('2')).toEqual([{ type: 'reasoning', text: '<2' }]);
  expect(tags.push('</think>')).toEqual([]);
  expect(tags.push('three <think>')).toEqual([{ type: 'text', text: 'three <think>' }]);
});

describe('laws', () => {
  const mixed = fc.array(fc.constantFrom('<think>', '</think>', '<', '/', 'th', '>', ' ', '\n', 'a', '🌍'), { maxLength: 20 });

  test('cutting the text anywhere changes nothing', () => {
    fc.assert(
      fc.property(mixed, fc.boolean(), fc.array(fc.nat({ max: 100 })), (words, opened, at) => {
        const text = words.join('');
        const edges = [0, ...at.map((edge) => Math.min(edge, text.length)).sort((a, b) => a - b), text.length];
        const chunks = edges.slice(1).map((end, i) => text.slice(edges[i], end));
        expect(parted(chunks, opened)).toEqual(parted([text], opened));
      }),
    );
  });

  test('text without a thought at its beginning comes through unchanged', () => {
    fc.assert(
      fc.property(mixed, (words) => {
        const text = words.join('');
        fc.pre(!text.trimStart().startsWith('<think>'));
        expect(parted(text.split(''))).toEqual({ reasoning: '', text });
      }),
    );
  });
});
