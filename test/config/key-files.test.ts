import { mkdtemp, mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { resolveSecrets } from '../../src/config/secrets.ts';
import { weakness } from '../../src/config/weak-keys.ts';
import { ConfigError } from '../../src/core/errors.ts';

let dataDir = '';
beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'config-keys-'));
});
afterEach(async () => rm(dataDir, { recursive: true, force: true }));

let counter = 0;
const randomBytes = (size: number): Uint8Array => new Uint8Array(size).fill(++counter);
const STRONG = 'sk-0123456789-0123456789';

function resolve(more: { variables?: Record<string, string>; masterKey?: string | null; refuseWeak?: boolean } = {}) {
  return resolveSecrets({ dataDir, variables: {}, masterKey: null, randomBytes, ...more });
}

describe('master and salt key', () => {
  test('are made when nobody gives them, readable by the owner alone', async () => {
    const { master, salt, warnings } = await resolve();
    expect(master).toMatchObject({ from: 'made', path: join(dataDir, 'secrets', 'master-key') });
    expect(master.value).toMatch(/^sk-[\w-]{43}$/);
    expect(salt).toMatchObject({ from: 'made', path: join(dataDir, 'secrets', 'salt-key') });
    expect(salt.value).not.toBe(master.value.slice(3));
    expect(warnings).toEqual([]);
    expect((await stat(join(dataDir, 'secrets'))).mode & 0o777).toBe(0o700);
    for (const name of await readdir(join(dataDir, 'secrets'))) {
      expect([name, (await stat(join(dataDir, 'secrets', name))).mode & 0o777]).toEqual([name, 0o600]);
    }
  });

  test('are the same at the next start, also under a strange umask', async () => {
    const before = process.umask(0o000);
    try {
      const first = await resolve();
      const second = await resolve();
      expect(second.master).toEqual({ ...first.master, from: 'file' });
      expect(second.salt).toEqual({ ...first.salt, from: 'file' });
      expect((await stat(first.master.path ?? '')).mode & 0o777).toBe(0o600);
    } finally {
      process.umask(before);
    }
  });

  test('given by environment or file win, and nothing is made', async () => {
    const fromBoth = await resolve({
      variables: { LITELLM_MASTER_KEY: STRONG, LITELLM_SALT_KEY: 'salt-0123456789-0123456789' },
      masterKey: STRONG,
    });
    expect(fromBoth.master).toEqual({ value: STRONG, from: 'environment', path: null });
    expect(fromBoth.salt).toEqual({ value: 'salt-0123456789-0123456789', from: 'environment', path: null });
    expect(await readdir(dataDir)).toEqual([]);
    expect((await resolve({ masterKey: STRONG })).master).toEqual({ value: STRONG, from: 'config', path: null });
  });

  test('are one and the same for twenty starts at once', async () => {
    const all = await Promise.all(Array.from({ length: 20 }, () => resolve()));
    expect(new Set(all.map(({ master }) => master.value)).size).toBe(1);
    expect(new Set(all.map(({ salt }) => salt.value)).size).toBe(1);
    expect((await readdir(join(dataDir, 'secrets'))).toSorted()).toEqual(['master-key', 'salt-key']);
  });

  test('in a file that a person edited are read without the blanks around', async () => {
    await mkdir(join(dataDir, 'secrets'));
    await writeFile(join(dataDir, 'secrets', 'master-key'), `  ${STRONG}\r\n`);
    expect((await resolve()).master.value).toBe(STRONG);
  });

  test('in an empty file stop the start: a new salt key would make every virtual key invalid', async () => {
    await mkdir(join(dataDir, 'secrets'));
    await writeFile(join(dataDir, 'secrets', 'salt-key'), '\n');
    await expect(resolve()).rejects.toThrow(/salt-key: is empty; put the key back/);
    expect(await readFile(join(dataDir, 'secrets', 'salt-key'), 'utf8')).toBe('\n');
  });

  test('that cannot be written stop the start with the path', async () => {
    await writeFile(join(dataDir, 'secrets'), 'a file where the folder should be');
    await expect(resolve()).rejects.toThrow(ConfigError);
    await expect(resolve()).rejects.toThrow(/secrets\/master-key: the secret can neither be read nor made there \(ENOTDIR\)/);
  });
});

describe('a weak key', () => {
  test.each([
    ['master', 'sk-1234', true],
    ['master', 'sk-change-this-master-key', true],
    ['master', 'SK-1234', true],
    ['salt', 'change-this-random-salt', true],
    ['master', 'sk-short', false],
    ['master', '0123456789-0123456789', false],
    ['salt', 'tiny', false],
  ] as const)('%s %s is told, without being quoted', (kind, key, wellKnown) => {
    const weak = weakness(kind, key);
    expect(weak?.wellKnown).toBe(wellKnown);
    expect(weak?.message.toLowerCase()).not.toContain(key.toLowerCase());
  });

  test('gives a warning, and stops the start where that is asked for', async () => {
    const variables = { LITELLM_SALT_KEY: 'salt-0123456789-0123456789' };
    expect((await resolve({ masterKey: 'sk-1234', variables })).warnings).toHaveLength(1);
    await expect(resolve({ masterKey: 'sk-1234', variables, refuseWeak: true })).rejects.toThrow(/example that everybody knows/);
    expect((await resolve({ masterKey: 'sk-short', variables, refuseWeak: true })).warnings).toHaveLength(1);
  });

  test('is not what a strong one is', () => {
    expect(weakness('master', STRONG)).toBeNull();
  });
});
