import type { Logger } from 'pino';
import type { Config } from '../config/config.ts';
import { durationBefore } from '../config/duration.ts';
import type { Clock } from '../core/clock.ts';
import type { Audit } from '../identity/audit/audit.ts';
import type { Sessions } from '../identity/sessions.ts';
import { deleteOldCalls, deleteOldQuarters } from '../ledger/retention.ts';
import type { Limits } from '../limits/limits.ts';
import type { Database } from '../store/database.ts';
import { makeSpendPartitions } from '../store/partitions.ts';
import type { TextKeeper } from '../store/kept/text-keeper.ts';
import type { Job } from './schedule.ts';

export interface JobParts {
  readonly clock: Clock;
  readonly database: Database;
  readonly limits: Limits;
  readonly audit: Audit;
  readonly sessions: Sessions;
  readonly live: { readonly config: Config };
  readonly log: Logger;
  /** What is kept for later turns. */
  readonly kept: readonly Pick<TextKeeper, 'sweep'>[];
}

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
const DAY_MS = 86_400_000;

/** What the gateway does by itself, and how often. */
export function jobsOf(parts: JobParts): Job[] {
  const { audit, clock, database, kept, limits, live, sessions } = parts;
  return [
    {
      name: 'Beginning budgets anew',
      everyMs: MINUTE_MS,
      run: () => {
        limits.sweep(clock.now());
      },
    },
    {
      name: 'Making the partitions of the next months',
      everyMs: DAY_MS,
      run: async () => {
        await makeSpendPartitions(database, clock.now());
      },
    },
    {
      name: 'Letting go of old turns',
      everyMs: 10 * MINUTE_MS,
      run: () => {
        for (const keeper of kept) keeper.sweep();
      },
    },
    {
      name: 'Forgetting ended sessions',
      everyMs: HOUR_MS,
      run: () => sessions.sweep(clock.now()),
    },
    {
      name: 'Deleting rows of old calls',
      everyMs: () => live.config.general.spendLogCleanupEveryMs,
      firstMs: MINUTE_MS,
      run: (signal) => deleteOldSpend(parts, signal),
    },
    {
      name: 'Deleting old rows of the audit log',
      everyMs: HOUR_MS,
      firstMs: MINUTE_MS,
      run: async (signal) => {
        const kept = live.config.general.auditRetention;
        const before = kept && durationBefore(clock.now(), kept);
        if (before !== null) await audit.prune(before, signal);
      },
    },
  ];
}

/** @returns when it wants to go on, when there was not time enough */
async function deleteOldSpend({ clock, database, live, log }: JobParts, signal: AbortSignal): Promise<number | void> {
  const { general } = live.config;
  const limits = {
    batch: general.spendLogCleanupBatch,
    batches: general.spendLogCleanupBatches,
    budgetMs: general.spendLogCleanupBudgetMs,
    lockMs: 2000,
    signal,
  };
  await deleteOldQuarters(database, clock.now(), limits);
  const before = general.spendLogRetention && durationBefore(clock.now(), general.spendLogRetention);
  if (before === null) return;
  const { months, rows, done } = await deleteOldCalls(database, clock, before, limits);
  if (months > 0 || rows > 0)
    log.info(
      `Calls from before ${new Date(before).toISOString().slice(0, 10)} are no longer kept; rows deleted: ${rows}, whole months: ${months}`,
    );
  if (!done && !signal.aborted) return MINUTE_MS;
}
