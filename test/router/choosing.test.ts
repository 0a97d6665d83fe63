import * as fc from 'fast-check';
import { beforeEach, describe, expect, test } from 'vitest';
import type { Deployment } from '../../src/core/deployment.ts';
import { NoDeploymentError } from '../../src/core/errors.ts';
import { ModelTable } from '../../src/router/model-table.ts';
import { Router, type RouterSettings } from '../../src/router/router.ts';
import { shuffled } from '../../src/router/shuffle.ts';
import { deployment, failure, groupOf, StandingClock } from './support.ts';

const SETTINGS: RouterSettings = {
  cooldown: { disabled: false, cooldownMs: 5000, allowedFails: null, allowedFailsPolicy: new Map() },
  fallbacks: { general: new Map(), contextWindow: null, contentPolicy: null, byDefault: [], maxFallbacks: 5 },
  retryPolicy: new Map(),
  groupRetryPolicies: new Map(),
  retries: 2,
  leastWaitMs: 0,
};

let clock: StandingClock;
let draw: number;
let router: Router<unknown>;

beforeEach(() => {
  clock = new StandingClock();
  draw = 0;
  router = new Router(
    { clock, random: () => draw, settings: SETTINGS },
    new ModelTable({ deployments: [], wildcards: [], aliases: [], accessGroupsOf: () => [] }),
  );
});

/** How often each is chosen when the draws are spread evenly. */
function shares(candidates: readonly Deployment[]): Record<string, number> {
  const counts: Record<string, number> = Object.fromEntries(candidates.map(({ id }) => [id, 0]));
  for (let i = 0; i < 1000; i++) {
    const { id } = shuffled(candidates, () => i / 1000);
    counts[id] = (counts[id] ?? 0) + 1;
  }
  return counts;
}

describe('the weighted shuffle', () => {
  test('goes by weight when any has one; who has none gets nothing', () => {
    expect(shares([deployment('a', { weight: 3 }), deployment('b', { weight: 1, rpm: 1000 }), deployment('c', { rpm: 1000 })])).toEqual({
      a: 750,
      b: 250,
      c: 0,
    });
  });

  test('goes by rpm without weights, by tpm without both', () => {
    expect(shares([deployment('a', { rpm: 900 }), deployment('b', { rpm: 100, tpm: 10 })])).toEqual({ a: 900, b: 100 });
    expect(shares([deployment('a', { tpm: 1 }), deployment('b', { tpm: 4 })])).toEqual({ a: 200, b: 800 });
  });

  test('is even without any, and when all weights are 0', () => {
    expect(shares([deployment('a'), deployment('b')])).toEqual({ a: 500, b: 500 });
    expect(shares([deployment('a', { weight: 0 }), deployment('b', { weight: 0 })])).toEqual({ a: 500, b: 500 });
  });

  test('always chooses one of the candidates, and none without weight beside one with', () => {
    fc.assert(
      fc.property(
        fc.array(fc.option(fc.double({ min: 0, max: 100, noNaN: true })), { minLength: 1, maxLength: 6 }),
        fc.double({ min: 0, max: 0.999_999, noNaN: true }),
        (weights, random) => {
          const candidates = weights.map((weight, i) => deployment(String(i), { weight }));
          const chosen = shuffled(candidates, () => random);
          expect(candidates).toContain(chosen);
          if (weights.some((weight) => (weight ?? 0) > 1e-6)) expect(chosen.weight ?? 0).toBeGreaterThan(0);
        },
      ),
    );
  });
});

