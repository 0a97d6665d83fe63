import { beforeAll, expect, test } from 'vitest';

import { usdText } from '../../src/core/money.ts';
import { usageGroups, type UsageGroup } from '../../src/ledger/sums/usage-groups.ts';
import { flushSpend } from '../../src/store/flush.ts';
import { useDatabase } from '../store/database-for-tests.ts';
import { batchOf, spendRecord } from '../store/flush/spend-records.ts';

const { database } = useDatabase();

const DAY_MS = 86_400_000;
const NOW = Date.now();
const [LAMP, FRIDGE] = ['a'.repeat(64), 'b'.repeat(64)];
/** Read from quarters of an hour, and from days. */
const SPANS = { recent: Math.floor(NOW / DAY_MS) * DAY_MS - 5 * DAY_MS, old: Math.floor(NOW / DAY_MS) * DAY_MS - 60 * DAY_MS };

beforeAll(async () => {
  const calls = Object.values(SPANS).flatMap((day) => [
    { start_time: day + 1000, api_key: LAMP, user_id: 'anna', spend: '1' },
    { start_time: day + 2000, api_key: FRIDGE, user_id: 'ben', spend: '2', model_group: 'clever', request_tags: ['night'] },
    { start_time: day + 3000, api_key: FRIDGE, user_id: null, spend: '4', custom_llm_provider: 'anthropic' },
    { start_time: day + DAY_MS, api_key: LAMP, spend: '100' },
  ]);
  await flushSpend(database, batchOf(calls.map((call, n) => spendRecord(n, call)))); // prettier-ignore
});

const GROUPS: readonly [UsageGroup, Record<string, string>][] = [
  ['none', { '': '7' }],
  ['model', { clever: '2', small: '5' }],
  ['provider', { anthropic: '4', openai: '3' }],
  ['key', { [FRIDGE]: '6', [LAMP]: '1' }],
  ['user', { '': '4', ben: '2', anna: '1' }],
];

async function spentBy(by: UsageGroup, from: number, keyHashes: readonly string[] | null): Promise<Record<string, string>> {
  const rows = await usageGroups(database, { from, until: from + DAY_MS - 1, by, keyHashes }, NOW);
  return Object.fromEntries(rows.map(({ name, totals }) => [name, usdText(totals.spend)]));
}

test.each(GROUPS)('a span of time is told apart by %s, these days and long ago', async (by, spent) => {
  expect(await spentBy(by, SPANS.recent, null)).toEqual(spent);
  expect(await spentBy(by, SPANS.old, null)).toEqual(spent);
});

test('one key is asked for by all of its hashes', async () => {
  for (const from of Object.values(SPANS)) {
    expect(await spentBy('model', from, [FRIDGE])).toEqual({ clever: '2', small: '4' });
    expect(await spentBy('none', from, [LAMP, 'c'.repeat(64)])).toEqual({ '': '1' });
    expect(await spentBy('tag', from, [FRIDGE])).toEqual({ night: '2', one: '4', two: '4' });
    expect(await spentBy('tag', from, [LAMP])).toEqual({ one: '1', two: '1' });
  }
});
