import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Client, type QueryResultRow } from 'pg';
import { afterAll, beforeAll, onTestFinished } from 'vitest';

import type { DatabaseAddress } from '../../../src/store/address.ts';
import { EmbeddedPostgres, type EmbeddedOptions } from '../../../src/store/embedded/embedded-postgres.ts';
import type { StoreLog } from '../../../src/store/log.ts';
import { scratchParent } from '../../support/postgres.ts';

/** A log that tests read. */
export function recordedLog(): StoreLog & { readonly lines: string[] } {
  const lines: string[] = [];
  return { lines, info: (line) => lines.push(line), warn: (line) => lines.push(line) };
}

/** A folder that is gone after the test. */
export async function temporaryFolder(): Promise<string> {
  const directory = await mkdtemp(join(await scratchParent(), 'gateway-embedded-'));
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  return directory;
}

/**
 * Folders as a stopped gateway leaves them, each of its own. The cluster is made once for the test file that calls this, and copied.
 */
export function useStoppedFolders(): () => Promise<string> {
  let template = '';
  beforeAll(async () => {
    template = await mkdtemp(join(await scratchParent(), 'gateway-embedded-template-'));
    const server = new EmbeddedPostgres({ directory: template, log: recordedLog(), durable: false });
    await server.start();
    await server.stop();
  });
  afterAll(() => rm(template, { recursive: true, force: true }));
  return async () => {
    const directory = await temporaryFolder();
    await promisify(execFile)('cp', ['-a', `${template}/.`, directory]);
    return directory;
  };
}

/** A started server that is stopped after the test. */
export async function startEmbedded(directory: string, options: Partial<EmbeddedOptions> = {}): Promise<EmbeddedPostgres> {
  const server = new EmbeddedPostgres({ directory, log: recordedLog(), durable: false, ...options });
  onTestFinished(() => server.stop());
  await server.start();
  return server;
}

export async function ask<Row extends QueryResultRow>(address: DatabaseAddress, statement: string): Promise<Row[]> {
  if (!('host' in address.connection)) throw new Error('an embedded server has a socket');
  const client = new Client(address.connection);
  client.on('error', () => {});
  await client.connect();
  try {
    return (await client.query<Row>(statement)).rows;
  } finally {
    await client.end();
  }
}

/** Whether the process lives; one that ended and was not collected by its parent does not. */
export async function lives(pid: number): Promise<boolean> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  return stat !== '' && stat.slice(stat.lastIndexOf(')') + 2)[0] !== 'Z';
}

/** Asks every few milliseconds until the answer is true. */
export async function until(condition: () => boolean | Promise<boolean>, limitMs = 10_000): Promise<void> {
  const end = performance.now() + limitMs;
  while (!(await condition())) {
    if (performance.now() > end) throw new Error(`not within ${limitMs} ms`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
