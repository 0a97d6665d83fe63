import type { StreamPart } from '../../../core/answer.ts';
import type { JsonObject } from '../../../core/json-object.ts';
import type { PartWriter } from '../../../core/dialect.ts';
import type { Usage } from '../../../core/usage.ts';
import { writeUsage } from '../usage.ts';
import { finishWord, type CompletionShape } from './answer.ts';
import { completionLogprobs } from './logprobs.ts';

/** Writes a stream of `POST /completions`: parts in, text of server-sent events out. */
export class CompletionStreamWriter implements PartWriter {
  readonly #shape: CompletionShape;
  readonly #includeUsage: boolean;
  /** Characters that each choice has so far. */
  readonly #lengths = new Map<number, number>();
  #usage: Usage | null = null;

  constructor(shape: CompletionShape, includeUsage: boolean) {
    this.#shape = shape;
    this.#includeUsage = includeUsage;
  }

  write(part: StreamPart): string {
    if (part.type === 'usage') {
      this.#usage = part.usage;
      return '';
    }
    if (part.type === 'text_delta') return this.#text(part.choice ?? 0, part.text, part.logprobs);
    if (part.type === 'refusal_delta') return this.#text(part.choice ?? 0, part.text, undefined);
    if (part.type === 'finish') {
      const choice = part.choice ?? 0;
      return this.#begun(choice) + this.#chunk([{ ...this.#blank(choice), finish_reason: finishWord(part.finish) }]);
    }
    return '';
  }

  /** Usage when asked for, then the end. */
  finish(): string {
    const last = this.#includeUsage && this.#usage ? this.#chunk([], { usage: writeUsage(this.#usage) }) : '';
    return `${last}data: [DONE]\n\n`;
  }

  #text(choice: number, text: string, logprobs: unknown): string {
    const begun = this.#begun(choice);
    const offset = this.#lengths.get(choice) ?? 0;
    this.#lengths.set(choice, offset + text.length);
    if (text === '' && logprobs === undefined) return begun;
    return begun + this.#chunk([{ ...this.#blank(choice), text, logprobs: completionLogprobs(logprobs, offset) }]);
  }

  /** What is repeated of the prompt comes before anything else of a choice. */
  #begun(choice: number): string {
    if (this.#lengths.has(choice)) return '';
    const { echoed } = this.#shape;
    this.#lengths.set(choice, echoed.length);
    return echoed === '' ? '' : this.#chunk([{ ...this.#blank(choice), text: echoed }]);
  }

  #blank(choice: number): JsonObject {
    return { text: '', index: this.#shape.firstIndex + choice, logprobs: null, finish_reason: null };
  }

  #chunk(choices: readonly JsonObject[], more: JsonObject = {}): string {
    const { id, created, model } = this.#shape;
    return `data: ${JSON.stringify({ id, object: 'text_completion', created, model, choices, ...more })}\n\n`;
  }
}
