import { expect, test } from 'vitest';

import { systemClock } from '../../../src/core/clock.ts';
import { Database } from '../../../src/store/database.ts';
import { silent } from '../../support/postgres.ts';
import { useDatabase } from '../database-for-tests.ts';

const own = useDatabase();
const { database } = own;

test('values come as their readers need them: exact numbers, plain days, untouched JSON', async () => {
  const [row] = await database.query(
    `select 0.000000000000001::numeric as money, 9007199254740991::bigint as count, date '2026-01-31' as day, 'epoch'::timestamptz as time,
       '{"price": 0.1000000000000000055}'::jsonb as json, '\\x0aff'::bytea as bytes, array['a', 'b'] as list`,
  );
  expect(row).toEqual({
    money: '0.000000000000001',
    count: 9007199254740991,
    day: '2026-01-31',
    time: new Date(0),
    json: '{"price": 0.1000000000000000055}',
    bytes: Buffer.from([10, 255]),
    list: ['a', 'b'],
  });
});

test('a transaction that throws leaves nothing, and its error comes through', async () => {
  const ours = new Error('changed our mind');
  const failed = database.transaction(async (queries) => {
    expect(await queries.execute(`insert into gateway.settings (key, value) values ('x', '1'), ('y', '2')`)).toBe(2);
    throw ours;
  });
  await expect(failed).rejects.toBe(ours);
  expect(await database.query('select key from gateway.settings')).toEqual([]);
});

test('a transaction gives back what its work returns, committed', async () => {
  const result = await database.transaction(async (queries) => {
    await queries.execute(`insert into gateway.settings (key, value) values ('kept', 'true')`);
    return 7;
  });
  expect(result).toBe(7);
  expect(await database.query('select key from gateway.settings')).toEqual([{ key: 'kept' }]);
});

test('a transaction whose work swallowed an error does not pretend to have committed', async () => {
  const failed = database.transaction(async (queries) => {
    await queries.execute('select 1/0').catch(() => {});
  });
  await expect(failed).rejects.toMatchObject({ name: 'DatabaseError', code: '25P02', transient: false });
});

test('a rule that says no is named', async () => {
  await database.execute(`insert into gateway.virtual_keys (token, key_alias) values ($1, 'app')`, ['a'.repeat(64)]);
  const second = database.execute(`insert into gateway.virtual_keys (token, key_alias) values ($1, 'app')`, ['b'.repeat(64)]);
  await expect(second).rejects.toMatchObject({
    failure: 'constraint',
    code: '23505',
    constraint: 'virtual_keys_key_alias_key',
    transient: false,
  });
});

test('a value that does not fit is not repeated in the message', async () => {
  const failed = database.query('select $1::uuid', ['sk-my-secret-key']);
  await expect(failed).rejects.toMatchObject({ failure: 'data', code: '22P02', message: 'invalid input syntax for type uuid' });
});

test('a statement that takes too long is ended, and the pool serves on', async () => {
  const hasty = new Database({ address: () => own.fresh.address, clock: systemClock, log: silent, connections: 1, statementTimeoutMs: 50 });
  hasty.start();
  try {
    await hasty.whenConnected();
    await expect(hasty.query('select pg_sleep(20)')).rejects.toMatchObject({ failure: 'timeout', code: '57014', transient: true });
    expect(await hasty.query('select 1 as one')).toEqual([{ one: 1 }]);
  } finally {
    await hasty.stop();
  }
});

test('two transactions that wait for each other: one goes through, the other may be tried again', async () => {
  await database.execute(`insert into gateway.settings (key, value) values ('left', '0'), ('right', '0')`);
  const bothHold = Promise.withResolvers<void>();
  let holding = 0;
  const cross = (first: string, second: string) =>
    database.transaction(async (queries) => {
      await queries.execute('update gateway.settings set value = $2 where key = $1', [first, '1']);
      if (++holding === 2) bothHold.resolve();
      await bothHold.promise;
      await queries.execute('update gateway.settings set value = $2 where key = $1', [second, '1']);
    });
  const outcomes = await Promise.allSettled([cross('left', 'right'), cross('right', 'left')]);
  expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  expect(outcomes.find((outcome) => outcome.status === 'rejected')?.reason).toMatchObject({
    failure: 'conflict',
    code: '40P01',
    transient: true,
  });
});

test('more statements than connections take turns', async () => {
  const answers = await Promise.all(
    Array.from({ length: 50 }, (_, index) => database.query<{ n: number }>('select $1::int as n', [index])),
  );
  expect(answers.map(([row]) => row?.n)).toEqual(Array.from({ length: 50 }, (_, index) => index));
});

test('before the start and after the stop, a statement fails at once', async () => {
  const idle = new Database({ address: () => own.fresh.address, clock: systemClock, log: silent });
  await expect(idle.query('select 1')).rejects.toMatchObject({ failure: 'away' });
  idle.start();
  await idle.whenConnected();
  await idle.stop();
  await expect(idle.query('select 1')).rejects.toMatchObject({ failure: 'away' });
  await expect(idle.whenConnected()).rejects.toThrow('aborted');
});

test('a stop cuts off what runs and does not wait for it', async () => {
  const other = new Database({ address: () => own.fresh.address, clock: systemClock, log: silent });
  other.start();
  await other.whenConnected();
  const running = Promise.withResolvers<void>();
  const cut = other.transaction(async (queries) => {
    await queries.query('select 1');
    running.resolve();
    await queries.query('select pg_sleep(20)');
  });
  const stopped = running.promise.then(() => other.stop());
  await expect(cut).rejects.toMatchObject({ failure: 'away' });
  await stopped;
});
