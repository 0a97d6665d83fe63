import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const ROOT = join(import.meta.dirname, '../..');

/** Cruises a small house with the repository's own rules. */
function cruise(files: Readonly<Record<string, string>>): string {
  const house = mkdtempSync(join(tmpdir(), 'gateway-house-'));
  try {
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(join(house, path, '..'), { recursive: true });
      writeFileSync(join(house, path), text);
    }
    symlinkSync(join(ROOT, 'node_modules'), join(house, 'node_modules'));
    writeFileSync(join(house, 'package.json'), '{ "type": "module" }');
    const { stdout } = spawnSync(
      join(ROOT, 'node_modules/.bin/depcruise'),
      ['--config', join(ROOT, '.dependency-cruiser.mjs'), '--output-type', 'json', 'src'],
      { cwd: house, encoding: 'utf8' },
    );
    const { summary } = JSON.parse(stdout) as { summary: { violations: { rule: { name: string }; from: string; to: string }[] } };
    return summary.violations.map(({ rule }) => rule.name).join(' ');
  } finally {
    rmSync(house, { recursive: true, force: true });
  }
}

test('a lawful house passes the graph check', () => {
  expect(
    cruise({ 'src/core/word.ts': 'export const word = 1;\n', 'src/limits/limits.ts': "export { word } from '../core/word.ts';\n" }),
  ).toBe('');
});

test('an import upwards, an import across a floor and a cycle are each found', () => {
  const found = cruise({
    'src/core/word.ts': "export { limit } from '../limits/limits.ts';\n",
    'src/limits/limits.ts': "import { word } from '../core/word.ts';\nexport const limit = word;\n",
    'src/router/router.ts': "export { limit } from '../limits/limits.ts';\n",
  });
  expect(found).toContain('core-imports-downwards');
  expect(found).toContain('router-imports-downwards');
  expect(found).toContain('no-cycles');
});
