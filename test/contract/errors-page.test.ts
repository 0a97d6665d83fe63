import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { errorsPage } from '../../scripts/errors-page.ts';
import { STATUS_OF } from '../../src/contract/error-envelope.ts';

const page = readFileSync(new URL('../../docs/errors.md', import.meta.url), 'utf8');

test('docs/errors.md says what the code does (run scripts/errors-page.ts)', () => {
  expect(page).toBe(errorsPage());
});

test('every type that an answer can have stands on the page with its status', () => {
  for (const [type, status] of Object.entries(STATUS_OF)) expect(page).toContain(`\n## ${type}\n\n**${status}.**`);
});

test('every example on the page is JSON of the one shape', () => {
  const examples = [...page.matchAll(/```http\nHTTP\/1\.1 (\d{3})\n(?:[^\n]+\n)*\n(\{[\s\S]*?\n\})\n```/g)];
  expect(examples.length).toBeGreaterThan(20);
  for (const [, status, text = ''] of examples) {
    const body = JSON.parse(text) as { error?: Record<string, unknown>; detail?: unknown };
    // The bare list of faults is the one other form.
    const { message, type, code } = body.error ?? { message: '', type: '', code: '' };
    expect([typeof message, typeof type, typeof code]).toEqual(['string', 'string', 'string']);
    expect(body.error !== undefined || Array.isArray(body.detail)).toBe(true);
    expect(Number(status)).toBeGreaterThanOrEqual(400);
  }
});
