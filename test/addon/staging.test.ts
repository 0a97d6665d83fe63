import { execFileSync } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, stat, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { IMAGE_SOURCES } from '../../scripts/image-sources.ts';
import { stageLocal } from '../../scripts/stage-local.ts';
import { AppConfig } from './supervisor-rules.ts';

const ROOT = join(import.meta.dirname, '../..');

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gateway-staged-'));
  await stageLocal(folder);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('what npm run stage:local writes (HA-PKG-3)', () => {
  test('is an app that Supervisor builds: no image, a version of its own', async () => {
    const config = AppConfig.parse(parse(await readFile(join(folder, 'config.yaml'), 'utf8')));
    expect(config.image).toBeUndefined();
    expect(config.version).toMatch(/^\d+\.\d+\.\d+-local$/);
    expect(await readdir(folder)).toEqual(
      expect.arrayContaining(['Dockerfile', 'DOCS.md', 'apparmor.txt', 'icon.png', 'logo.png', 'translations']),
    );
  });

  test('has one configuration of an app, and only its texts where Supervisor looks for texts', async () => {
    const files = await readdir(folder, { recursive: true });
    expect(files.filter((file) => /(?:^|\/)config\.(?:ya?ml|json)$/.test(file))).toEqual(['config.yaml']);
    expect((await readdir(join(folder, 'translations'))).every((name) => name.endsWith('.yaml'))).toBe(true);
  });

  test('takes the sources from their folder by the same Dockerfile', async () => {
    const [staged, ours] = await Promise.all([folder, ROOT].map((root) => readFile(join(root, 'Dockerfile'), 'utf8')));
    expect(staged).toBe(ours?.replace('ARG SOURCE=.', 'ARG SOURCE=source'));
    expect(staged).not.toBe(ours);
  });

  test('builds, and lays out what the image holds', { timeout: 180_000 }, async () => {
    const source = join(folder, 'source');
    await symlink(join(ROOT, 'node_modules'), join(source, 'node_modules'));
    execFileSync(process.execPath, ['scripts/build.ts'], { cwd: source });
    const app = join(folder, 'app');
    execFileSync(process.execPath, ['scripts/image-tree.ts', app], { cwd: source });
    expect(execFileSync(process.execPath, [join(app, 'main.js'), '--version'], { encoding: 'utf8' })).toMatch(/^llm-gateway \d/);
    expect(await readdir(join(app, 'bin'))).toEqual(['backup-post', 'backup-pre', 'gateway', 'health', 'prepare', 'start']);
    for (const name of await readdir(join(app, 'bin'))) expect((await stat(join(app, 'bin', name))).mode & 0o111, name).toBe(0o111);
    expect(JSON.parse(await readFile(join(app, 'bridge/llm_gateway/manifest.json'), 'utf8'))).toMatchObject({ domain: 'llm_gateway' });
    const modules = await readdir(join(app, 'node_modules'));
    expect(modules).toEqual(expect.arrayContaining(['node-pg-migrate', 'pg']));
    expect(modules).not.toEqual(expect.arrayContaining(['typescript']));
  });
});

test('.dockerignore lets through what the image is made from, and no more', async () => {
  const allowed = (await readFile(join(ROOT, '.dockerignore'), 'utf8')).split('\n').flatMap((line) => /^!(.+)$/.exec(line)?.[1] ?? []);
  expect(allowed.toSorted()).toEqual([...new Set(IMAGE_SOURCES.map((path) => path.split('/')[0] ?? ''))].toSorted());
});

test('the manifest of the integration has the version of the package', async () => {
  const [ours, bridge] = await Promise.all(
    ['package.json', 'custom_components_bridge/custom_components/llm_gateway/manifest.json'].map(
      async (file) => (JSON.parse(await readFile(join(ROOT, file), 'utf8')) as { version: string }).version,
    ),
  );
  expect(bridge).toBe(ours);
});
