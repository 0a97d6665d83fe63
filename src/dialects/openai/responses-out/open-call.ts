import type { StreamPart } from '../../../core/answer.ts';
import { wordOf, type JsonObject } from '../../../core/json-object.ts';
import { argumentsText } from '../../call-arguments.ts';
import type { AnswerState } from './answer-state.ts';
import type { OpenItem } from './item-progress.ts';
import { TextProgress } from './text-progress.ts';

/** The call of a function. Some providers tell its arguments in one piece at the end alone. */
export class OpenCall implements OpenItem {
  readonly #state: AnswerState;
  readonly #arguments = new TextProgress();
  /** Position among the calls; null until it has a name. */
  #index: number | null = null;
  /** Pieces that came before the name. */
  #early: StreamPart[] = [];

  constructor(state: AnswerState) {
    this.#state = state;
  }

  /** Announces the call, once its name is known. */
  begin({ call_id: id, name }: JsonObject): StreamPart[] {
    if (this.#index !== null || typeof name !== 'string' || name === '') return [];
    this.#index = this.#state.calls++;
    const place = [this.#state.place, this.#index, name];
    return [{ type: 'tool_call_start', index: this.#index, id: this.#state.ids.next(wordOf(id), place), name }];
  }

  takes(event: string): boolean {
    return event.startsWith('function_call_arguments.');
  }

  push(event: string, body: JsonObject): StreamPart[] {
    const began = this.begin(body);
    const text = event.endsWith('.delta') ? this.#arguments.add(body['delta']) : this.#arguments.complete(body['arguments']);
    return [...began, ...this.#told(text)];
  }

  end(item: JsonObject): StreamPart[] {
    const began = this.begin(item);
    if (this.#index === null) return [];
    const late = this.#told(this.#arguments.complete(argumentsText(item['arguments'])));
    const empty = this.#arguments.isEmpty ? this.#told('{}') : [];
    return [...began, ...late, ...empty, { type: 'tool_call_end', index: this.#index }];
  }

  #told(text: string): StreamPart[] {
    const { calls } = this.#state;
    const piece: StreamPart[] = text === '' ? [] : [{ type: 'tool_call_delta', index: this.#index ?? calls, arguments: text }];
    if (this.#index === null) {
      this.#early.push(...piece);
      return [];
    }
    const index = this.#index;
    const early = this.#early.map((part) => (part.type === 'tool_call_delta' ? { ...part, index } : part));
    this.#early = [];
    return [...early, ...piece];
  }
}
