import type { OutwardDialect } from '../../core/dialect.ts';
import { chat } from './chat/chat.ts';
import { mustInline } from './chat/media.ts';
import { DEFAULT_BUDGETS, type ReasoningBudgets } from './chat/thinking.ts';
import { embeddings, MOST_INPUTS } from './embeddings/embeddings.ts';
import { readError } from './errors.ts';

export interface CohereOptions {
  /** Overrides of the tokens that levels of `reasoning_effort` stand for. */
  readonly reasoningBudgets?: Partial<ReasoningBudgets>;
}

/**
 * Cohere's API, version 2: `/v2/chat` and `/v2/embed`.
 *
 * @see https://docs.cohere.com/reference/chat (read 2026-11-26)
 */
export function createCohere({ reasoningBudgets = {} }: CohereOptions = {}): OutwardDialect {
  const budgets = { ...DEFAULT_BUDGETS, ...reasoningBudgets };
  return {
    name: 'cohere',
    chat: (request, target) => chat(request, target, budgets),
    embeddings,
    mostEmbeddingInputs: MOST_INPUTS,
    mustInline,
    error: readError,
  };
}
