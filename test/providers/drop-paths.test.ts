import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { dropPaths, droppedMembers } from '../../src/providers/drop-paths.ts';

const body = {
  seed: 1,
  a: { b: 1, c: { d: 2 } },
  tools: [
    { x: 1, function: { strict: true, name: 'f' } },
    { x: 2, function: { strict: true } },
  ],
  list: [1, 2, 3],
};

test.each([
  ['seed', { ...body, seed: undefined }],
  ['a.b', { ...body, a: { c: { d: 2 } } }],
  ['a.c.d', { ...body, a: { b: 1, c: {} } }],
  ['tools[*].x', { ...body, tools: [{ function: { strict: true, name: 'f' } }, { function: { strict: true } }] }],
  [
    'tools[0].function.strict',
    {
      ...body,
      tools: [
        { x: 1, function: { name: 'f' } },
        { x: 2, function: { strict: true } },
      ],
    },
  ],
  ['list[1]', { ...body, list: [1, 3] }],
  ['list[*]', { ...body, list: [] }],
  ['nothing.here[7].at.all', body],
  ['seed.deeper', body],
  ['tools.x', body],
  ['[0]', body],
  ['', body],
])('%s', (path, expected) => {
  expect(dropPaths(body, [path])).toEqual(JSON.parse(JSON.stringify(expected)));
});

test('takes several paths, and never changes the body', () => {
  const before = structuredClone(body);
  expect(dropPaths(body, ['seed', 'a', 'tools', 'list'])).toEqual({});
  fc.assert(
    fc.property(fc.string(), (path) => {
      dropPaths(body, [path]);
      expect(body).toEqual(before);
    }),
  );
});

test('tells which members the paths could touch', () => {
  expect(droppedMembers(['seed', 'tools[*].x', 'a.b', '[0]'])).toEqual(['seed', 'tools', 'a']);
});
