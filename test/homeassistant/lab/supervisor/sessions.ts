import { randomBytes } from 'node:crypto';

import type { CoreUser } from './core-link.ts';

const QUARTER_MS = 15 * 60_000;

/** Sessions of people at the panels of apps: any session opens any app, and each use adds a quarter of an hour. */
export class IngressSessions {
  readonly #sessions = new Map<string, { user: CoreUser | null; endsMs: number }>();
  readonly #now: () => number;

  constructor(now: () => number = Date.now) {
    this.#now = now;
  }

  /** @param user null: Core could not be asked, and the app is told no name */
  create(user: CoreUser | null): string {
    const session = randomBytes(64).toString('hex');
    this.#sessions.set(session, { user, endsMs: this.#now() + QUARTER_MS });
    return session;
  }

  /** Whether a session lives; asking prolongs it. */
  use(session: string): boolean {
    const found = this.#sessions.get(session);
    if (!found || found.endsMs <= this.#now()) return false;
    found.endsMs += QUARTER_MS;
    return true;
  }

  userOf(session: string): CoreUser | null {
    return this.#sessions.get(session)?.user ?? null;
  }

  /** Ends them all, as a restart of Supervisor does. */
  endAll(): void {
    this.#sessions.clear();
  }
}
