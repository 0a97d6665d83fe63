import { beforeEach, describe, expect, test } from 'vitest';

import { flushSpend, journalPosition } from '../../../src/store/flush.ts';
import { clearSpend, useDatabase } from '../database-for-tests.ts';
import { batchOf, JOURNAL, KEY, NOON, spendRecord } from './spend-records.ts';

const { database } = useDatabase();

beforeEach(() => clearSpend(database));

const balances = () => database.query('select account, spend, total from gateway.balances order by account');

describe('a flush', () => {
  test('keeps every column of a row', async () => {
    const record = spendRecord(1, {
      call_id: 'client-1',
      team_id: 'core',
      end_user: 'bob',
      session_id: 's',
      cache_hit: true,
      cache_key: 'k',
    });
    expect(await flushSpend(database, batchOf([record]))).toEqual({ applied: true, rows: 1 });
    const [row] = await database.query('select * from gateway.spend_logs');
    const { kind: _kind, charges: _charges, metadata, start_time, end_time, completion_start_time, ...plain } = record;
    expect(row).toEqual({
      ...plain,
      metadata: expect.any(String),
      start_time: new Date(start_time),
      end_time: new Date(end_time),
      completion_start_time: new Date(completion_start_time ?? 0),
    });
    expect(JSON.parse(row?.['metadata'])).toEqual(metadata);
  });

  test('adds twenty calls of 3.75e-5 to exactly 0.00075 on key, global, quarter and day', async () => {
    await flushSpend(database, batchOf(Array.from({ length: 20 }, (_, index) => spendRecord(index))));
    expect(await balances()).toEqual([
      { account: 'global', spend: '0.0007500', total: '0.0007500' },
      { account: `key:${KEY}`, spend: '0.0007500', total: '0.0007500' },
    ]);
    const sums = 'spend, requests, successes, failures, prompt_tokens, completion_tokens, cache_read_tokens, cache_creation_tokens';
    const tokens = { prompt_tokens: 2000, completion_tokens: 400, cache_read_tokens: 800, cache_creation_tokens: 200 };
    const expected = { spend: '0.0007500', requests: 20, successes: 20, failures: 0, ...tokens };
    expect(await database.query(`select quarter, ${sums} from gateway.spend_quarters`)).toEqual([
      { quarter: new Date('2026-01-15T10:00:00Z'), ...expected },
    ]);
    expect(await database.query(`select day, ${sums} from gateway.daily_spend`)).toEqual([{ day: '2026-01-15', ...expected }]);
  });

  test('puts each call into its own quarter of an hour and UTC day', async () => {
    const times = ['2026-01-15T23:44:59.999Z', '2026-01-15T23:45:00Z', '2026-01-15T23:59:59.999Z', '2026-01-16T00:00:00Z'];
    await flushSpend(database, batchOf(times.map((time, index) => spendRecord(index, { start_time: Date.parse(time) }))));
    const quarters = await database.query<{ quarter: Date; requests: number }>(
      'select quarter, requests from gateway.spend_quarters order by 1',
    );
    expect(quarters.map(({ quarter, requests }) => [quarter.toISOString(), requests])).toEqual([
      ['2026-01-15T23:30:00.000Z', 1],
      ['2026-01-15T23:45:00.000Z', 2],
      ['2026-01-16T00:00:00.000Z', 1],
    ]);
    expect(await database.query('select day, requests from gateway.daily_spend order by 1')).toEqual([
      { day: '2026-01-15', requests: 3 },
      { day: '2026-01-16', requests: 1 },
    ]);
  });

  test('sums successes and failures apart, and keeps dimensions apart', async () => {
    const records = [
      spendRecord(1),
      spendRecord(2, { status: 'failure', spend: '0' }),
      spendRecord(3, { model: 'other' }),
      spendRecord(4, { user_id: null }),
      // The same texts in other columns are other dimensions.
      spendRecord(5, { user_id: null, team_id: 'anna' }),
    ];
    await flushSpend(database, batchOf(records));
    const rows = await database.query(
      'select user_id, team_id, model, requests, failures from gateway.daily_spend order by user_id, team_id, model',
    );
    expect(rows).toEqual([
      { user_id: '', team_id: '', model: 'gpt-4o-mini', requests: 1, failures: 0 },
      { user_id: '', team_id: 'anna', model: 'gpt-4o-mini', requests: 1, failures: 0 },
      { user_id: 'anna', team_id: '', model: 'gpt-4o-mini', requests: 2, failures: 1 },
      { user_id: 'anna', team_id: '', model: 'other', requests: 1, failures: 0 },
    ]);
  });

  test('keeps the smallest unit beside the largest sum', async () => {
    await flushSpend(
      database,
      batchOf([spendRecord(1, { spend: '123456789012345.000000000000001' }), spendRecord(2, { spend: '0.000000000000001' })]),
    );
    expect((await balances())[0]).toMatchObject({ spend: '123456789012345.000000000000002' });
  });

  test('an empty batch moves the position alone', async () => {
    expect(await flushSpend(database, { journalId: JOURNAL, after: 0, upTo: 7, records: [] })).toEqual({ applied: true, rows: 0 });
    expect(await journalPosition(database, JOURNAL)).toBe(7);
  });

  test('marks the key as active, a minute coarse', async () => {
    await database.execute('insert into gateway.virtual_keys (token) values ($1)', [KEY]);
    const lastActive = async () =>
      (await database.query<{ last_active: Date }>('select last_active from gateway.virtual_keys'))[0]?.last_active.getTime();
    await flushSpend(database, batchOf([spendRecord(0)]));
    expect(await lastActive()).toBe(NOON);
    await flushSpend(database, batchOf([spendRecord(30_000)], 1));
    expect(await lastActive()).toBe(NOON);
    await flushSpend(database, batchOf([spendRecord(60_001)], 2));
    expect(await lastActive()).toBe(NOON + 60_001);
  });
});

