/**
 * How fast spend rows go into PostgreSQL (performance P10): all columns, full metadata, every index, balances and sums in the
 * same transaction.
 *
 * Prints rows per second as the clock saw them, and CPU microseconds per row in this process and in the database's. Exits with 1
 * below the bar, which is judged by the database's CPU: a busy machine slows the clock, and the two processes take turns.
 */
import { randomUUID } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { systemClock } from '../../src/core/clock.ts';
import { Database } from '../../src/store/database.ts';
import { EmbeddedPostgres } from '../../src/store/embedded/embedded-postgres.ts';
import { flushSpend } from '../../src/store/flush.ts';
import { migrate } from '../../src/store/migrate.ts';
import { spendRecord } from './spend-records.ts';

const BAR_ROWS_PER_SECOND = 15_000;
const ROUNDS = 7;
const ROWS = 10_000;
const MIGRATIONS = join(import.meta.dirname, '../../src/store/migrations');

/** CPU time of a process so far, microseconds. Linux alone tells it so finely. */
async function cpuOf(pid: number): Promise<number> {
  const [nanoseconds = ''] = (await readFile(`/proc/${pid}/schedstat`, 'utf8')).split(' ');
  return Number(nanoseconds) / 1000;
}

interface Round {
  readonly perSecond: number;
  /** CPU microseconds per row: this process, the `JSON.stringify` of the same rows for the journal, the database. */
  readonly nodeUs: number;
  readonly journalUs: number;
  readonly databaseUs: number;
}

/** A journal of its own that `ROWS` calls of a busy gateway go through. */
async function round(database: Database, batchSize: number, first: number): Promise<Round> {
  const records = Array.from({ length: ROWS }, (_, index) => spendRecord(first + index));
  const journalId = randomUUID();
  const [backend] = await database.query<{ readonly pid: number }>('select pg_backend_pid() as pid');
  const pid = backend?.pid ?? 0;

  const writing = process.cpuUsage();
  for (const record of records) JSON.stringify(record);
  const written = process.cpuUsage(writing);

  const [began, node, server] = [performance.now(), process.cpuUsage(), await cpuOf(pid)];
  for (let after = 0; after < ROWS; after += batchSize) {
    const batch = records.slice(after, after + batchSize);
    const { rows } = await flushSpend(database, { journalId, after, upTo: after + batch.length, records: batch });
    if (rows !== batch.length) throw new Error(`${rows} of ${batch.length} rows were written`);
  }
  const seconds = (performance.now() - began) / 1000;
  const used = process.cpuUsage(node);
  const databaseUs = ((await cpuOf(pid)) - server) / ROWS;
  return {
    perSecond: ROWS / seconds,
    nodeUs: (used.user + used.system) / ROWS,
    journalUs: (written.user + written.system) / ROWS,
    databaseUs,
  };
}

/** The best of several rounds: a busy machine only adds. Prints it. @returns CPU microseconds per row of the database */
async function measure(database: Database, batchSize: number): Promise<number> {
  const rounds: Round[] = [];
  for (let index = 0; index < ROUNDS; index++) rounds.push(await round(database, batchSize, index * ROWS));
  const least = (name: Exclude<keyof Round, 'perSecond'>): number => Math.min(...rounds.map((one) => one[name]));
  const perSecond = Math.round(Math.max(...rounds.map((one) => one.perSecond)));
  const speed = `batches of ${String(batchSize).padStart(4)}: ${String(perSecond).padStart(6)} rows/s`;
  const node = `here ${least('nodeUs').toFixed(1)} µs (the journal's JSON ${least('journalUs').toFixed(1)} µs)`;
  console.log(
    `${speed}, CPU per row: ${node}, PostgreSQL ${least('databaseUs').toFixed(1)} µs (${Math.round(1_000_000 / least('databaseUs'))} rows/s of its core)`,
  );
  return least('databaseUs');
}

const directory = await mkdtemp(join(tmpdir(), 'gateway-bench-'));
const log = { info: (): void => {}, warn: (message: string): void => console.error(message) };
const server = new EmbeddedPostgres({ directory, log });
await server.start();
const database = new Database({ address: () => server.address(), clock: systemClock, log, connections: 1 });
try {
  await migrate(server.address(), MIGRATIONS, log);
  database.start();
  await database.whenConnected();
  await round(database, 1000, 0);
  const measured = await measure(database, 2500);
  await measure(database, 1000);
  console.log(`bar: ${BAR_ROWS_PER_SECOND} rows/s`);
  process.exitCode = 1_000_000 / measured >= BAR_ROWS_PER_SECOND ? 0 : 1;
} finally {
  await database.stop();
  await server.stop();
  await rm(directory, { recursive: true, force: true });
}
