import type { StreamPart } from '../../../core/answer.ts';
import { isObject, wordOf, type JsonObject } from '../../../core/json-object.ts';
import type { AnswerState } from './answer-state.ts';
import type { OpenItem } from './item-progress.ts';
import { ORIGIN } from './proof.ts';

/** Every other item: it counts once it is whole. Steps of tools that the provider ran, calls of custom tools, pictures. */
export class OpenStep implements OpenItem {
  readonly #state: AnswerState;

  constructor(state: AnswerState) {
    this.#state = state;
  }

  takes(): boolean {
    return false;
  }

  push(): StreamPart[] {
    return [];
  }

  end(item: JsonObject): StreamPart[] {
    switch (item['type']) {
      case 'custom_tool_call':
        return this.#customCall(item);
      case 'image_generation_call':
        return picture(item);
      case undefined:
        return [];
      default:
        this.#count(item);
        return native(ORIGIN, { output_items: [item] });
    }
  }

  /** What is paid for by the piece. */
  #count(item: JsonObject): void {
    if (item['type'] === 'web_search_call' && isSearch(item)) this.#state.searches++;
    if (item['type'] === 'file_search_call') this.#state.fileSearches++;
    if (item['type'] === 'code_interpreter_call') this.#state.containers.add(wordOf(item['container_id']));
  }

  /** As chat has it. It counts among the calls. */
  #customCall({ call_id: id, name, input }: JsonObject): StreamPart[] {
    const index = this.#state.calls++;
    const callId = this.#state.ids.next(wordOf(id), [this.#state.place, index, wordOf(name)]);
    return native('openai', { tool_calls: [{ index, id: callId, type: 'custom', custom: { name: wordOf(name), input: wordOf(input) } }] });
  }
}

function native(dialect: string, raw: JsonObject): StreamPart[] {
  return [{ type: 'native', native: { type: 'native', dialect, raw } }];
}

function picture(item: JsonObject): StreamPart[] {
  const { result, output_format: format } = item;
  if (typeof result !== 'string' || result === '') return native(ORIGIN, { output_items: [item] });
  const mediaType = `image/${wordOf(format) || 'png'}`;
  return [{ type: 'media', media: { type: 'media', kind: 'image', source: { type: 'data', data: result }, mediaType } }];
}

/** Opening a page and looking for words in it are steps as well, and are not paid for. */
function isSearch({ action }: JsonObject): boolean {
  return !isObject(action) || action['type'] === undefined || action['type'] === 'search';
}
