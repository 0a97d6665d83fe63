import { describe, expect, it } from 'vitest';
import { InvalidRequestError, UnsupportedParamsError } from '../../../src/core/errors.ts';
import type { Reasoning } from '../../../src/core/request.ts';
import { createAnthropic } from '../../../src/dialects/anthropic/index.ts';
import { bodyOf, chatRequest, target, write } from './hub.ts';

const said = (model: string, reasoning: Reasoning): unknown => {
  const { thinking, output_config } = bodyOf({ reasoning }, target(model)) as { thinking?: unknown; output_config?: unknown };
  return { thinking, output_config };
};
const enabled = (budget_tokens: number) => ({ thinking: { type: 'enabled', budget_tokens }, output_config: undefined });
const adaptive = (effort: string) => ({ thinking: { type: 'adaptive' }, output_config: { effort } });
const nothing = { thinking: undefined, output_config: undefined };

describe('reasoning_effort', () => {
  it.each([
    ['claude-3-7-sonnet-20250219', 'minimal', enabled(1024)],
    ['claude-sonnet-4-20250514', 'low', enabled(1024)],
    ['claude-opus-4-1', 'medium', enabled(2048)],
    ['claude-haiku-4-5', 'high', enabled(4096)],
    ['claude-haiku-4-5', 'none', nothing],
    ['claude-opus-4-6', 'minimal', adaptive('low')],
    ['claude-sonnet-4-6', 'medium', adaptive('medium')],
    ['claude-opus-4-6', 'max', adaptive('max')],
    ['claude-opus-4-7', 'xhigh', adaptive('xhigh')],
    ['claude-opus-4-7', 'none', nothing],
    ['claude-sonnet-5', 'high', adaptive('high')],
    ['claude-sonnet-5', 'none', { thinking: { type: 'disabled' }, output_config: undefined }],
    ['claude-haiku-5-5', 'disable', { thinking: { type: 'disabled' }, output_config: undefined }],
    ['claude-sonnet-5-5', 'none', { thinking: { type: 'between_tools' }, output_config: undefined }],
    ['claude-opus-5-5', 'none', { thinking: undefined, output_config: { effort: 'low' } }],
    ['claude-3-5-haiku-latest', 'none', nothing],
  ])('%s says "%s" in its own way', (model, effort, expected) => {
    expect(said(model, { effort })).toEqual(expected);
  });

  it('is both a budget and an effort for Opus 4.5, with its flag', () => {
    const chat = write({ reasoning: { effort: 'high' } }, target('claude-opus-4-5-20251101'));
    expect(chat.body).toMatchObject({ thinking: { type: 'enabled', budget_tokens: 4096 }, output_config: { effort: 'high' } });
    expect(chat.headers['anthropic-beta']).toBe('effort-2025-11-24');
  });

  it.each([
    ['claude-haiku-4-5', 'xhigh'],
    ['claude-haiku-4-5', 'max'],
    ['claude-opus-4-6', 'xhigh'],
    ['claude-opus-4-6', 'disabled'],
    ['claude-opus-4-6', ''],
    ['claude-haiku-4-5', 'toString'],
  ])('is refused by %s when it is "%s"', (model, effort) => {
    expect(() => said(model, { effort })).toThrow(InvalidRequestError);
  });

  it('is no parameter of models that do not think', () => {
    const old = target('claude-3-5-sonnet-20240620');
    expect(() => write({ reasoning: { effort: 'low' } }, old)).toThrow(UnsupportedParamsError);
    expect(bodyOf({ reasoning: { effort: 'low' } }, target('claude-3-5-sonnet-20240620', { drop: true }))).not.toHaveProperty('thinking');
  });

  it('asks newer models for a summary when the client wants one', () => {
    expect(said('claude-opus-4-7', { effort: 'low', summary: 'auto' })).toEqual({
      thinking: { type: 'adaptive', display: 'summarized' },
      output_config: { effort: 'low' },
    });
  });

  it('takes other budgets from the operator, never fewer than 1024', () => {
    const dialect = createAnthropic({ reasoningBudgets: { low: 500, high: 20_000 } });
    const budget = (effort: string): unknown => dialect.chat(chatRequest({ reasoning: { effort } }), target()).body['thinking'];
    expect(budget('low')).toEqual({ type: 'enabled', budget_tokens: 1024 });
    expect(budget('medium')).toEqual({ type: 'enabled', budget_tokens: 2048 });
    expect(budget('high')).toEqual({ type: 'enabled', budget_tokens: 20_000 });
  });
});

