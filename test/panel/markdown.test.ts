import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { blocksOf, type Block } from '../../panel/src/markdown/blocks.ts';
import { GrowingText } from '../../panel/src/markdown/growing-text.ts';
import { inlinesOf, type Inline } from '../../panel/src/markdown/inline.ts';

const blocks = (text: string): Block[] => blocksOf(text.split('\n')).map(({ block }) => block);

/** What marks and addresses are made of. */
const MARKS = [
  '[',
  ']',
  '(',
  ')',
  '!',
  '<',
  '>',
  '*',
  '_',
  '`',
  '~',
  '\\',
  ' ',
  'a',
  'h',
  ':',
  '/',
  '\n',
  'https://',
  'javascript:',
  'mailto:',
];

/** A line as HTML would write it, for reading in tests. */
function line(text: string): string {
  const written = (inline: Inline): string => {
    switch (inline.kind) {
      case 'text':
        return inline.text;
      case 'break':
        return '<br>';
      case 'code':
        return `<code>${inline.text}</code>`;
      case 'link':
        return `<a ${inline.address}>${inline.children.map(written).join('')}</a>`;
      case 'strong':
      case 'emphasis':
      case 'deleted':
        return `<${inline.kind}>${inline.children.map(written).join('')}</${inline.kind}>`;
    }
  };
  return inlinesOf(text).map(written).join('');
}

describe('blocks', () => {
  test('headings, rules, paragraphs', () => {
    expect(blocks('# One\n\ntwo\nthree\n\n---\n### Four ###')).toEqual([
      { kind: 'heading', level: 1, text: 'One' },
      { kind: 'paragraph', text: 'two\nthree' },
      { kind: 'rule' },
      { kind: 'heading', level: 3, text: 'Four' },
    ]);
  });

  test('lists nest, go on after a blank line, and end at what is not indented', () => {
    expect(blocks('- a\n  - b\n\n- c\n\nd')).toEqual([
      {
        kind: 'list',
        ordered: false,
        start: 0,
        items: [
          [
            { kind: 'paragraph', text: 'a' },
            { kind: 'list', ordered: false, start: 0, items: [[{ kind: 'paragraph', text: 'b' }]] },
          ],
          [{ kind: 'paragraph', text: 'c' }],
        ],
      },
      { kind: 'paragraph', text: 'd' },
    ]);
    expect(blocks('3. x\n4. y')).toMatchObject([{ kind: 'list', ordered: true, start: 3, items: [{}, {}] }]);
  });

  test('code keeps its lines, also before its end has come', () => {
    expect(blocks('```ts\na\n\n  b\n```\nc')).toEqual([
      { kind: 'code', language: 'ts', text: 'a\n\n  b' },
      { kind: 'paragraph', text: 'c' },
    ]);
    expect(blocks('~~~\n# no heading')).toEqual([{ kind: 'code', language: '', text: '# no heading' }]);
  });

  test('a table has as many cells in each row as its head', () => {
    expect(blocks('| a | b |\n|---|--:|\n| 1 |\n| x \\| y | 2 | 3 |')).toEqual([
      {
        kind: 'table',
        head: ['a', 'b'],
        ends: [false, true],
        rows: [
          ['1', ''],
          ['x | y', '2'],
        ],
      },
    ]);
  });

  test('quotes deeper than anybody writes are text', () => {
    expect(JSON.stringify(blocks(`${'> '.repeat(2000)}x`)).length).toBeLessThan(10_000);
  });
});

describe('lines', () => {
  test.each([
    ['**bold** and *light* and ~~gone~~', '<strong>bold</strong> and <emphasis>light</emphasis> and <deleted>gone</deleted>'],
    ['***both***', '<strong><emphasis>both</emphasis></strong>'],
    ['*a **b***', '<emphasis>a <strong>b</strong></emphasis>'],
    ['snake_case_name and 2 * 3 * 4', 'snake_case_name and 2 * 3 * 4'],
    ['**not closed', '**not closed'],
    ['`a ** b` ``c ` d``', '<code>a ** b</code> <code>c ` d</code>'],
    ['\\*plain\\*', '*plain*'],
    ['one  \ntwo\nthree', 'one<br>two\nthree'],
    ['[words](https://example.com/a_(b))', '<a https://example.com/a_(b)>words</a>'],
    [
      'see https://example.com/x. Or <mailto:a@example.com>',
      'see <a https://example.com/x>https://example.com/x</a>. Or <a mailto:a@example.com>mailto:a@example.com</a>',
    ],
  ])('%s', (text, html) => {
    expect(line(text)).toBe(html);
  });

  test.each(['javascript:alert(1)', 'data:text/html,x', 'http://example.com', '//example.com', 'vbscript:x', 'java\tscript:x', './logout'])(
    'an address such as %s is no link',
    (address) => {
      expect(line(`[x](${address}) ![y](${address}) <${address}>`)).not.toContain('<a ');
    },
  );

  test('no text leads to a link that is not https or mailto, and nothing is lost but marks', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...MARKS), maxLength: 60 }), (text) => {
        const links: string[] = [];
        const walk = (inline: Inline): void => {
          if (inline.kind === 'link') links.push(inline.address);
          if ('children' in inline) for (const child of inline.children) walk(child);
        };
        for (const inline of inlinesOf(text)) walk(inline);
        for (const address of links) expect(address).toMatch(/^(?:https:\/\/|mailto:)./i);
      }),
    );
  });

  test.each(['*', '**a ', '_a ', '`', '[', '![', '<https://', '~~a', '[a](', '*a **b ', 'a\n', 'a  \n'])(
    '200,000 characters of %s are read in a moment',
    (piece) => {
      const text = piece.repeat(200_000 / piece.length);
      const from = performance.now();
      inlinesOf(text);
      expect(performance.now() - from).toBeLessThan(3000);
    },
  );
});

describe('a text that grows', () => {
  const PIECES = [
    '# a\n',
    'word ',
    '\n',
    '\n\n',
    '- item\n',
    '  more\n',
    '```\n',
    '| a | b |\n',
    '|---|---|\n',
    '> q\n',
    '1. x\n',
    '**b** ',
  ] as const;

  test('is the same as the whole text at every step, cut anywhere', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...PIECES), { maxLength: 30 }), fc.integer({ min: 1, max: 7 }), (pieces, step) => {
        const whole = pieces.join('');
        const growing = new GrowingText();
        for (let end = step; end < whole.length + step; end += step) {
          const text = whole.slice(0, end);
          expect(growing.read(text)).toEqual(blocks(text));
        }
      }),
    );
  });

  test('keeps what stands: the same objects, so that nothing of it is drawn again', () => {
    const growing = new GrowingText();
    const [first] = growing.read('one\n\ntwo');
    expect(growing.read('one\n\ntwo three\n\nfour')[0]).toEqual(first);
    const [again] = growing.read('one\n\ntwo three\n\nfour five');
    expect(growing.read('one\n\ntwo three\n\nfour five six')[0]).toBe(again);
  });

  test('may be another text all at once', () => {
    const growing = new GrowingText();
    growing.read('one\n\ntwo\n\nthree');
    expect(growing.read('other')).toEqual(blocks('other'));
  });
});
