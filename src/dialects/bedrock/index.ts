import type { OutwardDialect } from '../../core/dialect.ts';
import { chat } from './chat/chat.ts';
import { mustInline } from './chat/media.ts';
import { DEFAULT_BUDGETS, type ReasoningBudgets } from './chat/thinking.ts';
import { embeddings, mostInputs } from './embeddings.ts';
import { readError } from './errors.ts';
import { images, mostImages } from './images.ts';

export interface BedrockOptions {
  /** Overrides of the tokens that levels of `reasoning_effort` stand for, on Claude models that think by budget. */
  readonly reasoningBudgets?: Partial<ReasoningBudgets>;
}

/**
 * Amazon Bedrock: chat by Converse, embeddings and images by InvokeModel. Who asks is proved by the transport.
 *
 * @see https://docs.aws.amazon.com/bedrock/latest/APIReference/API_Operations_Amazon_Bedrock_Runtime.html (2026-11-26)
 */
export function createBedrock({ reasoningBudgets = {} }: BedrockOptions = {}): OutwardDialect {
  const budgets = { ...DEFAULT_BUDGETS, ...reasoningBudgets };
  return {
    name: 'bedrock',
    chat: (request, target) => chat(request, target, budgets),
    embeddings,
    mostEmbeddingInputs: mostInputs,
    images,
    mostImages,
    mustInline,
    error: readError,
  };
}
