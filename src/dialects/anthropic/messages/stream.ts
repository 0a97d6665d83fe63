import type { Finish, StreamPart } from '../../../core/answer.ts';
import type { JsonObject } from '../../../core/json-object.ts';
import { MalformedAnswerError } from '../../../core/provider-error.ts';
import { NO_USAGE, type Usage } from '../../../core/usage.ts';
import { isContent, messageId, type MessagesShape } from './answer.ts';
import { Content, type ContentPart } from './content.ts';
import { stopReasonOf } from './stop-reason.ts';
import { UNCOUNTED, writeUsage } from './write-usage.ts';

/** Most characters that wait for a block before them to end: far more than a model writes. */
const MOST_WAITING = 8 * 1024 * 1024;

/**
 * Writes a Messages stream (data-plane 10.8, dialects 1.4): parts in, text of server-sent events out. Blocks follow each other
 * and never interleave: calls whose pieces alternate wait for the one that began before them. Of several choices the first is told.
 */
export class MessagesStreamWriter {
  readonly #shape: MessagesShape;
  #content: Content | null = null;
  #usage: Usage | null = null;
  #finish: Finish = { reason: 'stop' };
  /** Place of the first block that is not told to its end. */
  #index = 0;
  #isOpen = false;
  #isOver = false;

  constructor(shape: MessagesShape) {
    this.#shape = shape;
  }

  /**
   * @returns events to append, `''` when the part says nothing to the client
   * @throws {MalformedAnswerError} when the provider interleaves more than can wait
   */
  write(part: StreamPart): string {
    if (this.#isOver) return '';
    if (part.type === 'usage') {
      this.#usage = part.usage;
      return '';
    }
    if (part.type === 'start') return this.#begun(part.id).start;
    if ((part.choice ?? 0) !== 0) return '';
    if (isContent(part)) return this.#add(part);
    this.#finish = part.finish;
    return '';
  }

  /** The end of the stream. @param counted usage counted by us, when the provider gave none */
  finish(counted?: Usage): string {
    if (this.#isOver) return '';
    this.#isOver = true;
    const { content, start } = this.#begun();
    content.end();
    return start + this.#told(content) + this.#end(content, this.#usage ?? counted ?? NO_USAGE);
  }

  /** @param given the provider's id of the answer */
  #begun(given?: string): { readonly content: Content; readonly start: string } {
    if (this.#content) return { content: this.#content, start: '' };
    const { model, names } = this.#shape;
    const id = messageId(given, this.#shape);
    this.#content = new Content(id, names);
    const usage = this.#usage === null ? UNCOUNTED : writeUsage(this.#usage);
    const message = { id, type: 'message', role: 'assistant', model, content: [], stop_reason: null, stop_sequence: null, usage };
    return { content: this.#content, start: event('message_start', { message }) };
  }

  #add(part: ContentPart): string {
    const { content, start } = this.#begun();
    content.add(part);
    const told = this.#told(content);
    if (content.size > MOST_WAITING) {
      throw new MalformedAnswerError('The provider sent pieces of several tool calls in turns, more than can be put in order.', 'shape');
    }
    return start + told;
  }

  /** Everything that may be told now: the first block, and those behind it once it ended. */
  #told(content: Content): string {
    let text = '';
    for (let block = content.blocks[0]; block !== undefined; block = content.blocks[0]) {
      if (!this.#isOpen) text += event('content_block_start', { index: this.#index, content_block: block.start });
      this.#isOpen = true;
      for (const delta of block.take()) text += event('content_block_delta', { index: this.#index, delta });
      if (!block.ended) return text;
      text += event('content_block_stop', { index: this.#index++ });
      this.#isOpen = false;
      content.shift();
    }
    return text;
  }

  #end(content: Content, usage: Usage): string {
    const { context_management: management, ...fields } = content.fields;
    const delta = { stop_reason: stopReasonOf(this.#finish, content.said), stop_sequence: null, ...fields };
    const beside = management === undefined ? {} : { context_management: management };
    return event('message_delta', { delta, usage: writeUsage(usage), ...beside }) + event('message_stop', {});
  }
}

function event(type: string, members: JsonObject): string {
  return `event: ${type}\ndata: ${JSON.stringify({ type, ...members })}\n\n`;
}
