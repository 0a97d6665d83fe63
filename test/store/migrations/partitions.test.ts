import { beforeEach, expect, test } from 'vitest';

import { flushSpend } from '../../../src/store/flush.ts';
import { makeSpendPartitions } from '../../../src/store/partitions.ts';
import { clearSpend, useDatabase } from '../database-for-tests.ts';
import { batchOf, spendRecord } from '../flush/spend-records.ts';

const { database } = useDatabase();

beforeEach(() => clearSpend(database));

/** The partition that holds the call. */
async function placeOf(request: number): Promise<string | undefined> {
  const [row] = await database.query<{ place: string }>(
    'select relname as place from gateway.spend_logs join pg_class on pg_class.oid = spend_logs.tableoid where request_id = $1',
    [spendRecord(request).request_id],
  );
  return row?.place;
}

test('a migrated database has partitions for this month and the next two', async () => {
  const rows = await database.query<{ name: string | null }>(
    `select to_regclass('gateway.spend_logs_' || to_char((now() at time zone 'UTC') + make_interval(months => i), 'YYYY_MM'))::text as name
       from generate_series(0, 2) i`,
  );
  expect(rows.every(({ name }) => name !== null)).toBe(true);
});

test('next month is made ahead, once, however many ask', async () => {
  const now = Date.UTC(2031, 11, 31, 23, 59, 59, 999);
  const made = await Promise.all(Array.from({ length: 5 }, () => makeSpendPartitions(database, now, 2)));
  expect(made.reduce((sum, count) => sum + count)).toBe(2);
  expect(await makeSpendPartitions(database, now, 2)).toBe(0);
});

test('a row lies in its own month, by UTC, to the last millisecond', async () => {
  await makeSpendPartitions(database, Date.UTC(2032, 0, 15), 2);
  const times = [Date.UTC(2032, 0, 31, 23, 59, 59, 999), Date.UTC(2032, 1, 1)];
  await flushSpend(database, batchOf(times.map((start_time, index) => spendRecord(index, { start_time }))));
  expect(await placeOf(0)).toBe('spend_logs_2032_01');
  expect(await placeOf(1)).toBe('spend_logs_2032_02');
});

test('a row of a month without a partition is kept, and moves when its month is made', async () => {
  const start_time = Date.UTC(2033, 4, 5);
  await flushSpend(database, batchOf([spendRecord(1, { start_time }), spendRecord(2, { start_time: Date.UTC(2033, 6, 1) })]));
  expect(await placeOf(1)).toBe('spend_logs_default');
  await makeSpendPartitions(database, start_time, 1);
  expect(await placeOf(1)).toBe('spend_logs_2033_05');
  expect(await placeOf(2)).toBe('spend_logs_default');
  // It is still the same call: sending it again adds nothing.
  expect(await flushSpend(database, batchOf([spendRecord(1, { start_time })], 2))).toEqual({ applied: true, rows: 0 });
});

test('partitions are made while rows keep coming', async () => {
  const month = Date.UTC(2034, 2, 10);
  const flushes = (async () => {
    for (let after = 0; after < 40; after += 4) {
      const records = Array.from({ length: 4 }, (_, index) => spendRecord(1000 + after + index, { start_time: month + after }));
      expect((await flushSpend(database, batchOf(records, after))).rows).toBe(4);
    }
  })();
  await Promise.all([flushes, makeSpendPartitions(database, month, 3)]);
  expect(await database.query('select count(*) as count from gateway.spend_logs')).toEqual([{ count: 40 }]);
});

test('questions about a time look into the partitions of that time alone', async () => {
  const plan = await database.query<{ 'QUERY PLAN': string }>(
    `explain select * from gateway.spend_logs where start_time >= '2032-01-05' and start_time < '2032-01-06' order by start_time desc limit 50`,
  );
  const text = plan.map((line) => line['QUERY PLAN']).join('\n');
  expect(text).toContain('spend_logs_2032_01');
  expect(text).not.toContain('spend_logs_2032_02');
});
