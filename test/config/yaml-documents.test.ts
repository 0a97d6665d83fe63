import { describe, expect, test } from 'vitest';
import { readDocument } from '../../src/config/yaml/read.ts';
import { MAX_DEPTH } from '../../src/config/yaml/tree-reader.ts';
import { shownValue } from '../../src/config/expand.ts';
import { Problems, problemText } from '../../src/config/problem.ts';

function read(text: string): { value: unknown; problems: string[] } {
  const problems = new Problems();
  const { root } = readDocument(text, 'f.yaml', problems);
  return { value: root && shownValue(root), problems: problems.all.map((problem) => `${problem.severity} ${problemText(problem)}`) };
}

describe('a document', () => {
  test('of a key that stands twice has the last value, with a warning at the second', () => {
    expect(read('a: 1\nb: {c: 2, c: 3}\na: 4\n')).toEqual({
      value: { a: 4, b: { c: 3 } },
      problems: [
        'warning f.yaml:2:11: b.c: stands twice in the same map (first in line 2); the last one counts',
        'warning f.yaml:3:1: a: stands twice in the same map (first in line 1); the last one counts',
      ],
    });
  });

  test('with merge keys takes what the map itself lacks, the earlier base first', () => {
    const { value, problems } = read('x: &x {a: 1, b: 1}\ny: &y {b: 2, c: 2}\nz: {<<: [*x, *y], c: 3}\nw:\n  b: 0\n  <<: *x\n');
    expect(value).toMatchObject({ z: { a: 1, b: 1, c: 3 }, w: { a: 1, b: 0 } });
    expect(problems).toEqual([]);
  });

  test('keeps words of keys as they stand', () => {
    expect(read('on: 1\n4: 2\nno: 3\n').value).toEqual({ on: 1, 4: 2, no: 3 });
  });

  test('takes a byte order mark, Windows lines and comments', () => {
    expect(read('\uFEFF# hello\r\na: 1 # one\r\nb:\r\n  - x\r\n').value).toEqual({ a: 1, b: ['x'] });
  });

  test('of nothing but comments is empty and no problem', () => {
    expect(read('# nothing\n\n')).toEqual({ value: null, problems: [] });
  });

  test('makes a key named __proto__ a mere key', () => {
    const { value } = read('__proto__: {polluted: true}\n');
    expect(Object.keys(value as object)).toEqual(['__proto__']);
    expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
  });

  test('types words by their tag', () => {
    expect(read('a: !!str 12\nb: !!int "12"\nc: "12"\n').value).toEqual({ a: '12', b: 12, c: '12' });
  });
});

const BROKEN: [string, string, string][] = [
  ['a tab as indentation', 'a:\n\tb: 1\n', 'f.yaml:2:1: a tab is used for indentation; YAML allows only spaces there'],
  [
    'an open quote',
    'a: 1\nb: "open\n',
    'f.yaml:3:1: something is not closed or is missing before this point: a quote, a bracket, a `:` or a space',
  ],
  ['a second colon', 'a: b: c\n', 'f.yaml:1:4: a second `: ` in the same line; put the value in quotes, or start a new line below it'],
  ['a bare @', 'a: @x\n', 'f.yaml:1:4: a value cannot begin with this character; put it in quotes'],
  ['a bare *', 'a: *\n', 'f.yaml:1:4: a value that begins with `*` or `&` needs quotes, for example "*"'],
  [
    'a pattern without quotes',
    'a:\n  b: *gpt\n',
    'f.yaml:2:6: a.b: is taken for an alias, because it begins with `*`, but no such anchor stands before it; text needs quotes: "*..."',
  ],
  ['two documents', 'a: 1\n---\nb: 1\n', 'f.yaml:2:1: a second document begins here (`---`); a configuration is one document'],
  ['a NUL', 'a: 1\nb: x\0y\n', 'f.yaml:2:5: holds a control character, which YAML does not allow'],
  ['a control character', 'a: \u0007\n', 'f.yaml:1:4: holds a control character, which YAML does not allow'],
  [
    'a Python object',
    'a: !!python/object/apply:os.system ["id"]\n',
    'f.yaml:1:36: a: this tag is not supported; `!secret name` is the only one with a meaning here',
  ],
  [
    'an alias to itself',
    'a: &a [*a]\n',
    'f.yaml:1:8: a[0]: is taken for an alias, because it begins with `*`, but no such anchor stands before it; text needs quotes: "*..."',
  ],
  ['a map as key', '? {a: 1}\n: 2\n', 'f.yaml:1:3: a key must be plain text; one that begins with `{`, `[` or `*` needs quotes'],
  ['a merge of a word', 'a:\n  <<: word\n', 'f.yaml:2:7: a.<<: needs a map, or a list of maps'],
];

describe('a broken document', () => {
  test.each(BROKEN)('with %s says where and what', (_, text, message) => {
    const { value, problems } = read(text);
    expect(value).toBeNull();
    expect(problems[0]).toBe(`fatal ${message}`);
  });
});

describe('a hostile document', () => {
  test('of aliases that multiply is refused at once', () => {
    const levels = 'abcdefghi'.split('');
    const text = levels
      .map((name, index) => `${name}: &${name} [${index === 0 ? 'x,'.repeat(9) : `*${levels[index - 1]},`.repeat(9)}]`)
      .join('\n');
    const { value, problems } = read(text);
    expect(value).toBeNull();
    expect(problems[0]).toContain('the aliases of this file grow beyond any reasonable size');
  });

  test.each([
    ['of lists', '['.repeat(200) + ']'.repeat(200)],
    ['of very many lists', '['.repeat(20_000)],
    ['of closed lists', '['.repeat(5000) + ']'.repeat(5000)],
    ['of maps', '{a: '.repeat(200) + '1' + '}'.repeat(200)],
    ['of blocks', Array.from({ length: 1500 }, (_, depth) => `\n${' '.repeat(depth + 1)}a:`).join('')],
  ])('nested deep with a tower %s is refused, not a crash', (_, tower) => {
    const { value, problems } = read(`a: ${tower}`);
    expect(value).toBeNull();
    expect(problems[0]).toMatch(/^fatal .*(?:nested|not closed|indentation)/);
  });

  test(`nested ${MAX_DEPTH} deep is read`, () => {
    const { value, problems } = read('['.repeat(MAX_DEPTH) + ']'.repeat(MAX_DEPTH));
    expect(problems).toEqual([]);
    expect(value).toBeInstanceOf(Array);
  });

  test('with an error in each line tells the first ten', () => {
    expect(read('a: ]\n'.repeat(500)).problems.length).toBeLessThanOrEqual(10);
  });
});
