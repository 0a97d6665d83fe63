import { chmod, mkdir, readFile, readlink, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';

import { canEnter } from '../../../src/store/embedded/account.ts';
import { openPackage } from '../../../src/store/embedded/binaries.ts';
import { makeSocketDirectory } from '../../../src/store/embedded/socket-directory.ts';
import { ask, startEmbedded, temporaryFolder, useStoppedFolders } from './embedded-for-tests.ts';

const stoppedFolder = useStoppedFolders();
const NOBODY = { uid: 65534, gid: 65534 };

describe.runIf(process.getuid?.() === 0)('as root', () => {
  test('the server runs as nobody, who owns the cluster and nothing else', async () => {
    const directory = await stoppedFolder();
    const server = await startEmbedded(directory);
    expect(await readFile(`/proc/${server.pid}/status`, 'utf8')).toMatch(/^Uid:\s+65534\s+65534\s+65534\s+65534$/m);
    expect((await stat(join(directory, 'cluster'))).uid).toBe(65534);
    for (const name of ['', 'password', 'postgresql.log', 'owner']) expect((await stat(join(directory, name))).uid).toBe(0);
  });

  test('a folder that nobody can pass through, such as one below /root, serves as well', async () => {
    const closed = await temporaryFolder();
    await chmod(closed, 0o700);
    const directory = join(closed, 'data', 'postgres');
    const server = await startEmbedded(directory);
    expect(await ask(server.address(), 'select 1 as one')).toEqual([{ one: 1 }]);
    expect((await stat(closed)).mode & 0o777).toBe(0o700);
    await server.stop();
    const again = await startEmbedded(directory);
    expect(await ask(again.address(), 'select 1 as one')).toEqual([{ one: 1 }]);
  });

  test('data that belonged to another user is handed to the one who runs the server', async () => {
    const directory = await stoppedFolder();
    await (await startEmbedded(directory, { account: { uid: 1, gid: 1 } })).stop();
    expect((await stat(join(directory, 'cluster', 'base'))).uid).toBe(1);
    const server = await startEmbedded(directory);
    expect(await ask(server.address(), 'select 1 as one')).toEqual([{ one: 1 }]);
  });
});

test('a data folder with a path too long for a socket gets its socket elsewhere', async () => {
  const directory = join(await temporaryFolder(), 'a'.repeat(60), 'b'.repeat(60));
  await mkdir(directory, { recursive: true });
  const server = await startEmbedded(directory);
  expect(server.address().host.length).toBeLessThanOrEqual(93);
  expect(server.address().host.startsWith(directory)).toBe(false);
  expect(await ask(server.address(), 'select 1 as one')).toEqual([{ one: 1 }]);
  const { host } = server.address();
  await server.stop();
  await expect(stat(host)).rejects.toThrow('ENOENT');
});

test('when no directory will do for the socket, the message lists those that were tried', async () => {
  const long = join(await temporaryFolder(), 'x'.repeat(100));
  await expect(makeSocketDirectory(join(long, 'run'), ['/proc'], null)).rejects.toThrow(
    /needs a directory with a short path for its socket: none of .*\/proc will do/,
  );
});

test('what another could have replaced by a link is not taken for a socket directory', async () => {
  const folder = await temporaryFolder();
  await mkdir(join(folder, 'real'));
  await symlink(join(folder, 'real'), join(folder, 'run'));
  const made = await makeSocketDirectory(join(folder, 'run'), [folder], null);
  expect(made).toMatch(/llm-gateway-\w{6}$/);
});

/** A package of programs as npm leaves it when install scripts are off: no links. */
async function fakePackage(): Promise<string> {
  const root = join(await temporaryFolder(), 'package');
  const files = {
    'bin/postgres': 'program',
    'bin/initdb': 'program',
    'lib/libpq.so.5.17': 'library',
    'lib/libpq.a': 'archive',
    'share/postgresql/postgres.bki': 'data',
  };
  for (const [name, text] of Object.entries(files)) {
    await mkdir(join(root, 'native', name, '..'), { recursive: true });
    await writeFile(join(root, 'native', name), text, { mode: 0o755 });
  }
  await writeFile(join(root, 'package.json'), '{"version":"17.1.0"}');
  await writeFile(join(root, 'native', 'pg-symlinks.json'), '[{"source":"native/lib/libpq.so.5.17","target":"native/lib/libpq.so.5"}]');
  return root;
}

test('the links that an install script would have made are made', async () => {
  const root = await fakePackage();
  expect(await openPackage(root, [], null)).toBe(join(root, 'native'));
  expect(await readlink(join(root, 'native', 'lib', 'libpq.so.5'))).toBe('libpq.so.5.17');
  expect(await openPackage(root, [], null)).toBe(join(root, 'native'));
});

test('programs that the server user cannot read are copied once, open to all and writable by nobody else', async () => {
  const root = await fakePackage();
  await chmod(join(root, 'native', 'bin', 'postgres'), 0o700);
  const [closed, open] = [await temporaryFolder(), await temporaryFolder()];
  await chmod(open, 0o755);
  const copy = await openPackage(root, [join(closed, 'x'), open], NOBODY);
  expect(copy).toBe(join(open, 'postgresql-17.1.0'));
  expect((await stat(join(copy, 'bin', 'postgres'))).mode & 0o777).toBe(0o755);
  expect(await readFile(join(copy, 'lib', 'libpq.so.5'), 'utf8')).toBe('library');
  await expect(stat(join(copy, 'lib', 'libpq.a'))).rejects.toThrow('ENOENT');
  const { ino } = await stat(copy);
  expect(await openPackage(root, [open], NOBODY)).toBe(copy);
  expect((await stat(copy)).ino).toBe(ino);
});

test('a copy that others could have written is not run', async () => {
  const root = await fakePackage();
  await chmod(join(root, 'native', 'bin', 'postgres'), 0o700);
  const open = await temporaryFolder();
  await chmod(open, 0o755);
  await mkdir(join(open, 'postgresql-17.1.0', 'bin'), { recursive: true });
  await chmod(join(open, 'postgresql-17.1.0'), 0o777);
  await expect(openPackage(root, [open], NOBODY)).rejects.toThrow(/could not be copied to/);
});

test('a directory is entered only when every one above it lets in', async () => {
  const outer = await temporaryFolder();
  const inner = join(outer, 'inner');
  await mkdir(inner, { mode: 0o755 });
  expect(await canEnter(inner, NOBODY)).toBe(false);
  await chmod(outer, 0o711);
  expect(await canEnter(inner, NOBODY)).toBe(true);
});
