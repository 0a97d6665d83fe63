/**
 * What `admit` and `settle` cost for a key in use, and what an idle key costs in memory.
 *
 *     node --expose-gc bench/limits/admit.ts
 *
 * Prints one JSON object: microseconds for one whole call (admit, settle) by kind of key, and bytes for each idle balance
 * of 100,000, for keys that were reset once and for keys that never were.
 */
import { createHash } from 'node:crypto';
import { systemClock } from '../../src/core/clock.ts';
import type { Balance, LimitPolicy } from '../../src/core/limit-policy.ts';
import { usdOf } from '../../src/core/money.ts';
import { Limits } from '../../src/limits/limits.ts';

const KEYS = 100_000;
const CALLS = 300_000;
const COST = usdOf('0.000123');
const TOKENS = { input: 200, output: 90 };
const PLAIN: LimitPolicy = {
  subject: 'api_key',
  owner: null,
  id: 'k'.repeat(64),
  label: 'bench',
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
};
const USUAL: LimitPolicy = {
  ...PLAIN,
  maxBudget: usdOf('1000000'),
  budgetDuration: '1d',
  budgetResetAt: Date.now(),
  rpm: 1_000_000_000,
  tpm: 2 ** 40,
};
const FULL: LimitPolicy = {
  ...USUAL,
  maxParallel: 1000,
  windows: [{ duration: '1h', maxBudget: usdOf('1000000') }],
  modelBudgets: { 'gpt-*': { maxBudget: usdOf('1000000'), duration: '1d' } },
  modelRpm: { 'gpt-4o': 1_000_000_000 },
  modelTpm: { 'gpt-4o': 2 ** 40 },
};

function microsecondsPerCall(policy: LimitPolicy | null): { readonly wall: number; readonly cpu: number } {
  const limits = new Limits({ clock: systemClock });
  limits.setGlobalBudget({ maxBudget: usdOf('1000000'), duration: '1mo' });
  const ask = { policy, model: 'gpt-4o', estimate: { cost: COST, inputTokens: 200, outputTokens: 500 }, free: false, expiresAt: Infinity };
  const run = (calls: number) => {
    for (let n = 0; n < calls; n++) limits.settle(limits.admit(ask), COST, TOKENS);
  };
  run(20_000);
  const cpuBefore = process.cpuUsage();
  const started = performance.now();
  run(CALLS);
  const wall = ((performance.now() - started) / CALLS) * 1000;
  const { user, system } = process.cpuUsage(cpuBefore);
  return { wall: Number(wall.toFixed(2)), cpu: Number(((user + system) / CALLS).toFixed(2)) };
}

/** Balances as they come from the database: every text and number its own. */
function* balances(reset: boolean): Generator<Balance> {
  for (let n = 0; n < KEYS; n++) {
    const account = Buffer.from(`key:${createHash('sha256').update(String(n)).digest('hex')}`).toString('latin1');
    const total = usdOf(`${n}.000123`);
    yield { account, spend: reset ? usdOf('0.5') : total, total, windowStart: reset ? Date.parse('2026-05-01') + n : 0 };
  }
}

function bytesPerIdleKey(reset: boolean): number {
  const limits = new Limits({ clock: systemClock });
  globalThis.gc?.();
  const before = process.memoryUsage().heapUsed;
  limits.load(balances(reset));
  globalThis.gc?.();
  const bytes = (process.memoryUsage().heapUsed - before) / KEYS;
  if (!limits.balanceOf('global')) throw new Error('kept alive until here');
  return Math.round(bytes);
}

console.log(
  JSON.stringify(
    {
      callMicroseconds: {
        masterKey: microsecondsPerCall(null),
        noLimits: microsecondsPerCall(PLAIN),
        rpmTpmBudget: microsecondsPerCall(USUAL),
        everything: microsecondsPerCall(FULL),
      },
      bytesPerIdleKey: globalThis.gc ? { neverReset: bytesPerIdleKey(false), reset: bytesPerIdleKey(true) } : 'needs --expose-gc',
    },
    null,
    2,
  ),
);
