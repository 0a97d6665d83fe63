import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { apiPage, registeredRoutes } from '../../scripts/api-page.ts';

const page = readFileSync(new URL('../../docs/api.md', import.meta.url), 'utf8');

test('docs/api.md says what is registered (run scripts/api-page.ts)', () => {
  expect(page).toBe(apiPage());
});

test('every route says in one line what it does', () => {
  for (const { method, paths, summary } of registeredRoutes())
    expect(summary, `${method} ${paths[0]}`).toMatch(/^[A-Z\u2019`].{10,200}[.]$/);
});

test('every path of every route stands on the page', () => {
  for (const { paths } of registeredRoutes()) for (const path of paths) expect(page).toContain(`\`${path}\``);
});
