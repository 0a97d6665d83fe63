import { randomUUID } from 'node:crypto';
import { beforeEach, describe, expect, test } from 'vitest';

import { flushSpend, journalPosition } from '../../../src/store/flush.ts';
import { clearSpend, useDatabase } from '../database-for-tests.ts';
import { batchOf, JOURNAL, KEY, spendRecord } from './spend-records.ts';

const { database } = useDatabase();

beforeEach(() => clearSpend(database));

const everything = () =>
  database.query(`select
    (select json_agg(r order by r.request_id)::text from (select request_id, spend from gateway.spend_logs) r) as rows,
    (select json_agg(b order by b.account)::text from (select account, spend, total, window_start from gateway.balances) b) as balances,
    (select json_agg(q order by q.dimensions)::text from gateway.spend_quarters q) as quarters,
    (select json_agg(d order by d.dimensions)::text from gateway.daily_spend d) as days`);

describe('sending a batch again', () => {
  const batch = batchOf([spendRecord(1), spendRecord(2), { kind: 'adjust', account: `key:${KEY}`, windowStart: 0, delta: '5' }]);

  test('adds nothing: the journal has moved on', async () => {
    await flushSpend(database, batch);
    const before = await everything();
    expect(await flushSpend(database, batch)).toEqual({ applied: false, rows: 0 });
    expect(await everything()).toEqual(before);
    expect(await journalPosition(database, JOURNAL)).toBe(3);
  });

  test('under a new journal adds no call twice', async () => {
    const calls = batchOf([spendRecord(1), spendRecord(2)]);
    await flushSpend(database, calls);
    const before = await everything();
    expect(await flushSpend(database, { ...calls, journalId: randomUUID() })).toEqual({ applied: true, rows: 0 });
    expect(await everything()).toEqual(before);
  });

  test('with new calls among old ones counts the new ones alone', async () => {
    await flushSpend(database, batchOf([spendRecord(1)]));
    expect(await flushSpend(database, batchOf([spendRecord(1), spendRecord(2), spendRecord(2)], 1))).toEqual({ applied: true, rows: 1 });
    expect(await database.query('select spend from gateway.balances where account = $1', ['global'])).toEqual([{ spend: '0.0000750' }]);
  });

  test('at once from two connections applies it once', async () => {
    const results = await Promise.all([flushSpend(database, batch), flushSpend(database, batch), flushSpend(database, batch)]);
    expect(results.filter(({ applied }) => applied)).toHaveLength(1);
    expect(await database.query('select spend, total from gateway.balances where account = $1', [`key:${KEY}`])).toEqual([
      { spend: '5.0000750', total: '0.0000750' },
    ]);
  });
});

describe('a batch out of order', () => {
  test('is refused when an earlier one is missing', async () => {
    await flushSpend(database, batchOf([spendRecord(1)]));
    expect(await flushSpend(database, batchOf([spendRecord(9)], 5))).toEqual({ applied: false, rows: 0 });
    expect(await journalPosition(database, JOURNAL)).toBe(1);
  });

  test('is refused when the database knows nothing of the journal', async () => {
    expect(await flushSpend(database, batchOf([spendRecord(9)], 5))).toEqual({ applied: false, rows: 0 });
    expect(await journalPosition(database, JOURNAL)).toBe(0);
  });
});

test('ten instances that book on the same accounts do not block each other and lose nothing', async () => {
  const journals = Array.from({ length: 10 }, () => randomUUID());
  const flushes = journals.map(async (journalId, instance) => {
    for (let round = 0; round < 5; round++) {
      const records = Array.from({ length: 20 }, (_, index) => {
        const number = instance * 1000 + round * 20 + index;
        const accounts = [`key:${number % 7}`, `team:${number % 3}`, 'global'];
        if (instance % 2 === 0) accounts.reverse();
        return spendRecord(number, { user_id: `user-${number % 4}`, charges: accounts.map((account) => ({ account, windowStart: 0 })) });
      });
      await flushSpend(database, batchOf(records, round * 20, journalId));
    }
  });
  await Promise.all(flushes);
  const [sums] = await database.query(`select
    (select sum(spend) from gateway.spend_logs) as rows, (select total from gateway.balances where account = 'global') as global,
    (select sum(total) from gateway.balances where account like 'key:%') as keys, (select sum(spend) from gateway.spend_quarters) as quarters,
    (select sum(spend) from gateway.daily_spend) as days`);
  expect(sums).toEqual({ rows: '0.0375000', global: '0.0375000', keys: '0.0375000', quarters: '0.0375000', days: '0.0375000' });
});
