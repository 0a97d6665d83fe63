import { Client, Pool, type ClientConfig, type PoolClient, type QueryResultRow } from 'pg';

import type { Clock } from '../core/clock.ts';
import type { DatabaseAddress } from './address.ts';
import { ConnectionStates, type ConnectionState } from './connection-state.ts';
import { connectionTrouble, DatabaseError, databaseErrorOf } from './database-error.ts';
import { Listener } from './listener.ts';
import type { StoreLog } from './log.ts';
import { ClientQueries, typeParsers, type Queries } from './queries.ts';
import { backOff, isAbort, systemWait, type Wait } from './wait.ts';

export interface DatabaseOptions {
  /** Asked at `start()`: an embedded server knows its address once it runs. */
  readonly address: () => DatabaseAddress;
  readonly clock: Clock;
  readonly log: StoreLog;
  /** Connections of the pool; one more listens. */
  readonly connections?: number;
  readonly statementTimeoutMs?: number;
  readonly wait?: Wait;
}

const CONNECT_TIMEOUT_MS = 5000;
/** The server gives up first; this is for a server that cannot. */
const ANSWER_GRACE_MS = 5000;
const LONGEST_DELAY_MS = 5000;
/** A statement that takes longer may wait for a server that is frozen: it is looked for meanwhile. */
const SUSPICIOUS_MS = 5000;
const LONGEST_STOP_MS = 3000;
const COMPLAINT_MS = 60_000;

/**
 * The PostgreSQL of this gateway, embedded or external. Nothing on the path of a call may wait for it: while it is away, every
 * statement fails at once with a transient {@link DatabaseError}, and it is looked for in the background without end (ruling S7).
 */
export class Database implements Queries {
  readonly #options: DatabaseOptions;
  readonly #wait: Wait;
  readonly #states: ConnectionStates;
  readonly #stopping = new AbortController();
  readonly #clients = new Set<PoolClient>();
  #pool: Pool | null = null;
  #listener: Listener | null = null;
  #seeking: Promise<void> | null = null;

  constructor(options: DatabaseOptions) {
    this.#options = options;
    this.#wait = options.wait ?? systemWait;
    this.#states = new ConnectionStates(options.clock);
  }

  get state(): ConnectionState {
    return this.#states.current;
  }

  /** Calls `listener` at each change of status or reason. @returns how to stop that */
  onChange(listener: (state: ConnectionState) => void): () => void {
    return this.#states.onChange(listener);
  }

