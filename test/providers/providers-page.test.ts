import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { providersPage } from '../../scripts/providers-page.ts';
import { catalogue } from './resolving.ts';

test('docs/providers.md says what the catalogue says', () => {
  const page = readFileSync(new URL('../../docs/providers.md', import.meta.url), 'utf8');
  expect(page, 'run scripts/providers-page.ts').toBe(providersPage(catalogue));
});