describe('a thinking object of the client', () => {
  const native = (type: string, budgetTokens?: number, more: object = {}): Reasoning => ({
    thinking: {
      type,
      ...(budgetTokens === undefined ? {} : { budgetTokens }),
      raw: { type, ...(budgetTokens === undefined ? {} : { budget_tokens: budgetTokens }), ...more },
    },
  });

  it('passes as it came where the model takes it', () => {
    expect(said('claude-sonnet-4-5', native('enabled', 3000, { display: 'omitted' }))).toEqual({
      thinking: { type: 'enabled', budget_tokens: 3000, display: 'omitted' },
      output_config: undefined,
    });
    expect(said('claude-opus-4-7', { ...native('adaptive'), effort: 'max' })).toEqual(adaptive('max'));
    expect(said('claude-sonnet-4-5', native('disabled'))).toEqual({ thinking: { type: 'disabled' }, output_config: undefined });
    expect(said('kimi-k2-thinking', native('adaptive'))).toEqual({ thinking: { type: 'adaptive' }, output_config: undefined });
  });

  it('has at least 1024 tokens', () => {
    expect(said('claude-sonnet-4-5', native('enabled', 10))).toEqual(enabled(1024));
  });

  it('is said in the model’s own way where it is refused', () => {
    expect(said('claude-opus-4-7', native('enabled', 12_000))).toEqual(adaptive('high'));
    expect(said('claude-opus-5-5', native('enabled', 6000))).toEqual(adaptive('medium'));
    expect(said('claude-sonnet-4-5', native('adaptive'))).toEqual(enabled(4096));
    expect(said('claude-sonnet-5-5', native('disabled'))).toEqual({ thinking: { type: 'between_tools' }, output_config: undefined });
    expect(said('claude-3-opus', native('disabled'))).toEqual(nothing);
  });
});

describe('max_tokens', () => {
  const max = (members: Parameters<typeof bodyOf>[0], to = target()): unknown => bodyOf(members, to)['max_tokens'];

  it('is the client’s, else the model’s limit, else 4096', () => {
    expect(max({ maxOutputTokens: 77 })).toBe(77);
    expect(max({})).toBe(64_000);
    expect(max({}, target('claude-3-haiku-20240307'))).toBe(4096);
    expect(max({}, target('some-model'))).toBe(4096);
    expect(max({}, target('some-model', {}, { maxOutputTokens: 1234 }))).toBe(1234);
  });

  it.each([0, -1])('%i means that the client did not say', (maxOutputTokens) => {
    expect(max({ maxOutputTokens }, target('claude-3-haiku-20240307'))).toBe(4096);
  });

  it('leaves room for the answer beside the budget', () => {
    const reasoning = { effort: 'high' };
    expect(max({ reasoning })).toBe(8192);
    expect(max({ reasoning, maxOutputTokens: 4096 })).toBe(8192);
    expect(max({ reasoning, maxOutputTokens: 4097 })).toBe(4097);
    expect(
      max(
        { reasoning: { thinking: { type: 'enabled', budgetTokens: 31_000, raw: { type: 'enabled', budget_tokens: 31_000 } } } },
        target('claude-opus-4'),
      ),
    ).toBe(32_000);
  });
});
