import { isObject, type JsonObject } from '../../../core/json-object.ts';
import { isLink } from './links.ts';
import { unsealed } from '../../marked-proof.ts';

/**
 * Whether the history holds what this gateway wrote for another provider and Anthropic refuses: thoughts that it did not sign,
 * citations that it did not make. Such a body cannot pass as it came; through the hub it is put right.
 *
 * @param messages of a Messages body, unchecked
 */
export function hasForeignBlocks(messages: unknown): boolean {
  return blocksOf(messages).some(isForeign);
}

function blocksOf(messages: unknown): JsonObject[] {
  const turns = Array.isArray(messages) ? messages.filter(isObject) : [];
  return turns.flatMap(({ role, content }) => (role === 'assistant' && Array.isArray(content) ? content.filter(isObject) : []));
}

function isForeign(block: JsonObject): boolean {
  const { type, signature, data, citations } = block;
  if (type === 'thinking') return signature === '' || isMarked(signature);
  if (type === 'redacted_thinking') return isMarked(data);
  return type === 'text' && Array.isArray(citations) && citations.some(isLink);
}

function isMarked(proof: unknown): boolean {
  return typeof proof === 'string' && unsealed(proof).origin !== 'anthropic';
}
