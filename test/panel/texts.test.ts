import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { IntlMessageFormat } from 'intl-messageformat';
import { expect, test } from 'vitest';
import { textKey } from '../../src/contract/text-key.ts';
import { loadCatalogue, whyNotCallable } from '../../src/providers/catalogue/catalogue.ts';
import { fieldsOf } from '../../src/providers/forms/fields-of.ts';
import german from '../../translations/de.json' with { type: 'json' };
import english from '../../translations/en.json' with { type: 'json' };

interface Tree {
  readonly [key: string]: string | Tree;
}

function flat(tree: Tree, prefix = ''): Map<string, string> {
  const texts = new Map<string, string>();
  for (const [key, value] of Object.entries(tree)) {
    if (typeof value === 'string') texts.set(prefix + key, value);
    else for (const [path, text] of flat(value, `${prefix}${key}.`)) texts.set(path, text);
  }
  return texts;
}

const OF_PANEL = flat(english.panel);
const ENGLISH = new Map([...OF_PANEL, ...flat(english.providers, 'providers.')]);
const GERMAN = new Map([...flat(german.panel), ...flat(german.providers, 'providers.')]);

const PANEL = join(import.meta.dirname, '../../panel/src');
const CODE = readdirSync(PANEL, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
  .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'utf8'))
  .join('\n');

/** Names of the placeholders, and whether they are counted. */
function placeholders(text: string): string[] {
  const names = new Set<string>();
  const walk = (parts: readonly object[]) => {
    for (const part of parts as readonly { type: number; value?: string; options?: Record<string, { value: readonly object[] }> }[]) {
      if (part.type !== 0 && part.type !== 7 && part.value !== undefined) names.add(part.value);
      for (const option of Object.values(part.options ?? {})) walk(option.value);
    }
  };
  walk(new IntlMessageFormat(text, 'en', undefined, { ignoreTag: true }).getAst());
  return [...names].toSorted();
}

test('every English text is used', () => {
  // A key that is put together names its section as `section.${`, and keeps all texts of it.
  const sections = [...CODE.matchAll(/[`'"]([\w.]+)\.(?:\w+_)?\$\{/g)].map((match) => `${match[1]}.`);
  const unused = [...OF_PANEL.keys()].filter(
    (key) => !CODE.includes(`'${key}'`) && !CODE.includes(`"${key}"`) && !sections.some((section) => key.startsWith(section)),
  );
  expect(unused).toEqual([]);
});

test('German is whole, and has nothing that English does not have', () => {
  expect([...GERMAN.keys()].toSorted()).toEqual([...ENGLISH.keys()].toSorted());
});

test('a text has the same placeholders in both languages', () => {
  const different = [...ENGLISH].filter(([key, text]) => String(placeholders(text)) !== String(placeholders(GERMAN.get(key) ?? '')));
  expect(different.map(([key]) => key)).toEqual([]);
});

test('what the form of a provider says is there in every language, and in English as the server says it', async () => {
  const said = (await loadCatalogue()).rows
    .flatMap(fieldsOf)
    .flatMap(({ label, tooltip_text: tooltip }) => [label, ...(tooltip ? [tooltip] : [])]);
  expect(said.length).toBeGreaterThan(300);
  expect(new Map(Object.entries(english.providers.fields))).toEqual(new Map(said.map((text) => [textKey(text), text])));
});

test('why a provider cannot be called is there in every language', async () => {
  const said = new Set((await loadCatalogue()).rows.map(whyNotCallable).filter((reason) => reason !== null));
  expect(said.size).toBeGreaterThan(5);
  expect(new Map(Object.entries(english.providers.obstacles))).toEqual(new Map([...said].map((text) => [textKey(text), text])));
});

test('texts keep to the house: no exclamation mark, no "please", no empty one', () => {
  for (const [key, text] of [...ENGLISH, ...GERMAN]) {
    expect(text.trim(), key).not.toBe('');
    expect(text, key).not.toMatch(/!|\bplease\b|\bbitte\b/i);
  }
});
