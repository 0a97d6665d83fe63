import type { ContentHost, Host, OutwardChat, OutwardDialect } from '../../core/dialect.ts';
import type { MediaPart } from '../../core/parts.ts';
import { ToolNames } from '../tool-names.ts';
import { chat, readingWith } from './chat/chat.ts';
import { DEFAULT_BUDGETS, type ReasoningBudgets } from './chat/thinking.ts';
import { NAME_RULES } from './chat/tools.ts';
import { embeddings, MOST_INPUTS } from './embeddings.ts';
import { readError } from './errors.ts';
import { images, mostImages } from './images.ts';
import { methodPath, mustInline, resourceName } from './studio.ts';
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
    content: ({ host }) => siteOf(host),
    mustInline: (media, host) => siteOf(host).mustInline(media),
    error: readError,
  };
}

interface Site extends ContentHost {
  readonly mustInline: (media: MediaPart) => boolean;
}

const STUDIO: Site = { methodPath, resourceName, mustInline };
const VERTEX: Site = { methodPath: vertexMethodPath, mustInline: mustInlineAtVertex };

function siteOf(host: Host | undefined): Site {
  return host === 'vertex' ? VERTEX : STUDIO;
}

/** Reads answers of `generateContent` whose request this gateway did not write. */
export function readingContent(): Pick<OutwardChat, 'answer' | 'reader'> {
  return readingWith({ names: new ToolNames(NAME_RULES), taken: new Set(), jsonFunction: null, sound: 'samples' });
}
