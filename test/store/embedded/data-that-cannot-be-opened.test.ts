import { mkdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';

import { ConfigError } from '../../../src/core/errors.ts';
import { EmbeddedPostgres, type EmbeddedOptions } from '../../../src/store/embedded/embedded-postgres.ts';
import { recordedLog, startEmbedded, temporaryFolder, useStoppedFolders } from './embedded-for-tests.ts';

/** What the operator reads. */
async function refusal(directory: string, options: Partial<EmbeddedOptions> = {}): Promise<string> {
  const error: unknown = await new EmbeddedPostgres({ directory, log: recordedLog(), durable: false, ...options })
    .start()
    .catch((thrown: unknown) => thrown);
  if (!(error instanceof ConfigError)) throw new Error('expected a ConfigError', { cause: error });
  expect(error.message).not.toContain('\n');
  return error.message;
}

const stoppedFolder = useStoppedFolders();

test('a folder that holds something else is refused and left as it was', async () => {
  const directory = await temporaryFolder();
  await mkdir(join(directory, 'cluster'));
  await writeFile(join(directory, 'cluster', 'holiday.jpg'), 'picture');
  expect(await refusal(directory)).toMatch(/holds no PostgreSQL data \(its file PG_VERSION is missing\)/);
  expect(await readFile(join(directory, 'cluster', 'holiday.jpg'), 'utf8')).toBe('picture');
});

test('a cluster of another major version is refused with the way across', async () => {
  const directory = await stoppedFolder();
  await writeFile(join(directory, 'cluster', 'PG_VERSION'), '14\n');
  expect(await refusal(directory)).toMatch(
    /was made by PostgreSQL 14, and this is PostgreSQL \d+\. Nothing was touched: dump it with version 14/,
  );
});

test('broken data is told in the words of PostgreSQL, with the place of its log', async () => {
  const directory = await stoppedFolder();
  await truncate(join(directory, 'cluster', 'global', 'pg_control'), 100);
  expect(await refusal(directory)).toMatch(
    /did not start from .*cluster: could not read file "global\/pg_control".*Its log is .*postgresql\.log\./,
  );
});

test('a cluster whose password file is gone is refused', async () => {
  const directory = await stoppedFolder();
  await rm(join(directory, 'password'));
  expect(await refusal(directory)).toMatch(/password is missing, so the PostgreSQL data in .* cannot be opened/);
});

test('a missing program is named', async () => {
  expect(await refusal(await temporaryFolder(), { binaries: '/nowhere/bin' })).toBe('There is no PostgreSQL program /nowhere/bin/initdb');
});

test('a folder that cannot be made is named with the reason', async () => {
  const file = join(await temporaryFolder(), 'file');
  await writeFile(file, '');
  expect(await refusal(join(file, 'postgres'))).toMatch(/The PostgreSQL folder .*file\/postgres cannot be used: ENOTDIR/);
});

test('a start that was cut off while the cluster was made begins anew', async () => {
  const directory = await temporaryFolder();
  await mkdir(join(directory, 'cluster.unfinished'));
  await writeFile(join(directory, 'cluster.unfinished', 'PG_VERSION'), '17\n');
  const server = await startEmbedded(directory);
  expect(server.pid).toBeGreaterThan(0);
});
