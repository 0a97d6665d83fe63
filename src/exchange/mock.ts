import { isObject } from '../core/json-object.ts';
import { ProviderError, type ProviderErrorClass } from '../core/provider-error.ts';
import type { Usage } from '../core/usage.ts';
import type { Answer, StreamPart } from '../core/answer.ts';
import type { PartWriter, Teller } from '../core/dialect.ts';
import { writeMessagesAnswer } from '../dialects/anthropic/messages/answer.ts';
import { MessagesStreamWriter } from '../dialects/anthropic/messages/stream.ts';
import { writeGenerateAnswer } from '../dialects/gemini/content/answer.ts';
import { isBatch, readEmbedRequest, writeEmbedAnswer } from '../dialects/gemini/content/embeddings.ts';
import { framesFor } from '../dialects/gemini/content/frames.ts';
import { GenerateStreamWriter } from '../dialects/gemini/content/stream.ts';
import { writeChatAnswer } from '../dialects/openai/chat/answer.ts';
import { ChatStreamWriter } from '../dialects/openai/chat/stream.ts';
import { writeResponse } from '../dialects/openai/responses/answer.ts';
import { readResponsesRequest } from '../dialects/openai/responses/request.ts';
import { ResponsesStreamWriter } from '../dialects/openai/responses/stream.ts';
import type { Call } from './call.ts';
import { responseId } from './codecs/responses-client.ts';
import { completionChoices, writeCompletion } from '../dialects/openai/completions/answer.ts';
import { CompletionStreamWriter } from '../dialects/openai/completions/stream.ts';
import { mockedSpeech, mockedTranscript } from './mock-audio.ts';
import { mockedBeside } from './mock-beside.ts';
import { mockedImages } from './mock-images.ts';
import type { Meter } from './meter.ts';
import type { Reply } from './reply.ts';
import type { Trail } from './trail.ts';

/** What a mocked answer is said to have used (data-plane 19.7). */
const MOCK_USAGE: Usage = { inputTokens: 10, outputTokens: 20 };

const ERRORS: Readonly<Record<string, { class: ProviderErrorClass; status: number; code?: string }>> = {
  'litellm.RateLimitError': { class: 'RateLimitError', status: 429 },
  'litellm.InternalServerError': { class: 'InternalServerError', status: 500 },
  'litellm.ContextWindowExceededError': { class: 'ContextWindowExceededError', status: 400, code: 'context_length_exceeded' },
};

const MOCK_VECTOR = [0.1, 0.2, 0.3];

/** Characters in each piece of a mocked stream. */
const PIECE = 8;

/**
 * The answer of a `mock_response`: no provider is asked; the call is limited, priced and booked like any other.
 *
 * @throws {ProviderError} when the text names an error
 */
export async function mockedReply(mock: unknown, call: Call, trail: Trail, meter: Meter): Promise<Reply> {
  const text = textOf(mock);
  const failure = ERRORS[text] ?? (text.startsWith('Exception: ') ? { class: 'InternalServerError' as const, status: 500 } : null);
  if (failure) throw new ProviderError({ ...failure, message: text });
  trail.sent = true;
  const used = { usage: MOCK_USAGE, outputBytes: text.length, text: () => text };
  if (call.operation === 'speech') return mockedSpeech(call, meter);
  if (call.operation === 'image_generation' || call.operation === 'image_edit') return mockedImages(call, text, meter);
  if (call.upload) return mockedTranscript(call, call.upload, text, meter);
  if (call.operation === 'embeddings' || call.operation === 'embed') {
    await meter.succeed(used);
    return { kind: 'whole', contentType: 'application/json', body: call.operation === 'embed' ? embeddedContent(call) : embedding(call) };
  }
  const beside = mockedBeside(call);
  if (beside !== null) {
    await meter.succeed({ ...used, usage: beside.usage });
    return { kind: 'whole', contentType: 'application/json', body: Buffer.from(JSON.stringify(beside.body)) };
  }
  const teller = tellerOf(call);
  if (!call.stream) {
    const answer: Answer = {
      choices: [{ index: 0, parts: [{ type: 'text', text }], finish: { reason: 'stop' } }],
      usage: MOCK_USAGE,
    };
    await meter.succeed(used);
    return { kind: 'whole', contentType: 'application/json', body: Buffer.from(JSON.stringify(teller.whole(answer))) };
  }
  const writer = teller.writer();
  return {
    kind: 'stream',
    contentType: null,
    first: latin1(writer.write({ type: 'start' })),
    rest: pieces(text, writer, meter, used),
  };
}

