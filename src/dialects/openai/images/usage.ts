import { isObject } from '../../../core/json-object.ts';
import type { Usage } from '../../../core/usage.ts';
import { readUsage, reportedCost } from '../usage.ts';

/**
 * Reads `usage` of an answer about images. What comes out is an image unless the provider tells words apart.
 *
 * @returns null when it tells nothing that can be billed; an odd usage never breaks an answer
 * @see https://platform.openai.com/docs/api-reference/images/object (2026-11-26)
 */
export function imageUsage(raw: unknown): Usage | null {
  if (!isObject(raw)) return null;
  const tokens = readUsage(raw);
  if (!tokens) {
    const cost = reportedCost(raw);
    return cost === undefined ? null : { inputTokens: 0, outputTokens: 0, reportedCost: cost, raw };
  }
  const isToldApart = isObject(raw['output_tokens_details']) || isObject(raw['completion_tokens_details']);
  return isToldApart || tokens.outputTokens === 0 ? tokens : { ...tokens, imageOutputTokens: tokens.outputTokens };
}
