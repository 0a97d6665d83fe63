import type { OutwardChat, Target } from '../../../core/dialect.ts';
import type { CompletionRequest } from '../../../core/request.ts';
import { readChatAnswer } from '../chat/read-answer.ts';
import type { ReadingTraits } from '../chat/reading-traits.ts';
import { ChatStreamReader } from '../chat/stream-reader.ts';
import { writeChatBody } from '../chat/write-request.ts';

/**
 * Mistral's completion of what stands between a prompt and a suffix: asked like a completion, answered like a chat.
 *
 * @see https://docs.mistral.ai/api/endpoint/fim (read 2026-11-26)
 */
export function fillIn({ prompt, suffix, chat }: CompletionRequest, target: Target, traits: ReadingTraits): OutwardChat {
  const { messages: _, ...params } = writeChatBody(chat, target);
  return {
    path: '/fim/completions',
    headers: {},
    body: { ...params, prompt, ...(suffix === undefined ? {} : { suffix }) },
    framing: 'sse',
    answer: (body) => readChatAnswer(body, traits),
    reader: () => new ChatStreamReader(traits),
  };
}
