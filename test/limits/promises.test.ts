import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { BudgetExceededError, GatewayError } from '../../src/core/errors.ts';
import type { Charge, LimitPolicy } from '../../src/core/limit-policy.ts';
import { NO_USD, usdOf, type Usd } from '../../src/core/money.ts';
import type { Hold } from '../../src/limits/limits.ts';
import { NaiveKey, type NaiveCall } from './naive-model.ts';
import { Desk, HASH, policyOf } from './support.ts';

const cents = (n: number) => usdOf(`${n}e-2`);

type Step =
  | { readonly do: 'admit'; readonly key: number; readonly model: string; readonly cost: number; readonly tokens: number }
  | { readonly do: 'settle'; readonly which: number; readonly share: number }
  | { readonly do: 'release'; readonly which: number }
  | { readonly do: 'pass'; readonly ms: number }
  | { readonly do: 'sweep' };

const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof(
    {
      weight: 6,
      arbitrary: fc.record({
        do: fc.constant('admit' as const),
        key: fc.nat(1),
        model: fc.constantFrom('a', 'b'),
        cost: fc.nat(40),
        tokens: fc.nat(60),
      }),
    },
    { weight: 4, arbitrary: fc.record({ do: fc.constant('settle' as const), which: fc.nat(), share: fc.integer({ min: 0, max: 120 }) }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('release' as const), which: fc.nat() }) },
    {
      weight: 2,
      arbitrary: fc.record({ do: fc.constant('pass' as const), ms: fc.constantFrom(1, 20_000, 59_999, 60_000, 3_600_000, 20_000_000) }),
    },
    { weight: 1, arbitrary: fc.constant({ do: 'sweep' as const }) },
  ),
  { minLength: 20, maxLength: 120 },
);

const limit = <T>(values: fc.Arbitrary<T>) => fc.option(values, { freq: 3 });

const policies: fc.Arbitrary<LimitPolicy> = fc
  .record({
    max: limit(fc.nat(200)),
    hour: limit(fc.nat(100)),
    day: limit(fc.nat(150)),
    model: limit(fc.nat(80)),
    rpm: limit(fc.nat(8)),
    tpm: limit(fc.nat(150)),
    maxParallel: limit(fc.nat(4)),
  })
  .map(({ max, hour, day, model, rpm, tpm, maxParallel }) =>
    policyOf({
      maxBudget: max === null ? null : cents(max),
      windows: [
        ...(hour === null ? [] : [{ duration: '1h', maxBudget: cents(hour) }]),
        ...(day === null ? [] : [{ duration: '1d', maxBudget: cents(day) }]),
      ],
      modelBudgets: model === null ? {} : { a: { maxBudget: cents(model), duration: '1d' } },
      rpm,
      tpm,
      maxParallel,
    }),
  );

/** The hold, or null when the call was refused. */
function admitted(admit: () => Hold): Hold | null {
  try {
    return admit();
  } catch (error) {
    if (error instanceof GatewayError) return null;
    throw error;
  }
}

/** Balances as the database folds them from what was settled. */
class Fold {
  readonly #balances = new Map<string, { spend: bigint; total: bigint; windowStart: number }>();

  add(charges: readonly Charge[], cost: Usd): void {
    for (const { account, windowStart } of charges) {
      const old = this.#balances.get(account) ?? { spend: 0n, total: 0n, windowStart: 0 };
      const spend = windowStart > old.windowStart ? cost : windowStart === old.windowStart ? old.spend + cost : old.spend;
      this.#balances.set(account, { spend, total: old.total + cost, windowStart: Math.max(windowStart, old.windowStart) });
    }
  }

  get all(): ReadonlyMap<string, { spend: bigint; total: bigint; windowStart: number }> {
    return this.#balances;
  }
}

interface OpenCall {
  readonly hold: Hold;
  readonly call: NaiveCall;
  readonly key: NaiveKey;
  readonly cost: number;
  readonly tokens: number;
}

