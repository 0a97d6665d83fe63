import { InvalidRequestError } from '../../../core/errors.ts';
import type { JsonObject } from '../../../core/json-object.ts';
import type { Reasoning } from '../../../core/request.ts';
import type { ModelFamily } from '../families.ts';

/** Tokens of thought for the levels of `reasoning_effort`, for models that think by budget. */
export interface ReasoningBudgets {
  readonly minimal: number;
  readonly low: number;
  readonly medium: number;
  readonly high: number;
}

export const DEFAULT_BUDGETS: ReasoningBudgets = { minimal: 1024, low: 1024, medium: 2048, high: 4096 };

/** Fewest tokens that Anthropic takes as a budget. */
const LEAST_BUDGET = 1024;

export interface ThinkingPlan {
  /** Value of `thinking`; `null`: the member is not sent. */
  readonly thinking: JsonObject | null;
  /** Value of `output_config.effort`. */
  readonly effort: string | null;
}

const NOT_ASKED: ThinkingPlan = { thinking: null, effort: null };

/**
 * How the model is told to think (dialects 0.4). A `thinking` object of the client goes as it came when the model takes
 * it, and is said in the model's own way when not.
 *
 * @throws {InvalidRequestError} for an effort that is unknown or that the model does not have
 */
export function planThinking(reasoning: Reasoning | undefined, family: ModelFamily, budgets: ReasoningBudgets): ThinkingPlan {
  if (!reasoning || (reasoning.effort === undefined && !reasoning.thinking)) return NOT_ASKED;
  if (!reasoning.thinking) return fromEffort(reasoning, family, budgets);
  const effort = reasoning.effort === undefined ? null : fromEffort(reasoning, family, budgets).effort;
  return fromObject(reasoning.thinking, family, effort, budgets);
}

function fromEffort({ effort = '', summary }: Reasoning, family: ModelFamily, budgets: ReasoningBudgets): ThinkingPlan {
  if (effort === 'none' || effort === 'disable') return switchedOff(family);
  if (family.thinking === 'none') return NOT_ASKED;
  const level = effort === 'minimal' ? 'low' : effort;
  const known = family.efforts.length > 0 ? family.efforts.includes(level) : Object.hasOwn(budgets, effort);
  if (!known) throw unknownEffort(effort, family);
  const ownEffort = family.efforts.length > 0 ? level : null;
  if (family.thinking === 'budget') return { thinking: enabled(budgets[effort as keyof ReasoningBudgets]), effort: ownEffort };
  // Newer models keep their thoughts to themselves unless a summary is asked for.
  const display = summary === undefined || summary === 'none' ? {} : { display: 'summarized' };
  return { thinking: { type: 'adaptive', ...display }, effort: ownEffort };
}

function unknownEffort(effort: string, family: ModelFamily): InvalidRequestError {
  const known = ['none', 'minimal', ...(family.efforts.length > 0 ? family.efforts : ['low', 'medium', 'high'])];
  return new InvalidRequestError(`Invalid reasoning_effort '${effort}' for this model. It takes: ${known.join(', ')}.`, 'reasoning_effort');
}

/** The least thinking the model can be brought to. Saying nothing is enough for those that think only when told. */
function switchedOff(family: ModelFamily): ThinkingPlan {
  if (!family.thinksByDefault) return NOT_ASKED;
  const type = family.thinkingTypes.find((value) => value === 'disabled' || value === 'between_tools');
  return type === undefined ? { thinking: null, effort: 'low' } : { thinking: { type }, effort: null };
}

function fromObject(
  { type, budgetTokens, raw }: NonNullable<Reasoning['thinking']>,
  family: ModelFamily,
  effort: string | null,
  budgets: ReasoningBudgets,
): ThinkingPlan {
  if (family.thinking === 'none') return NOT_ASKED;
  const taken = (family.thinkingTypes as readonly string[]).includes(type);
  if (type === 'enabled' && taken) return { thinking: { ...raw, ...floored(budgetTokens) }, effort };
  if (type === 'enabled') return { thinking: { type: 'adaptive' }, effort: effort ?? effortOf(budgetTokens) };
  if (taken) return { thinking: { ...raw }, effort };
  if (type === 'disabled') return { ...switchedOff(family), ...(effort === null ? {} : { effort }) };
  if (family.thinking === 'budget') return { thinking: enabled(budgets.high), effort };
  return { thinking: { type: 'adaptive' }, effort };
}

function floored(budget: number | undefined): JsonObject {
  return budget === undefined ? {} : { budget_tokens: Math.max(LEAST_BUDGET, budget) };
}

function enabled(budget: number): JsonObject {
  return { type: 'enabled', ...floored(budget) };
}

/** An effort that costs about as much as the budget (dialects 1.4). */
function effortOf(budget: number | undefined): string | null {
  if (budget === undefined) return null;
  if (budget >= 10_000) return 'high';
  return budget >= 5000 ? 'medium' : 'low';
}

/** Whether the plan itself turns thinking on. */
export function thinks({ thinking }: ThinkingPlan): boolean {
  return thinking !== null && thinking['type'] !== 'disabled';
}

/** Room for the answer beside the thoughts: `max_tokens` counts both and must be larger than the budget. */
export function roomFor({ thinking }: ThinkingPlan, wanted: number | null, fallback: number, most: number | null): number {
  const budget = thinking?.['budget_tokens'];
  if (typeof budget !== 'number') return wanted ?? fallback;
  if (wanted !== null && wanted > budget) return wanted;
  const ample = budget + 4096;
  return most !== null && most > budget ? Math.min(ample, most) : ample;
}
