import type { Balance, LimitPolicy, LimitSubject } from '../core/limit-policy.ts';
import { addUsd, NO_USD, subtractUsd, type Usd } from '../core/money.ts';

/** Account of everything that every call costs. */
export const GLOBAL_ACCOUNT = 'global';

const PREFIXES = { api_key: 'key', user: 'user' } as const satisfies Record<LimitSubject, string>;

const KEY = `${PREFIXES.api_key}:`;

/** Account of a key or a person. */
export function accountOf({ subject, id }: Pick<LimitPolicy, 'subject' | 'id'>): string {
  return `${PREFIXES[subject]}:${id}`;
}

export function keyAccount(keyHash: string): string {
  return accountOf({ subject: 'api_key', id: keyHash });
}

/** Account of one of its `budget_limits` windows. */
export function windowAccount(of: LimitPolicy, duration: string): string {
  return `${accountOf(of)}|${duration}`;
}

/** Account of one entry of its model budgets; `entry` as it stands in the policy, wildcards included. */
export function modelAccount(of: LimitPolicy, entry: string): string {
  return `${accountOf(of)}|model:${entry}`;
}

/** What was spent on one account, and what open calls hold of it. A hundred thousand may lie idle: no field too many. */
export class Account {
  /** Settled since `windowStart`. */
  spend: Usd = NO_USD;
  /** Settled since ever. */
  total: Usd = NO_USD;
  /** Milliseconds since 1970; 0: never reset. It only grows. */
  windowStart = 0;
  /** null: no open call holds anything. A reset does not touch it: open calls will be booked in the new window. */
  #reserved: { held: Usd; calls: number } | null = null;

  /** Reserved by open calls. */
  get held(): Usd {
    return this.#reserved?.held ?? NO_USD;
  }

  /** Open calls that hold more than nothing. */
  get holders(): number {
    return this.#reserved?.calls ?? 0;
  }

  /** A new window begins with nothing spent. */
  reset(windowStart: number): void {
    this.windowStart = windowStart;
    this.spend = NO_USD;
  }

  /** Books `cost` on the window that began at `windowStart`; on one that is over it adds to the total alone. */
  book(cost: Usd, windowStart: number): void {
    if (windowStart > this.windowStart) this.reset(windowStart);
    // One number stands for both as long as they are the same: an account that never resets needs no second.
    const same = this.spend === this.total;
    this.total = addUsd(this.total, cost);
    if (windowStart === this.windowStart) this.spend = same ? this.total : addUsd(this.spend, cost);
  }

  /** Moves the spend of the window that began at `windowStart`; the total is the sum of calls alone. */
  adjust(delta: Usd, windowStart: number): void {
    if (windowStart > this.windowStart) this.reset(windowStart);
    if (windowStart === this.windowStart) this.spend = addUsd(this.spend, delta);
  }

  /** Takes the database's word, unless it speaks of a window that is over here. */
  load({ spend, total, windowStart }: Balance): void {
    this.total = total;
    if (windowStart < this.windowStart) return;
    this.windowStart = windowStart;
    this.spend = spend === total ? total : spend;
  }

  hold(amount: Usd): void {
    if (amount === 0n) return;
    this.#reserved ??= { held: NO_USD, calls: 0 };
    this.#reserved.held = addUsd(this.#reserved.held, amount);
    this.#reserved.calls += 1;
  }

  /** Ends one `hold` of the same amount. */
  giveBack(amount: Usd): void {
    if (amount === 0n || !this.#reserved) return;
    this.#reserved.held = subtractUsd(this.#reserved.held, amount);
    this.#reserved.calls -= 1;
    if (this.#reserved.calls === 0) this.#reserved = null;
  }
}

/** All accounts by name; those below an owner (`key:<hash>|...`) stand beneath it. */
export class Accounts {
  /** Those of keys, by hash: a list asks for a hundred thousand, and makes no name for each. */
  readonly #keys = new Map<string, Account>();
  readonly #owners = new Map<string, Account>();
  readonly #parts = new Map<string, Map<string, Account>>();

  find(name: string): Account | null {
    const [owner, part] = split(name);
    if (part !== null) return this.#parts.get(owner)?.get(part) ?? null;
    return (owner.startsWith(KEY) ? this.#keys.get(owner.slice(KEY.length)) : this.#owners.get(owner)) ?? null;
  }

  /** The same as `find(keyAccount(keyHash))`. */
  findKey(keyHash: string): Account | null {
    return this.#keys.get(keyHash) ?? null;
  }

  /** The account; made when it is new. */
  of(name: string): Account {
    const [owner, part] = split(name);
    if (part === null) return owner.startsWith(KEY) ? made(this.#keys, owner.slice(KEY.length)) : made(this.#owners, owner);
    let parts = this.#parts.get(owner);
    if (!parts) this.#parts.set(owner, (parts = new Map<string, Account>()));
    return made(parts, part);
  }
}

function made(accounts: Map<string, Account>, name: string): Account {
  let account = accounts.get(name);
  if (!account) accounts.set(name, (account = new Account()));
  return account;
}

function split(name: string): [owner: string, part: string | null] {
  const bar = name.indexOf('|');
  return bar === -1 ? [name, null] : [name.slice(0, bar), name.slice(bar + 1)];
}
