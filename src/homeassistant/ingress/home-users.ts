import { z } from 'zod';
import type { Clock } from '../../core/clock.ts';
import type { CoreClient } from '../core-client.ts';

/** A user of Home Assistant, as `config/auth/list` shows one. */
const HomeUser = z.object({
  id: z.string(),
  name: z.string().nullish(),
  is_owner: z.boolean(),
  is_active: z.boolean(),
  system_generated: z.boolean().optional(),
  group_ids: z.array(z.string()),
});
const HomeUserList = z.array(HomeUser);
export type HomeUser = z.infer<typeof HomeUser>;

/** A list this old is asked for anew. */
const FRESH_MS = 60_000;
/** A list this old tells nothing any more: who is gone may still stand in it. */
const STALE_MS = 600_000;
/** For somebody who is not in it, it is asked for anew, this often at most. */
const MISS_EVERY_MS = 5000;

/** Who is a user of Home Assistant, and who is an administrator. */
export class HomeUsers {
  readonly #clock: Clock;
  readonly #core: Pick<CoreClient, 'send'>;
  #users = new Map<string, HomeUser>();
  #readAt = -Infinity;
  #askedAt = -Infinity;
  #asking: Promise<void> | null = null;

  constructor(clock: Clock, core: Pick<CoreClient, 'send'>) {
    this.#clock = clock;
    this.#core = core;
  }

  /** @returns the user; `unknown` when Home Assistant cannot be asked, `gone` when it knows no such user */
  async find(id: string): Promise<HomeUser | 'unknown' | 'gone'> {
    const now = this.#clock.elapsed();
    const missed = !this.#users.has(id) && now - this.#askedAt >= MISS_EVERY_MS;
    if (now - this.#readAt >= FRESH_MS || missed) await this.#read();
    return this.known(id);
  }

  /** As the last list had it, without asking. */
  known(id: string): HomeUser | 'unknown' | 'gone' {
    if (this.#clock.elapsed() - this.#readAt > STALE_MS) return 'unknown';
    return this.#users.get(id) ?? 'gone';
  }

  /** Asks anew when the list is old: for open sockets, whose users ask nothing. */
  async refresh(): Promise<void> {
    if (this.#clock.elapsed() - this.#readAt >= FRESH_MS / 2) await this.#read();
  }

  #read(): Promise<void> {
    this.#asking ??= this.#ask().finally(() => {
      this.#asking = null;
    });
    return this.#asking;
  }

  async #ask(): Promise<void> {
    this.#askedAt = this.#clock.elapsed();
    try {
      const list = HomeUserList.parse(await this.#core.send({ type: 'config/auth/list' }));
      this.#users = new Map(list.map((user) => [user.id, user]));
      this.#readAt = this.#clock.elapsed();
    } catch {
      // The last list counts for a while; without one nobody is let in.
    }
  }
}

export function isAdministrator({ is_owner: owner, group_ids: groups }: HomeUser): boolean {
  return owner || groups.includes('system-admin');
}
