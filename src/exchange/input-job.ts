import { readMessagesRequest } from '../dialects/anthropic/messages/request.ts';
import { readEmbedRequest } from '../dialects/gemini/content/embeddings.ts';
import { readGenerateRequest } from '../dialects/gemini/content/request.ts';
import { readChatRequest } from '../dialects/openai/chat/request.ts';
import { readPrompts } from '../dialects/openai/completions/request.ts';
import { readResponsesRequest } from '../dialects/openai/responses/request.ts';
import { readEmbeddingsRequest } from '../dialects/openai/embeddings.ts';
import { chatJob } from '../ledger/tokens/chat-job.ts';
import type { CountJob } from '../ledger/tokens/counter.ts';
import type { BookedCall } from './call.ts';

/**
 * What is to be counted of a call's input when the provider did not tell (data-plane 16.6); null when the body, which
 * another provider may have understood, cannot be read here: then the estimate stands.
 */
export function inputJobOf(call: BookedCall, model: string): CountJob | null {
  // A body that passes is in its provider's words.
  if (call.operation === 'passed') return null;
  try {
    if (call.operation === 'chat') return chatJob(readChatRequest(call.body.whole(), call.groupName), model);
    if (call.operation === 'messages') return chatJob(readMessagesRequest(call.body.whole(), call.groupName), model);
    if (call.operation === 'generate') return chatJob(readGenerateRequest(call.body.whole(), call.groupName, call.stream).request, model);
    if (call.operation === 'responses') return chatJob(readResponsesRequest(call.body.whole(), call.groupName).request, model);
    if (call.operation === 'completions') return textsJob(readPrompts(call.body.value('prompt')), model);
    const read = call.operation === 'embed' ? readEmbedRequest : readEmbeddingsRequest;
    const { input } = read(call.body.whole(), call.groupName);
    return textsJob(input, model);
  } catch {
    return null;
  }
}

/** Texts are counted; of token lists it is known. */
function textsJob(input: readonly (string | readonly number[])[], model: string): CountJob {
  const texts = input.filter((each) => typeof each === 'string');
  return { model, texts, extra: input.reduce<number>((sum, each) => sum + (typeof each === 'string' ? 0 : each.length), 0) };
}
