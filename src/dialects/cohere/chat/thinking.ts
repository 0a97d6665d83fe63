import { InvalidRequestError } from '../../../core/errors.ts';
import type { JsonObject } from '../../../core/json-object.ts';
import type { Reasoning } from '../../../core/request.ts';

/** Tokens of thought for the levels of `reasoning_effort`. */
export interface ReasoningBudgets {
  readonly minimal: number;
  readonly low: number;
  readonly medium: number;
  readonly high: number;
}

export const DEFAULT_BUDGETS: ReasoningBudgets = { minimal: 128, low: 1024, medium: 2048, high: 4096 };

/** Levels above all budgets: the model thinks as long as it likes. */
const WITHOUT_BOUND: ReadonlySet<string> = new Set(['xhigh', 'max']);

/**
 * The value of `thinking`; `null` leaves it to the model, which thinks when it can. A client's own object wins over its level.
 *
 * @throws {InvalidRequestError} for a level that is none
 * @see https://docs.cohere.com/docs/reasoning (read 2026-11-26)
 */
export function thinkingOf(reasoning: Reasoning | undefined, budgets: ReasoningBudgets): JsonObject | null {
  if (reasoning?.thinking === undefined && reasoning?.effort === undefined) return null;
  if (turnsThinkingOff(reasoning)) return { type: 'disabled' };
  const { effort = '', thinking } = reasoning;
  if (thinking) return enabled(thinking.budgetTokens ?? thinking.raw['token_budget']);
  if (WITHOUT_BOUND.has(effort)) return enabled(undefined);
  if (Object.hasOwn(budgets, effort)) return enabled(budgets[effort as keyof ReasoningBudgets]);
  const known = ['none', ...Object.keys(budgets), ...WITHOUT_BOUND].join(', ');
  throw new InvalidRequestError(`Invalid reasoning_effort '${effort}'. It takes: ${known}.`, 'reasoning_effort');
}

/** Whether the client asked for no thinking at all. */
export function turnsThinkingOff(reasoning: Reasoning | undefined): boolean {
  if (reasoning?.thinking) return reasoning.thinking.type === 'disabled';
  return reasoning?.effort === 'none' || reasoning?.effort === 'disable';
}

/** A budget must be positive. */
function enabled(budget: unknown): JsonObject {
  return { type: 'enabled', ...(typeof budget === 'number' && budget > 0 ? { token_budget: budget } : {}) };
}
