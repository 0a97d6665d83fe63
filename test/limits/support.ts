import type { Clock } from '../../src/core/clock.ts';
import type { LimitPolicy } from '../../src/core/limit-policy.ts';
import { usdOf, usdText, type Usd } from '../../src/core/money.ts';
import { Limits, type Ask, type Hold, type LimitSettings } from '../../src/limits/limits.ts';

/** A clock that stands until it is moved. */
export class FakeClock implements Clock {
  wall: number;
  monotonic = 1000;

  constructor(at = '2026-05-15T10:30:00Z') {
    this.wall = Date.parse(at);
  }

  now(): number {
    return this.wall;
  }

  elapsed(): number {
    return this.monotonic;
  }

  pass(ms: number): void {
    this.wall += ms;
    this.monotonic += ms;
  }

  passTo(at: string): void {
    this.pass(Date.parse(at) - this.wall);
  }

  /** Somebody sets the system's clock. */
  step(ms: number): void {
    this.wall += ms;
  }
}

export const HASH = 'a'.repeat(64);

export function policyOf(fields: Partial<LimitPolicy> = {}): LimitPolicy {
  return {
    subject: 'api_key',
    id: HASH,
    owner: null,
    label: 'app (sk-...AbCd)',
    maxBudget: null,
    budgetDuration: null,
    budgetResetAt: null,
    temporaryIncrease: null,
    windows: [],
    modelBudgets: {},
    rpm: null,
    tpm: null,
    maxParallel: null,
    modelRpm: {},
    modelTpm: {},
    ...fields,
  };
}

export interface Call {
  readonly model?: string;
  readonly cost?: string;
  readonly input?: number;
  readonly output?: number;
  readonly free?: boolean;
  readonly expiresAt?: number;
}

export function askOf(
  policy: LimitPolicy | null,
  { model = 'gpt-4o', cost = '0', input = 0, output = 0, free = false, expiresAt }: Call = {},
): Ask {
  return {
    policy,
    model,
    estimate: { cost: usdOf(cost), inputTokens: input, outputTokens: output },
    free,
    ...(expiresAt === undefined ? {} : { expiresAt }),
  };
}

/** Limits with a clock to move, and short words for calls. */
export class Desk {
  readonly clock: FakeClock;
  readonly limits: Limits;

  constructor(settings: Partial<LimitSettings> & { readonly at?: string } = {}) {
    const { at, ...rest } = settings;
    this.clock = new FakeClock(at);
    this.limits = new Limits({ clock: this.clock, ...rest });
  }

  admit(policy: LimitPolicy | null, call: Call = {}): Hold {
    return this.limits.admit(askOf(policy, call));
  }

  /** The answer's `x-ratelimit-*`, by name. */
  headersOf(hold: Hold): Record<string, string> {
    const list = this.limits.headersOf(hold);
    return Object.fromEntries(list.flatMap((name, at) => (at % 2 === 0 ? [[name, list[at + 1] ?? '']] : [])));
  }

  settle(hold: Hold, cost = '0', tokens = { input: 0, output: 0 }): void {
    this.limits.settle(hold, usdOf(cost), tokens);
  }

  /** A whole call that costs exactly what was estimated. */
  spend(policy: LimitPolicy | null, cost: string, call: Call = {}): void {
    this.settle(this.admit(policy, { ...call, cost }), cost);
  }

  spent(account = `key:${HASH}`): string {
    return usdText(this.limits.balanceOf(account)?.spend ?? (0n as Usd));
  }
}

/** What a call is refused with. */
export function refusalOf(call: () => unknown): Error & {
  readonly shouldRetry: boolean | null;
  readonly retryAfterMs: number | null;
  readonly headers: Readonly<Record<string, string>>;
} {
  try {
    call();
  } catch (error) {
    return error as ReturnType<typeof refusalOf>;
  }
  throw new Error('the call was admitted');
}
