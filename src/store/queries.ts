import type { ClientBase, QueryResult, QueryResultRow } from 'pg';
import { types } from 'pg';

import { databaseErrorOf, type DatabaseError } from './database-error.ts';

/**
 * What SQL can be sent through: a {@link Database} or one of its transactions.
 *
 * Values come as: `numeric` its decimal text (`usdOf` reads money) · `bigint` a number · `timestamptz` a `Date` ·
 * `date` `YYYY-MM-DD` · `json`, `jsonb` their text, so that the reader chooses how its numbers are read (ruling M1) · `bytea` a Buffer.
 */
export interface Queries {
  /** Rows of one statement. @throws {DatabaseError} */
  query<Row extends QueryResultRow>(text: string, values?: readonly unknown[]): Promise<Row[]>;
  /** Number of rows that one statement changed. @throws {DatabaseError} */
  execute(text: string, values?: readonly unknown[]): Promise<number>;
}

/** Queries that can also stand together or not at all. */
export interface Transactions extends Queries {
  /** Runs `work` in one transaction: committed when it resolves, rolled back when it throws. */
  transaction<T>(work: (queries: Queries) => Promise<T>): Promise<T>;
}

/** Told of a change in the transaction that makes it: what it writes is there with the change or not at all. Null: not there. */
export type Witness<T> = (queries: Queries, before: T | null, after: T | null) => Promise<void>;

/** {@link Queries} over one connection. */
export class ClientQueries implements Queries {
  readonly #client: ClientBase;
  #broken: DatabaseError | null = null;

  constructor(client: ClientBase) {
    this.#client = client;
  }

  /** Whether the connection is of no more use: it broke, or still owes an answer that we stopped waiting for. */
  get broken(): boolean {
    return this.#broken !== null;
  }

  async query<Row extends QueryResultRow>(text: string, values?: readonly unknown[]): Promise<Row[]> {
    return (await this.send<Row>(text, values)).rows;
  }

  async execute(text: string, values?: readonly unknown[]): Promise<number> {
    return (await this.send(text, values)).rowCount ?? 0;
  }

  /** The driver's whole result. @throws {DatabaseError} */
  async send<Row extends QueryResultRow>(text: string, values?: readonly unknown[]): Promise<QueryResult<Row>> {
    // The driver would leave a statement on a connection that is being closed without an answer.
    if (this.#broken) throw this.#broken;
    try {
      return await this.#client.query<Row>(text, values && [...values]);
    } catch (thrown) {
      const error = databaseErrorOf(thrown);
      if (error.failure === 'away' || (error.failure === 'timeout' && error.code === null)) this.#broken = error;
      throw error;
    }
  }
}

type Parse = (text: string) => unknown;

const READERS: Readonly<Record<number, Parse>> = {
  [types.builtins.INT8]: Number,
  [types.builtins.DATE]: String,
  [types.builtins.JSON]: String,
  [types.builtins.JSONB]: String,
};

type Oid = Parameters<typeof types.getTypeParser>[0];
const readerOf = (oid: Oid, format?: 'text'): Parse => READERS[oid] ?? types.getTypeParser(oid, format);

/** How the driver reads values; see {@link Queries}. */
export const typeParsers = { getTypeParser: readerOf as typeof types.getTypeParser };
