import { beforeEach, describe, expect, test } from 'vitest';
import { until } from '../drills/support/scale.ts';
import { systemClock } from '../../src/core/clock.ts';
import { deleteOldCalls, deleteOldQuarters } from '../../src/ledger/retention.ts';
import { flushSpend } from '../../src/store/flush.ts';
import { makeSpendPartitions } from '../../src/store/partitions.ts';
import { clearSpend, useDatabase } from '../store/database-for-tests.ts';
import { batchOf, spendRecord } from '../store/flush/spend-records.ts';

const { database } = useDatabase();

beforeEach(() => clearSpend(database));

const DAY_MS = 86_400_000;
const never = new AbortController().signal;
const USUAL = { batch: 1000, budgetMs: 30_000, batches: null, lockMs: 2000, signal: never };

let after = 0;

/** Calls at these times, booked as all calls are. */
async function booked(times: readonly number[]): Promise<void> {
  const records = times.map((start_time, index) => spendRecord(after + index, { start_time }));
  await flushSpend(database, batchOf(records, after));
  after += records.length;
}

beforeEach(() => {
  after = 0;
});

async function numberOf(what: string): Promise<number> {
  const [row] = await database.query<{ n: number }>(`select count(*) as n from ${what}`);
  return row?.n ?? 0;
}

async function monthExists(name: string): Promise<boolean> {
  const [row] = await database.query<{ found: boolean }>('select to_regclass($1) is not null as found', [`gateway.spend_logs_${name}`]);
  return row?.found === true;
}

describe('calls from before a moment', () => {
  const before = Date.UTC(2031, 4, 15);

  test('go, the moment itself and what is newer stay, and the sums are what they were', async () => {
    await makeSpendPartitions(database, Date.UTC(2031, 2, 1), 4);
    await booked([Date.UTC(2031, 2, 5), Date.UTC(2031, 3, 30, 23, 59), before - 1, before, before + 1]);
    const sums = await database.query('select day, spend::text as spend, requests from gateway.daily_spend order by 1');
    const balances = await database.query('select account, spend::text as spend, total::text as total from gateway.balances order by 1');
    const cleaned = await deleteOldCalls(database, systemClock, before, USUAL);
    expect(cleaned).toMatchObject({ rows: 1, done: true });
    expect([await monthExists('2031_04'), await monthExists('2031_05')]).toEqual([false, true]);
    expect(await numberOf('gateway.spend_logs')).toBe(2);
    expect(await database.query('select day, spend::text as spend, requests from gateway.daily_spend order by 1')).toEqual(sums);
    expect(await database.query('select account, spend::text as spend, total::text as total from gateway.balances order by 1')).toEqual(
      balances,
    );
    expect(sums.length).toBe(4);
  });

  test('of a whole month go with its partition; a month that ends with the moment is one', async () => {
    await makeSpendPartitions(database, Date.UTC(2032, 0, 1), 3);
    await booked([Date.UTC(2032, 0, 5), Date.UTC(2032, 1, 5)]);
    await deleteOldCalls(database, systemClock, Date.UTC(2032, 1, 1), USUAL);
    expect([await monthExists('2032_01'), await monthExists('2032_02')]).toEqual([false, true]);
    expect(await numberOf('gateway.spend_logs')).toBe(1);
    // The month can be made again: a call with a clock set wrong is kept like any other.
    await makeSpendPartitions(database, Date.UTC(2032, 0, 1), 1);
    expect(await monthExists('2032_01')).toBe(true);
  });

  test('that lie in no month of their own go too', async () => {
    await booked([Date.UTC(2001, 0, 5), Date.UTC(2001, 0, 6)]);
    expect(await deleteOldCalls(database, systemClock, Date.UTC(2002, 0, 1), USUAL)).toMatchObject({ rows: 2, done: true });
  });

  test('go some at a time, and a run ends when its time or its batches are up', async () => {
    await booked(Array.from({ length: 25 }, (_, index) => Date.UTC(2033, 0, 1) + index));
    const limit = Date.UTC(2033, 0, 2);
    expect(await deleteOldCalls(database, systemClock, limit, { ...USUAL, batch: 10, batches: 1 })).toMatchObject({
      rows: 10,
      done: false,
    });
    expect(await numberOf('gateway.spend_logs')).toBe(15);
    expect(await deleteOldCalls(database, systemClock, limit, { ...USUAL, budgetMs: 0 })).toMatchObject({ rows: 0, done: false });
    expect(await deleteOldCalls(database, systemClock, limit, { ...USUAL, signal: AbortSignal.abort() })).toMatchObject({ done: false });
    expect(await deleteOldCalls(database, systemClock, limit, { ...USUAL, batch: 10 })).toMatchObject({ rows: 15, done: true });
  });

  test('the oldest go first', async () => {
    await booked([Date.UTC(2034, 0, 9), Date.UTC(2034, 0, 1), Date.UTC(2034, 0, 5)]);
    await deleteOldCalls(database, systemClock, Date.UTC(2034, 0, 10), { ...USUAL, batch: 1, batches: 1 });
    const left = await database.query<{ start_time: Date }>('select start_time from gateway.spend_logs order by 1');
    expect(left.map(({ start_time: at }) => at.getTime())).toEqual([Date.UTC(2034, 0, 5), Date.UTC(2034, 0, 9)]);
  });

  test('a partition that somebody holds is left for later, and nobody waits long', async () => {
    await makeSpendPartitions(database, Date.UTC(2035, 0, 1), 1);
    await booked([Date.UTC(2035, 0, 5)]);
    const held = Promise.withResolvers<void>();
    const holding = Promise.withResolvers<void>();
    const other = database.transaction(async (queries) => {
      await queries.execute('lock table gateway.spend_logs_2035_01 in share row exclusive mode');
      holding.resolve();
      await held.promise;
    });
    await holding.promise;
    const cleaning = deleteOldCalls(database, systemClock, Date.UTC(2035, 5, 1), { ...USUAL, lockMs: 50 });
    // The drop gave up when the rows are being deleted one by one; they go when the lock is given back.
    await until('rows are being deleted', async () => {
      const [row] = await database.query<{ n: number }>(
        `select count(*) as n from pg_stat_activity where wait_event_type = 'Lock' and query like 'delete from gateway.spend_logs%' and datname = current_database()`,
      );
      return row?.n === 1;
    });
    held.resolve();
    expect(await cleaning).toMatchObject({ rows: 1, done: true });
    await other;
    expect(await monthExists('2035_01')).toBe(true);
  });
});

test('sums of quarters go after 40 days, those of days never; with keys and without', async () => {
  const now = Date.now();
  await booked([now - 41 * DAY_MS, now - 39 * DAY_MS, now]);
  expect(await deleteOldQuarters(database, now, USUAL)).toBe(2);
  expect(await numberOf('gateway.spend_quarters')).toBe(2);
  expect(await numberOf('gateway.quarter_totals')).toBe(2);
  expect(await numberOf('gateway.daily_spend')).toBe(3);
  expect(await numberOf('gateway.daily_totals')).toBe(3);
});
