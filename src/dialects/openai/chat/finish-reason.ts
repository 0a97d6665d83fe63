import type { Finish } from '../../../core/answer.ts';
import { ProviderError } from '../../../core/provider-error.ts';
import type { FinishReason } from '../../../core/parts.ts';

/** Words of OpenAI-shaped providers that OpenAI itself does not use (data-plane 9.4, dialects 8). */
const REASONS: Readonly<Record<string, FinishReason>> = {
  stop: 'stop',
  length: 'length',
  tool_calls: 'tool_calls',
  content_filter: 'content_filter',
  function_call: 'tool_calls',
  end_turn: 'stop',
  stop_sequence: 'stop',
  eos: 'stop',
  eos_token: 'stop',
  pause_turn: 'stop',
  load: 'stop',
  unload: 'stop',
  max_tokens: 'length',
  model_length: 'length',
  model_context_window_exceeded: 'length',
  tool_use: 'tool_calls',
  tool_call: 'tool_calls',
  sensitive: 'content_filter',
  refusal: 'content_filter',
  safety: 'content_filter',
  recitation: 'content_filter',
  prohibited_content: 'content_filter',
  content_filtered: 'content_filter',
};

/** Words with which a provider says that it failed in the middle. */
const FAILURES: ReadonlySet<string> = new Set(['error', 'network_error', 'insufficient_system_resource']);

/** What an official client may see; anything else is mended. */
export function isLawfulReason(word: unknown): boolean {
  return word === 'stop' || word === 'length' || word === 'tool_calls' || word === 'content_filter' || word === 'function_call';
}

/**
 * Why the model stopped.
 *
 * @param word the provider's own; empty or absent means that it just stopped
 * @param hasCalls the choice called tools: a plain stop is then `tool_calls`, whatever the provider said last
 * @throws {ProviderError} when the word tells of a failure
 */
export function finishOf(word: unknown, hasCalls: boolean): Finish {
  const native = typeof word === 'string' ? word : '';
  if (FAILURES.has(native)) throw brokenOff(native);
  const found = REASONS[native.toLowerCase()] ?? 'stop';
  const reason = found === 'stop' && hasCalls ? 'tool_calls' : found;
  return native === '' || native === reason || native === 'stop' || native === 'function_call' ? { reason } : { reason, native };
}

function brokenOff(word: string): ProviderError {
  return new ProviderError({
    class: 'InternalServerError',
    status: 500,
    code: word,
    message: `The provider broke the answer off: finish_reason is '${word}'.`,
  });
}
