import { isObject, type JsonObject } from '../../../core/json-object.ts';
import { MalformedAnswerError, TruncatedStreamError } from '../../../core/provider-error.ts';
import type { Usage } from '../../../core/usage.ts';
import { RepetitionGuard, REPETITION_LIMIT, repetitionError } from '../../repetition-guard.ts';
import { errorInside, readError } from '../errors.ts';
import { topLevelString } from '../../../core/json-text.ts';
import { fromLatin1, toLatin1 } from '../latin1.ts';
import { readUsage } from '../usage.ts';
import { learnSkeleton } from './learn-skeleton.ts';
import { ChunkMender, type MendOptions } from './mend-chunk.ts';
import { OutputRecord } from './output-record.ts';
import { dataOf, RawEvents } from './raw-events.ts';
import { textsIn } from './read-delta.ts';
import { applySkeleton, matchSkeleton, type Skeleton } from './skeleton.ts';

export interface PassThroughOptions extends MendOptions {
  /** Equal text pieces in a row that end the stream with an error. */
  readonly repetitionLimit?: number;
  /** Shown every chunk as the provider sent it, but for those that only go on with the text of the answer. */
  readonly witness?: ((chunk: JsonObject) => void) | undefined;
}

/** More shapes than a stream has at one time: content, reasoning, arguments, a second choice. */
const MAX_SKELETONS = 4;
/** So many events of new shapes in a row: this stream has no lasting ones, and learning them is wasted. */
const MAX_MISSES = 24;

/**
 * Passes an OpenAI-shaped stream on to a client of the same dialect (ruling B1): whole events, byte for byte, with the
 * client's name for the model and without the usage chunk it did not ask for. An event that an official client would
 * stumble over is mended, and only that one.
 *
 * Each event is parsed and judged once for its shape; events of a shape known to be lawful are only compared with it.
 * Text in and out is latin1, one character a byte. Comments are dropped.
 */
export class ChatPassThrough {
  readonly #options: PassThroughOptions;
  readonly #events = new RawEvents();
  readonly #mender: ChunkMender;
  readonly #record = new OutputRecord();
  readonly #guard: RepetitionGuard;
  readonly #skeletons: Skeleton[] = [];
  #misses = 0;
  #isAnswering = false;
  /** Something went to the client. */
  #isGiven = false;
  #done = false;
  #serviceTier: unknown;
  /** The usage chunk; it goes out last. */
  #usageEvent = '';
  #failure: Error | null = null;

  constructor(options: PassThroughOptions) {
    this.#options = options;
    this.#mender = new ChunkMender(options);
    this.#guard = new RepetitionGuard(options.repetitionLimit);
  }

