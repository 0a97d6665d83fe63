import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';

import { madeOnce } from '../made-once.ts';
import { runProgram } from './program.ts';

/** The release of Debian that carries a Python new enough for Home Assistant Core. */
const SUITE = 'forky';

const PACKAGES = ['python3.14', 'python3.14-venv', 'libpython3.14-dev', 'libstdc++6', 'patchelf'];

/** Their headers would stand before those of the machine's own compiler. */
const NOT_UNPACKED = /^(libc6-dev|libc-dev-bin|linux-libc-dev|zlib1g-dev|libexpat1-dev)_/;

const KEYRING = '/usr/share/keyrings/debian-archive-keyring.gpg';

/** Where it goes to below a cache. Its own path is written into it: a cache that was moved needs another one. */
export function debianFolder(cache: string): string {
  return path.join(cache, `python-debian-${createHash('sha256').update(cache).digest('hex').slice(0, 8)}`);
}

/** Where the interpreter is below the unpacked packages. */
export const debianExecutable = (folder: string): string => path.join(folder, 'usr/bin/python3.14');

/**
 * A Python from the packages of Debian's next release, unpacked into a folder: nothing is installed, root is not needed,
 * and its libraries come with it. The folder cannot be moved afterwards.
 *
 * @param folder absolute path
 * @throws {Error} one readable line when this machine has no apt or its mirror does not carry the release
 */
export async function makeDebianPython(folder: string): Promise<void> {
  await madeOnce(folder, async (workshop) => {
    const packages = path.join(workshop, 'packages');
    await download(packages);
    await unpack(path.join(packages, 'cache/archives'), workshop);
    await rm(packages, { recursive: true });
    await setLoader(workshop, folder);
  });
}

/** Lets apt, with a state of its own, fetch the packages and all they need. */
async function download(home: string): Promise<void> {
  for (const part of ['state/lists/partial', 'cache/archives/partial', 'etc/apt.conf.d', 'etc/preferences.d'])
    await mkdir(path.join(home, part), { recursive: true });
  const configuration = path.join(home, 'apt.conf');
  await writeFile(path.join(home, 'status'), '');
  await writeFile(path.join(home, 'etc/sources.list'), await source());
  await writeFile(configuration, await aptConfiguration(home));
  const apt = { APT_CONFIG: configuration, DEBIAN_FRONTEND: 'noninteractive' };
  await runProgram(`reading Debian ${SUITE}'s package list`, ['apt-get', 'update', '-q'], apt, 180_000);
  const fetch = ['install', '-q', '-y', '--no-install-recommends', '--download-only', ...PACKAGES];
  await runProgram(`fetching Debian ${SUITE}'s ${PACKAGES[0]}`, ['apt-get', ...fetch], apt, 300_000);
}

async function aptConfiguration(home: string): Promise<string> {
  const machine = await runProgram('reading the configuration of apt', ['apt-config', 'dump']);
  return [
    ...machine.split('\n').filter((line) => /^Acquire::https?::/.test(line)), // proxies
    `Dir "${home}/";`,
    `Dir::State "${home}/state";`,
    `Dir::State::status "${home}/status";`,
    `Dir::Cache "${home}/cache";`,
    `Dir::Etc "${home}/etc";`,
    `Dir::Etc::sourcelist "${home}/etc/sources.list";`,
    'APT::Sandbox::User "root";', // its own user could not read the folder
    'Acquire::Check-Valid-Until "false";', // the Release file of a mirror may be old
    'Acquire::Languages "none";',
    '',
  ].join('\n');
}

/** The line of the machine's own mirror, with another release. */
async function source(): Promise<string> {
  const known = await runProgram('asking apt for its mirror', ['apt-get', 'indextargets', '--format', '$(SITE)', 'Created-By: Packages']);
  const mirror = known.split('\n').find((site) => /\/debian\/?$/.test(site)) ?? 'http://deb.debian.org/debian';
  const signed = existsSync(KEYRING) ? `[signed-by=${KEYRING}] ` : '';
  return `deb ${signed}${mirror} ${SUITE} main\n`;
}

async function unpack(archives: string, folder: string): Promise<void> {
  const names = (await readdir(archives)).filter((name) => name.endsWith('.deb') && !NOT_UNPACKED.test(name));
  for (const name of names) await runProgram(`unpacking ${name}`, ['dpkg-deb', '-x', path.join(archives, name), folder]);
}

/** Makes the interpreter use the libraries it came with, whatever is on the machine, once the workshop has become the folder. */
async function setLoader(workshop: string, folder: string): Promise<void> {
  const loader = await findLoader(path.join(workshop, 'usr/lib'));
  const libraries = path.dirname(loader);
  const here = (name: string): string => path.join(workshop, 'usr/lib', name);
  const there = (name: string): string => path.join(folder, 'usr/lib', name);
  const patchelf = ['--library-path', here(libraries), path.join(workshop, 'usr/bin/patchelf')];
  const pages = ['--page-size', '65536']; // without it patchelf 0.18 breaks this program
  const settings = ['--set-interpreter', there(loader), '--force-rpath', '--set-rpath', there(libraries)];
  const what = 'setting the loader of the interpreter';
  await runProgram(what, [here(loader), ...patchelf, ...pages, ...settings, debianExecutable(workshop)]);
}

/** @returns for example `x86_64-linux-gnu/ld-linux-x86-64.so.2` */
async function findLoader(library: string): Promise<string> {
  for (const triplet of (await readdir(library)).filter((name) => name.endsWith('-linux-gnu'))) {
    const loader = (await readdir(path.join(library, triplet))).find((name) => /^ld-linux-.*\.so\.\d+$/.test(name));
    if (loader) return path.join(triplet, loader);
  }
  throw new Error('The unpacked libc has no loader.');
}

/** The folder that a compiler must search beside its own to build an extension for the interpreter. */
export const debianHeaders = (folder: string): string => path.join(folder, 'usr/include');
