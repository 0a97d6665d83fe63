import type { MediaPart } from '../../core/parts.ts';
import type { OutwardDialect } from '../../core/dialect.ts';
import { readChatAnswer } from './chat/read-answer.ts';
import type { ReadingTraits } from './chat/reading-traits.ts';
import { ChatStreamReader } from './chat/stream-reader.ts';
import { writeChatBody } from './chat/write-request.ts';
import { fillIn } from './completions/fill-in.ts';
import { writeEmbeddings } from './embeddings.ts';
import { readError } from './errors.ts';

/**
 * The dialect of OpenAI's API, spoken by most providers. Used towards a provider when the client speaks another one; when
 * both sides speak it, bytes pass (`chat/pass-through.ts`, `chat/mend-answer.ts`).
 *
 * @see https://platform.openai.com/docs/api-reference/chat
 */
export const openai: OutwardDialect = openaiWith({});

/**
 * The dialect for a provider whose answers need to be read with some care.
 *
 * @param signed it takes signed thoughts back
 */
export function openaiWith(traits: ReadingTraits, signed = false): OutwardDialect {
  return {
    name: 'openai',
    chat: (request, target) => ({
      path: '/chat/completions',
      headers: {},
      body: writeChatBody(request, target, signed),
      framing: 'sse',
      answer: (body) => readChatAnswer(body, traits),
      reader: () => new ChatStreamReader(traits),
    }),
    completion: (request, target) => fillIn(request, target, traits),
    embeddings: writeEmbeddings,
    mustInline,
    error: readError,
  };
}

/** Images and videos go by URL; audio and files have no URL form in this dialect. */
function mustInline(media: MediaPart): boolean {
  return media.source.type === 'url' && (media.kind === 'audio' || media.kind === 'file');
}
