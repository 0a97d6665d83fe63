import type { StreamPart } from '../../../core/answer.ts';
import { isObject, type JsonObject } from '../../../core/json-object.ts';
import { isTokenCount } from '../../../core/usage.ts';
import { present } from '../request-fields.ts';
import type { AnswerState } from './answer-state.ts';
import { indexIn, type OpenItem } from './item-progress.ts';
import { TextProgress } from './text-progress.ts';

/** One text or refusal of a message. */
interface Content {
  readonly progress: TextProgress;
  /** Where it begins in the text of the whole answer. */
  readonly start: number;
  annotations: number;
  rated: boolean;
}

/** A message: texts and refusals, with what they cite. */
export class OpenMessage implements OpenItem {
  readonly #state: AnswerState;
  readonly #contents = new Map<number, Content>();

  constructor(state: AnswerState) {
    this.#state = state;
  }

  takes(event: string): boolean {
    return /^(output_text|refusal|content_part)\./.test(event);
  }

  push(event: string, body: JsonObject): StreamPart[] {
    const content = this.#content(indexIn(body['content_index']));
    switch (event) {
      case 'output_text.delta':
        return this.#text(content, content.progress.add(body['delta']), body['logprobs']);
      case 'output_text.done':
        return this.#text(content, content.progress.complete(body['text']));
      case 'output_text.annotation.added':
        return this.#annotate(content, body['annotation']);
      case 'refusal.delta':
        return refusal(content.progress.add(body['delta']));
      case 'refusal.done':
        return refusal(content.progress.complete(body['refusal']));
      default:
        return [];
    }
  }

  end({ content }: JsonObject): StreamPart[] {
    const parts = Array.isArray(content) ? content : [];
    return parts.flatMap((part: unknown, index) => (isObject(part) ? this.#complete(this.#content(index), part) : []));
  }

  #complete(content: Content, part: JsonObject): StreamPart[] {
    if (part['type'] === 'refusal') return refusal(content.progress.complete(part['refusal']));
    const annotations = Array.isArray(part['annotations']) ? part['annotations'].slice(content.annotations) : [];
    return [
      ...this.#text(content, content.progress.complete(part['text']), content.rated ? [] : part['logprobs']),
      ...annotations.flatMap((annotation) => this.#annotate(content, annotation)),
    ];
  }

  #content(index: number): Content {
    const known = this.#contents.get(index);
    if (known) return known;
    const made = { progress: new TextProgress(), start: this.#state.said, annotations: 0, rated: false };
    this.#contents.set(index, made);
    return made;
  }

  #text(content: Content, text: string, logprobs?: unknown): StreamPart[] {
    const rated = Array.isArray(logprobs) && logprobs.length > 0 ? { content: logprobs } : undefined;
    content.rated ||= rated !== undefined;
    this.#state.said += text.length;
    return text === '' && rated === undefined ? [] : [{ type: 'text_delta', text, ...present({ logprobs: rated }) }];
  }

  /** A page has a place in the hub; a file or a file's page does not, and stays as it is. */
  #annotate(content: Content, annotation: unknown): StreamPart[] {
    content.annotations++;
    if (!isObject(annotation)) return [];
    const { type, url, title, start_index: start, end_index: end } = annotation;
    if (type !== 'url_citation' || typeof url !== 'string')
      return [{ type: 'native', native: { type: 'native', dialect: 'openai', raw: { annotations: [annotation] } } }];
    const place = isTokenCount(start) && isTokenCount(end) ? { start: content.start + start, end: content.start + end } : {};
    return [{ type: 'citation', citation: { type: 'citation', url, ...(typeof title === 'string' ? { title } : {}), ...place } }];
  }
}

function refusal(text: string): StreamPart[] {
  return text === '' ? [] : [{ type: 'refusal_delta', text }];
}
