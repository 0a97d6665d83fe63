import { randomUUIDv7 } from 'node:crypto';
import type { Clock } from '../../core/clock.ts';
import type { Queries } from '../../store/queries.ts';
import type { AuditEntry } from './entry.ts';
import { auditValues } from './values.ts';

export interface AuditOptions {
  readonly clock: Clock;
  readonly database: Queries;
  /** `litellm_settings.store_audit_logs` */
  readonly enabled: () => boolean;
  /** Told of rows that could not be written before the stop, so that none is lost without a word. */
  readonly onLost: (rows: readonly AuditRow[]) => void;
}

/** One row of `audit_logs` on its way. */
export interface AuditRow {
  readonly id: string;
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly entry: AuditEntry;
}

const RETRY_MS = 5000;
/** Rows deleted by one statement. */
const BATCH = 1000;
/** Texts that callers choose: longer ones are cut. */
const MOST_CHARACTERS = 500;

/** Keeps who changed what. Values are masked here, so that no row holds a secret. */
export class Audit {
  readonly #options: AuditOptions;
  #waiting: AuditRow[] = [];
  #timer: NodeJS.Timeout | null = null;
  #writing: Promise<void> | null = null;

  constructor(options: AuditOptions) {
    this.#options = options;
  }

  /**
   * Writes a change down.
   *
   * @param queries the transaction that makes the change, so that both are there or neither is; without it the row is
   *   written now, or as soon as the database takes it
   * @throws {DatabaseError} with `queries` alone
   */
  async record(entry: AuditEntry, queries?: Queries): Promise<void> {
    if (!this.#options.enabled()) return;
    const row = { id: randomUUIDv7(), at: this.#options.clock.now(), entry };
    if (queries) {
      await insert(queries, row);
      return;
    }
    this.#waiting.push(row);
    await this.#write();
  }

  /**
   * Deletes rows from before a moment, some at a time, until none is left or the signal fires.
   *
   * @param before milliseconds since 1970
   * @returns how many went
   */
  async prune(before: number, signal: AbortSignal): Promise<number> {
    const { database } = this.#options;
    let all = 0;
    for (let gone = BATCH; gone === BATCH && !signal.aborted; all += gone) {
      gone = await database.execute(
        `delete from gateway.audit_logs where id in
           (select id from gateway.audit_logs where updated_at < to_timestamp($1 / 1000.0) order by updated_at limit ${BATCH})`,
        [before],
      );
    }
    return all;
  }

  /** Writes what waits, once more. */
  async stop(): Promise<void> {
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
    await this.#writing;
    await this.#write();
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
    if (this.#waiting.length > 0) this.#options.onLost(this.#waiting);
  }

  async #write(): Promise<void> {
    this.#writing ??= this.#drain().finally(() => {
      this.#writing = null;
    });
    await this.#writing;
  }

  async #drain(): Promise<void> {
    for (let row = this.#waiting[0]; row; row = this.#waiting[0]) {
      try {
        await insert(this.#options.database, row);
      } catch {
        this.#retryLater();
        return;
      }
      this.#waiting.shift();
    }
  }

  #retryLater(): void {
    if (this.#timer) return;
    this.#timer = setTimeout(() => {
      this.#timer = null;
      void this.#write();
    }, RETRY_MS);
    this.#timer.unref();
  }
}

/** Again is the same as once: after a lost answer nobody knows whether the row is there. */
async function insert(queries: Queries, { id, at, entry }: AuditRow): Promise<void> {
  const { before, after } = auditValues(entry.before, entry.after);
  await queries.execute(
    `insert into gateway.audit_logs (id, updated_at, changed_by, changed_by_api_key, action, table_name, object_id, before_value, updated_values)
     values ($1, to_timestamp($2 / 1000.0), $3, $4, $5, $6, $7, $8, $9) on conflict (id) do nothing`,
    [
      id,
      at,
      storable(entry.author.userId),
      entry.author.keyHash,
      entry.action,
      entry.table,
      storable(entry.objectId),
      before && JSON.stringify(before),
      after && JSON.stringify(after),
    ],
  );
}

function storable(text: string | null): string | null {
  return text === null ? null : text.slice(0, MOST_CHARACTERS).replaceAll('\0', '').toWellFormed();
}
