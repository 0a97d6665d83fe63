import type { Finish } from '../../../core/answer.ts';
import type { FinishReason } from '../../../core/parts.ts';

const REASONS: Readonly<Record<string, FinishReason>> = {
  max_tokens: 'length',
  model_context_window_exceeded: 'length',
  refusal: 'content_filter',
};

/**
 * Why the model stopped. Words for a plain stop (`end_turn`, `stop_sequence`, `pause_turn`, `compaction`, `tool_use`, new
 * ones) mean `tool_calls` when there are some: a `tool_use` that only carried a JSON answer is a stop.
 *
 * @param stopReason `null` when the provider gave none
 * @param calls tool calls that the client has to answer
 * @see https://platform.claude.com/docs/en/build-with-claude/handling-stop-reasons (2026-11-26)
 */
export function finishOf(stopReason: string | null, calls: number): Finish {
  const reason = REASONS[stopReason ?? ''] ?? (calls > 0 ? 'tool_calls' : 'stop');
  return { reason, ...(stopReason === null ? {} : { native: stopReason }) };
}
