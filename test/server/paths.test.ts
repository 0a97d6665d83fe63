import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { normalPath } from '../../src/server/path.ts';

const paths: readonly (readonly [string, string, string])[] = [
  ['/v1/models', '/v1/models', ''],
  ['/v1/models/', '/v1/models', ''],
  ['//v1///models//', '/v1/models', ''],
  ['/v1/models?a=/b/', '/v1/models', 'a=/b/'],
  ['/v1/models??', '/v1/models', '?'],
  ['/', '/', ''],
  ['http://host/v1/models', '/v1/models', ''],
  ['HTTPS://host:1', '/', ''],
  ['/a/%2e%2e/b', '/a/%2e%2e/b', ''],
  ['/a/../b', '/a/../b', ''],
  ['/a%2fb', '/a%2fb', ''],
];

test.each(paths)('%s is the path %s', (target, path, query) => {
  expect(normalPath(target, '')).toEqual({ path, query });
});

test('what is no path leads nowhere', () => {
  for (const target of ['', '*', 'v1/models', 'host:443', 'ftp://host/v1']) expect(normalPath(target, '')).toBeNull();
});

test('under a root path, only what lies below it is a path of ours', () => {
  expect(normalPath('/gateway/v1/models', '/gateway')).toEqual({ path: '/v1/models', query: '' });
  expect(normalPath('/gateway', '/gateway')).toEqual({ path: '/', query: '' });
  expect(normalPath('/gateway/?a', '/gateway')).toEqual({ path: '/', query: 'a' });
  for (const target of ['/v1/models', '/gatewayx/v1/models', '/x/gateway/v1']) expect(normalPath(target, '/gateway')).toBeNull();
});

test('a path in its one form stays as it is', () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom('/', 'a', '.', '%2e', '%2f', '\\', ';', ':') }), (text) => {
      const once = normalPath(`/${text}`, '');
      expect(once && normalPath(once.path, '')).toEqual(once);
    }),
  );
});
