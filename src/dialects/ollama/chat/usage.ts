import { isOddlyCounted, type Usage } from '../../../core/usage.ts';
import type { Line } from './wire.ts';

type Counts = Pick<
  Line,
  'prompt_eval_count' | 'eval_count' | 'total_duration' | 'load_duration' | 'prompt_eval_duration' | 'eval_duration'
>;

/**
 * Reads the counts of a last line; `undefined` when it has none, or numbers that can be no counts. Servers leave `prompt_eval_count` out when the prompt was
 * in their cache: then `inputTokens` is 0 and `raw` shows that it was not counted.
 */
export function usageOf(line: Counts): Usage | undefined {
  const { prompt_eval_count, eval_count, total_duration, load_duration, prompt_eval_duration, eval_duration } = line;
  if (typeof prompt_eval_count !== 'number' && typeof eval_count !== 'number') return undefined;
  if (isOddlyCounted(prompt_eval_count, eval_count)) return undefined;
  const told = Object.entries({ prompt_eval_count, eval_count, total_duration, load_duration, prompt_eval_duration, eval_duration });
  return {
    inputTokens: prompt_eval_count ?? 0,
    outputTokens: eval_count ?? 0,
    raw: Object.fromEntries(told.filter(([, value]) => typeof value === 'number')),
  };
}
