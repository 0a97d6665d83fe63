import { InvalidRequestError } from '../../../core/errors.ts';
import type { JsonObject } from '../../../core/json-object.ts';
import type { Reasoning } from '../../../core/request.ts';
import { effortNeedsBeta } from '../../anthropic/families.ts';
import { planThinking, roomFor, thinks, type ReasoningBudgets } from '../../anthropic/chat/thinking.ts';
import type { ModelFamily } from '../families.ts';

export { DEFAULT_BUDGETS, type ReasoningBudgets } from '../../anthropic/chat/thinking.ts';

export interface ThinkingPlan {
  /** Members of `additionalModelRequestFields`. */
  readonly fields: JsonObject;
  /** Flags of Anthropic's that go with them. */
  readonly betas: readonly string[];
  /** The model thinks because it was told to, in a way that does not go with sampling and forced tools. */
  readonly on: boolean;
  /** Nova refuses a limit and sampling at its highest effort. */
  readonly free: boolean;
  /** `maxTokens`, so that there is room beside the thoughts; null: none. */
  room(wanted: number | null, most: number | null): number | null;
}

const asWanted = (wanted: number | null): number | null => wanted;
const NOT_ASKED: ThinkingPlan = { fields: {}, betas: [], on: false, free: false, room: asWanted };

/**
 * How the model is told to think (dialects 0.4 and 4.2): Claude as everywhere, others by a word.
 *
 * @throws {InvalidRequestError} for an effort that is unknown or that the model does not have
 */
export function thinkingOf(reasoning: Reasoning | undefined, family: ModelFamily, budgets: ReasoningBudgets): ThinkingPlan {
  if (!reasoning) return NOT_ASKED;
  switch (family.thinking) {
    case 'none':
      return NOT_ASKED;
    case 'claude':
      return claudePlan(reasoning, family, budgets);
    case 'effort': {
      const effort = levelOf(reasoning);
      return effort === null ? NOT_ASKED : { ...NOT_ASKED, fields: { reasoning_effort: effort } };
    }
    case 'nova': {
      const effort = levelOf(reasoning);
      if (effort === null) return { ...NOT_ASKED, fields: { reasoningConfig: { type: 'disabled' } } };
      const fields = { reasoningConfig: { type: 'enabled', maxReasoningEffort: effort } };
      return { ...NOT_ASKED, fields, free: effort === 'high' };
    }
  }
}

function claudePlan(reasoning: Reasoning, { claude }: ModelFamily, budgets: ReasoningBudgets): ThinkingPlan {
  if (claude === null) return NOT_ASKED;
  const plan = planThinking(reasoning, claude, budgets);
  const hasBudget = typeof plan.thinking?.['budget_tokens'] === 'number';
  return {
    fields: {
      ...(plan.thinking === null ? {} : { thinking: plan.thinking }),
      ...(plan.effort === null ? {} : { output_config: { effort: plan.effort } }),
    },
    betas: plan.effort !== null && effortNeedsBeta(claude) ? ['effort-2025-11-24'] : [],
    on: thinks(plan),
    free: false,
    room: hasBudget ? (wanted, most) => roomFor(plan, wanted, 0, most ?? claude.maxOutputTokens) : asWanted,
  };
}

const LEVELS: Readonly<Record<string, 'low' | 'medium' | 'high'>> = {
  minimal: 'low',
  low: 'low',
  medium: 'medium',
  high: 'high',
  xhigh: 'high',
  max: 'high',
};

/** One of three words; `null` for no thinking. A client's own object wins over its level. */
function levelOf({ effort = '', thinking }: Reasoning): 'low' | 'medium' | 'high' | null {
  if (thinking) {
    if (thinking.type === 'disabled') return null;
    const { budgetTokens } = thinking;
    if (budgetTokens === undefined || (budgetTokens >= 5000 && budgetTokens < 10_000)) return 'medium';
    return budgetTokens < 5000 ? 'low' : 'high';
  }
  if (effort === 'none' || effort === 'disable') return null;
  const level = LEVELS[effort];
  if (level) return level;
  throw new InvalidRequestError(
    `Invalid reasoning_effort '${effort}' for this model. It takes: none, ${Object.keys(LEVELS).join(', ')}.`,
    'reasoning_effort',
  );
}
