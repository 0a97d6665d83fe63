import type { StreamPart } from '../../../core/answer.ts';
import { isObject, type JsonObject } from '../../../core/json-object.ts';
import type { AnswerState } from './answer-state.ts';
import { indexIn, type OpenItem } from './item-progress.ts';
import { ORIGIN, proofOf } from './proof.ts';
import { TextProgress } from './text-progress.ts';

/** Between two parts of a summary. */
const GAP = '\n\n';

type Kind = 'summary' | 'content';

/** Thoughts: what is told of them, and what they are for the provider. */
export class OpenReasoning implements OpenItem {
  readonly #state: AnswerState;
  readonly #texts = new Map<number, TextProgress>();
  /** Summaries, or the thoughts themselves: whichever comes first is told. */
  #kind: Kind | null = null;
  #isTold = false;

  constructor(state: AnswerState) {
    this.#state = state;
  }

  takes(event: string): boolean {
    return event.startsWith('reasoning');
  }

  push(event: string, body: JsonObject): StreamPart[] {
    const kind: Kind = event.startsWith('reasoning_summary') ? 'summary' : 'content';
    const index = indexIn(kind === 'summary' ? body['summary_index'] : body['content_index']);
    if (event.endsWith('.delta')) return this.#think(kind, index, (progress) => progress.add(textIn(body['delta'])));
    if (event.endsWith('.done')) return this.#think(kind, index, (progress) => progress.complete(textIn(body['text'] ?? body['part'])));
    return [];
  }

  end(item: JsonObject): StreamPart[] {
    const summary = textsIn(item['summary']);
    const kind = this.#kind ?? (summary.some((text) => text !== '') ? 'summary' : 'content');
    const texts = kind === 'summary' ? summary : textsIn(item['content']);
    const told = texts.flatMap((text, index) => this.#think(kind, index, (progress) => progress.complete(text)));
    const signature = proofOf(item, this.#state.provider);
    return signature === undefined ? told : [...told, { type: 'reasoning_signature', signature, origin: ORIGIN }];
  }

  #think(kind: Kind, index: number, step: (progress: TextProgress) => string): StreamPart[] {
    if (this.#kind !== null && this.#kind !== kind) return [];
    const progress = this.#texts.get(index) ?? new TextProgress();
    const begins = progress.isEmpty;
    const text = step(progress);
    if (text === '') return [];
    this.#kind = kind;
    this.#texts.set(index, progress);
    const gap = begins && this.#isTold ? GAP : '';
    this.#isTold = true;
    return [{ type: 'reasoning_delta', text: gap + text }];
  }
}

function textsIn(value: unknown): string[] {
  return Array.isArray(value) ? value.map(textIn) : [];
}

/** Some servers give the part, others its text. */
function textIn(value: unknown): string {
  if (typeof value === 'string') return value;
  return isObject(value) && typeof value['text'] === 'string' ? value['text'] : '';
}
