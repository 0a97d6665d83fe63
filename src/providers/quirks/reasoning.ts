import { isObject, type JsonObject, wordOf } from '../../core/json-object.ts';
import type { Quirks } from '../catalogue/quirks.ts';
import { refuseUnlessDropped, type QuirkContext } from './context.ts';
import { merged, withPath, without } from './json-path.ts';

/**
 * `reasoning_effort` as one word, and Anthropic's `thinking` said in the provider's way (data-plane 11.8).
 *
 * @throws {UnsupportedParamsError} when the model does not think and the policy does not drop
 */
export function withReasoning(body: JsonObject, quirks: Quirks, context: QuirkContext): JsonObject {
  const plain = withPlainEffort(body);
  return isObject(plain['thinking']) ? withThinking(plain, plain['thinking'], quirks, context) : plain;
}

/** `{effort, summary}` and `disable` become a word of the chat API; chat has no place for a summary. */
function withPlainEffort(body: JsonObject): JsonObject {
  const asked = body['reasoning_effort'];
  const effort = isObject(asked) ? asked['effort'] : asked;
  if (effort === 'disable') return { ...body, reasoning_effort: 'none' };
  if (effort === asked) return body;
  return effort === undefined || effort === null ? without(body, ['reasoning_effort']) : { ...body, reasoning_effort: effort };
}

function withThinking(body: JsonObject, thinking: JsonObject, quirks: Quirks, context: QuirkContext): JsonObject {
  const rule = quirks.thinking ?? 'effort';
  const rest = without(body, ['thinking']);
  const off = thinking['type'] === 'disabled';
  const budget = thinking['budget_tokens'];
  if (rule === 'native') return quirks.thinkingTypes?.includes(wordOf(thinking['type'])) === false ? rest : body;
  if (isObject(rule)) {
    if (off) return merged(rest, rule.off);
    const on = merged(rest, rule.on ?? {});
    return typeof budget === 'number' ? withPath(on, rule.budget, budget) : on;
  }
  if (rule === 'unsupported' && !off) {
    if (context.params.allow.includes('thinking')) return body;
    refuseUnlessDropped(['thinking'], context);
  }
  if (rule === 'unsupported' || 'reasoning_effort' in body) return rest;
  // Only a provider whose off switch is known is told to be off: to others `none` would be a wrong value.
  if (off) return quirks.values?.['reasoning_effort']?.['none'] === undefined ? rest : { ...rest, reasoning_effort: 'none' };
  return typeof budget === 'number' ? { ...rest, reasoning_effort: effortOf(budget) } : rest;
}

/** Table of data-plane 9.13. */
function effortOf(budgetTokens: number): string {
  if (budgetTokens >= 10_000) return 'high';
  if (budgetTokens >= 5000) return 'medium';
  return budgetTokens >= 2000 ? 'low' : 'minimal';
}
