import { unfoldAnswer } from '../../core/unfold-answer.ts';
import { readChatAnswer } from '../../dialects/openai/chat/read-answer.ts';
import { ChatStreamWriter } from '../../dialects/openai/chat/stream.ts';

/**
 * A whole chat completion told as a stream, for providers that answer with one JSON body although a stream was asked for.
 *
 * @param body as the client would get it
 * @param includeUsage whether the client asked for the usage chunk
 * @returns the whole stream, latin1
 */
export function retoldChat(body: Buffer, model: string, includeUsage: boolean): string {
  const answer = readChatAnswer(JSON.parse(body.toString('utf8')));
  const writer = new ChatStreamWriter({ id: answer.id ?? '', created: answer.created ?? 0, model, includeUsage });
  const told = unfoldAnswer(answer)
    .map((part) => writer.write(part))
    .join('');
  return Buffer.from(told + writer.finish()).toString('latin1');
}
