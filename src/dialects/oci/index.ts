import type { OutwardChat, OutwardDialect, Target } from '../../core/dialect.ts';
import { foldStream } from '../../core/fold-stream.ts';
import { isObject, type JsonObject } from '../../core/json-object.ts';
import type { MediaPart } from '../../core/parts.ts';
import { MalformedAnswerError } from '../../core/provider-error.ts';
import type { ChatRequest } from '../../core/request.ts';
import { DEFAULT_BUDGETS, type ReasoningBudgets } from '../cohere/chat/thinking.ts';
import { cohereChat } from './cohere/chat.ts';
import { embeddings, MOST_INPUTS } from './embeddings.ts';
import { errorWithin, readError } from './errors.ts';
import { formatOf, frameOf } from './frame.ts';
import { genericChat } from './generic/chat.ts';
import type { FormatChat } from './format-chat.ts';

export interface OciOptions {
  /** Overrides of the tokens that levels of `reasoning_effort` stand for, on Cohere's models. */
  readonly reasoningBudgets?: Partial<ReasoningBudgets>;
}

/**
 * Oracle Cloud's Generative AI service: OpenAI's and Cohere's words in a frame of its own. Who asks is proved by the transport.
 *
 * @see https://docs.oracle.com/en-us/iaas/api/#/en/generative-ai-inference/20231130/ChatResult/Chat (2026-11-26)
 */
export function createOci({ reasoningBudgets = {} }: OciOptions = {}): OutwardDialect {
  const budgets = { ...DEFAULT_BUDGETS, ...reasoningBudgets };
  return {
    name: 'oci',
    chat: (request, target) => framed(request, target, spoken(request, target, budgets)),
    embeddings,
    mostEmbeddingInputs: MOST_INPUTS,
    mustInline,
    error: readError,
  };
}

function spoken(request: ChatRequest, target: Target, budgets: ReasoningBudgets): FormatChat {
  const format = formatOf(target);
  return format === 'GENERIC' ? genericChat(request, target) : cohereChat(request, target, { version: format, budgets });
}

function framed(request: ChatRequest, target: Target, { body, reader }: FormatChat): OutwardChat {
  const streaming = request.stream ? { isStream: true, streamOptions: { isIncludeUsage: true } } : {};
  return {
    path: '/20231130/actions/chat',
    headers: request.stream ? { accept: 'text/event-stream' } : {},
    body: { ...frameOf(target.model, target.scope), chatRequest: { ...body, ...streaming } },
    framing: 'sse',
    answer: (answer) => foldStream(reader().whole(responseIn(answer))),
    reader,
  };
}

/** @throws {ProviderError} for an error in spite of its status, or what is no answer */
function responseIn(body: unknown): JsonObject {
  if (!isObject(body)) throw new MalformedAnswerError('The provider answered with something other than a JSON object.', 'shape');
  const error = errorWithin(body);
  if (error) throw error;
  if (!isObject(body['chatResponse'])) throw new MalformedAnswerError('The answer has no chatResponse.', 'shape');
  return body['chatResponse'];
}

/** It takes media as bytes: addresses it fetches for few models, and in a form of its own. */
function mustInline({ source }: MediaPart): boolean {
  return source.type === 'url';
}
