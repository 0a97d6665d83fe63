import { beforeEach, describe, expect, test } from 'vitest';
import { ClientGoneError, TimeoutError } from '../../src/core/errors.ts';
import { Cooldowns, type CooldownSettings, type Subject } from '../../src/router/cooldowns.ts';
import { failure, StandingClock } from './support.ts';

const SETTINGS: CooldownSettings = { disabled: false, cooldownMs: 5000, allowedFails: null, allowedFailsPolicy: new Map() };
const OF_TWO: Subject = { key: 'a', groupSize: 2, cooldownMs: null };
const ALONE: Subject = { key: 'a', groupSize: 1, cooldownMs: null };

let clock: StandingClock;
let cooldowns: Cooldowns;

beforeEach(() => {
  clock = new StandingClock();
  // At the beginning of a minute.
  clock.ms -= clock.ms % 60_000;
  cooldowns = new Cooldowns(clock, SETTINGS);
});

describe('a deployment among others', () => {
  test.each([429, 401, 404])('rests at once after %i', (status) => {
    cooldowns.failed(OF_TWO, failure(status));
    expect(cooldowns.restOf('a')).toBe(5000);
    expect(cooldowns.restOf('b')).toBe(0);
  });

  test.each([400, 403, 409, 413, 422])('never rests after %i', (status) => {
    for (let i = 0; i < 20; i++) cooldowns.failed(OF_TWO, failure(status));
    expect(cooldowns.restOf('a')).toBe(0);
  });

  test.each([
    ['500', failure(500)],
    ['503', failure(503)],
    ['a time-out', new TimeoutError('total', 1000)],
    ['a refused connection', failure(502, { class: 'APIConnectionError' })],
  ])('rests after %s when more than half of at least five calls in the minute failed', (_name, error) => {
    for (let i = 0; i < 2; i++) cooldowns.failed(OF_TWO, error);
    cooldowns.succeeded('a');
    cooldowns.succeeded('a');
    expect(cooldowns.restOf('a')).toBe(0);
    cooldowns.failed(OF_TWO, error);
    expect(cooldowns.restOf('a')).toBe(5000);
  });

  test('does not rest when half of the calls succeed', () => {
    cooldowns.failed(OF_TWO, failure(500));
    for (let i = 0; i < 10; i++) {
      cooldowns.succeeded('a');
      cooldowns.failed(OF_TWO, failure(500));
      cooldowns.succeeded('a');
    }
    expect(cooldowns.restOf('a')).toBe(0);
  });

  test('begins a new count with each minute', () => {
    for (let i = 0; i < 4; i++) cooldowns.failed(OF_TWO, failure(500));
    clock.pass(60_000);
    cooldowns.failed(OF_TWO, failure(500));
    expect(cooldowns.restOf('a')).toBe(0);
  });

  test('is never told of clients that leave', () => {
    for (let i = 0; i < 10; i++) cooldowns.failed(OF_TWO, new ClientGoneError('gone'));
    expect(cooldowns.restOf('a')).toBe(0);
    expect(cooldowns.resting()).toEqual([]);
  });
});

describe('a deployment alone in its group', () => {
  test.each([429, 401, 404])('does not rest after %i: its callers need to see the answer', (status) => {
    for (let i = 0; i < 50; i++) cooldowns.failed(ALONE, failure(status));
    expect(cooldowns.restOf('a')).toBe(0);
  });

  test('rests when each of a thousand calls in a minute failed', () => {
    for (let i = 0; i < 999; i++) cooldowns.failed(ALONE, failure(500));
    expect(cooldowns.restOf('a')).toBe(0);
    cooldowns.failed(ALONE, failure(500));
    expect(cooldowns.restOf('a')).toBe(5000);
  });
});

describe('allowed fails', () => {
  beforeEach(() => {
    cooldowns.configure({ ...SETTINGS, allowedFails: 2 });
  });

  test('are counted in a sliding minute, single deployments included', () => {
    cooldowns.failed(ALONE, failure(500));
    cooldowns.failed(ALONE, failure(500));
    clock.pass(59_000);
    expect(cooldowns.restOf('a')).toBe(0);
    cooldowns.failed(ALONE, failure(500));
    expect(cooldowns.restOf('a')).toBe(5000);
  });

  test('may be set for a class of failures alone, and then count for it in place of the general number', () => {
    cooldowns.configure({ ...SETTINGS, allowedFails: 2, allowedFailsPolicy: new Map([['RateLimitErrorAllowedFails', 0]]) });
    cooldowns.failed(ALONE, failure(500, { class: 'InternalServerError' }));
    expect(cooldowns.restOf('a')).toBe(0);
    cooldowns.failed(ALONE, failure(429, { class: 'RateLimitError' }));
    expect(cooldowns.restOf('a')).toBe(5000);
  });

  test('that are older than the window do not count', () => {
    cooldowns.failed(ALONE, failure(500));
    cooldowns.failed(ALONE, failure(500));
    clock.pass(60_001);
    cooldowns.failed(ALONE, failure(500));
    expect(cooldowns.restOf('a')).toBe(0);
  });
});

describe('how long', () => {
  test('the deployment says, else the provider, else the router', () => {
    cooldowns.failed({ key: 'own', groupSize: 2, cooldownMs: 1000 }, failure(429, { retryAfterMs: 30_000 }));
    cooldowns.failed({ key: 'asked', groupSize: 2, cooldownMs: null }, failure(429, { retryAfterMs: 30_000 }));
    cooldowns.failed({ key: 'too long', groupSize: 2, cooldownMs: null }, failure(429, { retryAfterMs: 3_600_001 }));
    expect(['own', 'asked', 'too long'].map((key) => cooldowns.restOf(key))).toEqual([1000, 30_000, 5000]);
  });

  test('the clock alone ends a rest', () => {
    cooldowns.failed(OF_TWO, failure(429));
    expect(cooldowns.resting()).toEqual([{ key: 'a', until: clock.ms + 5000, reason: 'ProviderError' }]);
    clock.pass(4999);
    expect(cooldowns.restOf('a')).toBe(1);
    clock.pass(1);
    expect(cooldowns.restOf('a')).toBe(0);
    expect(cooldowns.resting()).toEqual([]);
  });

  test.each([{ disabled: true }, { cooldownMs: 0 }])('never, with %o', (settings) => {
    cooldowns.configure({ ...SETTINGS, ...settings });
    for (let i = 0; i < 20; i++) cooldowns.failed(OF_TWO, failure(429, { retryAfterMs: 1000 }));
    expect(cooldowns.restOf('a')).toBe(0);
  });
});