function tellerOf(call: Call): Teller {
  const { operation, requestId, model, startedAt, options } = call;
  if (operation === 'messages') {
    const shape = { id: `msg_${requestId}`, model };
    return { whole: (answer) => writeMessagesAnswer(answer, shape), writer: () => new MessagesStreamWriter(shape) };
  }
  if (operation === 'completions') {
    const shape = { id: `cmpl-${requestId}`, model, created: Math.floor(startedAt / 1000), echoed: '', firstIndex: 0 };
    return {
      whole: (answer) => writeCompletion(completionChoices(answer, shape), answer.usage, shape),
      writer: () => new CompletionStreamWriter(shape, options.includeUsage),
    };
  }
  if (operation === 'generate') {
    const shape = { responseId: requestId, model, showsThoughts: false };
    return {
      whole: (answer) => writeGenerateAnswer(answer, shape),
      writer: () => new GenerateStreamWriter(shape, framesFor(call.streamForm ?? 'events')),
    };
  }
  if (operation === 'responses') {
    const { asked } = readResponsesRequest(call.body.whole(), call.groupName);
    const shape = { id: responseId(call), model, created: Math.floor(startedAt / 1000), asked };
    return { whole: (answer) => writeResponse(answer, shape), writer: () => new ResponsesStreamWriter(shape) };
  }
  const shape = { id: `chatcmpl-${requestId}`, model, created: Math.floor(startedAt / 1000) };
  return {
    whole: (answer) => writeChatAnswer(answer, shape),
    writer: () => new ChatStreamWriter({ ...shape, includeUsage: options.includeUsage }),
  };
}

async function* pieces(
  text: string,
  writer: PartWriter,
  meter: Meter,
  used: { usage: Usage; outputBytes: number; text: () => string },
): AsyncGenerator<string, void, void> {
  const letters = Array.from(text);
  try {
    for (let at = 0; at < letters.length; at += PIECE)
      yield written(writer, { type: 'text_delta', text: letters.slice(at, at + PIECE).join('') });
    await meter.succeed(used);
    yield (
      written(writer, { type: 'finish', finish: { reason: 'stop' } }) +
      written(writer, { type: 'usage', usage: MOCK_USAGE }) +
      latin1(writer.finish())
    );
  } finally {
    void meter.succeed(used);
  }
}

function written(writer: PartWriter, part: StreamPart): string {
  return latin1(writer.write(part));
}

function latin1(text: string): string {
  return Buffer.from(text).toString('latin1');
}

function textOf(mock: unknown): string {
  if (typeof mock === 'string') return mock;
  const choices = isObject(mock) ? mock['choices'] : undefined;
  const [choice] = Array.isArray(choices) ? (choices as unknown[]) : [];
  const message = isObject(choice) ? choice['message'] : undefined;
  return isObject(message) && typeof message['content'] === 'string' ? message['content'] : JSON.stringify(mock);
}

function embedding(call: Call): Buffer {
  const inputs = call.body.value('input');
  const count = Array.isArray(inputs) && typeof inputs[0] !== 'number' ? inputs.length : 1;
  const data = Array.from({ length: count }, (_, index) => ({ object: 'embedding', index, embedding: MOCK_VECTOR }));
  return Buffer.from(JSON.stringify({ object: 'list', data, model: call.model, usage: { prompt_tokens: 10, total_tokens: 10 } }));
}

function embeddedContent({ body, groupName }: Call): Buffer {
  const whole = body.whole();
  const { input } = readEmbedRequest(whole, groupName);
  const usage: Usage = { inputTokens: 10, outputTokens: 0 };
  return Buffer.from(JSON.stringify(writeEmbedAnswer({ vectors: input.map(() => MOCK_VECTOR), usage }, !isBatch(whole))));
}
