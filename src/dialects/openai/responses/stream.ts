import type { Finish, StreamPart } from '../../../core/answer.ts';
import type { ToldFailure } from '../../../core/dialect.ts';
import type { JsonObject } from '../../../core/json-object.ts';
import { MalformedAnswerError } from '../../../core/provider-error.ts';
import type { Usage } from '../../../core/usage.ts';
import { isOutput } from './answer.ts';
import { Output, type OutputPart } from './output.ts';
import type { ItemEvent, OutputItem } from './output-item.ts';
import { outcomeOf, responseObject, shownItem, type Outcome, type ResponseShape } from './response-object.ts';

/** Most characters that wait for an item before them to end: far more than a model writes. */
const MOST_WAITING = 8 * 1024 * 1024;

const DONE = 'data: [DONE]\n\n';

/**
 * Writes a stream of a response (data-plane 10.9): parts in, text of server-sent events out. Items follow each other and never
 * interleave: calls whose pieces alternate wait for the one that began before them. Of several choices the first is told.
 */
export class ResponsesStreamWriter {
  readonly #shape: ResponseShape;
  readonly #output: Output;
  #usage: Usage | null = null;
  #finish: Finish = { reason: 'stop' };
  #sequence = 0;
  /** Place of the first item that is not told to its end. */
  #index = 0;
  #itemIsOpen = false;
  #isOver = false;
  #response: JsonObject = {};

  constructor(shape: ResponseShape) {
    this.#shape = shape;
    this.#output = new Output(shape.id, shape.asked.tools);
  }

  /** `output` for the store and the next turn, once the stream is over: thoughts are sealed in it, whatever the client asked for. */
  get kept(): JsonObject[] {
    return this.#output.items.map((item) => item.whole());
  }

  /** The response as it was told last. */
  get response(): JsonObject {
    return this.#response;
  }

  /**
   * @returns events to append, `''` when the part says nothing to the client
   * @throws {MalformedAnswerError} when the provider interleaves more than can wait
   */
  write(part: StreamPart): string {
    if (this.#isOver) return '';
    if (part.type === 'usage') this.#usage = part.usage;
    if (part.type === 'start') return this.#begun();
    if (part.type === 'usage' || (part.choice ?? 0) !== 0) return '';
    if (isOutput(part)) return this.#add(part);
    this.#finish = part.finish;
    return '';
  }

  /** The end of the stream. @param counted usage counted by us, when the provider gave none */
  finish(counted?: Usage): string {
    if (this.#isOver) return '';
    const begun = this.#begun();
    const outcome = outcomeOf(this.#finish);
    this.#usage ??= counted ?? null;
    this.#isOver = true;
    this.#output.end(outcome.status);
    return begun + this.#told() + this.#state(`response.${outcome.status}`, outcome) + DONE;
  }

  /** The end of a stream that broke off; nothing follows it. What was said so far stands in the response. */
  fail(failure: ToldFailure): string {
    if (this.#isOver) return '';
    const begun = this.#begun();
    this.#isOver = true;
    this.#output.end('incomplete');
    const { code, message, param } = failure;
    // OpenAI documents the members beside the type; its clients raise an error when they find them in `error`.
    const error = this.#event('error', { code, message, param, error: failure });
    return begun + error + this.#state('response.failed', { status: 'failed', failure });
  }

  #begun(): string {
    if (this.#sequence > 0) return '';
    const outcome: Outcome = { status: 'in_progress' };
    return this.#state('response.created', outcome) + this.#state('response.in_progress', outcome);
  }

  #add(part: OutputPart): string {
    const begun = this.#begun();
    this.#output.add(part);
    const told = this.#told();
    const waiting = this.#output.items.slice(this.#index).reduce((sum, item) => sum + item.waiting, 0);
    if (waiting > MOST_WAITING) {
      throw new MalformedAnswerError('The provider sent pieces of several tool calls in turns, more than can be put in order.', 'shape');
    }
    return begun + told;
  }

  /** Everything that may be told now: the first item, and those behind it once it ended. */
  #told(): string {
    let text = '';
    for (let item = this.#output.items[this.#index]; item !== undefined; item = this.#output.items[this.#index]) {
      text += this.#toldOf(item);
      if (this.#itemIsOpen) return text;
    }
    return text;
  }

  #toldOf(item: OutputItem): string {
    const place = { output_index: this.#index };
    let text = this.#itemIsOpen ? '' : this.#event('response.output_item.added', { ...place, item: item.start });
    for (const event of item.take()) text += this.#itemEvent(item, event);
    this.#itemIsOpen = !item.ended;
    if (this.#itemIsOpen) return text;
    this.#index++;
    return text + this.#event('response.output_item.done', { ...place, item: shownItem(item.whole(), this.#shape) });
  }

  /** An event that shows the response as it stands. */
  #state(type: string, outcome: Outcome): string {
    const items = outcome.status === 'in_progress' ? [] : this.kept;
    const usage = outcome.status === 'in_progress' ? null : this.#usage;
    this.#response = responseObject(this.#shape, outcome, items, usage);
    return this.#event(type, { response: this.#response });
  }

  #itemEvent({ start }: OutputItem, { type, ...members }: ItemEvent): string {
    const place = `,"item_id":${JSON.stringify(start['id'])},"output_index":${this.#index}`;
    const logprobs = type.startsWith('response.output_text.d') && members['logprobs'] === undefined ? ',"logprobs":[]' : '';
    return this.#event(type, members, place + logprobs);
  }

  /** @param before JSON text of members that stand before the others, each behind a comma */
  #event(type: string, members: JsonObject, before = ''): string {
    const text = JSON.stringify(members);
    const rest = text === '{}' ? '}' : `,${text.slice(1)}`;
    return `event: ${type}\ndata: {"type":"${type}","sequence_number":${this.#sequence++}${before}${rest}\n\n`;
  }
}
