import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { About } from '../../src/contract/panel/about.ts';
import { PANEL_PACKAGES, shippedPackages } from '../../src/server/shipped-packages.ts';
import { MOCKED, startAsked, type AskedGateway } from './asking-for-keys.ts';

const ROOT = join(import.meta.dirname, '../..');

let gateway: AskedGateway;

beforeAll(async () => {
  gateway = await startAsked(MOCKED);
});

afterAll(() => gateway.stop());

async function about(): Promise<About> {
  const { body, status, text } = await gateway.get('/panel/about');
  expect(status, text).toBe(200);
  return About.parse(body);
}

test('what the installation is made of is told', async () => {
  const before = await about();
  expect(before).toMatchObject({
    version: '0.1.0',
    node: process.versions.node,
    database: { kind: 'external', state: 'connected', version: expect.stringMatching(/^17\./) },
    calls: { kept: 0, since: null },
    journal: { state: 'ok', waiting: 0 },
    prices: { source: '@pydantic/genai-prices', version: expect.stringMatching(/^\d/), date: null },
  });
  expect(before.database.size_bytes).toBeGreaterThan(1_000_000);
  expect(before.memory_bytes).toBeGreaterThan(10_000_000);
  expect(before.prices.models).toBeGreaterThan(500);
  expect(before.prices.providers).toBeGreaterThan(10);
});

test('calls that are kept are counted from the first one on', async () => {
  const began = Date.now();
  await gateway.chat(gateway.masterKey);
  await gateway.flushed();
  const { calls } = await about();
  expect(calls.kept).toBe(1);
  expect(Date.parse(calls.since ?? '')).toBeGreaterThanOrEqual(began - 1000);
});

test('a key that is nobody’s is told nothing of it', async () => {
  expect((await gateway.get('/panel/about', await gateway.key())).status).toBe(401);
});

describe('the licences', () => {
  test('are those of what runs and of what the panel is built from, each with its version', async () => {
    const { licences } = await about();
    const names = licences.map(({ name }) => name);
    expect(names).toEqual(expect.arrayContaining(['express', 'pg', 'zod', 'swagger-ui-dist', 'lit', 'lit-html', '@awesome.me/webawesome']));
    expect(names).not.toContain('vitest');
    expect(licences.filter(({ licence, version }) => licence === 'not stated' || version === '')).toEqual([]);
    expect(new Set(licences.map(({ name, version }) => `${name} ${version}`)).size).toBe(licences.length);
  });

  test('hold every package that the panel takes something from', async () => {
    const files = (await readdir(join(ROOT, 'panel/src'), { recursive: true })).filter((file) => file.endsWith('.ts'));
    const texts = await Promise.all(files.map((file) => readFile(join(ROOT, 'panel/src', file), 'utf8')));
    // Code that the panel shows to be copied is no import of its own.
    const code = texts.map((text) => text.replaceAll(/`[^`]*`/g, ''));
    const taken = code.flatMap((text) => [...text.matchAll(/from '([^'.][^']*)'/g)].map(([, from = '']) => from));
    const packages = new Set(
      taken.map((from) =>
        from
          .split('/')
          .slice(0, from.startsWith('@') ? 2 : 1)
          .join('/'),
      ),
    );
    const known = new Set([...PANEL_PACKAGES, 'zod']);
    expect([...packages].filter((name) => !known.has(name) && !name.startsWith('virtual:'))).toEqual([]);
    expect(packages.size).toBeGreaterThan(3);
  });

  test('of a package that states none are told as that', () => {
    expect(
      shippedPackages({ packages: { '': {}, 'node_modules/a': { version: '1.0.0' }, 'node_modules/b': { version: '1.0.0', dev: true } } }),
    ).toEqual([{ name: 'a', version: '1.0.0', licence: 'not stated' }]);
  });
});
