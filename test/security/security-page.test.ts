import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const page = readFileSync(new URL('../../docs/security.md', import.meta.url), 'utf8');

/** Lines of the table below a heading, its head left out. */
function rowsUnder(heading: string): string[] {
  const section = page.slice(page.indexOf(`## ${heading}`)).split('\n## ')[0] ?? '';
  return section
    .split('\n')
    .filter((line) => line.startsWith('| '))
    .slice(1);
}

test('every test that docs/security.md names exists', () => {
  const named = [...page.matchAll(/`([\w/-]+\.test\.ts|[\w/-]+\/)`/g)].map(([, path]) => path ?? '').filter((path) => path !== 'test/');
  expect(named.length).toBeGreaterThan(30);
  for (const path of named) expect(existsSync(new URL(`../${path}`, import.meta.url)), path).toBe(true);
});

test('each of the twenty OWASP risks stands on the page once and names a test', () => {
  const api = rowsUnder('OWASP API Security Top 10 (2023)');
  const llm = rowsUnder('OWASP Top 10 for LLM applications (2025)');
  expect(api.map((line) => /^\| (API\d+) /.exec(line)?.[1])).toEqual(Array.from({ length: 10 }, (_, index) => `API${index + 1}`));
  expect(llm.map((line) => /^\| (LLM\d+) /.exec(line)?.[1])).toEqual(
    Array.from({ length: 10 }, (_, index) => `LLM${String(index + 1).padStart(2, '0')}`),
  );
  for (const line of [...api, ...llm, ...rowsUnder('What has gone wrong elsewhere')])
    expect(line).toMatch(/`[\w/-]+(\.test\.ts|\/)`[^|]* \|$/);
});
