import type { OutwardChat, StreamEvent, StreamReader, Target } from '../../core/dialect.ts';
import type { StreamPart } from '../../core/answer.ts';
import { foldStream } from '../../core/fold-stream.ts';
import { isObject } from '../../core/json-object.ts';
import type { CompletionRequest } from '../../core/request.ts';
import { formatOf, optionsOf } from './chat/body.ts';
import { allowedMembers, droppedParams } from './chat/params.ts';
import { ChatReader, jsonOf } from './chat/reader.ts';
import { thinkOf } from './chat/think.ts';
import { withExtras } from './options.ts';

/**
 * Text to go on from, for `POST /api/generate`; with a suffix, models that can do so fill the gap between.
 *
 * @throws {UnsupportedParamsError | InvalidRequestError} when the request cannot be said so
 * @see https://github.com/ollama/ollama/blob/v0.17.4/docs/api.md (read 2026-11-26)
 */
export function completion({ prompt, suffix, chat }: CompletionRequest, target: Target): OutwardChat {
  const dropped = droppedParams(chat, target);
  const { options, top } = withExtras(chat.extras, optionsOf(chat));
  const format = formatOf(chat.responseFormat);
  const think = dropped.has('reasoning_effort') || dropped.has('thinking') ? null : thinkOf(chat.reasoning, target.model);
  return {
    path: '/api/generate',
    headers: {},
    body: {
      model: target.model,
      prompt,
      ...(suffix === undefined ? {} : { suffix }),
      stream: chat.stream, // said either way: Ollama streams by default
      ...(format === null ? {} : { format }),
      ...(think === null ? {} : { think }),
      ...(chat.logprobs === undefined ? {} : { logprobs: chat.logprobs }),
      ...(chat.topLogprobs === undefined ? {} : { top_logprobs: chat.topLogprobs }),
      ...(options === null ? {} : { options }),
      ...allowedMembers(chat, target),
      ...top,
    },
    framing: 'ndjson',
    answer: (body) => {
      const reader = new CompletionReader();
      return foldStream([...reader.read(body), ...reader.end()]);
    },
    reader: () => new CompletionReader(),
  };
}

/** A completion's lines are those of a chat, but that the text stands in `response`. */
class CompletionReader implements StreamReader {
  readonly #chat = new ChatReader(new Set());

  push({ data }: StreamEvent): StreamPart[] {
    return this.read(jsonOf(data));
  }

  read(body: unknown): StreamPart[] {
    if (!isObject(body)) return this.#chat.read(body);
    const { response: content, thinking, ...line } = body;
    return this.#chat.read({ ...line, message: { content, thinking } });
  }

  get finished(): boolean {
    return this.#chat.finished;
  }

  end(): StreamPart[] {
    return this.#chat.end();
  }
}
