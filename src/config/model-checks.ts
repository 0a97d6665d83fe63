import { isObject } from '../core/json-object.ts';
import type { JsonObject } from '../core/json-object.ts';
import { parseDuration } from './duration.ts';
import { COUNT_PARAMS, isPriceKey, QUANTITY_PARAMS } from './keys.ts';
import { decimalText } from './yaml/scalar.ts';
import { memberOf } from './yaml/tree.ts';
import type { TreeNode } from './yaml/tree.ts';

interface RowValues {
  readonly name: unknown;
  readonly params: JsonObject;
  readonly info: JsonObject;
}

/** Why a row of `model_list` cannot serve, in words that name keys and never values; null when it can. */
export function rowProblem(node: TreeNode, { name, params, info }: RowValues): string | null {
  if (node.kind !== 'map') return 'must be a map with `model_name` and `litellm_params`';
  if (typeof name !== 'string' || name.trim() === '') return 'needs a `model_name`';
  if (memberOf(node, 'litellm_params')?.kind !== 'map') return 'needs `litellm_params` with at least `model`';
  const info_ = memberOf(node, 'model_info');
  if (info_ && info_.kind !== 'map') return '`model_info` must be a map';
  const model = params['model'];
  if (typeof model !== 'string' || model.trim() === '') return 'needs `litellm_params.model`';
  return numberProblem(params) ?? priceProblem(params) ?? priceProblem(info);
}

function numberProblem(params: JsonObject): string | null {
  for (const [key, value] of Object.entries(params)) {
    if (value === null) continue;
    const wanted = COUNT_PARAMS.has(key) ? isCount : QUANTITY_PARAMS.has(key) ? isQuantity : null;
    if (wanted && !wanted(value)) return `\`litellm_params.${key}\` must be a ${wanted === isCount ? 'whole number' : 'number'}, 0 or more`;
    if (key === 'order' && typeof value !== 'number') return '`litellm_params.order` must be a number';
    if (key === 'max_budget' && !isAmount(value)) return '`litellm_params.max_budget` must be an amount in US dollars, 0 or more';
    if (key === 'budget_duration' && (typeof value !== 'string' || !parseDuration(value))) {
      return '`litellm_params.budget_duration` must be a duration such as 24h, 7d or 1mo';
    }
  }
  return null;
}

/** A price that cannot be read would make calls look free, so it stops the row. */
function priceProblem(values: JsonObject): string | null {
  for (const [key, value] of Object.entries(values)) {
    if (!isPriceKey(key) || value === null) continue;
    if (/_cost_per_(?!query$)|_token_cost/.test(key) && !isObject(value) && !isAmount(value)) {
      return `\`${key}\` must be a price in US dollars, 0 or more`;
    }
  }
  return null;
}

function isCount(value: unknown): boolean {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}

function isQuantity(value: unknown): boolean {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0;
}

function isAmount(value: unknown): boolean {
  const text = typeof value === 'string' ? decimalText(value) : null;
  return text !== null && !text.startsWith('-');
}
