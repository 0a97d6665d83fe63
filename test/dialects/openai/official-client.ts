import { ChatCompletionStream } from 'openai/lib/ChatCompletionStream';
import type { ChatCompletion } from 'openai/resources/chat/completions';
import { SseParser } from '../../../src/dialects/framing/sse.ts';

/** Reads a stream as OpenAI's own client does, which is strict about roles, indexes and finishes. */
export async function readAsOfficialClient(text: string): Promise<ChatCompletion> {
  const parser = new SseParser();
  const lines = [...parser.push(text), ...parser.end()].filter(({ data }) => data !== '[DONE]').map(({ data }) => `${data}\n`);
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      for (const line of lines) controller.enqueue(new TextEncoder().encode(line));
      controller.close();
    },
  });
  return ChatCompletionStream.fromReadableStream(body).finalChatCompletion();
}
