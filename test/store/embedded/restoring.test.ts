import { execFile } from 'node:child_process';
import { access, chmod, copyFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';

import { findPostgres } from '../../../scripts/debian-postgres.ts';
import { ConfigError } from '../../../src/core/errors.ts';
import { dumpTo } from '../../../src/store/embedded/dump.ts';
import { EmbeddedPostgres } from '../../../src/store/embedded/embedded-postgres.ts';
import type { Restore } from '../../../src/store/embedded/restoring.ts';
import { scratchParent } from '../../support/postgres.ts';
import { ask, recordedLog, startEmbedded, temporaryFolder } from './embedded-for-tests.ts';

// Making a cluster takes seconds on a machine that is busy with other tests.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

const { programs, why } = findPostgres();
const binaries = programs ?? '';

/** A cluster whose table holds 1 row, and a dump of the time when there were 1000. */
let template = '';

beforeAll(async () => {
  if (programs === null) return;
  template = await mkdtemp(join(await scratchParent(), 'gateway-restoring-'));
  // PostgreSQL's own user passes through: programs of older versions need that.
  await chmod(template, 0o711);
  const server = new EmbeddedPostgres({ directory: join(template, 'postgres'), log: recordedLog(), durable: false, binaries });
  await server.start();
  await ask(server.address(), 'create table kept as select generate_series(1, 1000) as number');
  await dumpTo(join(template, 'gateway.dump'), binaries, server.address(), 60_000);
  await ask(server.address(), 'delete from kept where number > 1');
  await server.stop();
});

afterAll(() => rm(template, { recursive: true, force: true }));

const exists = (path: string) =>
  access(path).then(
    () => true,
    () => false,
  );

interface Found {
  readonly directory: string;
  readonly restore: Restore;
  readonly steps: string[];
}

/** A folder with a dump, as a restored backup leaves it; with a cluster beside it on request. */
async function folderWith(what: 'dump' | 'dump and cluster', change: Partial<Restore> = {}): Promise<Found> {
  const folder = await temporaryFolder();
  await chmod(folder, 0o711);
  const dump = join(folder, 'gateway.dump');
  await copyFile(join(template, 'gateway.dump'), dump);
  if (what === 'dump and cluster') await promisify(execFile)('cp', ['-a', join(template, 'postgres'), folder]);
  const steps: string[] = [];
  const note = (step: string) => async () => void steps.push(step);
  const restore = { dump, before: note('before'), isOwn: () => Promise.resolve(false), after: note('after'), ...change };
  return { directory: join(folder, 'postgres'), restore, steps };
}

const rowsIn = async (server: EmbeddedPostgres) =>
  (await ask<{ count: number }>(server.address(), 'select count(*)::int as count from kept'))[0]?.count;

describe.skipIf(programs === null)(`a start without a cluster${programs === null ? ` (not run: ${why})` : ''}`, () => {
  test('begins with the dump, which is then gone', async () => {
    const { directory, restore, steps } = await folderWith('dump');
    const server = await startEmbedded(directory, { binaries, restore });
    expect(await rowsIn(server)).toBe(1000);
    expect(steps).toEqual(['before', 'after']);
    expect(await exists(restore.dump)).toBe(false);
  });

  test('begins anew when an earlier one was cut while it restored', async () => {
    const { directory, restore } = await folderWith('dump and cluster');
    await writeFile(join(directory, 'restoring'), '');
    const server = await startEmbedded(directory, { binaries, restore });
    expect(await rowsIn(server)).toBe(1000);
    expect(await exists(join(directory, 'restoring'))).toBe(false);
  });

  test('stops with one line when the dump is broken, says what to do, and tries again at the next start', async () => {
    const { directory, restore } = await folderWith('dump');
    const whole = await readFile(restore.dump);
    await writeFile(restore.dump, 'no dump at all '.repeat(100));
    const broken = new EmbeddedPostgres({ directory, log: recordedLog(), durable: false, binaries, restore });
    await expect(broken.start()).rejects.toThrow(
      new ConfigError(
        `The backup ${restore.dump} could not be restored: input file does not appear to be a valid archive. Restore another backup, or move the file away to begin with an empty database.`,
      ),
    );
    await writeFile(restore.dump, whole);
    expect(await rowsIn(await startEmbedded(directory, { binaries, restore }))).toBe(1000);
  });

  test('makes nothing when the dump may not be used', async () => {
    const { directory, restore } = await folderWith('dump', { before: () => Promise.reject(new ConfigError('too new')) });
    const server = new EmbeddedPostgres({ directory, log: recordedLog(), durable: false, binaries, restore });
    await expect(server.start()).rejects.toThrow('too new');
    expect(await exists(join(directory, 'cluster'))).toBe(false);
    expect(await exists(restore.dump)).toBe(true);
  });
});

describe.skipIf(programs === null)('a dump beside a cluster', () => {
  test('is kept under another name, and the cluster wins', async () => {
    const { directory, restore } = await folderWith('dump and cluster');
    const log = recordedLog();
    const server = await startEmbedded(directory, { binaries, restore, log });
    expect(await rowsIn(server)).toBe(1);
    expect(await exists(`${restore.dump}.unused`)).toBe(true);
    expect(log.lines.join('\n')).toContain(`it is kept as ${restore.dump}.unused`);
  });

  test('is removed when it is only what our own stop wrote', async () => {
    const { directory, restore } = await folderWith('dump and cluster', { isOwn: () => Promise.resolve(true) });
    await startEmbedded(directory, { binaries, restore });
    expect([await exists(restore.dump), await exists(`${restore.dump}.unused`)]).toEqual([false, false]);
  });
});

describe.skipIf(programs === null)('a dump leaves no file', () => {
  test('when it takes too long, or has nowhere to go, and says so', async () => {
    const { directory } = await folderWith('dump and cluster');
    const server = await startEmbedded(directory, { binaries });
    const file = join(directory, '..', 'late.dump');
    await expect(dumpTo(file, binaries, server.address(), 1)).rejects.toThrow('it was not done after 0.001 s');
    expect([await exists(file), await exists(`${file}.tmp`)]).toEqual([false, false]);
    await expect(dumpTo(join(directory, '..', 'nowhere/x.dump'), binaries, server.address(), 60_000)).rejects.toThrow(
      'could not open output file',
    );
  });
});
