import type { OutwardDialect } from '../../core/dialect.ts';
import { chat } from './chat/chat.ts';
import { DEFAULT_BUDGETS, type ReasoningBudgets } from './chat/thinking.ts';
import { embeddings, MOST_INPUTS } from './embeddings.ts';
import { readError } from './errors.ts';
import { methodPath, mustInline } from './studio.ts';

export interface GeminiOptions {
  /** Overrides of the tokens that levels of `reasoning_effort` stand for, on models that think by budget. */
  readonly reasoningBudgets?: Partial<ReasoningBudgets>;
}

/** Google's `generateContent`, spoken towards AI Studio. */
export function createGemini({ reasoningBudgets = {} }: GeminiOptions = {}): OutwardDialect {
  const site = { methodPath, budgets: { ...DEFAULT_BUDGETS, ...reasoningBudgets } };
  return {
    name: 'gemini',
    chat: (request, target) => chat(request, target, site),
    embeddings,
    mostEmbeddingInputs: MOST_INPUTS,
    mustInline,
    error: readError,
  };
}
