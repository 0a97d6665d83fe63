import { expect, test } from 'vitest';
import { Audit, type AuditRow } from '../../src/identity/audit/audit.ts';
import type { AuditEntry } from '../../src/identity/audit/entry.ts';
import { systemClock } from '../../src/core/clock.ts';

const entry: AuditEntry = {
  action: 'updated',
  table: 'virtual_keys',
  objectId: 'a'.repeat(64),
  before: { spend: 1 },
  after: { spend: 0 },
  author: { userId: 'ann', keyHash: null },
};

/** A database that can be away, and remembers the rows that it took. */
function flaky() {
  const state = { away: false, ids: [] as unknown[] };
  return {
    state,
    database: {
      query: () => Promise.reject(new Error('not asked')),
      execute: async (_text: string, values: readonly unknown[] = []) => {
        if (state.away) throw new Error('away');
        state.ids.push(values[6]);
        return 1;
      },
    },
  };
}

test('a row that the database cannot take now is written with the next one, in order', async () => {
  const { state, database } = flaky();
  const audit = new Audit({ clock: systemClock, database, enabled: () => true, onLost: () => undefined });
  state.away = true;
  await audit.record({ ...entry, objectId: 'first' });
  expect(state.ids).toEqual([]);
  state.away = false;
  await audit.record({ ...entry, objectId: 'second' });
  expect(state.ids).toEqual(['first', 'second']);
  await audit.stop();
});

test('what cannot be written until the stop is told, not lost', async () => {
  const { state, database } = flaky();
  const lost: AuditRow[] = [];
  const audit = new Audit({ clock: systemClock, database, enabled: () => true, onLost: (rows) => lost.push(...rows) });
  state.away = true;
  await audit.record(entry);
  await audit.stop();
  expect(lost.map((row) => row.entry)).toEqual([entry]);
});

test('a row of a transaction that fails fails with it', async () => {
  const { state, database } = flaky();
  const audit = new Audit({ clock: systemClock, database, enabled: () => true, onLost: () => undefined });
  state.away = true;
  await expect(audit.record(entry, database)).rejects.toThrow('away');
  await audit.stop();
});
