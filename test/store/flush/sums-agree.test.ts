import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { beforeEach, describe, expect, test } from 'vitest';

import type { SpendRecord } from '../../../src/core/spend-record.ts';
import { deleteOldQuarters } from '../../../src/ledger/retention.ts';
import { flushSpend } from '../../../src/store/flush.ts';
import { MIGRATIONS } from '../../support/postgres.ts';
import { clearSpend, useDatabase } from '../database-for-tests.ts';
import { batchOf, NOON, spendRecord } from './spend-records.ts';

const { database } = useDatabase();

beforeEach(() => clearSpend(database));

const KINDS = 'model, model_group, custom_llm_provider, call_type';
const SUMS = `sum(prompt_tokens)::text, sum(completion_tokens)::text as output, sum(cache_read_tokens)::text as cached,
  sum(cache_creation_tokens)::text as created, trim_scale(sum(spend))::text as spend, sum(requests)::text as requests,
  sum(successes)::text as successes, sum(failures)::text as failures`;

const foldOf = (table: string, column: string): Promise<unknown[]> =>
  database.query(`select ${column}::text as span, ${KINDS}, ${SUMS} from gateway.${table} group by 1, ${KINDS} order by 1, 2, 3, 4, 5`);

/** @returns how many lines the smaller sums have, so that an agreement of nothing with nothing is seen */
async function expectAgreement(): Promise<number> {
  const days = await foldOf('daily_totals', 'day');
  expect(await foldOf('spend_quarters', 'quarter'), 'quarters').toEqual(await foldOf('quarter_totals', 'quarter'));
  expect(await foldOf('daily_spend', 'day'), 'days').toEqual(days);
  return days.length;
}

/** A batch of calls of few names, so that many of them meet. */
const calls = fc.array(
  fc.record({
    start_time: fc.integer({ min: 0, max: 400 }).map((quarters) => NOON + quarters * 400_000),
    api_key: fc.constantFrom('a', 'b', 'c').map((letter) => letter.repeat(64)),
    user_id: fc.constantFrom(null, 'anna', 'ben'),
    team_id: fc.constantFrom(null, 'anna', 'kitchen'),
    organization_id: fc.constantFrom(null, 'house'),
    end_user: fc.constantFrom(null, 'guest', ''),
    model: fc.constantFrom('gpt', 'claude', ''),
    model_group: fc.constantFrom('fast', 'clever'),
    custom_llm_provider: fc.constantFrom('openai', 'anthropic', ''),
    call_type: fc.constantFrom('acompletion', 'aembedding'),
    status: fc.constantFrom('success' as const, 'failure' as const),
    spend: fc.constantFrom('0', '0.000000000000001', '123456789012345.000000000000001', '0.25'),
    prompt_tokens: fc.nat(5000),
  }),
  { minLength: 1, maxLength: 40 },
);

async function flushed(batches: readonly (readonly Partial<SpendRecord>[])[]): Promise<void> {
  let after = 0;
  for (const batch of batches) {
    await flushSpend(database, batchOf(batch.map((call, index) => spendRecord(after + index, call)), after)); // prettier-ignore
    after += batch.length;
  }
}

describe('sums with keys and people, and those without', () => {
  test('agree to the last digit, whatever was flushed in whichever batches', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(calls, { minLength: 1, maxLength: 4 }), async (batches) => {
        await clearSpend(database);
        await flushed(batches);
        expect(await expectAgreement()).toBeGreaterThan(0);
      }),
      { numRuns: 25 },
    );
  });

  test('agree when a batch comes twice, and when flushes come at once', async () => {
    const batch = batchOf([spendRecord(1), spendRecord(2, { model: 'claude' })]);
    await flushSpend(database, batch);
    await flushSpend(database, batch);
    await Promise.all(
      [1, 2, 3, 4].map((n) =>
        flushSpend(
          database,
          batchOf(
            [n * 100, n * 100 + 1].map((id) => spendRecord(id, { user_id: `person-${id % 2}` })),
            0,
            `00000000-0000-4000-8000-00000000000${n}`,
          ),
        ),
      ),
    );
    expect(await expectAgreement()).toBe(2);
    expect(await database.query('select sum(requests)::int as calls from gateway.daily_totals')).toEqual([{ calls: 10 }]);
  });

  test('agree after old quarters were deleted', async () => {
    const now = Date.now();
    await flushed([[0, 20, 39, 41, 60].map((days) => ({ start_time: now - days * 86_400_000, user_id: 'anna' }))]);
    await deleteOldQuarters(database, now, { batch: 1, signal: new AbortController().signal });
    expect(await expectAgreement()).toBe(5);
    expect(await database.query('select count(*)::int as quarters from gateway.quarter_totals')).toEqual([{ quarters: 3 }]);
  });

  test('agree when those without are made of what there was before', async () => {
    await flushed([fc.sample(calls, { seed: 4, numRuns: 1 })[0] ?? [], fc.sample(calls, { seed: 5, numRuns: 1 })[0] ?? []]);
    const before = [await foldOf('quarter_totals', 'quarter'), await foldOf('daily_totals', 'day')];
    const migration = await readFile(join(MIGRATIONS, '0031_totals.sql'), 'utf8');
    await database.transaction(async (queries) => {
      await queries.query('set local search_path = gateway, public; drop table quarter_totals, daily_totals');
      await queries.query(migration);
    });
    expect([await foldOf('quarter_totals', 'quarter'), await foldOf('daily_totals', 'day')]).toEqual(before);
    // The same lines and no others: the next flush adds to them.
    await flushSpend(database, batchOf([spendRecord(5000), spendRecord(5001)], 0, '00000000-0000-4000-8000-000000000009'));
    const lines = await database.query<{ lines: number }>(`select count(*)::int as lines from gateway.daily_totals group by day, ${KINDS}`);
    expect(lines.every(({ lines: count }) => count === 1)).toBe(true);
    expect(await expectAgreement()).toBeGreaterThan(0);
  });
});
