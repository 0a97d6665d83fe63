import type { Answer } from '../../core/answer.ts';
import type { OutwardChat } from '../../core/dialect.ts';
import { foldStream } from '../../core/fold-stream.ts';
import { parserFor } from '../../dialects/framing/parser-for.ts';

/** The whole answer of a provider that answers by a stream alone. @throws {ProviderError} as the stream's reader does */
export function answerOfStream(body: Buffer, { framing, reader: begin }: Pick<OutwardChat, 'framing' | 'reader'>): Answer {
  const parser = parserFor(framing);
  const reader = begin();
  const parts = [...parser.push(body), ...parser.end()].flatMap((event) => reader.push(event));
  return foldStream([...parts, ...reader.end()]);
}

/** One body came in place of a stream: a refusal, or an answer all the same. */
export function isJson(body: Buffer): boolean {
  return body.subarray(0, 64).toString('latin1').trimStart().startsWith('{');
}
