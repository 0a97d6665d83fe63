import { beforeEach, describe, expect, test } from 'vitest';
import { ClientGoneError, InvalidRequestError, TimeoutError } from '../../src/core/errors.ts';
import { ProviderStates, together, type ProviderChange } from '../../src/router/provider-states.ts';
import { deployment, failure, StandingClock } from './support.ts';

const MINUTE = 60_000;
const A = deployment('a', { provider: 'openai' });
const B = deployment('b', { provider: 'openai' });

let clock: StandingClock;
let states: ProviderStates;
let changes: ProviderChange[];

beforeEach(() => {
  clock = new StandingClock();
  states = new ProviderStates(clock);
  changes = [];
  states.onChange((change) => changes.push(change));
});

function fail(times: number, error: unknown = failure(503, { message: 'Overloaded' }), restMs = 0): void {
  for (let i = 0; i < times; i++) states.failed(A, error, restMs);
}

function succeed(times: number, ms = 100): void {
  for (let i = 0; i < times; i++) states.succeeded(A, ms);
}

describe('a deployment', () => {
  test('that nobody called is unknown', () => {
    expect(states.health(A)).toMatchObject({ state: 'unknown', since: null, lastAt: null, calls: 0 });
    expect(states.provider('openai')).toEqual({ state: 'unknown', since: null });
  });

  test('is well after an answer', () => {
    succeed(1);
    expect(states.health(A)).toMatchObject({ state: 'ok', since: clock.ms, reason: null, status: null, calls: 1, errors: 0 });
  });

  test('is degraded after one failure, and down after three in a row', () => {
    succeed(10);
    fail(2);
    expect(states.health(A)).toMatchObject({ state: 'degraded', reason: 'Overloaded', status: 503 });
    fail(1);
    expect(states.health(A)).toMatchObject({ state: 'down', calls: 13, errors: 3 });
  });

  test.each([401, 402, 403])('is down at once after %i, which no further try cures', (status) => {
    succeed(10);
    fail(1, failure(status));
    expect(states.health(A).state).toBe('down');
  });

  test('is degraded while one call in four fails', () => {
    succeed(12);
    fail(1);
    succeed(1);
    expect(states.health(A).state).toBe('ok');
    for (let i = 0; i < 3; i++) {
      fail(1);
      succeed(1);
    }
    expect(states.health(A)).toMatchObject({ state: 'degraded', reason: 'Overloaded' });
    succeed(14);
    expect(states.health(A)).toMatchObject({ state: 'ok', reason: null });
  });

  test('rests until a time, and is doubtful after it until it answers', () => {
    fail(1, failure(429, { message: 'Slow down' }), 5000);
    expect(states.health(A)).toMatchObject({ state: 'cooldown', until: clock.ms + 5000, reason: 'Slow down', since: clock.ms });
    clock.pass(5000);
    expect(states.health(A)).toMatchObject({ state: 'degraded', until: null });
    succeed(1);
    expect(states.health(A).state).toBe('ok');
  });

  test('stays down until it answers, and forgets single failures after a quarter of an hour', () => {
    fail(3);
    clock.pass(24 * 60 * MINUTE);
    expect(states.health(A)).toMatchObject({ state: 'down', calls: 0, errors: 0 });
    succeed(1);
    fail(1);
    expect(states.health(A).state).toBe('degraded');
    clock.pass(15 * MINUTE);
    expect(states.health(A).state).toBe('ok');
  });

  test.each([
    ['a wrong request', failure(400)],
    ['a request that cannot be said', new InvalidRequestError('no')],
    ['a client that left', new ClientGoneError('gone')],
    ['a request that cannot be processed', failure(422)],
  ])('does not suffer from %s', (_name, error) => {
    succeed(1);
    fail(9, error);
    expect(states.health(A)).toMatchObject({ state: 'ok', calls: 1, errors: 0 });
  });

  test('suffers from time-outs', () => {
    fail(3, new TimeoutError('first byte', 1000));
    expect(states.health(A)).toMatchObject({ state: 'down', status: 408 });
  });

  test('that breaks off in the middle of an answer has failed that call, which counts once', () => {
    succeed(1);
    states.broke(A, failure(502));
    expect(states.health(A)).toMatchObject({ state: 'degraded', calls: 1, errors: 1 });
  });

  test('counts calls and errors of the last hour', () => {
    for (let minute = 0; minute < 90; minute++) {
      succeed(1);
      if (minute < 45) fail(1);
      clock.pass(MINUTE);
    }
    // Counted in steps of five minutes: the last 55 minutes, and what has begun of the next step.
    expect(states.health(A)).toMatchObject({ calls: 55 + 10, errors: 10 });
    clock.pass(60 * MINUTE);
    expect(states.health(A)).toMatchObject({ calls: 0, errors: 0 });
  });

  test('keeps the speed of the last answers', () => {
    for (let ms = 1; ms <= 100; ms++) succeed(1, ms);
    const latencies = states.health(A).latencies.toSorted((a, b) => a - b);
    expect([latencies.length, latencies[0], latencies.at(-1)]).toEqual([32, 69, 100]);
  });

  test('keeps at most 300 characters of a reason', () => {
    fail(1, failure(500, { message: 'x'.repeat(5000) }));
    expect(states.health(A).reason).toHaveLength(300);
  });
});

