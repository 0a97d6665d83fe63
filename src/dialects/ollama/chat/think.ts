import type { Reasoning } from '../../../core/request.ts';

type Level = 'low' | 'medium' | 'high';

/**
 * The value of `think`; `null` leaves it to the model. Ollama refuses levels for every model but gpt-oss, which in turn
 * ignores true and false and always thinks: its nearest to "off" is `low`.
 *
 * @see https://github.com/ollama/ollama/blob/v0.17.4/docs/capabilities/thinking.mdx (read 2026-11-26)
 */
export function thinkOf(reasoning: Reasoning | undefined, model: string): boolean | Level | null {
  if (reasoning?.effort === undefined && reasoning?.thinking === undefined) return null;
  const off = turnsThinkingOff(reasoning);
  if (!model.toLowerCase().includes('gpt-oss')) return !off;
  return off ? 'low' : levelOf(reasoning);
}

/** Whether the client asked for no thinking at all. */
export function turnsThinkingOff(reasoning: Reasoning | undefined): boolean {
  if (reasoning?.effort !== undefined) return reasoning.effort === 'none' || reasoning.effort === 'disable';
  return reasoning?.thinking !== undefined && reasoning.thinking.type !== 'enabled' && reasoning.thinking.type !== 'adaptive';
}

function levelOf({ effort, thinking }: Reasoning): Level {
  if (effort !== undefined) return LEVEL_OF_EFFORT[effort] ?? 'medium';
  const budget = thinking?.budgetTokens;
  // Budgets to efforts as in data-plane 9.13.
  if (budget === undefined) return 'medium';
  return budget >= 10_000 ? 'high' : budget >= 5000 ? 'medium' : 'low';
}

const LEVEL_OF_EFFORT: Readonly<Record<string, Level>> = {
  minimal: 'low',
  low: 'low',
  medium: 'medium',
  high: 'high',
  xhigh: 'high',
  max: 'high',
};