describe('a level of deployments', () => {
  const [a, b, c] = [deployment('a'), deployment('b'), deployment('c')];
  const group = groupOf(a, b, c);
  const level = [a, b, c];

  test('never gives one that rests', () => {
    router.failed(group, a, failure(429));
    for (draw = 0; draw < 1; draw += 0.1) expect(router.choose(group, level, new Set(), false).id).not.toBe('a');
    clock.pass(5000);
    draw = 0;
    expect(router.choose(group, level, new Set(), false).id).toBe('a');
  });

  test('gives one that just failed only when no other is left', () => {
    draw = 0;
    expect(router.choose(group, level, new Set([a]), false).id).toBe('b');
    expect(router.choose(group, level, new Set([a, b]), false).id).toBe('c');
    expect(level).toContain(router.choose(group, level, new Set(level), false));
  });

  test('says when the first is awake again when all rest', () => {
    for (const [i, one] of level.entries()) router.failed(group, one, failure(429, { retryAfterMs: 10_000 + i * 1000 }));
    clock.pass(2500);
    const refusal = (() => {
      try {
        return router.choose(group, level, new Set(), false);
      } catch (error) {
        return error;
      }
    })();
    expect(refusal).toBeInstanceOf(NoDeploymentError);
    expect(refusal).toMatchObject({ retryAfterMs: 8000, message: expect.stringContaining('Try again in 8 seconds. Passed model=g') });
  });

  test('is given although it rests to who names its id', () => {
    router.failed(group, a, failure(429));
    expect(router.choose(group, [a], new Set(), true)).toBe(a);
    expect(() => router.choose(group, [a], new Set(), false)).toThrow(NoDeploymentError);
  });

  test('a concrete model of a wildcard row rests alone', () => {
    const [one, two] = [deployment('wild', { model: 'one' }), deployment('wild', { model: 'two' })];
    router.failed(groupOf(one, b), one, failure(429));
    expect(() => router.choose(groupOf(one), [one], new Set(), false)).toThrow(NoDeploymentError);
    expect(router.choose(groupOf(two), [two], new Set(), false)).toBe(two);
  });

  test('order levels come lowest first, whatever their place in the file', () => {
    const { levels } = groupOf(
      deployment('x', { order: 2 }),
      deployment('y'),
      deployment('z', { order: 10 }),
      deployment('w', { order: 2 }),
    );
    expect(levels.map((members) => members.map(({ id }) => id))).toEqual([['y'], ['x', 'w'], ['z']]);
  });
});

describe('the next step after a failure', () => {
  const [a, b] = [deployment('a'), deployment('b')];
  const group = groupOf(a, b);

  test('is another deployment at once', () => {
    expect(router.next(group, [a, b], new Set([a]), failure(500), 0, null)).toEqual({ retry: true, waitMs: 0 });
  });

  test('is a wait when none is left or all others rest', () => {
    draw = 0;
    expect(router.next(group, [a], new Set([a]), failure(500), 0, null)).toEqual({ retry: true, waitMs: 375 });
    router.failed(group, b, failure(429));
    expect(router.next(group, [a, b], new Set([a]), failure(500), 1, null)).toEqual({ retry: true, waitMs: 750 });
  });

  test('is the end when the tries are used up; request, key or deployment may say how many', () => {
    expect(router.next(group, [a, b], new Set([a]), failure(500), 2, null)).toEqual({ retry: false });
    expect(router.next(group, [a, b], new Set([a]), failure(500), 0, 0)).toEqual({ retry: false });
    expect(router.next(group, [a, b], new Set([a]), failure(500), 4, 5)).toMatchObject({ retry: true });
    // A policy of the group's own replaces the general one.
    const policies = new Map([[group.name, new Map([['DefaultRetries', 1]])]]);
    router.reload(router.table, { ...SETTINGS, retryPolicy: new Map([['DefaultRetries', 3]]), groupRetryPolicies: policies });
    expect(router.next(group, [a, b], new Set([a]), failure(500), 0, null)).toMatchObject({ retry: true });
    expect(router.next(group, [a, b], new Set([a]), failure(500), 1, null)).toEqual({ retry: false });
    expect(router.next({ ...group, name: 'another' }, [a, b], new Set([a]), failure(500), 2, null)).toMatchObject({ retry: true });
  });
});
