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

/** The file that was built from a source of this name. */
async function builtFrom(name: string): Promise<string> {
  const file = (await readdir(join(folder, 'assets'))).find((one) => new RegExp(`^${name}-[\\w-]{8}\\.js$`).test(one));
  if (!file) throw new Error(`nothing was built from ${name}`);
  return `assets/${file}`;
}

/** What is fetched before the Overview stands, in English, with an alert and so with all three weights of the font. */
async function firstLoad(): Promise<Set<string>> {
  const page = await read('index.html');
  const files = new Set<string>(['index.html']);
  for (const [, file] of page.matchAll(/(?:src|href)="\.\/(assets\/[\w.-]+)"/g)) if (file) files.add(file);
  const scripts = [...files].filter((name) => name.endsWith('.js'));
  for (const name of ['gw-app', 'overview-page', 'en']) scripts.push(await builtFrom(name));
  for (const script of scripts) await needed(script, files);
  for (const name of await readdir(join(folder, 'assets'))) if (/^roboto-latin-\d/.test(name)) files.add(`assets/${name}`);
  return files;
}

/** Bytes as they go over the wire; a font is packed already. */
async function packed(name: string): Promise<number> {
  const bytes = await readFile(join(folder, name));
  return name.endsWith('.woff2') ? bytes.length : gzipSync(bytes).length;
}

test('the first load, shell and Overview with their fonts, is at most 150 kB packed, in few files', async () => {
  const files = await firstLoad();
  const sizes = await Promise.all([...files].map(packed));
  const total = sizes.reduce((sum, size) => sum + size, 0);
  expect([...files].filter((name) => name.endsWith('.woff2'))).toHaveLength(3);
  expect(total).toBeGreaterThan(100_000);
  expect(total).toBeLessThanOrEqual(150_000);
  expect([...files].filter((name) => name.endsWith('.js')).length).toBeLessThanOrEqual(6);
});

test('a page brings at most two files of its own', async () => {
  const first = await firstLoad();
  const pages = (await readdir(join(folder, 'assets'))).filter((name) => /-page-[\w-]{8}\.js$/.test(name));
  expect(pages.length).toBeGreaterThan(8);
  for (const page of pages) {
    const own = [...(await needed(`assets/${page}`))].filter((name) => !first.has(name));
    expect(own.length, `${page}: ${own.join(', ')}`).toBeLessThanOrEqual(2);
  }
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
