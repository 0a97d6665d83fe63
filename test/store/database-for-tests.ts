import { afterAll, beforeAll } from 'vitest';

import { systemClock } from '../../src/core/clock.ts';
import { Database } from '../../src/store/database.ts';
import { freshDatabase, silent, type FreshDatabase } from '../support/postgres.ts';

/** A migrated database for the test file that calls this, connected before its tests and dropped after them. */
export function useDatabase(): { readonly database: Database; readonly fresh: FreshDatabase } {
  const own: { fresh?: FreshDatabase } = {};
  const fresh = (): FreshDatabase => {
    if (!own.fresh) throw new Error('the database is there once the tests run');
    return own.fresh;
  };
  const database = new Database({ address: () => fresh().address, clock: systemClock, log: silent });
  beforeAll(async () => {
    own.fresh = await freshDatabase();
    database.start();
    await database.whenConnected();
  });
  afterAll(async () => {
    await database.stop();
    await own.fresh?.drop();
  });
  return {
    database,
    get fresh() {
      return fresh();
    },
  };
}

const TABLES = ['spend_logs', 'balances', 'spend_quarters', 'daily_spend', 'quarter_totals', 'daily_totals', 'journal_positions'];

/** Removes all spend. Quicker than TRUNCATE, which makes new files for every partition and index. */
export async function clearSpend(database: Database): Promise<void> {
  for (const table of TABLES) await database.execute(`delete from gateway.${table}`);
}
