import { errorAnswerOf, type ErrorAnswer } from '../contract/error-envelope.ts';
import type { ToldFailure } from '../core/dialect.ts';
import type { Call } from '../exchange/call.ts';
import type { StreamReply } from '../exchange/reply.ts';
import { lastFrame } from '../dialects/gemini/content/frames.ts';
import { generateErrorBody } from './generate-error.ts';
import { messagesErrorBody } from './messages-error.ts';

/**
 * The event that tells an error in the client's dialect; latin1, one character a byte.
 *
 * @param reply the stream that broke off; null: none had begun
 */
export function errorEvent(error: unknown, call: Call, reply: StreamReply | null): string {
  const answer = errorAnswerOf(error);
  return reply?.fail?.(failureOf(answer)) ?? Buffer.from(eventOf(error, answer, call)).toString('latin1');
}

function eventOf(error: unknown, answer: ErrorAnswer, call: Call): string {
  switch (call.operation) {
    case 'messages':
      return `event: error\ndata: ${JSON.stringify(messagesErrorBody(answer, call.callId, error))}\n\n`;
    case 'generate':
      return lastFrame(call.streamForm ?? 'events', JSON.stringify(generateErrorBody(answer)));
    case 'responses':
      return `event: error\ndata: ${JSON.stringify({ ...failureOf(answer), type: 'error', sequence_number: 0, error: failureOf(answer) })}\n\n`;
    default:
      return `data: ${JSON.stringify(answer.body)}\n\n`;
  }
}

function failureOf({ body: { error } }: ErrorAnswer): ToldFailure {
  const text = (name: string): string | null => (typeof error[name] === 'string' ? error[name] : null);
  return { message: text('message') ?? '', type: text('type') ?? 'internal_server_error', code: text('code'), param: text('param') };
}
