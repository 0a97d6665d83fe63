import { expect, test } from 'vitest';
import { InvalidRequestError, UnsupportedParamsError } from '../../../src/core/errors.ts';
import type { Reasoning } from '../../../src/core/request.ts';
import { createCohere } from '../../../src/dialects/cohere/index.ts';
import { bodyOf, chat, messagesOf, said, targetOf } from './asking.ts';

const thinking = (type: string, raw: Record<string, unknown> = {}, budgetTokens?: number): Reasoning => ({
  thinking: { type, raw, ...(budgetTokens === undefined ? {} : { budgetTokens }) },
});

test.each<[Reasoning, unknown]>([
  [{ effort: 'minimal' }, { type: 'enabled', token_budget: 128 }],
  [{ effort: 'low' }, { type: 'enabled', token_budget: 1024 }],
  [{ effort: 'high' }, { type: 'enabled', token_budget: 4096 }],
  [{ effort: 'max' }, { type: 'enabled' }],
  [{ effort: 'none' }, { type: 'disabled' }],
  [{ effort: 'disable' }, { type: 'disabled' }],
  [thinking('enabled', {}, 6000), { type: 'enabled', token_budget: 6000 }],
  [thinking('enabled', { token_budget: 7000 }), { type: 'enabled', token_budget: 7000 }],
  [thinking('enabled', {}, 0), { type: 'enabled' }],
  [thinking('adaptive'), { type: 'enabled' }],
  [thinking('disabled'), { type: 'disabled' }],
  [{ effort: 'none', ...thinking('enabled') }, { type: 'enabled' }],
])('%j is %j', (reasoning, value) => {
  expect(bodyOf({ reasoning })['thinking']).toEqual(value);
});

test('without a word the model decides', () => {
  expect(bodyOf({ reasoning: { summary: 'auto' } }, { params: { drop: true } })).not.toHaveProperty('thinking');
});

test('a level that is none is refused with those there are', () => {
  expect(() => bodyOf({ reasoning: { effort: 'hard' } })).toThrow(InvalidRequestError);
  expect(() => bodyOf({ reasoning: { effort: 'hard' } })).toThrow('none, minimal, low, medium, high, xhigh, max');
});

test('budgets of levels may be set', () => {
  const own = createCohere({ reasoningBudgets: { low: 9 } });
  const request = { model: 'm', messages: [said('user', 'Hi')], stream: false, others: {}, extras: {}, reasoning: { effort: 'low' } };
  expect(own.chat(request, targetOf()).body['thinking']).toEqual({ type: 'enabled', token_budget: 9 });
});

test('a model known not to think is neither asked to nor told of thoughts', () => {
  const whom = { abilities: { reasoning: false } };
  expect(() => chat({ reasoning: { effort: 'low' } }, whom)).toThrow(UnsupportedParamsError);
  expect(bodyOf({ reasoning: { effort: 'low' } }, { ...whom, params: { drop: true } })).not.toHaveProperty('thinking');
  expect(bodyOf({ reasoning: { effort: 'none' } }, whom)).not.toHaveProperty('thinking');
  const turn = said('assistant', { type: 'reasoning', text: 'Hm.' }, 'Hello.');
  expect(messagesOf([turn], whom)).toEqual([{ role: 'assistant', content: 'Hello.' }]);
  expect(messagesOf([turn])).toEqual([
    {
      role: 'assistant',
      content: [
        { type: 'thinking', thinking: 'Hm.' },
        { type: 'text', text: 'Hello.' },
      ],
    },
  ]);
});

test("another provider's seal stays behind, its words do not", () => {
  const turn = said(
    'assistant',
    { type: 'reasoning', text: '', encrypted: 'xyz', origin: 'openai' },
    { type: 'reasoning', text: 'Hm.', signature: 'sealed', origin: 'anthropic' },
    'Hello.',
  );
  expect(JSON.stringify(messagesOf([turn]))).not.toMatch(/xyz|sealed/);
  expect(messagesOf([turn])[0]).toMatchObject({ content: [{ thinking: 'Hm.' }, { text: 'Hello.' }] });
});
