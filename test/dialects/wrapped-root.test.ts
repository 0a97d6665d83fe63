import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { StreamPart } from '../../src/core/answer.ts';
import { unwrappedAnswer, UnwrappedRoot, wrappedRoot } from '../../src/dialects/wrapped-root.ts';

const format = (schema: Record<string, unknown>) => ({ type: 'json_schema' as const, name: 'x', schema });

/** The client's text of an answer in these pieces. */
function told(...pieces: readonly string[]): string {
  const root = new UnwrappedRoot();
  const parts: StreamPart[] = [
    ...pieces.map((text) => ({ type: 'text_delta' as const, text })),
    { type: 'finish', finish: { reason: 'stop' } },
  ];
  return parts
    .flatMap((part) => root.push(part))
    .map((part) => (part.type === 'text_delta' ? part.text : ''))
    .join('');
}

describe('a schema whose root is no object', () => {
  test('stands in an object, its definitions beside it', () => {
    const $defs = { City: { type: 'object', properties: { next: { $ref: '#/$defs/City' } } } };
    expect(wrappedRoot(format({ type: 'array', items: { $ref: '#/$defs/City' }, $defs }))).toEqual({
      type: 'json_schema',
      name: 'x',
      schema: {
        $defs,
        type: 'object',
        properties: { value: { type: 'array', items: { $ref: '#/$defs/City' } } },
        required: ['value'],
        additionalProperties: false,
      },
    });
  });

  test.each([
    ['an object', format({ type: 'object', properties: {} })],
    ['one that refers to its own root', format({ type: 'array', items: { $ref: '#' } })],
    ['no schema at all', { type: 'json_object' as const }],
    ['no format', undefined],
  ])('%s stays as it is', (_, given) => {
    expect(wrappedRoot(given)).toBeNull();
  });
});

describe('an answer', () => {
  test('loses that object wherever its pieces are cut, and nothing of its value', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.array(fc.nat(200), { maxLength: 6 }), fc.constantFrom(0, 2), (value, cuts, indent) => {
        const text = JSON.stringify({ value }, null, indent);
        const places = [0, ...cuts.map((cut) => Math.min(cut, text.length)).toSorted((a, b) => a - b), text.length];
        const pieces = places.slice(1).map((end, at) => text.slice(places[at], end));
        expect(JSON.parse(told(...pieces))).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });

  test('in another form stays as it is', () => {
    for (const text of ['[1, 2]', 'I cannot say.', '{"other": 1}', '{', '', ' ']) expect(told(...text.split(''))).toBe(text);
  });

  test('that was cut off is told as far as it came', () => {
    expect(told('{"value": [1, ', '2')).toBe('[1, 2');
  });

  test('of several choices loses one in each, and what is no text passes', () => {
    const parts = (text: string) => [
      { type: 'reasoning' as const, text: 'Hm.' },
      { type: 'text' as const, text },
    ];
    const answer = {
      choices: [0, 1].map((index) => ({ index, parts: parts(`{"value":[${index}]}`), finish: { reason: 'stop' as const } })),
    };
    expect(unwrappedAnswer(answer).choices.map((choice) => choice.parts)).toEqual([parts('[0]'), parts('[1]')]);
  });
});
