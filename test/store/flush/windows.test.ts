import * as fc from 'fast-check';
import { beforeEach, describe, expect, test } from 'vitest';

import type { BalanceAdjustment, SpendRecord } from '../../../src/core/spend-record.ts';
import { addUsd, NO_USD, usdOf, usdText, type Usd } from '../../../src/core/money.ts';
import { flushSpend } from '../../../src/store/flush.ts';
import { clearSpend, useDatabase } from '../database-for-tests.ts';
import { batchOf, spendRecord } from './spend-records.ts';

const { database } = useDatabase();

beforeEach(() => clearSpend(database));

const DAY = 86_400_000;
const call = (number: number, spend: string, windowStart: number): SpendRecord =>
  spendRecord(number, { spend, charges: [{ account: 'key:k', windowStart }] });
const adjust = (delta: string, windowStart: number): BalanceAdjustment => ({ kind: 'adjust', account: 'key:k', windowStart, delta });

async function balance() {
  const [row] = await database.query<{ spend: string; total: string; window_start: Date }>(
    'select spend, total, window_start from gateway.balances',
  );
  return row && { spend: usdText(usdOf(row.spend)), total: usdText(usdOf(row.total)), windowStart: row.window_start.getTime() };
}

describe('a balance', () => {
  test('starts anew with the first charge of a newer window; its total goes on', async () => {
    await flushSpend(database, batchOf([call(1, '1', 0)]));
    await flushSpend(database, batchOf([call(2, '0.25', DAY)], 1));
    expect(await balance()).toEqual({ spend: '0.25', total: '1.25', windowStart: DAY });
  });

  test('a late charge of an older window adds to the total alone', async () => {
    await flushSpend(database, batchOf([call(1, '1', DAY)]));
    await flushSpend(database, batchOf([call(2, '0.5', 0)], 1));
    expect(await balance()).toEqual({ spend: '1', total: '1.5', windowStart: DAY });
  });

  test('a batch that holds both windows counts the newer one, in whichever order they stand', async () => {
    await flushSpend(database, batchOf([call(1, '1', DAY), call(2, '2', 0), call(3, '4', DAY)]));
    expect(await balance()).toEqual({ spend: '5', total: '7', windowStart: DAY });
  });

  test('knows window starts to the millisecond', async () => {
    const odd = Date.UTC(2026, 9, 25, 1, 0, 0, 1);
    await flushSpend(database, batchOf([call(1, '1', odd)]));
    await flushSpend(database, batchOf([call(2, '1', odd)], 1));
    await flushSpend(database, batchOf([call(3, '1', odd - 1)], 2));
    expect(await balance()).toEqual({ spend: '2', total: '3', windowStart: odd });
  });
});

describe('an adjustment', () => {
  test('moves the spend of its window and leaves rows, sums and total', async () => {
    await flushSpend(database, batchOf([call(1, '3', 0), adjust('-2.5', 0)]));
    expect(await balance()).toEqual({ spend: '0.5', total: '3', windowStart: 0 });
    expect(await database.query('select spend from gateway.daily_spend')).toEqual([{ spend: '3' }]);
    expect(await database.query('select spend from gateway.spend_logs')).toEqual([{ spend: '3' }]);
  });

  test('makes the balance of a key that has not spent', async () => {
    await flushSpend(database, batchOf([adjust('12', 0)]));
    expect(await balance()).toEqual({ spend: '12', total: '0', windowStart: 0 });
  });

  test('of a window that has passed does nothing', async () => {
    await flushSpend(database, batchOf([call(1, '1', DAY)]));
    await flushSpend(database, batchOf([adjust('9', 0)], 1));
    expect(await balance()).toEqual({ spend: '1', total: '1', windowStart: DAY });
  });
});

/** The rule of `Charge`, one record after the other. */
function folded(records: readonly (SpendRecord | BalanceAdjustment)[]): { spend: string; total: string; windowStart: number } {
  let [spend, total, windowStart]: [Usd, Usd, number] = [NO_USD, NO_USD, -1];
  for (const record of records) {
    const start = record.kind === 'adjust' ? record.windowStart : (record.charges[0]?.windowStart ?? 0);
    const amount = usdOf(record.kind === 'adjust' ? record.delta : record.spend);
    if (start > windowStart) [spend, windowStart] = [amount, start];
    else if (start === windowStart) spend = addUsd(spend, amount);
    if (record.kind === 'settle') total = addUsd(total, amount);
  }
  return { spend: usdText(spend), total: usdText(total), windowStart };
}

test('the balance is the fold of all records, however they are cut into batches', async () => {
  const femto = fc.bigInt({ min: 0n, max: 10n ** 18n }).map((units) => usdText(units as Usd));
  const record = fc.record({ window: fc.integer({ min: 0, max: 3 }), amount: femto, adjusts: fc.boolean() });
  await fc.assert(
    fc.asyncProperty(fc.array(record, { minLength: 1, maxLength: 30 }), fc.integer({ min: 1, max: 10 }), async (drawn, size) => {
      await clearSpend(database);
      const records = drawn.map(({ window, amount, adjusts }, index) =>
        adjusts ? adjust(amount, window * DAY) : call(index, amount, window * DAY),
      );
      for (let after = 0; after < records.length; after += size)
        await flushSpend(database, batchOf(records.slice(after, after + size), after));
      expect(await balance()).toEqual(folded(records));
    }),
    { numRuns: 40, seed: 7 },
  );
});