  /** Begins to look for the database and returns at once. */
  start(): void {
    const { address, connections = 10 } = this.#options;
    const config = this.#clientConfig(address());
    const pool = new Pool({ ...config, max: connections, idleTimeoutMillis: 60_000, connectionTimeoutMillis: CONNECT_TIMEOUT_MS });
    // A connection may break while somebody holds it or while nobody does; both are noticed by the next use.
    pool.on('connect', (client) => {
      this.#clients.add(client);
      client.on('error', () => {});
    });
    pool.on('remove', (client) => this.#clients.delete(client));
    pool.on('error', () => this.#suspect());
    this.#pool = pool;
    this.#listener = new Listener({ makeClient: () => new Client(config), onLost: () => this.#suspect(), wait: this.#wait });
    this.#suspect();
  }

  /** Resolves when the database is connected. @throws an `AbortError` when the signal fires first, or `stop()` is called */
  async whenConnected(signal?: AbortSignal): Promise<void> {
    const ended = signal ? AbortSignal.any([signal, this.#stopping.signal]) : this.#stopping.signal;
    ended.throwIfAborted();
    if (this.state.status === 'connected') return;
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const stop = this.onChange(({ status }) => status === 'connected' && resolve());
    const abort = (): void => reject(ended.reason);
    ended.addEventListener('abort', abort, { once: true });
    try {
      await promise;
    } finally {
      stop();
      ended.removeEventListener('abort', abort);
    }
  }

  query<Row extends QueryResultRow>(text: string, values?: readonly unknown[]): Promise<Row[]> {
    return this.#withClient((queries) => queries.query<Row>(text, values));
  }

  execute(text: string, values?: readonly unknown[]): Promise<number> {
    return this.#withClient((queries) => queries.execute(text, values));
  }

  /**
   * Runs `work` in one transaction: committed when it resolves, rolled back when it throws.
   *
   * @throws what `work` threw, or {@link DatabaseError}; after a failed COMMIT the outcome is unknown (`failure: 'away'`)
   */
  transaction<T>(work: (queries: Queries) => Promise<T>): Promise<T> {
    return this.#withClient(async (queries) => {
      await queries.execute('begin');
      try {
        const result = await work(queries);
        const { command } = await queries.send('commit');
        // PostgreSQL answers the COMMIT of a failed transaction with ROLLBACK and no error.
        if (command !== 'COMMIT')
          throw new DatabaseError('the transaction was rolled back: one of its statements had failed', 'statement', '25P02');
        return result;
      } catch (error) {
        await queries.execute('rollback').catch(() => {});
        throw error;
      }
    });
  }

  /**
   * Calls `onMessage` with the payload of each notification on the channel, reconnecting as often as needed.
   *
   * @param onGap called after a reconnection: notifications may have been missed
   * @returns how to stop listening
   */
  listen(channel: string, onMessage: (payload: string) => void, onGap?: () => void): () => void {
    if (this.#listener === null) throw new Error('the database was not started');
    return this.#listener.listen(channel, { onMessage, onGap: onGap ?? (() => {}) });
  }

  /** Ends all connections; running statements are cut off, and a server that does not answer is not waited for. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    const pool = this.#pool;
    this.#pool = null;
    const ending = Promise.all([this.#listener?.stop(), this.#seeking, pool?.end(), ...[...this.#clients].map((client) => client.end())]);
    const enough = new AbortController();
    const patience = this.#wait(LONGEST_STOP_MS, enough.signal).catch(() => {});
    await Promise.race([ending, patience]);
    enough.abort();
    // What is still open ends with its socket.
    ending.catch(() => {});
  }

  #clientConfig({ connection }: DatabaseAddress): ClientConfig {
    const { statementTimeoutMs = 30_000 } = this.#options;
    return {
      ...('url' in connection ? { connectionString: connection.url } : connection),
      fallback_application_name: 'llm-gateway',
      connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
      statement_timeout: statementTimeoutMs,
      query_timeout: statementTimeoutMs + ANSWER_GRACE_MS,
      keepAlive: true,
      keepAliveInitialDelayMillis: 30_000,
      types: typeParsers,
    };
  }

  async #withClient<T>(work: (queries: ClientQueries) => Promise<T>): Promise<T> {
    if (this.state.status !== 'connected') throw new DatabaseError(this.state.why ?? 'the database is not connected yet', 'away');
    const client = await this.#checkOut();
    const queries = new ClientQueries(client);
    const slow = setTimeout(() => this.#suspect(), SUSPICIOUS_MS);
    slow.unref();
    try {
      return await work(queries);
    } finally {
      clearTimeout(slow);
      client.release(queries.broken);
      if (queries.broken) this.#suspect();
    }
  }

  async #checkOut(): Promise<PoolClient> {
    if (this.#pool === null) throw new DatabaseError('the database connection is closed', 'away');
    try {
      return await this.#pool.connect();
    } catch (error) {
      this.#suspect();
      throw databaseErrorOf(error);
    }
  }

  /** Something failed: sees whether the database is there, and waits for it when not. */
  #suspect(): void {
    if (this.#stopping.signal.aborted) return;
    this.#seeking ??= this.#seek().finally(() => {
      this.#seeking = null;
    });
  }

  async #seek(): Promise<void> {
    const { clock, log, address } = this.#options;
    let complained = Number.NEGATIVE_INFINITY;
    try {
      for (const delayMs of backOff(100, LONGEST_DELAY_MS)) {
        const failure = await this.#probe();
        if (failure === null) break;
        const trouble = connectionTrouble(address(), failure.error);
        this.#states.failed(trouble);
        if (clock.elapsed() - complained >= COMPLAINT_MS) {
          complained = clock.elapsed();
          log.warn(`Waiting for ${trouble}`);
        }
        await this.#wait(delayMs, this.#stopping.signal);
      }
      if (complained !== Number.NEGATIVE_INFINITY)
        log.info(`Connected to database ${JSON.stringify(address().database)} at ${address().host}`);
      this.#states.connected();
      this.#listener?.resume();
    } catch (error) {
      if (!isAbort(error)) throw error;
    }
  }

  async #probe(): Promise<{ readonly error: unknown } | null> {
    let client: PoolClient | undefined;
    try {
      this.#stopping.signal.throwIfAborted();
      client = await this.#pool?.connect();
      await client?.query({ text: 'select 1', query_timeout: CONNECT_TIMEOUT_MS } as { text: string });
      client?.release();
      return null;
    } catch (error) {
      client?.release(true);
      if (isAbort(error)) throw error;
      return { error };
    }
  }
}