/** The limits and a naive count of the same calls, side by side. */
class Twins {
  readonly desk = new Desk();
  readonly fold = new Fold();
  readonly open: OpenCall[] = [];
  readonly policies: readonly LimitPolicy[];
  readonly #naive: readonly NaiveKey[];

  constructor(policies: readonly LimitPolicy[]) {
    this.policies = policies.map((policy, index) => ({ ...policy, id: String(index) }));
    this.#naive = policies.map((policy) => new NaiveKey(policy));
  }

  /** @returns whether both came to the same */
  play(step: Step): boolean {
    if (step.do === 'admit') return this.#admit(step);
    if (step.do === 'pass') this.desk.clock.pass(step.ms);
    if (step.do === 'sweep') this.desk.limits.sweep(this.desk.clock.now());
    if (step.do === 'settle') this.#settle(this.#take(step.which), step.share);
    if (step.do === 'release') this.#release(this.#take(step.which));
    return this.desk.limits.openHolds === this.open.length;
  }

  endAll(): void {
    while (this.open.length > 0) this.#settle(this.#take(0), 100);
  }

  #admit({ key, model, cost, tokens }: Extract<Step, { do: 'admit' }>): boolean {
    const naive = this.#naive[key] as NaiveKey;
    const call = naive.admit(model, cents(cost), tokens, this.desk.clock.now());
    const hold = admitted(() => this.desk.admit(this.policies[key] as LimitPolicy, { model, cost: `${cost}e-2`, input: tokens }));
    if (hold && call) this.open.push({ hold, call, key: naive, cost, tokens });
    return (hold === null) === (call === null);
  }

  #take(which: number): OpenCall | undefined {
    return this.open.splice(which % Math.max(1, this.open.length), 1)[0];
  }

  #settle(ended: OpenCall | undefined, share: number): void {
    if (!ended) return;
    const cost = cents(Math.floor((ended.cost * share) / 100));
    const tokens = Math.floor((ended.tokens * share) / 100);
    this.fold.add(this.desk.limits.settle(ended.hold, cost, { input: tokens, output: 0 }), cost);
    ended.key.settle(ended.call, cost, tokens, this.desk.clock.now());
  }

  #release(ended: OpenCall | undefined): void {
    if (!ended) return;
    this.desk.limits.release(ended.hold);
    ended.key.release(ended.call);
  }
}

describe('under any sequence of calls', () => {
  test('a call is admitted exactly when a naive count admits it, and balances are the fold of settlements', () => {
    fc.assert(
      fc.property(fc.tuple(policies, policies), steps, (chosen, sequence) => {
        const twins = new Twins(chosen);
        for (const step of sequence) expect(twins.play(step)).toBe(true);
        twins.endAll();
        const { limits } = twins.desk;
        expect(limits.openHolds).toBe(0);
        for (const [account, balance] of twins.fold.all) {
          const mine = limits.balanceOf(account);
          expect(mine?.total).toBe(balance.total);
          // When a reset came since, nothing was settled in the new window yet.
          expect(mine?.spend).toBe(mine?.windowStart === balance.windowStart ? balance.spend : NO_USD);
        }
        for (const policy of twins.policies) expect(limits.budgetsOf(policy).every(({ held }) => held === 0n)).toBe(true);
      }),
      { numRuns: 300 },
    );
  });

  test('settled and held money never pass the limit, but for one call that was admitted alone (I1)', () => {
    const calls = fc.array(fc.record({ cost: fc.nat(100), end: fc.boolean(), share: fc.nat(100) }), { minLength: 10, maxLength: 100 });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 200 }), calls, (max, sequence) => {
        const desk = new Desk();
        const policy = policyOf({ maxBudget: cents(max) });
        const open: { hold: Hold; cost: number }[] = [];
        for (const { cost, end, share } of sequence) {
          const hold = admitted(() => desk.admit(policy, { cost: `${cost}e-2` }));
          if (hold) open.push({ hold, cost });
          const [state] = desk.limits.budgetsOf(policy);
          const used = (state?.spend ?? 0n) + (state?.held ?? 0n);
          const alone = open.filter((call) => call.cost > 0).length <= 1;
          expect(used <= cents(max) || alone).toBe(true);
          const ended = end ? open.shift() : undefined;
          if (ended) desk.settle(ended.hold, `${Math.floor((ended.cost * share) / 100)}e-2`);
        }
      }),
      { numRuns: 300 },
    );
  });
});

