import type { StreamPart } from '../../../core/answer.ts';
import { isObject, type JsonObject } from '../../../core/json-object.ts';
import type { CitationPart } from '../../../core/parts.ts';
import { ThinkTags, type TaggedPiece } from '../../think-tags.ts';
import { errorInside } from '../errors.ts';
import { present } from '../request-fields.ts';
import { finishOf } from './finish-reason.ts';
import { readThinking } from './read-content.ts';
import { callsIn, logprobsOf, plainTextOf, readSpoken, type Spoken } from './read-delta.ts';
import type { ReadingTraits } from './reading-traits.ts';
import { ToolCallTracker } from './tool-call-tracker.ts';

/** Reads the deltas of one choice of a stream. */
export class ChoiceReader {
  readonly index: number;
  readonly #at: { readonly choice?: number };
  readonly #calls: ToolCallTracker;
  readonly #tags: ThinkTags | null;
  #reason: string | null = null;

  /** @param place what tells this choice from all others, see {@link ToolCallTracker} */
  constructor(index: number, place: readonly (string | number)[], { thinkTags = false }: ReadingTraits) {
    this.index = index;
    this.#at = index === 0 ? {} : { choice: index };
    this.#calls = new ToolCallTracker(place);
    this.#tags = thinkTags === false ? null : new ThinkTags({ opened: thinkTags === 'opened' });
  }

  /** The provider said why the choice ended. */
  get finished(): boolean {
    return this.#reason !== null;
  }

  /** @throws {ProviderError} when the choice itself reports an error, as OpenRouter does */
  push(choice: JsonObject, parts: StreamPart[]): void {
    const failure = choice['error'] === undefined ? null : errorInside({ error: choice['error'] });
    if (failure) throw failure;
    // Some servers send the last or only chunk with a whole `message`.
    const delta = isObject(choice['delta']) ? choice['delta'] : isObject(choice['message']) ? choice['message'] : {};
    const text = plainTextOf(delta);
    if (text === null) {
      this.#speak(readSpoken(delta), logprobsOf(choice), parts);
      for (const call of callsIn(delta)) this.#call(call, parts);
    } else this.#text(text, logprobsOf(choice), parts);
    if (typeof choice['finish_reason'] === 'string' && choice['finish_reason'] !== '') this.#reason = choice['finish_reason'];
  }

  /** The text goes on. */
  say(text: string): StreamPart[] {
    const parts: StreamPart[] = [];
    this.#text(text, undefined, parts);
    return parts;
  }

  /** Ends calls and choice. @throws {ProviderError} when the reason tells of a failure */
  finish(parts: StreamPart[], sources: readonly CitationPart[]): void {
    const finish = finishOf(this.#reason, this.#calls.calls.length > 0);
    if (this.#tags) this.#pieces(this.#tags.end(), undefined, parts);
    for (const call of this.#calls.calls) {
      if (!call.hasArguments) parts.push({ type: 'tool_call_delta', index: call.index, arguments: '{}', ...this.#at });
      parts.push({ type: 'tool_call_end', index: call.index, ...this.#at });
    }
    for (const citation of sources) parts.push({ type: 'citation', citation, ...this.#at });
    parts.push({ type: 'finish', finish, ...this.#at });
  }

  #speak(spoken: Spoken, logprobs: unknown, parts: StreamPart[]): void {
    const at = this.#at;
    if (spoken.reasoning !== '') parts.push({ type: 'reasoning_delta', text: spoken.reasoning, ...at });
    for (const { signature, encrypted, origin = 'anthropic' } of spoken.blocks.map(readThinking)) {
      if (signature !== undefined) parts.push({ type: 'reasoning_signature', signature, origin, ...at });
      if (encrypted !== undefined) parts.push({ type: 'reasoning_encrypted', encrypted, origin, ...at });
    }
    this.#text(spoken.text, logprobs, parts);
    if (spoken.refusal !== '') parts.push({ type: 'refusal_delta', text: spoken.refusal, ...at });
    for (const media of spoken.media) parts.push({ type: 'media', media, ...at });
    for (const citation of spoken.citations) parts.push({ type: 'citation', citation, ...at });
    for (const native of spoken.natives) parts.push({ type: 'native', native, ...at });
  }

  #text(text: string, logprobs: unknown, parts: StreamPart[]): void {
    if (text === '' && logprobs === undefined) return;
    if (this.#tags) this.#pieces(this.#tags.push(text), logprobs, parts);
    else
      parts.push(logprobs === undefined ? { type: 'text_delta', text, ...this.#at } : { type: 'text_delta', text, ...this.#at, logprobs });
  }

  #pieces(pieces: readonly TaggedPiece[], logprobs: unknown, parts: StreamPart[]): void {
    if (logprobs !== undefined) parts.push({ type: 'text_delta', text: '', logprobs, ...this.#at });
    for (const { type, text } of pieces) parts.push({ type: type === 'text' ? 'text_delta' : 'reasoning_delta', text, ...this.#at });
  }

  #call(raw: JsonObject, parts: StreamPart[]): void {
    const step = this.#calls.push(raw);
    if (!step) return;
    const { call } = step;
    const at = { index: call.index, ...this.#at };
    if (step.begins)
      parts.push({ type: 'tool_call_start', id: call.id, name: call.name, ...at, ...present({ signature: call.signature }) });
    if (step.arguments !== '') parts.push({ type: 'tool_call_delta', arguments: step.arguments, ...at });
  }
}
