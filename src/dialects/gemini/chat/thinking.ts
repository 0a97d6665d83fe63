import { InvalidRequestError } from '../../../core/errors.ts';
import type { JsonObject } from '../../../core/json-object.ts';
import type { Reasoning } from '../../../core/request.ts';
import type { BudgetRange, ModelFamily, ThinkingLevel } from '../families.ts';

/** Tokens of thought that levels of `reasoning_effort` stand for, on models that think by budget. */
export interface ReasoningBudgets {
  /** For `none` and `disable`; raised where a model cannot be without thoughts. */
  readonly disable: number;
  readonly low: number;
  readonly medium: number;
  readonly high: number;
}

export const DEFAULT_BUDGETS: ReasoningBudgets = { disable: 0, low: 1024, medium: 2048, high: 4096 };

/**
 * `thinkingConfig`; `null` leaves it to the model (dialects 2.1).
 *
 * @throws {InvalidRequestError} for an effort that is unknown
 */
export function thinkingConfigOf(
  reasoning: Reasoning | undefined,
  { thinking }: ModelFamily,
  budgets: ReasoningBudgets,
): JsonObject | null {
  if (reasoning?.effort === undefined && reasoning?.thinking === undefined) return null;
  const wish = wishOf(reasoning);
  switch (thinking.by) {
    case 'none':
    case 'unsaid':
      return null;
    case 'level':
      return byLevel(wish, thinking.levels);
    case 'budget':
      return byBudget(wish, thinking, budgets);
  }
}

/** Thoughts are shown when they were asked for; a budget of 0 may not ask for them. */
function byBudget({ off, level, budget }: Wish, { least, most, canBeOff }: BudgetRange, budgets: ReasoningBudgets): JsonObject {
  const fitting = (tokens: number): number => Math.min(most, Math.max(least, tokens));
  if (off) return { thinkingBudget: canBeOff && budgets.disable === 0 ? 0 : fitting(budgets.disable) };
  if (budget !== undefined) return { thinkingBudget: fitting(budget), includeThoughts: true };
  if (level === undefined) return { includeThoughts: true };
  return { thinkingBudget: level === 'minimal' ? least : fitting(budgets[level]), includeThoughts: true };
}

/** Whether the client asked for no thinking at all. */
export function turnsThinkingOff(reasoning: Reasoning | undefined): boolean {
  if (reasoning?.effort !== undefined) return reasoning.effort === 'none' || reasoning.effort === 'disable';
  return reasoning?.thinking?.type === 'disabled' || reasoning?.thinking?.budgetTokens === 0;
}

/** Without a level and a budget: as much as the model sees fit. */
interface Wish {
  readonly off: boolean;
  readonly level?: ThinkingLevel;
  readonly budget?: number;
}

function wishOf(reasoning: Reasoning): Wish {
  if (turnsThinkingOff(reasoning)) return { off: true };
  if (reasoning.effort !== undefined) return { off: false, level: levelOf(reasoning.effort) };
  const budget = reasoning.thinking?.budgetTokens;
  return budget === undefined ? { off: false } : { off: false, budget };
}

const LEVELS: Readonly<Record<string, ThinkingLevel>> = {
  minimal: 'minimal',
  low: 'low',
  medium: 'medium',
  high: 'high',
  xhigh: 'high',
  max: 'high',
};

function levelOf(effort: string): ThinkingLevel {
  const level = Object.hasOwn(LEVELS, effort) ? LEVELS[effort] : undefined;
  if (level) return level;
  throw new InvalidRequestError(
    `Invalid reasoning_effort '${effort}' for this model. It takes: none, ${Object.keys(LEVELS).join(', ')}.`,
    'reasoning_effort',
  );
}

/** A budget is not said to models that know levels: they think as they see fit, and show it. */
function byLevel({ off, level }: Wish, levels: readonly ThinkingLevel[]): JsonObject {
  if (off) return { thinkingLevel: levels[0] };
  if (level === undefined) return { includeThoughts: true };
  return { thinkingLevel: nearest(level, levels), includeThoughts: true };
}

/** The level itself, else the next one up. */
function nearest(level: ThinkingLevel, levels: readonly ThinkingLevel[]): ThinkingLevel {
  const all: readonly ThinkingLevel[] = ['minimal', 'low', 'medium', 'high'];
  return all.slice(all.indexOf(level)).find((one) => levels.includes(one)) ?? 'high';
}
