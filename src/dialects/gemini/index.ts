import type { Host, OutwardDialect } from '../../core/dialect.ts';
import type { MediaPart } from '../../core/parts.ts';
import { chat } from './chat/chat.ts';
import { DEFAULT_BUDGETS, type ReasoningBudgets } from './chat/thinking.ts';
import { embeddings, MOST_INPUTS } from './embeddings.ts';
import { readError } from './errors.ts';
import { images, mostImages } from './images.ts';
import { methodPath, mustInline } from './studio.ts';
import { mustInlineAtVertex, vertexMethodPath } from './vertex.ts';
import { mostVertexInputs, vertexEmbeddings } from './vertex-embeddings.ts';

export interface GeminiOptions {
  /** Overrides of the tokens that levels of `reasoning_effort` stand for, on models that think by budget. */
  readonly reasoningBudgets?: Partial<ReasoningBudgets>;
}

/** Google's `generateContent`, spoken towards AI Studio and Vertex AI. */
export function createGemini({ reasoningBudgets = {} }: GeminiOptions = {}): OutwardDialect {
  const budgets = { ...DEFAULT_BUDGETS, ...reasoningBudgets };
  const asked: OutwardDialect['chat'] = (request, target) => chat(request, target, siteOf(target.host), budgets);
  return {
    name: 'gemini',
    chat: asked,
    images: (request, target) => images(request, target, { methodPath: siteOf(target.host).methodPath, chat: asked }),
    mostImages,
    embeddings: (request, target) => (target.host === 'vertex' ? vertexEmbeddings(request, target) : embeddings(request, target)),
    mostEmbeddingInputs: ({ host, model }) => (host === 'vertex' ? mostVertexInputs(model) : MOST_INPUTS),
    mustInline: (media, host) => siteOf(host).mustInline(media),
    error: readError,
  };
}

interface Site {
  /** @param method with its query, if it has one */
  readonly methodPath: (model: string, method: string) => string;
  readonly mustInline: (media: MediaPart) => boolean;
}

const STUDIO: Site = { methodPath, mustInline };
const VERTEX: Site = { methodPath: vertexMethodPath, mustInline: mustInlineAtVertex };

function siteOf(host: Host | undefined): Site {
  return host === 'vertex' ? VERTEX : STUDIO;
}
