import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { problemText } from '../../src/config/problem.ts';
import { loadTexts } from './support.ts';

const FOLDER = new URL('./corpus/', import.meta.url);
const names = readdirSync(fileURLToPath(FOLDER)).filter((name) => name.endsWith('.yaml'));

/** A value for every variable that the text names, but for those whose name says otherwise. */
function variablesOf(text: string): Record<string, string> {
  const named = [...text.matchAll(/os\.environ\/(\w+)/g)].map(([, name = '']) => name);
  return Object.fromEntries(
    named.filter((name) => !name.includes('NOT_SET')).map((name) => [name, name.endsWith('RPM') ? '12' : `sk-${name}`]),
  );
}

describe('configuration files as people write them', () => {
  test('there are at least fifty of them', () => {
    expect(names.length).toBeGreaterThanOrEqual(50);
  });

  test.each(names)('%s loads with the models and remarks its first line expects', async (name) => {
    const text = readFileSync(new URL(name, FOLDER), 'utf8');
    const { config, problems } = await loadTexts({ 'config.yaml': text }, variablesOf(text));
    const count = (severity: string): number => problems.filter((problem) => problem.severity === severity).length;
    const found = `models ${config?.models.length}, errors ${count('error')}, warnings ${count('warning')}`;
    const expected = /^# expects: (.*?)\r?$/m.exec(text)?.[1];
    // With the problems beside it, a failure explains itself.
    expect([found, ...problems.map(problemText)]).toEqual([expected, ...problems.map(problemText)]);
  });
});
