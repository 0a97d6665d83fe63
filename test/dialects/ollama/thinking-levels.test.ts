import { expect, test } from 'vitest';
import { UnsupportedParamsError } from '../../../src/core/errors.ts';
import type { Reasoning } from '../../../src/core/request.ts';
import { chat } from './asking.ts';

const thinking = (type: string, budgetTokens?: number): Reasoning => ({
  thinking: { type, raw: {}, ...(budgetTokens === undefined ? {} : { budgetTokens }) },
});

test.each<[Reasoning, unknown]>([
  [{ effort: 'low' }, true],
  [{ effort: 'xhigh' }, true],
  [{ effort: 'none' }, false],
  [{ effort: 'disable' }, false],
  [thinking('enabled', 2048), true],
  [thinking('adaptive'), true],
  [thinking('disabled'), false],
])('%j is think: %s', (reasoning, think) => {
  expect(chat({ reasoning }).body['think']).toBe(think);
});

test.each<[Reasoning, unknown]>([
  [{ effort: 'minimal' }, 'low'],
  [{ effort: 'medium' }, 'medium'],
  [{ effort: 'max' }, 'high'],
  [{ effort: 'none' }, 'low'],
  [thinking('enabled', 12_000), 'high'],
  [thinking('enabled', 6000), 'medium'],
  [thinking('enabled', 1024), 'low'],
])('gpt-oss, which only knows levels: %j is think: %s', (reasoning, think) => {
  expect(chat({ reasoning }, { model: 'gpt-oss:20b' }).body['think']).toBe(think);
});

test('without a word the model decides', () => {
  expect(chat({ reasoning: { summary: 'auto' } }).body).not.toHaveProperty('think');
});

test('a model known not to think is not asked to', () => {
  const whom = { abilities: { reasoning: false } };
  expect(() => chat({ reasoning: { effort: 'low' } }, whom)).toThrow(UnsupportedParamsError);
  expect(chat({ reasoning: { effort: 'low' } }, { ...whom, params: { drop: true } }).body).not.toHaveProperty('think');
  expect(chat({ reasoning: { effort: 'none' } }, whom).body['think']).toBe(false);
});
