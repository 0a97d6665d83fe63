/** A JSON value as deep as asked: within and beyond what bodies may nest. */
export function nested(depth: number): unknown {
  let value: unknown = 1;
  for (let level = 0; level < depth; level++) value = level % 2 === 0 ? [value] : { a: value };
  return value;
}

/** Values that belong nowhere: each is put in the place of each member of each body. */
export const HOSTILE: readonly unknown[] = [
  null,
  true,
  0,
  -1,
  0.5,
  1e308,
  JSON.rawJSON('9007199254740993'),
  JSON.rawJSON('1e999'),
  JSON.rawJSON(`-0.${'0'.repeat(400)}1`),
  '',
  'x',
  '\u0000',
  '\ud800',
  '\u202e\uffff',
  "x'; select pg_sleep(5); --",
  '1) or 1=1; drop table gateway.virtual_keys; --',
  'a'.repeat(20_000),
  [],
  [[]],
  ['x', 1, null],
  {},
  { a: 1 },
  JSON.parse('{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}},"toString":1}'),
  [JSON.parse('{"__proto__":{"polluted":true}}')],
  { rawJSON: '1' },
  nested(60),
];

export type Path = readonly (string | number)[];

/** Every place in a JSON value, from its members to the leaves. */
export function placesIn(value: unknown, at: Path = []): Path[] {
  const own: Path[] = at.length === 0 ? [] : [at];
  if (Array.isArray(value)) return [...own, ...value.flatMap((entry, index) => placesIn(entry, [...at, index]))];
  if (typeof value !== 'object' || value === null) return own;
  return [...own, ...Object.entries(value).flatMap(([name, member]) => placesIn(member, [...at, name]))];
}

/** The value with another one in one place. */
export function replacedAt(value: unknown, [step, ...rest]: Path, by: unknown): unknown {
  if (step === undefined) return by;
  if (Array.isArray(value)) return value.map((entry, index) => (index === step ? replacedAt(entry, rest, by) : (entry as unknown)));
  return Object.fromEntries(
    Object.entries(value as object).map(([name, member]) => [name, name === step ? replacedAt(member, rest, by) : (member as unknown)]),
  );
}

/** Texts in the place of a body that are no JSON object, or one that means two things. */
export const BROKEN_BODIES: readonly (readonly [string, string | Buffer])[] = [
  ['nothing', ''],
  ['blanks', ' \r\n\t'],
  ['a word', 'hello'],
  ['null', 'null'],
  ['a number', '12'],
  ['a list', '[]'],
  ['a text', '"x"'],
  ['a cut object', '{"model":"fast"'],
  ['a cut text', '{"model":"fa'],
  ['two objects', '{}{}'],
  ['a trailing comma', '{"model":"fast",}'],
  ['single quotes', "{'model':'fast'}"],
  ['a comment', '{/* */"model":"fast"}'],
  ['NaN', '{"model":NaN,"messages":[]}'],
  ['a leading zero', '{"model":"fast","messages":[],"seed":01}'],
  ['two models', '{"model":"fast","messages":[],"model":"claude"}'],
  ['two models, one escaped', '{"model":"fast","messages":[],"\\u006dodel":"claude"}'],
  ['two lists of messages', '{"model":"fast","messages":[],"messages":[{"role":"user","content":"x"}]}'],
  ['too deep in lists', `{"model":"fast","messages":${'['.repeat(100_000)}${']'.repeat(100_000)}}`],
  ['too deep in objects', `{"model":"fast","messages":[],"metadata":${'{"a":'.repeat(50_000)}1${'}'.repeat(50_000)}}`],
  ['deep and never closed', `{"model":"fast","messages":${'['.repeat(200_000)}`],
  ['depth 129', `{"model":"fast","messages":[],"metadata":${'['.repeat(128)}${']'.repeat(128)}}`],
  [
    'too many members',
    `{"model":"fast","messages":[],"metadata":{${Array.from({ length: 10_001 }, (_, index) => `"k${index}":1`).join(',')}}}`,
  ],
  ['too many members on top', `{"model":"fast","messages":[],${Array.from({ length: 10_001 }, (_, index) => `"k${index}":1`).join(',')}}`],
  ['a lone surrogate', '{"model":"fast","messages":[{"role":"user","content":"\\ud800"}]}'],
  ['NUL', '{"model":"fa\\u0000st","messages":[]}'],
  ['a bare control character', '{"model":"fa\u0001st","messages":[]}'],
  ['a bare line break', '{"model":"fa\nst","messages":[]}'],
  ['a bad escape', '{"model":"\\x41","messages":[]}'],
  ['bytes that are no UTF-8', Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x3a, 0x31, 0x7d])],
  ['overlong UTF-8', Buffer.concat([Buffer.from('{"model":"'), Buffer.from([0xc0, 0xaf]), Buffer.from('","messages":[]}')])],
  ['UTF-16', Buffer.from('\ufeff{"model":"fast"}', 'utf16le')],
  ['a byte order mark', '\ufeff{"model":"fast"}'],
  ['a number of 100,000 digits', `{"model":"fast","messages":[],"max_tokens":${'9'.repeat(100_000)},"max_budget":${'9'.repeat(100_000)}}`],
  ['an exponent without end', '{"model":"fast","messages":[],"temperature":1e999999999,"max_budget":1e999999999,"spend":1e-999999999}'],
  ['a form', 'model=fast&messages=x'],
  ['XML', '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY y SYSTEM "file:///etc/passwd">]><x>&y;</x>'],
];
