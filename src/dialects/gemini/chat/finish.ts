import type { Finish } from '../../../core/answer.ts';
import { ProviderError } from '../../../core/provider-error.ts';
import type { FinishReason } from '../../../core/parts.ts';

const REASONS: Readonly<Record<string, FinishReason>> = {
  MAX_TOKENS: 'length',
  SAFETY: 'content_filter',
  RECITATION: 'content_filter',
  LANGUAGE: 'content_filter',
  BLOCKLIST: 'content_filter',
  PROHIBITED_CONTENT: 'content_filter',
  SPII: 'content_filter',
  MODEL_ARMOR: 'content_filter',
  IMAGE_SAFETY: 'content_filter',
  IMAGE_PROHIBITED_CONTENT: 'content_filter',
  IMAGE_RECITATION: 'content_filter',
};

/** The model slipped: another try may do better. */
const SLIPS: ReadonlySet<string> = new Set([
  'MALFORMED_FUNCTION_CALL',
  'UNEXPECTED_TOOL_CALL',
  'TOO_MANY_TOOL_CALLS',
  'MISSING_THOUGHT_SIGNATURE',
  'MALFORMED_RESPONSE',
  'NO_IMAGE',
]);

/** Whether a word is one of Google's for why a model stopped before it was done. */
export function isCutShort(native: string): boolean {
  return Object.hasOwn(REASONS, native) || SLIPS.has(native);
}

/** These say no more than our own words. */
const PLAIN: ReadonlySet<string> = new Set(['STOP', 'MAX_TOKENS', 'FINISH_REASON_UNSPECIFIED']);

/**
 * Why the model stopped. Google says `STOP` for calls too.
 *
 * @param calls tool calls that the client has to answer
 * @see https://ai.google.dev/api/generate-content#FinishReason (2026-11-26)
 */
export function finishOf(native: string, calls: number): Finish {
  const reason = REASONS[native] ?? (calls > 0 ? 'tool_calls' : 'stop');
  return PLAIN.has(native) ? { reason } : { reason, native };
}

/** The failure that an answer without content is; `null` when its reason is an answer in itself. */
export function slipOf(native: string, message: string | null): ProviderError | null {
  if (!SLIPS.has(native)) return null;
  const told = message === null ? '' : ` ${message}`;
  return new ProviderError({
    class: 'InternalServerError',
    status: 500,
    type: native,
    message: `Gemini ended its answer with ${native} and gave no content.${told}`,
  });
}
