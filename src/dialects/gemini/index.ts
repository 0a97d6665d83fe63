import type { Host, OutwardDialect } from '../../core/dialect.ts';
import { chat } from './chat/chat.ts';
import { DEFAULT_BUDGETS, type ReasoningBudgets } from './chat/thinking.ts';
import { embeddings, MOST_INPUTS } from './embeddings.ts';
import { readError } from './errors.ts';
import * as studio from './studio.ts';
import * as vertex from './vertex.ts';
import { mostVertexInputs, vertexEmbeddings } from './vertex-embeddings.ts';

export interface GeminiOptions {
  /** Overrides of the tokens that levels of `reasoning_effort` stand for, on models that think by budget. */
  readonly reasoningBudgets?: Partial<ReasoningBudgets>;
}

/** Google's `generateContent`, spoken towards AI Studio and Vertex AI. */
export function createGemini({ reasoningBudgets = {} }: GeminiOptions = {}): OutwardDialect {
  const budgets = { ...DEFAULT_BUDGETS, ...reasoningBudgets };
  return {
    name: 'gemini',
    chat: (request, target) => chat(request, target, siteOf(target.host), budgets),
    embeddings: (request, target) => (target.host === 'vertex' ? vertexEmbeddings(request, target) : embeddings(request, target)),
    mostEmbeddingInputs: ({ host, model }) => (host === 'vertex' ? mostVertexInputs(model) : MOST_INPUTS),
    mustInline: (media, host) => siteOf(host).mustInline(media),
    error: readError,
  };
}

function siteOf(host: Host | undefined): Pick<typeof studio, 'methodPath' | 'mustInline'> {
  return host === 'vertex' ? vertex : studio;
}
