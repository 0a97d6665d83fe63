import type { StreamPart } from '../../../core/answer.ts';

/** A call of a tool between its start and its end. */
export class OpenCall {
  readonly #index: number;
  /** Arguments so far that may still come to nothing: Cohere writes none as `null`. */
  #held = '';
  #told = false;

  /** @param index counts the calls of the answer */
  constructor(index: number) {
    this.#index = index;
  }

  add(text: string): StreamPart[] {
    if (this.#told) return this.#delta(text);
    this.#held += text;
    if ('null'.startsWith(this.#held.trim())) return [];
    this.#told = true;
    return this.#delta(this.#held);
  }

  close(): StreamPart[] {
    return [...(this.#told ? [] : this.#delta('{}')), { type: 'tool_call_end', index: this.#index }];
  }

  #delta(text: string): StreamPart[] {
    return text === '' ? [] : [{ type: 'tool_call_delta', index: this.#index, arguments: text }];
  }
}
