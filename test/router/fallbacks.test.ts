import { describe, expect, test } from 'vitest';
import {
  AuthError,
  BudgetExceededError,
  InvalidRequestError,
  NoDeploymentError,
  TimeoutError,
  UnsupportedParamsError,
} from '../../src/core/errors.ts';
import { NO_USD } from '../../src/core/money.ts';
import { fallbacksFor, targetOf, type FallbackSettings, type FallbackTarget } from '../../src/router/fallbacks.ts';
import { failure } from './support.ts';

function fallbackMap(rules: readonly Readonly<Record<string, unknown>>[]): Map<string, readonly FallbackTarget[]> {
  const entries = rules.flatMap((rule) => Object.entries(rule));
  return new Map(
    entries.map(([group, targets]) => [
      group,
      [targets]
        .flat()
        .map(targetOf)
        .filter((target) => target !== null),
    ]),
  );
}

const SETTINGS: FallbackSettings = {
  general: fallbackMap([{ gpt: ['claude', { model: 'llama', temperature: 0 }] }, { 'big/*': ['small'] }, { 'plain-name': 'one' }]),
  contextWindow: null,
  contentPolicy: null,
  byDefault: [],
  maxFallbacks: 5,
};
const TOO_LONG = failure(400, { class: 'ContextWindowExceededError' });
const FORBIDDEN = failure(400, { class: 'ContentPolicyViolationError' });
const models = (group: string, error: unknown, more: Partial<FallbackSettings> = {}): string[] =>
  fallbacksFor(group, error, { ...SETTINGS, ...more }).map(({ model }) => model);

describe('who is asked next', () => {
  test('the targets of the group, in order, with what they replace', () => {
    expect(fallbacksFor('gpt', failure(500), SETTINGS)).toEqual([
      { model: 'claude', overrides: {} },
      { model: 'llama', overrides: { temperature: 0 } },
    ]);
  });

  test('is found by name, by name without provider, by pattern, then by `*`', () => {
    const general = fallbackMap([{ '*': ['anybody'] }, { 'big/*': ['small'] }, { 'big/one': ['exact'] }, { two: ['bare'] }]);
    expect(['big/one', 'big/two', 'big/three', 'other'].map((group) => models(group, failure(500), { general }))).toEqual([
      ['exact'],
      ['bare'],
      ['small'],
      ['anybody'],
    ]);
  });

  test('is the default when the group has no list', () => {
    expect(models('unlisted', failure(500), { byDefault: [{ model: 'spare', overrides: {} }] })).toEqual(['spare']);
    expect(models('gpt', failure(500), { byDefault: [{ model: 'spare', overrides: {} }] })).toEqual(['claude', 'llama']);
  });
});

describe('which failures lead on', () => {
  test.each([401, 402, 403, 404, 408, 409, 429, 500, 502, 503, 529])('%i does', (status) => {
    expect(models('gpt', failure(status))).toEqual(['claude', 'llama']);
  });

  test.each([
    ['all deployments rest', new NoDeploymentError('gpt', 5000)],
    ['a time-out', new TimeoutError('idle', 1000)],
    ['parameters that this provider cannot take', new UnsupportedParamsError('openai', 'm', ['logit_bias'])],
  ])('%s does', (_name, error) => {
    expect(models('gpt', error)).toEqual(['claude', 'llama']);
  });

  test.each([400, 413, 422])('%i does not: a wrong request is wrong everywhere', (status) => {
    expect(models('gpt', failure(status))).toEqual([]);
  });

  test.each([
    ['a wrong request', new InvalidRequestError('no')],
    ['a refused key', new AuthError('no')],
    ['a spent budget', new BudgetExceededError('key', 'Key', NO_USD, NO_USD, null, null, 0)],
    ['a fault of ours', new TypeError('x is not a function')],
  ])('%s does not', (_name, error) => {
    expect(models('gpt', error)).toEqual([]);
  });
});

describe('a prompt that is too long, or against a policy', () => {
  const contextWindow = fallbackMap([{ gpt: ['gpt-long'] }]);
  const contentPolicy = fallbackMap([{ gpt: ['gpt-free'] }]);

  test('has lists of its own', () => {
    expect(models('gpt', TOO_LONG, { contextWindow, contentPolicy })).toEqual(['gpt-long']);
    expect(models('gpt', FORBIDDEN, { contextWindow, contentPolicy })).toEqual(['gpt-free']);
  });

  test('is the answer when the list has nothing for the group', () => {
    expect(models('big/x', TOO_LONG, { contextWindow })).toEqual([]);
    expect(models('big/x', FORBIDDEN, { contentPolicy })).toEqual([]);
  });

  test('goes by the general list when there is no such list at all', () => {
    expect(models('gpt', TOO_LONG, { contentPolicy })).toEqual(['claude', 'llama']);
    expect(models('gpt', FORBIDDEN, { contextWindow })).toEqual(['claude', 'llama']);
  });
});

test('a target is a name or an object with a model; anything else is none', () => {
  expect(targetOf('a')).toEqual({ model: 'a', overrides: {} });
  expect(targetOf({ model: 'a', messages: [] })).toEqual({ model: 'a', overrides: { messages: [] } });
  expect(['', {}, { model: 1 }, null, 3, ['a']].map(targetOf)).toEqual([null, null, null, null, null, null]);
});
