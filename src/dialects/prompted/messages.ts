import type { OutwardChat, StreamEvent, StreamReader, Target } from '../../core/dialect.ts';
import type { StreamPart } from '../../core/answer.ts';
import type { JsonObject } from '../../core/json-object.ts';
import type { ChatRequest } from '../../core/request.ts';
import { EXCEPTION } from '../framing/aws-event-stream.ts';
import { readChatAnswer } from '../openai/chat/read-answer.ts';
import { ChatStreamReader } from '../openai/chat/stream-reader.ts';
import { writeChatBody } from '../openai/chat/write-request.ts';
import { checkParams, presentParams } from '../params.ts';
import { streamError } from './errors.ts';
import { placePath } from './place-path.ts';
import type { MessagesForm } from './wire.ts';

/** A conversation in OpenAI's words, in a frame of the provider's own. @throws {UnsupportedParamsError} */
export function messagesChat(request: ChatRequest, form: MessagesForm, target: Target): OutwardChat {
  const { takes, framing } = form;
  const dropped = takes === undefined ? new Set() : checkParams(presentParams(request), new Set(takes), target);
  const { model, ...written } = writeChatBody(request, target);
  const kept = Object.fromEntries(Object.entries(written).filter(([name]) => !dropped.has(name)));
  return {
    path: placePath(request.stream ? (form.streamPath ?? form.path) : form.path, target.model),
    headers: {},
    body: named(kept, model, form),
    framing,
    answer: (body) => readChatAnswer(body, {}),
    reader: () => (framing === 'aws-payload' ? new FramedChatReader() : new ChatStreamReader({})),
  };
}

function named(body: JsonObject, model: unknown, { names }: MessagesForm): JsonObject {
  if (names === 'nothing') return body;
  if (names === 'model') return { model, ...body };
  const { adapter_id: adapter = '', ...rest } = body;
  return { model: adapter, ...rest };
}

/** OpenAI's stream inside AWS's messages, which may report failures of their own. */
class FramedChatReader implements StreamReader {
  readonly #chat = new ChatStreamReader({});

  push(event: StreamEvent): StreamPart[] {
    const name = event.event ?? '';
    if (name.startsWith(EXCEPTION)) throw streamError(name.slice(EXCEPTION.length), event.data);
    return this.#chat.push(event);
  }

  get finished(): boolean {
    return this.#chat.finished;
  }

  end(): StreamPart[] {
    return this.#chat.end();
  }
}
