import { lstat, mkdir, readdir, readFile, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { systemDisk } from '../../../src/homeassistant/prepare/disk.ts';
import { House } from './house.ts';

const HACS = { domain: 'llm_gateway', installed: true, version_installed: 'v0.0.9' };

describe('bridge: auto', () => {
  test('installs the integration at the first start, marked as ours, and says that Home Assistant must restart', async () => {
    const house = await House.make();
    expect(await house.start()).toMatchObject({
      state: 'installed',
      owner: null,
      installed_version: '0.1.0',
      bundled_version: '0.1.0',
      mode: 'auto',
      last_change: { kind: 'installed', from: null, to: '0.1.0' },
      trouble: null,
    });
    expect(await house.versionAt(house.target)).toBe('0.1.0');
    const marker = JSON.parse(await readFile(join(house.target, '.installed_by_app'), 'utf8')) as Record<string, unknown>;
    expect(Object.keys(marker['files'] as object)).toEqual(['__init__.py', 'manifest.json', 'translations/en.json']);
    expect(marker['gateway_id']).toMatch(/^[0-9a-f-]{36}$/);
    expect((await stat(join(house.target, '__init__.py'))).mode & 0o777).toBe(0o644);
    expect(house.said).toContain('Installed the bridge integration 0.1.0. Restart Home Assistant to load it');
  });

  test('does nothing at the next start, and remembers the change', async () => {
    const house = await House.make();
    const { last_change } = await house.start();
    await mkdir(join(house.target, '__pycache__'));
    await writeFile(join(house.target, '__pycache__/x.pyc'), 'compiled');
    expect(await house.start()).toMatchObject({ state: 'installed', last_change });
    expect(house.said).toEqual([]);
  });

  test('updates an older one, keeps a copy of it, and leaves nothing else', async () => {
    const house = await House.make();
    await house.start();
    await house.bundle('0.2.0');
    expect(await house.start()).toMatchObject({ installed_version: '0.2.0', last_change: { kind: 'updated', from: '0.1.0', to: '0.2.0' } });
    expect(await house.versionAt(house.target)).toBe('0.2.0');
    expect(await house.versionAt(join(house.places.data, 'bridge/previous'))).toBe('0.1.0');
    expect(await readdir(join(house.places.homeAssistant, 'custom_components'))).toEqual(['llm_gateway']);
  });

  test('leaves a newer one alone', async () => {
    const house = await House.make();
    await house.bundle('0.10.0');
    await house.start();
    await house.bundle('0.9.1');
    expect(await house.start()).toMatchObject({ state: 'installed', installed_version: '0.10.0', bundled_version: '0.9.1' });
  });

  test.each([
    ['a link', 'link', (house: House) => symlink(house.places.bridge, house.target)],
    [
      'an integration of that name by somebody else',
      'other',
      (house: House) => house.write(join(house.target, 'manifest.json'), '{"domain": "other"}'),
    ],
    ['files without a manifest', 'other', (house: House) => house.write(join(house.target, 'notes.txt'), 'mine')],
    ['one that was put there by hand', 'by_hand', (house: House) => house.putByHand('0.0.1')],
  ] as const)('does not touch %s', async (_, owner, put) => {
    const house = await House.make();
    await mkdir(join(house.places.homeAssistant, 'custom_components'));
    await put(house);
    const before = await readdir(house.target);
    expect(await house.start()).toMatchObject({ state: 'foreign', owner, replaceable: owner === 'by_hand', last_change: null });
    expect(await readdir(house.target)).toEqual(before);
  });

  test.each([
    ['hacs.repositories', { data: { 1: HACS } }],
    ['hacs.data', { data: { repositories: { integration: [HACS] } } }],
  ])('does not touch what HACS installed (%s), not even on request', async (name, stored) => {
    const house = await House.make();
    await house.start();
    await house.bundle('0.2.0');
    await house.write(join(house.places.homeAssistant, '.storage', name), JSON.stringify(stored));
    await house.request('replace');
    expect(await house.start()).toMatchObject({ state: 'foreign', owner: 'hacs', replaceable: false, installed_version: '0.1.0' });
  });

  test('takes an unreadable list of HACS, and one where it was uninstalled, for none', async () => {
    const house = await House.make();
    await house.write(
      join(house.places.homeAssistant, '.storage/hacs.repositories'),
      JSON.stringify({ data: { 1: { ...HACS, installed: false } } }),
    );
    await house.write(join(house.places.homeAssistant, '.storage/hacs.data'), '{');
    expect(await house.start()).toMatchObject({ state: 'installed' });
  });

  test.each([
    ['changed', (house: House) => writeFile(join(house.target, '__init__.py'), '# mine')],
    ['added', (house: House) => writeFile(join(house.target, 'mine.py'), '# mine')],
  ])('does not touch one where a file was %s, until somebody says so', async (_, edit) => {
    const house = await House.make();
    await house.start();
    await edit(house);
    await house.bundle('0.2.0');
    expect(await house.start()).toMatchObject({ state: 'foreign', owner: 'edited', replaceable: true, installed_version: '0.1.0' });
    await house.request('replace');
    expect(await house.start()).toMatchObject({ state: 'installed', last_change: { kind: 'replaced', from: '0.1.0', to: '0.2.0' } });
    expect(await readdir(join(house.places.data, 'bridge'))).toEqual(['previous', 'state.json']);
  });

  test('takes a folder with nothing but what Python left for none', async () => {
    const house = await House.make();
    await house.write(join(house.target, '__pycache__/x.pyc'), 'compiled');
    expect(await house.start()).toMatchObject({ state: 'installed', last_change: { kind: 'installed' } });
  });

  test('a disk that refuses is told and written down, and the start goes on', async () => {
    const house = await House.make();
    const full = { ...systemDisk, copy: () => Promise.reject(new Error('no space left on device')) };
    expect(await house.start({}, full)).toMatchObject({ state: 'absent', trouble: 'no space left on device' });
    expect(house.said).toContain('The bridge integration could not be changed: no space left on device');
    expect(await house.start()).toMatchObject({ state: 'installed', trouble: null });
  });
});

describe('bridge: notify', () => {
  test('only tells', async () => {
    const house = await House.make();
    expect(await house.start({ bridge: 'notify' })).toMatchObject({ state: 'absent', bundled_version: '0.1.0', mode: 'notify' });
    expect(await readdir(house.places.homeAssistant)).toEqual([]);
  });

  test('does what is asked for in the panel, once', async () => {
    const house = await House.make();
    await house.request('install');
    expect(await house.start({ bridge: 'notify' })).toMatchObject({ state: 'installed' });
    await house.bundle('0.2.0');
    expect(await house.start({ bridge: 'notify' })).toMatchObject({ installed_version: '0.1.0', bundled_version: '0.2.0' });
  });
});

describe('bridge: manual', () => {
  test('does not look, and does nothing that is asked for', async () => {
    const house = await House.make();
    await house.putByHand('0.0.1');
    await house.request('replace');
    expect(await house.start({ bridge: 'manual' })).toMatchObject({ state: 'no_access', installed_version: null });
    expect(await house.versionAt(house.target)).toBe('0.0.1');
  });
});

describe('removing', () => {
  test('takes the integration away and does not bring it back until somebody asks', async () => {
    const house = await House.make();
    await house.start();
    await house.request('remove');
    expect(await house.start()).toMatchObject({
      state: 'absent',
      kept_away: true,
      last_change: { kind: 'removed', from: '0.1.0', to: null },
    });
    await expect(lstat(house.target)).rejects.toThrow('ENOENT');
    expect(await house.versionAt(join(house.places.data, 'bridge/previous'))).toBe('0.1.0');
    expect(await house.start()).toMatchObject({ state: 'absent', kept_away: true });
    await house.request('install');
    expect(await house.start()).toMatchObject({ state: 'installed', kept_away: false });
  });
});

test('a request that nobody understands is told and removed', async () => {
  const house = await House.make();
  await house.request('explode');
  await house.start();
  expect(house.said.join('\n')).toContain('asks for nothing that is known here');
  expect(await readdir(join(house.places.data, 'bridge'))).toEqual(['state.json']);
});

test('without a configuration folder there is no access, and the rest goes on', async () => {
  const house = await House.make();
  await house.write(join(house.places.homeAssistant, '..', 'unused'), '');
  const { rm } = await import('node:fs/promises');
  await rm(house.places.homeAssistant, { recursive: true });
  expect(await house.start()).toMatchObject({ state: 'no_access', mode: 'auto' });
});