describe('texts that clients choose', () => {
  test('NUL and half surrogates become the replacement character, whole pairs and written-out escapes stay', async () => {
    const record = spendRecord(1, {
      end_user: 'a\u0000b',
      session_id: 'x\ud800y',
      request_tags: ['\\u0000', '😀', '\0'],
      metadata: { a: '\0\ud800', b: '\\u0000 😀' },
    });
    await flushSpend(database, batchOf([record]));
    const rows = await database.query('select end_user, session_id, request_tags, metadata from gateway.spend_logs');
    const metadata = JSON.stringify({ a: '\ufffd\ufffd', b: '\\u0000 😀' }).replaceAll('\ufffd', '\\ufffd');
    expect(rows).toEqual([{ end_user: 'a\ufffdb', session_id: 'x\ufffdy', request_tags: ['\\u0000', '😀', '\ufffd'], metadata }]);
  });

  test('nothing in a text is taken for a border between texts or records', async () => {
    const odd = '\x1e\x1f\x18 \t\n\\N {"},NULL\'';
    const stored = odd.replace(/[\x18\x1e\x1f]/g, '\ufffd');
    const texts = { call_id: odd, end_user: odd, session_id: '', agent_id: 'null', project_id: '\\', cache_key: '\x18' };
    const record = spendRecord(1, {
      ...texts,
      request_tags: [odd, '', 'NULL'],
      metadata: { odd },
      charges: [{ account: `key:${odd}`, windowStart: 0 }],
    });
    await flushSpend(database, batchOf([record, { kind: 'adjust', account: `team:${odd}`, windowStart: 0, delta: '2' }]));
    const [row] = await database.query(
      'select call_id, end_user, session_id, agent_id, project_id, cache_key, request_tags, metadata from gateway.spend_logs',
    );
    const plain = { call_id: stored, end_user: stored, session_id: '', agent_id: 'null', project_id: '\\', cache_key: '\ufffd' };
    expect(row).toEqual({ ...plain, request_tags: [stored, '', 'NULL'], metadata: JSON.stringify({ odd }) });
    expect((await balances()).map(({ account }) => account)).toEqual([`key:${stored}`, `team:${stored}`]);
  });

  test('a text too long for an index entry is cut and stops nothing', async () => {
    const long = '€'.repeat(10_000);
    const texts = { end_user: long, session_id: long, call_id: long, model: long, model_group: long, user_id: long, team_id: long };
    await flushSpend(database, batchOf([spendRecord(1, texts)]));
    const [row] = await database.query<{ end_user: string }>('select end_user from gateway.spend_logs');
    expect(row?.end_user).toBe('€'.repeat(256));
    expect(await database.query('select requests from gateway.spend_quarters')).toEqual([{ requests: 1 }]);
  });

  test('a record that the database cannot take fails as data, and nothing of its batch is written', async () => {
    const bad = spendRecord(2, { request_id: 'sk-not-a-uuid' });
    const failed = flushSpend(database, batchOf([spendRecord(1), bad]));
    await expect(failed).rejects.toMatchObject({ failure: 'data', transient: false, message: expect.not.stringContaining('sk-not') });
    expect(await database.query('select 1 from gateway.spend_logs')).toEqual([]);
    expect(await journalPosition(database, JOURNAL)).toBe(0);
  });

  test.each(['-0.1', 'NaN', 'Infinity'])('an amount of %s is refused', async (spend) => {
    await expect(flushSpend(database, batchOf([spendRecord(1, { spend })]))).rejects.toMatchObject({
      failure: 'constraint',
      constraint: 'spend_is_an_amount',
    });
  });
});
