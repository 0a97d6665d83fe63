import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { beforeAll, expect, test } from 'vitest';
import { built } from './support/built.ts';

let folder: string;

beforeAll(async () => {
  folder = await built('panel');
}, 120_000);

const read = (name: string) => readFile(join(folder, name), 'utf8');

/** Files a script needs before it runs: what it imports, and what those import. */
async function needed(name: string, seen = new Set<string>()): Promise<Set<string>> {
  if (seen.has(name)) return seen;
  seen.add(name);
  const text = await read(name);
  for (const [, file] of text.matchAll(/(?:from|import)\s*["']\.\/([\w.-]+\.js)["']/g)) if (file) await needed(`assets/${file}`, seen);
  return seen;
}

/** The chunk that holds this text. */
async function chunkOf(text: string): Promise<string> {
  for (const name of await readdir(join(folder, 'assets')))
    if (name.endsWith('.js') && (await read(`assets/${name}`)).includes(text)) return `assets/${name}`;
  throw new Error(`no chunk holds ${text}`);
}

test('the first load, shell and Overview, is at most 150 kB packed', async () => {
  const page = await read('index.html');
  const files = new Set<string>();
  for (const [, file] of page.matchAll(/(?:src|href)="\.\/(assets\/[\w.-]+\.(?:js|css))"/g)) if (file) files.add(file);
  for (const start of [
    await chunkOf('gw-login-page'),
    await chunkOf('gw-overview-page'),
    ...[...files].filter((name) => name.endsWith('.js')),
  ])
    for (const name of await needed(start)) files.add(name);
  const sizes = await Promise.all([...files].map(async (name) => gzipSync(await readFile(join(folder, name))).length));
  const total = sizes.reduce((sum, size) => sum + size, 0);
  expect(files.size).toBeGreaterThan(3);
  expect(total).toBeLessThanOrEqual(150_000);
});

test('nothing built names a foreign host, holds a data address or an inline script', async () => {
  const page = await read('index.html');
  expect(page).not.toMatch(/<script(?![^>]*\ssrc=)|<style|\son\w+=/);
  const assets = await readdir(join(folder, 'assets'));
  for (const name of assets.filter((one) => /\.(?:js|css)$/.test(one))) {
    const text = await read(`assets/${name}`);
    expect([...text.matchAll(/url\(\s*["']?(data:|https?:)/g)].map(String), name).toEqual([]);
  }
});
