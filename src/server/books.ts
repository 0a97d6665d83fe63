import type { Logger } from 'pino';
import type { Clock } from '../core/clock.ts';
import { DatabaseUnavailableError } from '../core/errors.ts';
import { usdOf } from '../core/money.ts';
import type { Balance } from '../core/limit-policy.ts';
import type { Keys } from '../identity/keys.ts';
import { saltKeyMatches } from '../identity/salt-guard.ts';
import type { Journal } from '../journal/journal.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { Limits } from '../limits/limits.ts';
import type { DatabaseAddress } from '../store/address.ts';
import type { Database } from '../store/database.ts';
import { migrate } from '../store/migrate.ts';
import { makeSpendPartitions } from '../store/partitions.ts';
import { wait } from './wait.ts';

export interface BooksParts {
  readonly clock: Clock;
  readonly log: Logger;
  readonly database: Database;
  readonly address: () => DatabaseAddress;
  readonly journal: Journal;
  readonly ledger: Ledger;
  readonly limits: Limits;
  readonly keys: Keys;
  readonly saltKey: string;
  /** Reads people and their sessions; before their keys. */
  readonly loadPeople: () => Promise<void>;
  /** Reads what settings, models and credentials stand in the database. */
  readonly loadSettings: () => Promise<void>;
  /** Directory of the migrations. */
  readonly migrations: string;
}

const RETRY_MS = 1000;

/**
 * Opens the books at a start: schema, keys, balances, what the journal holds beyond them. Until then nobody can be charged,
 * so nobody is served (ruling S7); afterwards the database may come and go.
 */
export class Books {
  readonly #parts: BooksParts;
  readonly #stopping = new AbortController();
  #open = false;
  #opening: Promise<void> = Promise.resolve();
  #flushFailed = false;

  constructor(parts: BooksParts) {
    this.#parts = parts;
  }

  /** Whether keys and balances were loaded since the start. */
  get open(): boolean {
    return this.#open;
  }

  /** @throws {DatabaseUnavailableError} until the books are open */
  readonly need = (): void => {
    if (!this.#open) throw new DatabaseUnavailableError();
  };

  /** Begins to open; goes on in the background as long as the database is away. */
  start(): void {
    this.#opening = this.#openWhenPossible();
  }

  /** Resolves when the books are open; never while the database is away. */
  opened(): Promise<void> {
    return this.#opening;
  }

  /** Told by the ledger after each flush. One line when it begins to fail, one when it works again. */
  flushed(error: Error | null): void {
    const failed = error !== null;
    if (failed === this.#flushFailed) return;
    this.#flushFailed = failed;
    if (error) this.#parts.log.warn(`Spend cannot be written to the database; it waits in the journal: ${error.message}`);
    else this.#parts.log.info('Spend is written to the database again');
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#opening.catch(() => undefined);
    await this.#parts.ledger.stop();
    await this.#parts.journal.stop();
  }

  async #openWhenPossible(): Promise<void> {
    const { database, log, journal } = this.#parts;
    const { signal } = this.#stopping;
    await journal.start();
    while (!signal.aborted) {
      try {
        await database.whenConnected(signal);
        await this.#read();
        this.#open = true;
        return;
      } catch (error) {
        if (signal.aborted) return;
        log.warn(`The database is there, but cannot be used yet: ${error instanceof Error ? error.message : String(error)}`);
        await wait(RETRY_MS, signal).catch(() => undefined);
      }
    }
  }

  async #read(): Promise<void> {
    const { address, clock, database, keys, ledger, limits, loadPeople, loadSettings, log, migrations, saltKey } = this.#parts;
    await migrate(address(), migrations, { info: (text) => log.info(text), warn: (text) => log.warn(text) });
    await makeSpendPartitions(database, clock.now());
    await loadPeople();
    await keys.load(database);
    await loadSettings();
    if (!(await saltKeyMatches(database, saltKey))) {
      log.error(
        'The salt key is not the one under which the virtual keys were made: every virtual key is refused. Set the old LITELLM_SALT_KEY again, or make new keys.',
      );
    }
    limits.load(await balancesIn(database));
    await ledger.start((record) => {
      limits.applyRecord(record);
    });
  }
}

async function balancesIn(database: Database): Promise<Balance[]> {
  const rows = await database.query<{ account: string; spend: string; total: string; start: number }>(
    'select account, spend::text as spend, total::text as total, (extract(epoch from window_start) * 1000)::float8 as start from gateway.balances',
  );
  return rows.map(({ account, spend, total, start }) => ({ account, spend: usdOf(spend), total: usdOf(total), windowStart: start }));
}
