import type { StreamPart } from '../../../core/answer.ts';
import type { StreamEvent, StreamReader } from '../../../core/dialect.ts';
import { MalformedAnswerError, TruncatedStreamError } from '../../../core/provider-error.ts';
import { ThinkTags, type TaggedPiece } from '../../think-tags.ts';
import { argumentsText, parseExactly } from '../../call-arguments.ts';
import { CallIds } from '../../call-ids.ts';
import { finishOf } from './finish.ts';
import { logprobsOf } from './logprobs.ts';
import { usageOf } from './usage.ts';
import { lineOf, type Line, type WireLogprob, type WireToolCall } from './wire.ts';

/** Reads `/api/chat`: a stream line by line, or a whole answer as one line. Pure. */
export class ChatReader implements StreamReader {
  readonly #ids: CallIds;
  readonly #tags = new ThinkTags();
  /** The server parts thoughts from text itself, so tags in the text are text. */
  #thoughtsComeApart = false;
  /** Of tokens whose text is still held back. */
  #logprobs: WireLogprob[] = [];
  #calls = 0;
  #started = false;
  #finished = false;

  /** @param takenIds ids of tool calls earlier in the conversation */
  constructor(takenIds: ReadonlySet<string>) {
    this.#ids = new CallIds(takenIds);
  }

  push({ data }: StreamEvent): StreamPart[] {
    return this.read(jsonOf(data));
  }

  /** @param body parsed JSON of a line. @throws {ProviderError} which the line reports, or as which it cannot be read */
  read(body: unknown): StreamPart[] {
    const line = lineOf(body);
    if (this.#finished) return [];
    const parts: StreamPart[] = [];
    if (!this.#started) parts.push(startOf(line));
    this.#started = true;
    this.#takeThought(line, parts);
    this.#takeText(line, parts);
    for (const call of line.message?.tool_calls ?? []) this.#takeCall(call, line, parts);
    if (line.done) this.#finish(line, parts);
    return parts;
  }

  get finished(): boolean {
    return this.#finished;
  }

  end(): StreamPart[] {
    if (!this.#finished) throw new TruncatedStreamError();
    return [];
  }

  #takeThought(line: Line, parts: StreamPart[]): void {
    const thinking = line.message?.thinking;
    if (!thinking) return;
    this.#thoughtsComeApart = true;
    parts.push({ type: 'reasoning_delta', text: thinking });
  }

  #takeText(line: Line, parts: StreamPart[]): void {
    if (line.logprobs) this.#logprobs.push(...line.logprobs);
    const content = line.message?.content;
    if (!content) return;
    if (this.#thoughtsComeApart) this.#emit([...this.#tags.end(), { type: 'text', text: content }], parts);
    else this.#emit(this.#tags.push(content), parts);
  }

  #emit(pieces: readonly TaggedPiece[], parts: StreamPart[]): void {
    for (const { type, text } of pieces) {
      if (type === 'reasoning') parts.push({ type: 'reasoning_delta', text });
      else parts.push({ type: 'text_delta', text, ...this.#takeLogprobs() });
    }
  }

  #takeLogprobs(): { logprobs?: unknown } {
    if (this.#logprobs.length === 0) return {};
    const logprobs = logprobsOf(this.#logprobs);
    this.#logprobs = [];
    return { logprobs };
  }

  #takeCall(call: WireToolCall, line: Line, parts: StreamPart[]): void {
    this.#emit(this.#tags.end(), parts);
    const index = this.#calls;
    this.#calls += 1;
    const text = argumentsText(call.function.arguments);
    const id = this.#ids.next(call.id, [line.created_at ?? '', index, call.function.name, text]);
    parts.push(
      { type: 'tool_call_start', index, id, name: call.function.name },
      { type: 'tool_call_delta', index, arguments: text },
      { type: 'tool_call_end', index },
    );
  }

  #finish(line: Line, parts: StreamPart[]): void {
    this.#finished = true;
    this.#emit(this.#tags.end(), parts);
    if (this.#logprobs.length > 0) parts.push({ type: 'text_delta', text: '', ...this.#takeLogprobs() });
    parts.push({ type: 'finish', finish: finishOf(line.done_reason, this.#calls > 0) });
    const usage = usageOf(line);
    if (usage) parts.push({ type: 'usage', usage });
  }
}

/** Ollama has no id for an answer. */
function startOf({ model, created_at: createdAt }: Line): StreamPart {
  const created = Math.floor(Date.parse(createdAt ?? '') / 1000);
  return { type: 'start', ...(Number.isNaN(created) ? {} : { created }), ...(model ? { model } : {}) };
}

/** @throws {MalformedAnswerError} */
export function jsonOf(data: string): unknown {
  try {
    return data.includes('"tool_calls"') ? parseExactly(data) : JSON.parse(data);
  } catch (error) {
    throw new MalformedAnswerError('Ollama sent a line that is no JSON.', /^\s*[{[]/.test(data) ? 'json' : 'shape', error);
  }
}