describe('windows under a clock that people set (I6)', () => {
  test('only move forward, and nothing is lost or doubled', () => {
    const moves = fc.array(
      fc.record({
        ms: fc.integer({ min: 0, max: 50_000_000 }),
        back: fc.integer({ min: 0, max: 100_000_000 }),
        set: fc.boolean(),
        cost: fc.nat(50),
        hold: fc.boolean(),
      }),
      { minLength: 5, maxLength: 60 },
    );
    const zones = fc.constantFrom('UTC', 'Europe/Berlin', 'America/New_York', 'Asia/Kathmandu', 'Australia/Lord_Howe');
    const durations = fc.constantFrom('1h', '1d', '3d', '7d', '1mo');
    const begins = fc.constantFrom('2026-03-28T20:00:00Z', '2026-10-24T20:00:00Z', '2028-02-28T10:00:00Z', '2026-12-31T10:00:00Z');
    fc.assert(
      fc.property(zones, durations, begins, moves, (timezone, duration, at, sequence) => {
        const desk = new Desk({ at, zone: { timezone, resetTime: '00:00' } });
        const policy = policyOf({ windows: [{ duration, maxBudget: usdOf('1000000') }] });
        const account = `key:${HASH}|${duration}`;
        const byWindow = new Map<number, bigint>();
        let [last, total] = [0, 0n];
        let waiting: Hold | null = null;
        for (const { ms, back, set, cost, hold } of sequence) {
          desk.clock.pass(ms);
          if (set) desk.clock.step(-back);
          const ended: Hold = waiting ?? desk.admit(policy, { cost: '1' });
          waiting = hold && !waiting ? ended : null;
          if (waiting) continue;
          const charge = desk.limits.settle(ended, cents(cost), { input: 0, output: 0 }).find((one) => one.account === account);
          expect(charge?.windowStart).toBeGreaterThanOrEqual(last);
          last = charge?.windowStart ?? 0;
          byWindow.set(last, (byWindow.get(last) ?? 0n) + cents(cost));
          total += cents(cost);
          expect(desk.limits.balanceOf(account)).toEqual({ account, spend: byWindow.get(last), total, windowStart: last });
        }
        expect([...byWindow.values()].reduce((sum, part) => sum + part, 0n)).toBe(total);
      }),
      { numRuns: 200 },
    );
  });
});

describe('200 calls at once on a budget for 10', () => {
  test('serve at most 10, refuse the rest with the exact error, and refuse nobody wrongly afterwards', async () => {
    const desk = new Desk();
    const policy = policyOf({ maxBudget: usdOf('1') });
    const call = async (turns: number): Promise<string> => {
      for (let n = 0; n < turns % 3; n++) await Promise.resolve();
      try {
        const hold = desk.admit(policy, { cost: '0.1' });
        for (let n = 0; n < turns; n++) await Promise.resolve();
        desk.settle(hold, '0.1');
        return 'served';
      } catch (error) {
        return error instanceof BudgetExceededError ? error.message : String(error);
      }
    };
    const results = await Promise.all(Array.from({ length: 200 }, (_, n) => call(100 + n)));
    expect(results.filter((result) => result === 'served')).toHaveLength(10);
    const refusals = new Set(results.filter((result) => result !== 'served'));
    expect([...refusals]).toEqual([
      'Budget has been exceeded! Key=app (sk-...AbCd) Current cost: 0, Max budget: 1. 10 running calls hold 1 of it; try again when they end.',
    ]);
    expect(desk.spent()).toBe('1');
    expect(desk.limits.openHolds).toBe(0);
    desk.limits.policyChanged(policyOf({ maxBudget: usdOf('2') }));
    for (let n = 0; n < 10; n++) desk.spend(policyOf({ maxBudget: usdOf('2') }), '0.1');
  });
});
