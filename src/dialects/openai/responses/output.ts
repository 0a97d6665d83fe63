import type { StreamPart, StreamPartOf } from '../../../core/answer.ts';
import { isObject, type JsonObject } from '../../../core/json-object.ts';
import type { CitationPart, MediaPart, NativePart } from '../../../core/parts.ts';
import { derivedCallId, digestOf } from '../../derived-id.ts';
import { callItem, type CallItem } from './call-item.ts';
import { carriedPart } from './carried-fields.ts';
import { ImageItem } from './image-item.ts';
import { MessageItem } from './message-item.ts';
import type { ItemStatus, OutputItem } from './output-item.ts';
import { ReasoningItem } from './reasoning-item.ts';
import type { ToolDirectory } from './tool-directory.ts';

export type OutputPart = Exclude<StreamPart, { type: 'start' | 'usage' | 'finish' }>;

/**
 * Makes the items of `output` of the parts of one answer, in the order in which they begin. Parts may come in any order: only the
 * first item that has not ended is worth telling, those behind it wait.
 */
export class Output {
  readonly #responseId: string;
  readonly #tools: ToolDirectory;
  readonly #items: OutputItem[] = [];
  readonly #calls = new Map<number, CallItem>();
  #callCount = 0;
  #lastMessage: MessageItem | null = null;
  /** Citations and probabilities that came before any text, and fields before any item. */
  #early: { citations: CitationPart[]; logprobs: unknown[]; fields: NativePart[] } = { citations: [], logprobs: [], fields: [] };

  constructor(responseId: string, tools: ToolDirectory) {
    this.#responseId = responseId;
    this.#tools = tools;
  }

  get items(): readonly OutputItem[] {
    return this.#items;
  }

  add(part: OutputPart): void {
    switch (part.type) {
      case 'text_delta':
        return this.#say(part.text, tokensIn(part.logprobs));
      case 'refusal_delta':
        if (part.text !== '') this.#message().refuse(part.text);
        return;
      case 'reasoning_delta':
        if (part.text !== '') this.#reasoning().think(part.text);
        return;
      case 'reasoning_signature':
        return this.#reasoning().sign(part.signature, part.origin);
      case 'reasoning_encrypted':
        return this.#reasoning().hide(part.encrypted, part.origin);
      case 'tool_call_start':
        return this.#startCall(part);
      case 'tool_call_delta':
        return this.#calls.get(part.index)?.add(part.arguments);
      case 'tool_call_end':
        return this.#endCall(part.index);
      case 'citation':
        return this.#cite(part.citation);
      case 'media':
        return this.#draw(part.media);
      case 'native':
        return this.#carry(part.native);
    }
  }

  /** The answer is over. @param status of what was still open */
  end(status: ItemStatus): void {
    for (const call of this.#calls.values()) {
      if (status === 'completed') call.finish();
      else call.end(status);
    }
    const last = this.#items.at(-1);
    last?.end(status);
    for (const field of this.#early.fields) last?.carry(field);
  }

  #say(text: string, logprobs: readonly unknown[]): void {
    if (text !== '') {
      const message = this.#message();
      const early = this.#early;
      message.say(text, early.logprobs.length === 0 ? logprobs : [...early.logprobs, ...logprobs]);
      for (const citation of early.citations) message.annotate(annotation(citation));
      if (early.logprobs.length + early.citations.length > 0) this.#early = { ...early, citations: [], logprobs: [] };
    } else if (!this.#lastMessage?.rate(logprobs)) this.#early.logprobs.push(...logprobs);
  }

  #cite(citation: CitationPart): void {
    if (!this.#lastMessage?.annotate(annotation(citation))) this.#early.citations.push(citation);
  }

  #message(): MessageItem {
    const last = this.#items.at(-1);
    if (last instanceof MessageItem && !last.ended) return last;
    this.#lastMessage = this.#append(new MessageItem(this.#id('msg')));
    return this.#lastMessage;
  }

  #reasoning(): ReasoningItem {
    const last = this.#items.at(-1);
    return last instanceof ReasoningItem && !last.ended ? last : this.#append(new ReasoningItem(this.#id('rs')));
  }

  /** Texts and thoughts end where something else begins; a call ends by itself. */
  #append<T extends OutputItem>(item: T): T {
    const last = this.#items.at(-1);
    if (last instanceof MessageItem || last instanceof ReasoningItem) last.end();
    this.#items.push(item);
    for (const field of this.#early.fields) item.carry(field);
    this.#early = { ...this.#early, fields: [] };
    return item;
  }

  #startCall({ index, id, name, signature }: StreamPartOf<'tool_call_start'>): void {
    this.#endCall(index);
    const callId = id === '' ? derivedCallId(this.#responseId, this.#callCount, name) : id;
    const call = this.#append(callItem((prefix) => this.#id(prefix), callId, this.#tools.told(name)));
    if (signature !== undefined) call.carry({ type: 'native', dialect: 'gemini', raw: { thought_signature: signature } });
    this.#calls.set(index, call);
    this.#callCount++;
  }

  #endCall(index: number): void {
    this.#calls.get(index)?.finish();
    this.#calls.delete(index);
  }

  /** Pictures have an item of their own; the dialect has no place for other media, nor for a picture elsewhere. */
  #draw(media: MediaPart): void {
    if (media.kind === 'image' && media.source.type === 'data') this.#append(new ImageItem(this.#id('ig'), media.source.data, media)).end();
  }

  #carry(native: NativePart): void {
    const part = carriedPart(native);
    const last = this.#items.at(-1);
    if (!part) return;
    if (last && !last.ended) last.carry(part);
    else this.#early.fields.push(part);
  }

  #id(prefix: string): string {
    return `${prefix}_${digestOf(this.#responseId, this.#items.length).slice(0, 48)}`;
  }
}

/** A link whose place in the text is not known marks no character of it. */
function annotation({ url, title, start, end }: CitationPart): JsonObject {
  return { type: 'url_citation', start_index: start ?? 0, end_index: end ?? start ?? 0, url, title: title ?? '' };
}

const NONE: readonly unknown[] = [];

/** The tokens of a `logprobs` object of chat. */
function tokensIn(logprobs: unknown): readonly unknown[] {
  return isObject(logprobs) && Array.isArray(logprobs['content']) ? logprobs['content'] : NONE;
}
