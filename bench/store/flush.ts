/**
 * How fast spend rows go into PostgreSQL (performance P10): all columns, full metadata, every index, balances and sums in the
 * same transaction. Compares one JSON parameter with one array for each column.
 *
 * Prints rows per second, and CPU microseconds per row in this process and in the database's. Exits with 1 below the bar.
 */
import { randomUUID } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { systemClock } from '../../src/core/clock.ts';
import { Database } from '../../src/store/database.ts';
import { EmbeddedPostgres } from '../../src/store/embedded/embedded-postgres.ts';
import { flushStatement } from '../../src/store/flush-statement.ts';
import { flushSpend } from '../../src/store/flush.ts';
import { migrate } from '../../src/store/migrate.ts';
import type { Queries } from '../../src/store/queries.ts';
import { spendRecord } from './spend-records.ts';

const BAR_ROWS_PER_SECOND = 15_000;
const ROWS = 40_000;
const MIGRATIONS = join(import.meta.dirname, '../../src/store/migrations');

const COLUMNS = {
  kind: 'text', request_id: 'uuid', call_id: 'text', call_type: 'text', api_key: 'text', spend: 'numeric',
  prompt_tokens: 'bigint', completion_tokens: 'bigint', total_tokens: 'bigint',
  cache_read_tokens: 'bigint', cache_creation_tokens: 'bigint', reasoning_tokens: 'bigint',
  start_time: 'float8', end_time: 'float8', completion_start_time: 'float8', request_duration_ms: 'bigint',
  model: 'text', model_id: 'text', model_group: 'text', custom_llm_provider: 'text', api_base: 'text',
  user_id: 'text', team_id: 'text', organization_id: 'text', end_user: 'text', agent_id: 'text', project_id: 'text',
  status: 'text', cache_hit: 'boolean', cache_key: 'text', request_tags: 'json', requester_ip_address: 'text',
  session_id: 'text', mcp_namespaced_tool_name: 'text', metadata: 'jsonb', charges: 'json',
} as const;

type Row = ReturnType<typeof spendRecord>;
type Way = (queries: Queries, journalId: string, after: number, rows: readonly Row[], texts: readonly string[]) => Promise<unknown>;

/** The journal holds JSON texts already: they are only joined. */
const asJson: Way = (queries, journalId, after, _rows, records) => flushSpend(queries, { journalId, after, upTo: after + records.length, records });

const names = Object.keys(COLUMNS) as (keyof typeof COLUMNS)[];
const unnested = names.map((name, index) => `$${index + 4}::${COLUMNS[name]}[]`).join(', ');
const tags = 'array(select json_array_elements_text(request_tags)) as request_tags';
const ARRAYS = flushStatement(
  `(select ${names.map((name) => (name === 'request_tags' ? tags : name)).join(', ')}, null::text as account, null::float8 as "windowStart", null::numeric as delta
    from unnest(${unnested}) as given (${names.join(', ')})) as records`,
);

const asArrays: Way = (queries, journalId, after, rows) => {
  const jsonColumns = new Set(['request_tags', 'metadata', 'charges']);
  const arrays = names.map((name) => rows.map((row) => (jsonColumns.has(name) ? JSON.stringify(row[name]) : row[name])));
  return queries.query(ARRAYS, [journalId, after, after + rows.length, ...arrays]);
};

async function backendCpuMs(pid: number): Promise<number> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) * 10;
}

async function measure(database: Database, name: string, way: Way, batchSize: number): Promise<number> {
  const rows = Array.from({ length: ROWS }, (_, index) => spendRecord(index));
  const texts = rows.map((row) => JSON.stringify(row));
  const journalId = randomUUID();
  const [backend] = await database.query<{ readonly pid: number }>('select pg_backend_pid() as pid');
  const pid = backend?.pid ?? 0;
  const [began, node, server] = [performance.now(), process.cpuUsage(), await backendCpuMs(pid)];
  for (let after = 0; after < ROWS; after += batchSize) {
    await way(database, journalId, after, rows.slice(after, after + batchSize), texts.slice(after, after + batchSize));
  }
  const seconds = (performance.now() - began) / 1000;
  const used = process.cpuUsage(node);
  const perSecond = Math.round(ROWS / seconds);
  const nodeUs = ((used.user + used.system) / ROWS).toFixed(1);
  const serverUs = (((await backendCpuMs(pid)) - server) * 1000) / ROWS;
  const speed = `${name.padEnd(8)} batches of ${String(batchSize).padStart(5)}: ${String(perSecond).padStart(6)} rows/s`;
  console.log(`${speed}, CPU per row: here ${nodeUs} µs, PostgreSQL ${serverUs.toFixed(1)} µs`);
  return perSecond;
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
  await measure(database, 'warm-up', asJson, 1000);
  const measured = await measure(database, 'json', asJson, 1000);
  await measure(database, 'json', asJson, 5000);
  await measure(database, 'arrays', asArrays, 1000);
  await measure(database, 'arrays', asArrays, 5000);
  console.log(`bar: ${BAR_ROWS_PER_SECOND} rows/s`);
  process.exitCode = measured >= BAR_ROWS_PER_SECOND ? 0 : 1;
} finally {
  await database.stop();
  await server.stop();
  await rm(directory, { recursive: true, force: true });
}