describe('a provider', () => {
  test('is told of once when it falls, and once when it answers again', () => {
    succeed(5);
    fail(5);
    succeed(3);
    expect(changes.map(({ was, state, recovered }) => [was, state, recovered])).toEqual([
      ['unknown', 'ok', false],
      ['ok', 'degraded', false],
      ['degraded', 'down', false],
      ['down', 'degraded', false],
    ]);
    succeed(16);
    expect(changes.at(-1)).toMatchObject({ provider: 'openai', was: 'degraded', state: 'ok', recovered: true, reason: null });
  });

  test('that rests says until when, and what it said', () => {
    fail(1, failure(429, { message: 'Slow down' }), 5000);
    expect(changes).toMatchObject([{ state: 'cooldown', until: clock.ms + 5000, reason: 'Slow down' }]);
  });

  test('is looked at when time alone changes it', () => {
    fail(1, failure(429), 5000);
    clock.pass(5000);
    states.sweep();
    expect(changes.at(-1)).toMatchObject({ was: 'cooldown', state: 'degraded' });
    clock.pass(15 * MINUTE);
    states.sweep();
    expect(changes.at(-1)).toMatchObject({ was: 'degraded', state: 'ok', recovered: true });
  });

  test('is degraded while one of its deployments is well', () => {
    fail(3);
    expect(states.provider('openai').state).toBe('down');
    states.succeeded(B, 1);
    expect(states.provider('openai').state).toBe('degraded');
  });

  test.each([
    [[], 'unknown'],
    [['unknown', 'unknown'], 'unknown'],
    [['ok', 'unknown'], 'ok'],
    [['down', 'down', 'unknown'], 'down'],
    [['down', 'cooldown'], 'cooldown'],
    [['ok', 'cooldown'], 'degraded'],
    [['degraded'], 'degraded'],
  ] as const)('of deployments that are %j is %s', (each, all) => {
    expect(together(each)).toBe(all);
  });
});

test('a deployment that a reload made anew has its past; one that is gone has none', () => {
  fail(3);
  states.keep(new Set(['a']));
  expect(states.health(deployment('a', { provider: 'openai' })).state).toBe('down');
  states.succeeded(deployment('a', { provider: 'openai' }), 1);
  expect(states.health(A).calls).toBe(4);
  states.keep(new Set());
  expect(states.health(A).state).toBe('unknown');
  expect(states.provider('openai').state).toBe('unknown');
});

test('deployments of one pattern at several providers are told apart', () => {
  states.failed(deployment('star', { provider: 'groq' }), failure(401), 0);
  states.succeeded(deployment('star', { provider: 'mistral' }), 1);
  expect([states.provider('groq').state, states.provider('mistral').state]).toEqual(['down', 'ok']);
});
