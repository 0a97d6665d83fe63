import type { Usage } from '../core/usage.ts';
import { textTokens } from '../ledger/tokens/estimate.ts';

/** Documents that one search unit pays for. @see https://cohere.com/pricing (read 2026-11-26) */
const DOCUMENTS_A_UNIT = 100;

/**
 * What ranking so many documents may use, where nobody tells: a model reads the query once more with each document.
 *
 * @param query what a body holds there: a text, if it is right
 * @param documents likewise a list
 */
export function rerankUse(query: unknown, documents: unknown): Usage {
  const list: readonly unknown[] = Array.isArray(documents) ? documents : [];
  const asked = textTokens(bytesOf(query));
  return {
    inputTokens: list.reduce<number>((sum, document) => sum + asked + textTokens(bytesOf(document)), 0),
    outputTokens: 0,
    searchUnits: Math.max(1, Math.ceil(list.length / DOCUMENTS_A_UNIT)),
  };
}

function bytesOf(value: unknown): number {
  return Buffer.byteLength(typeof value === 'string' ? value : (JSON.stringify(value) ?? ''));
}
