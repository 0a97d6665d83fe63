import { randomBytes } from 'node:crypto';
import type { Clock } from '../core/clock.ts';
import type { Queries } from '../store/queries.ts';
import { written } from '../store/written.ts';
import { hashOf } from './key-hash.ts';
import type { People } from './people.ts';
import type { Person } from './person.ts';

/** How somebody came in. */
export type LogInMethod = 'username_password' | 'sso';

export interface Session {
  /** SHA-256 of its id, hex. */
  readonly hash: string;
  readonly userId: string;
  readonly method: LogInMethod;
  /** Milliseconds since 1970. */
  readonly createdAt: number;
  readonly expiresAt: number;
}

/** A session and the person whose it is, as that one is now. */
export interface OpenSession {
  readonly session: Session;
  readonly person: Person;
}

export interface SessionsParts {
  readonly clock: Clock;
  readonly database: Queries;
  readonly people: People;
  /** Told when a session ends before its time: log-out, or its person is gone. */
  readonly onEnd: (hash: string) => void;
}

interface Row {
  readonly session: string;
  readonly user_id: string;
  readonly method: LogInMethod;
  readonly created: number;
  readonly expires: number;
}

/** Open panels (ruling K8): an opaque random id each, of which only the hash is kept. In memory, and in the database for restarts. */
export class Sessions {
  readonly #parts: SessionsParts;
  #sessions = new Map<string, Session>();

  constructor(parts: SessionsParts) {
    this.#parts = parts;
  }

  get size(): number {
    return this.#sessions.size;
  }

  async load(): Promise<void> {
    const { clock, database } = this.#parts;
    await database.execute('delete from gateway.sessions where expires_at <= to_timestamp($1 / 1000.0)', [clock.now()]);
    const rows = await database.query<Row & Record<string, unknown>>(
      `select session, user_id, method, (extract(epoch from created_at) * 1000)::float8 as created,
         (extract(epoch from expires_at) * 1000)::float8 as expires from gateway.sessions`,
    );
    this.#sessions = new Map(
      rows.map((row) => [
        row.session,
        { hash: row.session, userId: row.user_id, method: row.method, createdAt: row.created, expiresAt: row.expires },
      ]),
    );
  }

  /** @returns the id for the cookie: 256 random bits, told once */
  async open(userId: string, method: LogInMethod, lifetimeMs: number): Promise<{ readonly id: string; readonly session: Session }> {
    const { clock, database } = this.#parts;
    const id = randomBytes(32).toString('base64url');
    const createdAt = clock.now();
    const session: Session = { hash: hashOf(id), userId, method, createdAt, expiresAt: createdAt + lifetimeMs };
    await written(
      database.execute(
        `insert into gateway.sessions (session, user_id, method, created_at, expires_at)
         values ($1, $2, $3, to_timestamp($4 / 1000.0), to_timestamp($5 / 1000.0))`,
        [session.hash, userId, method, createdAt, session.expiresAt],
      ),
    );
    this.#sessions.set(session.hash, session);
    return { id, session };
  }

  /** The session of an id from a cookie; null when there is none, it is over, or its person is gone. */
  find(id: string): OpenSession | null {
    return this.byHash(hashOf(id));
  }

  byHash(hash: string): OpenSession | null {
    const { clock, people } = this.#parts;
    const session = this.#sessions.get(hash);
    if (!session || session.expiresAt <= clock.now()) return null;
    const person = people.get(session.userId);
    return person && { session, person };
  }

  /** Ends a session; one that is over already is not an error. */
  async close(hash: string): Promise<void> {
    this.#end(hash);
    await written(this.#parts.database.execute('delete from gateway.sessions where session = $1', [hash]));
  }

  /** Ends all sessions of a person, but the one that is named. */
  async closeOf(userId: string, except: string | null = null): Promise<void> {
    for (const [hash, session] of this.#sessions) if (session.userId === userId && hash !== except) this.#end(hash);
    await written(
      this.#parts.database.execute('delete from gateway.sessions where user_id = $1 and session is distinct from $2', [userId, except]),
    );
  }

  /** Forgets what is over. @param now milliseconds since 1970 */
  async sweep(now: number): Promise<void> {
    for (const [hash, session] of this.#sessions) if (session.expiresAt <= now) this.#end(hash);
    await this.#parts.database.execute('delete from gateway.sessions where expires_at <= to_timestamp($1 / 1000.0)', [now]);
  }

  #end(hash: string): void {
    if (this.#sessions.delete(hash)) this.#parts.onEnd(hash);
  }
}
