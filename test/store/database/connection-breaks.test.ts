import { Client } from 'pg';
import { afterEach, beforeEach, expect, test } from 'vitest';

import { systemClock } from '../../../src/core/clock.ts';
import { addressUrl } from '../../../src/store/address.ts';
import { DatabaseError } from '../../../src/store/database-error.ts';
import { Database } from '../../../src/store/database.ts';
import { silent } from '../../support/postgres.ts';
import { useDatabase } from '../database-for-tests.ts';

const own = useDatabase();
let database: Database;

beforeEach(async () => {
  database = new Database({ address: () => own.fresh.address, clock: systemClock, log: silent });
  database.start();
  await database.whenConnected();
});
afterEach(() => database.stop());

/** Cuts every connection of the pool, as a restart of PostgreSQL or a firewall does. */
async function cutAll(): Promise<void> {
  const client = new Client({ connectionString: addressUrl(own.fresh.address) });
  await client.connect();
  await client.query(
    `select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()`,
  );
  await client.end();
}

/** The next good answer; failures before it must be transient. */
async function nextAnswer(): Promise<unknown> {
  for (;;) {
    try {
      await database.whenConnected();
      return await database.query('select 1 as one');
    } catch (error) {
      if (!(error instanceof DatabaseError && error.transient)) throw error;
    }
  }
}

test('idle connections that were cut are replaced', async () => {
  await Promise.all(Array.from({ length: 5 }, () => database.query('select pg_sleep(0.01)')));
  await cutAll();
  expect(await nextAnswer()).toEqual([{ one: 1 }]);
});

test('a running statement that is cut off fails as transient, and so does whatever its transaction says next', async () => {
  const failures: unknown[] = [];
  const cut = database.transaction(async (queries) => {
    await queries.query('select 1');
    await Promise.all([queries.query('select pg_sleep(20)').catch((error: unknown) => failures.push(error)), cutAll()]);
    await queries.query('select 1');
  });
  await expect(cut).rejects.toMatchObject({ name: 'DatabaseError', failure: 'away', transient: true });
  expect(failures).toMatchObject([{ failure: 'away' }]);
  expect(await nextAnswer()).toEqual([{ one: 1 }]);
});

test('a connection that breaks while its transaction thinks breaks nothing else', async () => {
  const failed = database.transaction(async (queries) => {
    await queries.query('select 1');
    await cutAll();
    await queries.query('select 1');
  });
  await expect(failed).rejects.toMatchObject({ failure: 'away' });
  expect(await nextAnswer()).toEqual([{ one: 1 }]);
});

test('a listener hears on after a cut, and is told of the gap', async () => {
  const heard: string[] = [];
  let { promise: next, resolve } = Promise.withResolvers<string>();
  const gap = Promise.withResolvers<void>();
  const unlisten = database.listen(
    'gateway test "channel"',
    (payload) => {
      heard.push(payload);
      resolve(payload);
    },
    () => gap.resolve(),
  );
  const notify = (payload: string) => database.query('select pg_notify($1, $2)', ['gateway test "channel"', payload]);
  const untilHeard = async (payload: string): Promise<void> => {
    // LISTEN takes effect on another connection; until then nobody hears.
    while (!heard.includes(payload)) {
      await notify(payload).catch(() => database.whenConnected());
      await Promise.race([next, new Promise((done) => setTimeout(done, 20))]);
      ({ promise: next, resolve } = Promise.withResolvers<string>());
    }
  };
  await untilHeard('first');
  await cutAll();
  await gap.promise;
  await untilHeard('second');
  unlisten();
  const before = heard.length;
  await notify('third');
  await database.query('select 1');
  expect(heard).toHaveLength(before);
});
