import { describe, expect, it, test } from 'vitest';
import { InvalidRequestError, UnsupportedParamsError } from '../../../src/core/errors.ts';
import { createGemini } from '../../../src/dialects/gemini/index.ts';
import { chatRequest, configOf, target, write } from './hub.ts';

const thinking = (model: string, effort: string): unknown => configOf({ reasoning: { effort } }, target(model))['thinkingConfig'];
const shown = (members: object): object => ({ ...members, includeThoughts: true });

describe('reasoning_effort', () => {
  it.each([
    ['gemini-2.5-flash', 'none', { thinkingBudget: 0 }],
    ['gemini-2.5-flash', 'disable', { thinkingBudget: 0 }],
    ['gemini-2.5-flash', 'minimal', shown({ thinkingBudget: 1 })],
    ['gemini-2.5-flash', 'low', shown({ thinkingBudget: 1024 })],
    ['gemini-2.5-flash', 'medium', shown({ thinkingBudget: 2048 })],
    ['gemini-2.5-flash', 'high', shown({ thinkingBudget: 4096 })],
    ['gemini-2.5-flash', 'max', shown({ thinkingBudget: 4096 })],
    ['gemini-2.5-flash-lite', 'minimal', shown({ thinkingBudget: 512 })],
    ['gemini-2.5-pro', 'none', { thinkingBudget: 128 }],
    ['gemini-2.5-pro', 'minimal', shown({ thinkingBudget: 128 })],
    ['gemini-3-flash-preview', 'none', { thinkingLevel: 'minimal' }],
    ['gemini-3-flash-preview', 'minimal', shown({ thinkingLevel: 'minimal' })],
    ['gemini-3-flash-preview', 'medium', shown({ thinkingLevel: 'medium' })],
    ['gemini-3-pro-preview', 'none', { thinkingLevel: 'low' }],
    ['gemini-3-pro-preview', 'minimal', shown({ thinkingLevel: 'low' })],
    ['gemini-3-pro-preview', 'medium', shown({ thinkingLevel: 'high' })],
    ['gemini-3.1-pro-preview', 'medium', shown({ thinkingLevel: 'medium' })],
    ['gemini-3.6-flash', 'none', { thinkingLevel: 'minimal' }],
    ['gemini-3.7-flash', 'none', { thinkingLevel: 'low' }],
    ['gemini-flash-latest', 'xhigh', shown({ thinkingLevel: 'high' })],
    ['models/gemini-4-pro', 'low', shown({ thinkingLevel: 'low' })],
    ['gemini-3-pro-image-preview', 'high', undefined],
    ['gemini-2.5-flash-image', 'high', undefined],
  ])('%s, %s', (model, effort, config) => {
    expect(thinking(model, effort)).toEqual(config);
  });

  it('that is unknown is refused by name', () => {
    expect(() => thinking('gemini-2.5-flash', 'huge')).toThrow(InvalidRequestError);
    expect(() => thinking('gemini-3-flash-preview', 'constructor')).toThrow(/reasoning_effort 'constructor'/);
  });

  it('left out leaves it to the model', () => {
    expect(configOf({})).toEqual({});
  });

  it('may stand for other budgets, within what the model takes', () => {
    const owner = createGemini({ reasoningBudgets: { low: 3000, high: 99_999, disable: 200 } });
    const budgetOf = (model: string, effort: string): unknown => {
      const { body } = owner.chat(chatRequest({ reasoning: { effort } }), target(model));
      return (body['generationConfig'] as { thinkingConfig: { thinkingBudget: number } }).thinkingConfig.thinkingBudget;
    };
    expect(['low', 'high', 'none'].map((effort) => budgetOf('gemini-2.5-flash', effort))).toEqual([3000, 24_576, 200]);
    expect(budgetOf('gemini-2.5-pro', 'high')).toBe(32_768);
  });
});

test.each([
  ['gemini-2.5-flash', { type: 'enabled', budgetTokens: 5000 }, shown({ thinkingBudget: 5000 })],
  ['gemini-2.5-pro', { type: 'enabled', budgetTokens: 5 }, shown({ thinkingBudget: 128 })],
  ['gemini-2.5-flash', { type: 'adaptive' }, shown({})],
  ['gemini-2.5-flash', { type: 'disabled' }, { thinkingBudget: 0 }],
  ['gemini-3-flash-preview', { type: 'enabled', budgetTokens: 5000 }, shown({})],
  ['gemini-3-flash-preview', { type: 'disabled' }, { thinkingLevel: 'minimal' }],
])('%s with the thinking of Anthropic, %j', (model, wish, config) => {
  const reasoning = { thinking: { ...wish, raw: {} } };
  expect(configOf({ reasoning }, target(model))['thinkingConfig']).toEqual(config);
});

test('a model that cannot think refuses to be told, unless it is told not to or such parameters are dropped', () => {
  const old = 'gemini-2.0-flash';
  expect(() => write({ reasoning: { effort: 'low' } }, target(old))).toThrow(UnsupportedParamsError);
  expect(configOf({ reasoning: { effort: 'low' } }, target(old, { drop: true }))).toEqual({});
  expect(thinking(old, 'none')).toBeUndefined();
});

test('what the client says in Google’s own words wins', () => {
  const extras = { thinking_config: { thinkingBudget: -1 } };
  expect(configOf({ reasoning: { effort: 'low' }, extras })['thinkingConfig']).toEqual({ thinkingBudget: -1 });
});
