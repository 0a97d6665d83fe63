import { UnwritableRecordError, type SpendSink } from '../ledger/ledger.ts';
import type { Database } from '../store/database.ts';
import { DatabaseError } from '../store/database-error.ts';
import { bookedAmong, flushSpend, journalPosition } from '../store/flush.ts';

/** The database as the ledger sees it. */
export function spendSink(database: Database): SpendSink {
  return {
    position: (journalId) => journalPosition(database, journalId),
    booked: (requestIds) => bookedAmong(database, requestIds),
    async write(batch) {
      try {
        const { applied } = await flushSpend(database, batch);
        return applied ? { applied, position: batch.upTo } : { applied, position: await journalPosition(database, batch.journalId) };
      } catch (error) {
        if (error instanceof DatabaseError && (error.failure === 'data' || error.failure === 'constraint'))
          throw new UnwritableRecordError(error.message, { cause: error });
        throw error;
      }
    },
  };
}
