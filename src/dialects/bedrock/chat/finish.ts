import type { Finish } from '../../../core/answer.ts';
import type { FinishReason } from '../../../core/parts.ts';
import { ProviderError } from '../../../core/provider-error.ts';

const REASONS: Readonly<Record<string, FinishReason>> = {
  max_tokens: 'length',
  model_context_window_exceeded: 'length',
  guardrail_intervened: 'content_filter',
  content_filtered: 'content_filter',
  refusal: 'content_filter',
};

/** The model slipped: another try may do better. */
const SLIPS: ReadonlySet<string> = new Set(['malformed_tool_use', 'malformed_model_output']);

/**
 * Why the model stopped. Words for a plain stop (`end_turn`, `stop_sequence`, `tool_use`, new ones) mean `tool_calls` when there
 * are some: a `tool_use` that only carried a JSON answer is a stop.
 *
 * @param word `null` when the provider gave none
 * @param calls tool calls that the client has to answer
 * @see https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_Converse.html#API_runtime_Converse_ResponseSyntax (2026-11-26)
 */
export function finishOf(word: string | null, calls: number): Finish {
  const reason = REASONS[word ?? ''] ?? (calls > 0 ? 'tool_calls' : 'stop');
  return { reason, ...(word === null ? {} : { native: word }) };
}

/** The failure that an answer without content is; `null` when its reason is an answer in itself. */
export function slipOf(word: string | null): ProviderError | null {
  if (word === null || !SLIPS.has(word)) return null;
  return new ProviderError({
    class: 'InternalServerError',
    status: 500,
    type: word,
    message: `Bedrock ended its answer with ${word} and gave no content.`,
  });
}
