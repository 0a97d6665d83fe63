import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import packageJson from '../../package.json' with { type: 'json' };
import { appTexts, languages } from '../../scripts/app-texts.ts';
import { findApparmorParser } from '../../scripts/apparmor.ts';
import { AppOptions } from '../../src/config/app-options.ts';
import { AppConfig, defaultTroubles, RepositoryFile, ratingOf, TranslationFile } from './supervisor-rules.ts';

const ROOT = join(import.meta.dirname, '../..');
const ADDON = join(ROOT, 'addon');
const text = (file: string): string => readFileSync(join(ROOT, file), 'utf8');
const written: unknown = parse(text('addon/config.yaml'));
const config = AppConfig.parse(written);
const changed = (change: object) => AppConfig.safeParse({ ...(written as object), ...change });

describe('addon/config.yaml', () => {
  test('has keys that Supervisor knows, with values that it takes and defaults that fit', () => {
    expect(defaultTroubles(config)).toEqual([]);
  });

  test.each([
    [{ webui: 'http://[HOST]:[PORT:4000]' }, 'webui'],
    [{ boot: 'auto' }, 'boot'],
    [{ image: 'ghcr.io/owner/llm-gateway:0.1.0' }, 'image'],
    [{ version: 0.1 }, 'version'],
    [{ ports: { '8099/tcp': 8099 } }, 'ports'],
    [{ map: ['ssl'] }, 'map'],
    [{ panel_title: 'LLM Gateway' }, 'panel_title'],
    [{ schema: { master_key: 'secret' } }, 'schema'],
    [{ advanced: true }, undefined],
  ])('would be refused with %j', (change, key) => {
    expect(changed(change).error?.issues.map(({ path }) => path[0])).toContain(key);
  });

  test('would be refused when a required option had no default', () => {
    expect(defaultTroubles({ ...config, options: {} })).toContain('ui_username: required, without a default');
  });

  test('names an image, and the version of the package', () => {
    expect(config.image).toMatch(/^ghcr\.io\//);
    expect(config.version).toBe(packageJson.version);
  });

  test('gives the app the rating 8, which a host network or a missing profile would lower', () => {
    const own = existsSync(join(ADDON, 'apparmor.txt'));
    expect(ratingOf(config, own)).toBe(8);
    expect(ratingOf({ ...config, host_network: true }, own)).toBe(7);
    expect(ratingOf(config, false)).toBe(7);
    expect(ratingOf({ ...config, docker_api: true }, own)).toBe(1);
  });

  test('keeps the cluster and the journal out of backups', () => {
    expect(config.backup_exclude).toEqual(expect.arrayContaining(['postgres', 'journal', 'kept']));
  });

  test('stops later than the server needs, and before Supervisor loses patience', () => {
    expect(config.timeout).toBeGreaterThanOrEqual(60);
  });
});

test('schema, code and every language know the same options (HA-OPT-2)', () => {
  const known = Object.keys(AppOptions.shape).toSorted();
  expect(Object.keys(config.schema).toSorted()).toEqual(known);
  expect(known).toEqual(expect.arrayContaining(Object.keys(config.options)));
  for (const language of languages()) {
    const texts = TranslationFile.parse(parse(text(`addon/translations/${language}.yaml`)));
    expect(Object.keys(texts.configuration).toSorted(), language).toEqual(known);
    expect(Object.keys(texts.network ?? {}), language).toEqual(Object.keys(config.ports ?? {}));
  }
});

test('what Supervisor would let a person choose, the code takes, and the defaults too', () => {
  expect(AppOptions.parse(config.options)).toEqual(config.options);
  for (const [name, type] of Object.entries(config.schema)) {
    const words = typeof type === 'string' ? (/^list\((.*)\)/.exec(type)?.[1]?.split('|') ?? []) : [];
    for (const word of words) expect(AppOptions.parse({ [name]: word }), name).toHaveProperty(name, word);
  }
});

test('the documentation has a row for every option', () => {
  const rows = [...text('addon/DOCS.md').matchAll(/^\| ((?:`\w+`(?:, )?)+) \|/gm)].flatMap(([, names = '']) =>
    names.replaceAll('`', '').split(', '),
  );
  expect(rows.toSorted()).toEqual(Object.keys(AppOptions.shape).toSorted());
});

test('the texts are those of the catalogue (run scripts/app-texts.ts), and every language has all of them', () => {
  for (const language of languages()) expect(text(`addon/translations/${language}.yaml`)).toBe(appTexts(language));
});

test('repository.yaml is what Supervisor wants', () => {
  expect(() => RepositoryFile.parse(parse(text('repository.yaml')))).not.toThrow();
});

test('no other file of the repository would be taken for an app (HA-PKG-1)', () => {
  const tracked = execFileSync('git', ['ls-files'], { cwd: ROOT, encoding: 'utf8' }).split('\n');
  const found = tracked.filter((file) => /^config\.(?:ya?ml|json)$/.test(basename(file)));
  expect(found.filter((file) => file !== 'addon/config.yaml')).toEqual([]);
});

test('the changelog has this version on top', () => {
  expect(/^## (.+)$/m.exec(text('addon/CHANGELOG.md'))?.[1]).toBe(packageJson.version);
});

test('the pictures have the sizes that the store shows', () => {
  const sizeOf = (file: string) => {
    const png = readFileSync(join(ADDON, file));
    expect(png.subarray(1, 4).toString()).toBe('PNG');
    return [png.readUInt32BE(16), png.readUInt32BE(20)];
  };
  expect(sizeOf('icon.png')).toEqual([128, 128]);
  expect(sizeOf('logo.png')).toEqual([250, 100]);
});

test('without an image in the app folder Supervisor would build: there is no Dockerfile in it', () => {
  expect(readdirSync(ADDON).filter((name) => name.startsWith('Dockerfile'))).toEqual([]);
});

describe('addon/apparmor.txt', () => {
  const profile = text('addon/apparmor.txt');
  const { parser, why } = findApparmorParser();

  test.skipIf(parser === null)(`compiles${parser === null ? ` (not run: ${why})` : ''}`, () => {
    const compile = (input: string) => spawnSync(parser ?? '', ['-Q', '-K', '-T'], { input, encoding: 'utf8' });
    const { status, stderr } = compile(profile);
    expect(status, stderr).toBe(0);
    expect(compile(profile.replace('capability chown,', 'capability chown')).status).not.toBe(0);
  });

  test('has one profile that Supervisor can rename, and refers to it nowhere', () => {
    expect(profile.match(/^profile /gm)).toHaveLength(1);
    expect(profile).not.toMatch(/peer=|llm_gateway\/\//);
  });

  test('keeps the server away from Home Assistant, from certificates and from capabilities', () => {
    const server = /^ {2}profile server [^]*?^ {2}\}/m.exec(profile)?.[0] ?? '';
    expect(server).toContain('deny /data/options.json w,');
    expect(server).not.toMatch(/\/homeassistant|^\s*\/ssl|capability/m);
  });

  test('keeps preparation off the network', () => {
    const outer = profile.replaceAll(/^ {2}profile [^]*?^ {2}\}/gm, '');
    expect(outer).toContain('capability chown,');
    expect(outer).not.toMatch(/^\s*network/m);
  });
});