  /** What the provider counted, as far as it told; null when it did not. */
  get usage(): Usage | null {
    return readUsage(this.#mender.usage, this.#serviceTier) ?? null;
  }

  /** The end of the stream was among what was returned last. */
  get finished(): boolean {
    return this.#done;
  }

  /** Bytes of text, reasoning and arguments so far. */
  get outputBytes(): number {
    return this.#record.bytes;
  }

  /** How many of them are kept for {@link takeText}. */
  get keptBytes(): number {
    return this.#record.keptBytes;
  }

  /**
   * An error that was met behind events which still had to go out. Nothing but the error may follow them; the next
   * `push` or `end` throws it.
   */
  get failure(): Error | null {
    return this.#failure;
  }

  /** What the model wrote, at most 64 kB of it, for counting. Taken once. */
  takeText(): string {
    return this.#record.take();
  }

  /**
   * @returns text to send on; `''` when no event became whole
   * @throws {ProviderError} for an error event, {@link MalformedAnswerError} for one that is no JSON object, both only
   *   when nothing stands before it in the same chunk: see `failure`
   */
  push(chunk: Buffer): string {
    if (this.#failure) throw this.#failure;
    return this.#pass(() => this.#events.push(chunk.toString('latin1')));
  }

  /**
   * The connection closed in good order.
   *
   * @returns the rest, with `[DONE]` if the provider forgot it
   * @throws {TruncatedStreamError} when the answer was not finished
   */
  end(): string {
    if (this.#failure) throw this.#failure;
    const rest = this.#pass(() => this.#events.end());
    if (this.#failure || this.#done) return rest;
    if (this.#mender.finished) return rest + this.#finish();
    if (rest === '') throw new TruncatedStreamError();
    this.#failure = new TruncatedStreamError();
    return rest;
  }

  #pass(next: () => readonly string[]): string {
    let output = '';
    try {
      for (const event of next()) output += this.#event(event);
    } catch (error) {
      // As long as nothing was said, a failure may still be another try.
      if (output === '' || (this.#record.bytes === 0 && !this.#isGiven) || !(error instanceof Error)) throw error;
      this.#failure = error;
    }
    this.#isGiven ||= output !== '';
    return output;
  }

  #event(event: string): string {
    if (this.#done) return '';
    for (const skeleton of this.#skeletons) {
      const end = matchSkeleton(skeleton, event);
      if (end === -1) continue;
      this.#misses = 0;
      this.#see(event.slice(skeleton.before.length, end));
      if (!skeleton.isContent && this.#options.witness) this.#options.witness(this.#chunk(dataOf(event).data, null));
      return applySkeleton(skeleton, event, end);
    }
    return this.#look(event);
  }

  /** @param escaped a piece of what the model says, as it stands in the JSON */
  #see(escaped: string): void {
    this.#record.add(escaped);
    if (this.#guard.isStuckAfter(escaped)) throw repetitionError(this.#options.repetitionLimit ?? REPETITION_LIMIT);
  }

  #look(event: string): string {
    const { name, data } = dataOf(event);
    if (data.trim() === '') return '';
    if (data.trim() === '[DONE]') return this.#finish();
    const chunk = this.#chunk(data, name);
    const said = chunk['model'];
    this.#isAnswering = true;
    this.#serviceTier = chunk['service_tier'] ?? this.#serviceTier;
    this.#options.witness?.(chunk);
    const { changed, isUsage, isNothing, before } = this.#mender.mend(chunk);
    if (isNothing) return '';
    if (changed) chunk['model'] = this.#options.clientModel;
    const output = changed ? written(chunk) : this.#spliced(event, said);
    if (isUsage) {
      this.#usageEvent = output;
      return '';
    }
    this.#recordText(chunk);
    this.#learn(event, chunk, changed);
    return before.map(written).join('') + output;
  }

  #chunk(data: string, name: string | null): JsonObject {
    let chunk: unknown;
    try {
      chunk = JSON.parse(fromLatin1(data));
    } catch (cause) {
      if (name === 'error') throw readError({ status: 500, headers: {}, body: fromLatin1(data) });
      throw new MalformedAnswerError('The provider sent a stream event that is not JSON.', 'json', cause);
    }
    if (!isObject(chunk)) throw new MalformedAnswerError('The provider sent a stream event that is not a JSON object.', 'shape');
    if (name === 'error')
      throw errorInside({ error: chunk['error'] ?? chunk }) ?? readError({ status: 500, headers: {}, body: fromLatin1(data) });
    return chunk;
  }

  /** The event with the client's name for the model. */
  #spliced(event: string, model: unknown): string {
    const place = model === this.#options.clientModel ? null : topLevelString(event, 'model');
    if (!place) return event;
    return event.slice(0, place.start) + toLatin1(JSON.stringify(this.#options.clientModel).slice(1, -1)) + event.slice(place.end);
  }

  #recordText(chunk: JsonObject): void {
    for (const choice of chunk['choices'] as JsonObject[]) {
      const delta = choice['delta'];
      if (isObject(delta)) for (const text of textsIn(delta)) this.#record.addText(text);
    }
  }

  #learn(event: string, chunk: JsonObject, changed: boolean): void {
    if (this.#mender.isMidTag || this.#misses > MAX_MISSES) return;
    const skeleton = learnSkeleton(event, chunk, changed, this.#options.clientModel);
    if (!skeleton) return this.#forgetCalls(chunk);
    this.#misses += 1;
    this.#skeletons.unshift(skeleton);
    if (this.#skeletons.length > MAX_SKELETONS) this.#skeletons.pop();
  }

  /** A call that begins may take an index over from the last one: what was learnt of arguments holds no more. */
  #forgetCalls(chunk: JsonObject): void {
    const begins = (chunk['choices'] as JsonObject[]).some(
      (choice) => isObject(choice['delta']) && Array.isArray(choice['delta']['tool_calls']),
    );
    if (begins) this.#skeletons.length = 0;
  }

  /** `[DONE]`, with everything that is due before it. */
  #finish(): string {
    if (!this.#isAnswering) throw new TruncatedStreamError('The provider closed the stream without an answer.');
    const late = this.#mender.lateChunks().map(written).join('');
    this.#done = true;
    return `${late}${this.#options.keepUsage ? this.#usageText() : ''}data: [DONE]\n\n`;
  }

  #usageText(): string {
    if (this.#usageEvent !== '') return this.#usageEvent;
    const chunk = this.#mender.usageChunk();
    return chunk ? written(chunk) : '';
  }
}

function written(chunk: JsonObject): string {
  return toLatin1(`data: ${JSON.stringify(chunk)}\n\n`);
}
