import type { JsonObject } from '../../../core/json-object.ts';
import { OutputItem } from './output-item.ts';

interface OutputText {
  readonly type: 'output_text';
  text: string;
  readonly annotations: JsonObject[];
  readonly logprobs: unknown[];
}

interface OutputRefusal {
  readonly type: 'refusal';
  refusal: string;
}

/** What the model said: texts and refusals, in order. */
export class MessageItem extends OutputItem {
  readonly #content: (OutputText | OutputRefusal)[] = [];
  #isOpen = false;

  constructor(id: string) {
    super({ id, type: 'message', status: 'in_progress', role: 'assistant', content: [] });
  }

  say(text: string, logprobs: readonly unknown[]): void {
    const part = this.#open('output_text', (): OutputText => ({ type: 'output_text', text: '', annotations: [], logprobs: [] }));
    part.text += text;
    const place = { type: 'response.output_text.delta', content_index: this.#content.length - 1 };
    if (logprobs.length === 0) return this.tellDelta(place, text);
    part.logprobs.push(...logprobs);
    this.tell({ ...place, delta: text, logprobs });
  }

  refuse(text: string): void {
    const part = this.#open('refusal', (): OutputRefusal => ({ type: 'refusal', refusal: '' }));
    part.refusal += text;
    this.tellDelta({ type: 'response.refusal.delta', content_index: this.#content.length - 1 }, text);
  }

  /** Marks the last text; one that is told already has the annotation in the response alone. */
  annotate(annotation: JsonObject): boolean {
    const at = this.#content.findLastIndex(isText);
    const part = this.#content[at];
    if (part?.type !== 'output_text') return false;
    part.annotations.push(annotation);
    const place = { content_index: at, annotation_index: part.annotations.length - 1 };
    if (this.#isOpen && part === this.#content.at(-1)) this.tell({ type: 'response.output_text.annotation.added', ...place, annotation });
    return true;
  }

  /** Adds probabilities to the last text. */
  rate(logprobs: readonly unknown[]): boolean {
    const part = this.#content.findLast(isText);
    part?.logprobs.push(...logprobs);
    return part !== undefined;
  }

  protected override members(): JsonObject {
    return { content: this.#content.map(copied) };
  }

  protected override close(): void {
    const part = this.#content.at(-1);
    if (!part || !this.#isOpen) return;
    this.#isOpen = false;
    const at = { content_index: this.#content.length - 1 };
    if (part.type === 'output_text') this.tell({ type: 'response.output_text.done', ...at, text: part.text, logprobs: part.logprobs });
    else this.tell({ type: 'response.refusal.done', ...at, refusal: part.refusal });
    this.tell({ type: 'response.content_part.done', ...at, part: copied(part) });
  }

  #open<T extends OutputText | OutputRefusal>(type: T['type'], made: () => T): T {
    const last = this.#content.at(-1);
    if (this.#isOpen && last?.type === type) return last as T;
    this.close();
    const part = made();
    this.#content.push(part);
    this.#isOpen = true;
    this.tell({ type: 'response.content_part.added', content_index: this.#content.length - 1, part: copied(part) });
    return part;
  }
}

function isText(part: OutputText | OutputRefusal): part is OutputText {
  return part.type === 'output_text';
}

function copied(part: OutputText | OutputRefusal): JsonObject {
  return part.type === 'refusal' ? { ...part } : { ...part, annotations: [...part.annotations], logprobs: [...part.logprobs] };
}
