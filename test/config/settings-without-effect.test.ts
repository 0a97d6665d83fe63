import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { environmentFields } from '../../src/config/settings/environment.ts';
import type { Fields } from '../../src/config/settings/field.ts';
import { generalFields } from '../../src/config/settings/general.ts';
import { litellmFields } from '../../src/config/settings/litellm.ts';
import { routerFields } from '../../src/config/settings/router.ts';

const SOURCES = join(import.meta.dirname, '../../src');
const READ_HERE = /^config\/settings\//;

test('a setting that nothing reads says that it has no effect, and no other does', async () => {
  const files = (await readdir(SOURCES, { recursive: true })).filter((name) => name.endsWith('.ts') && !READ_HERE.test(name));
  const words = new Set((await Promise.all(files.map((name) => readFile(join(SOURCES, name), 'utf8')))).join('\n').match(/\w+/g));
  const fields = [litellmFields, routerFields, generalFields, environmentFields].flatMap((each: Fields) => Object.entries(each));
  const unread = fields.filter(([name]) => !words.has(name)).map(([, { wire }]) => wire);
  const idle = fields.filter(([, { acts }]) => !acts).map(([, { wire }]) => wire);
  expect(idle.toSorted()).toEqual(unread.toSorted());
  expect(idle.length).toBeGreaterThan(0);
});
