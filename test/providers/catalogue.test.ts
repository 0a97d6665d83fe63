import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { AbilityFile } from '../../src/providers/catalogue/ability-rule.ts';
import { loadCatalogue, whyNotCallable } from '../../src/providers/catalogue/catalogue.ts';
import { CatalogueFile, type ProviderRow } from '../../src/providers/catalogue/row.ts';

const folder = new URL('../../src/providers/catalogue/', import.meta.url);
const read = (name: string): unknown => JSON.parse(readFileSync(new URL(name, folder), 'utf8'));
const catalogue = await loadCatalogue();

describe('the catalogue', () => {
  test('has the form that the interpreter reads, and holds every provider', () => {
    expect(CatalogueFile.parse(read('providers.json')).providers).toHaveLength(295);
  });

  test('names every provider and alias once', () => {
    const names = catalogue.rows.flatMap((row) => [row.id, ...(row.aliases ?? [])]);
    expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
  });

  test('finds a row by id and by alias', () => {
    expect(catalogue.find('ollama_chat')?.id).toBe('ollama');
    expect(catalogue.find('together')?.id).toBe('together_ai');
    expect(catalogue.find('nobody')).toBeNull();
  });

  test.each(catalogue.rows)('$id: its patterns compile, its parent exists, its header names are in lower case', (row) => {
    const patterns = [...(row.model ?? []), ...(row.rules ?? [])].flatMap((rule) => [
      rule.match,
      'except' in rule ? (rule.except ?? '') : '',
    ]);
    expect(() => patterns.map((pattern) => new RegExp(pattern))).not.toThrow();
    expect(row.inherits === undefined ? row : catalogue.find(row.inherits)).not.toBeNull();
    const names = [
      row.auth.header ?? '',
      ...(row.auth.also ?? []).map(({ header }) => header),
      ...(row.headers ?? []).map(({ name }) => name),
    ];
    expect(names).toEqual(names.map((name) => name.toLowerCase()));
  });

  test('tells of each row whether it can be called, and why not', () => {
    const reasons = Object.groupBy(catalogue.rows, (row) => (whyNotCallable(row) === null ? 'callable' : 'later'));
    expect(reasons.callable?.length).toBe(274);
    const why = (name: string): string | null => {
      const row = catalogue.find(name);
      return row && whyNotCallable(row);
    };
    expect(['brave', 'reducto', 'hume', 'petals', 'gitlab', 'soniox', 'openai'].map(why)).toEqual([
      'it searches the web and has no models',
      'it reads documents into text and has no chat',
      null,
      'its public service has ended',
      'it serves the programs of its own maker alone',
      'its answers are jobs that must be asked for again',
      null,
    ]);
  });

  test('has a reason of what the provider is for, or of its own, wherever it cannot be called', () => {
    for (const row of catalogue.rows) expect(whyNotCallable(row) ?? 'it can', row.id).toMatch(/^its? [a-z ,’]+/i);
  });

  test('says of a row that no table knows what stands between', () => {
    const odd = { ...catalogue.rows[0], dialect: 'custom:odd', endpoints: ['chat'] } as ProviderRow;
    expect(whyNotCallable(odd)).toBe('it is asked in words of its own, which are not spoken here');
    expect(whyNotCallable({ ...odd, dialect: 'openai', auth: { type: 'oauth' } })).toBe('it wants a log-in in a browser');
  });
});

test('ability rules have their form, a source and a date', () => {
  const { rules } = AbilityFile.parse(read('abilities.json'));
  for (const { match, except } of rules) expect(() => [new RegExp(match), new RegExp(except ?? '')]).not.toThrow();
});
