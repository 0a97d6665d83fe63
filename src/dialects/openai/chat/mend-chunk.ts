import { printed, isObject, type JsonObject } from '../../../core/json-object.ts';
import { errorInside } from '../errors.ts';
import { ChoiceMender } from './mend-choice.ts';
import { mendUsage } from './mend-usage.ts';
import { usageInChoices } from './read-answer.ts';
import type { ReadingTraits } from './reading-traits.ts';

export interface MendOptions extends ReadingTraits {
  /** Model name for the client. */
  readonly clientModel: string;
  /** The client asked for usage: it comes in a chunk of its own and in no other. */
  readonly keepUsage: boolean;
}

/** What a parsed chunk turned out to be. */
export interface Mended {
  /** The chunk broke a rule and was changed in place: it must be written anew. */
  readonly changed: boolean;
  /** A chunk with usage and no choices. */
  readonly isUsage: boolean;
  /** It says nothing at all and stays behind. */
  readonly isNothing: boolean;
  /** Chunks that must go out before it. */
  readonly before: readonly JsonObject[];
}

/** Judges and mends the parsed chunks of one stream (data-plane 10.2, 10.3; ruling B1). */
export class ChunkMender {
  readonly #options: MendOptions;
  readonly #choices = new Map<number, ChoiceMender>();
  #head: JsonObject = {};
  /** Chunks that came before any told whose they are: Azure says what it filtered before it begins. */
  readonly #early: JsonObject[] = [];
  #usage: unknown = null;

  constructor(options: MendOptions) {
    this.#options = options;
  }

  /** The last usage object of the provider, wherever it stood; null when none came. */
  get usage(): unknown {
    return this.#usage;
  }

  /** Every choice that began has said why it ended. */
  get finished(): boolean {
    return this.#choices.size > 0 && this.#unfinished().length === 0;
  }

  /** Whether an event may not be judged by its shape alone. */
  get isMidTag(): boolean {
    return [...this.#choices.values()].some((choice) => choice.isMidTag);
  }

  /**
   * Mends a chunk in place.
   *
   * @throws {ProviderError} when it reports an error
   */
  mend(chunk: JsonObject): Mended {
    const error = errorInside(chunk);
    if (error) throw error;
    const list = chunk['choices'];
    const choices = Array.isArray(list) ? list.filter(isObject) : [];
    this.#takeUsage(chunk, choices);
    if (choices.length === 0) return this.#mendEmpty(chunk, Array.isArray(list));
    const before = this.#start(chunk);
    let changed = this.#mendFrame(chunk);
    choices.forEach((choice, i) => {
      changed = this.#mendChoice(choice, i, before) || changed;
    });
    if (this.#options.keepUsage) changed = withoutUsage(chunk, choices) || changed;
    return { changed, isUsage: false, isNothing: false, before };
  }

  /** Chunks that were due before `[DONE]` and that the provider left out. */
  lateChunks(): JsonObject[] {
    if (this.#choices.size === 0) this.#begin(0);
    return this.#unfinished().flatMap((choice) => this.#missingArguments(choice).concat(this.#chunkOf(choice.lateFinish())));
  }

  /** A usage chunk made from what the provider told elsewhere, or null. */
  usageChunk(): JsonObject | null {
    if (!isObject(this.#usage)) return null;
    const usage = { ...this.#usage };
    mendUsage(usage);
    return { ...this.#chunkOf(), usage };
  }

  #unfinished(): ChoiceMender[] {
    return [...this.#choices.values()].filter((choice) => !choice.finished);
  }

  #takeUsage(chunk: JsonObject, choices: readonly JsonObject[]): void {
    const groq = isObject(chunk['x_groq']) ? chunk['x_groq']['usage'] : undefined;
    const usage = chunk['usage'] ?? groq ?? usageInChoices(choices);
    if (isObject(usage)) this.#usage = usage;
  }

  /** The first chunk of the answer says whose all are; those that waited for it go out before it. */
  #start(chunk: JsonObject): JsonObject[] {
    if (Object.keys(this.#head).length > 0) return [];
    this.#head = headOf(chunk);
    const waiting = this.#early.splice(0);
    for (const one of waiting) Object.assign(one, this.#head, { model: this.#options.clientModel });
    return waiting;
  }

  #mendEmpty(chunk: JsonObject, hasList: boolean): Mended {
    const isUsage = isObject(chunk['usage']);
    if (!hasList && !isUsage) return { changed: false, isUsage, isNothing: true, before: [] };
    if (!isUsage && Object.keys(this.#head).length === 0 && !chunk['id']) {
      if (this.#early.length < MOST_EARLY) this.#early.push(chunk);
      return { changed: false, isUsage, isNothing: true, before: [] };
    }
    let changed = this.#mendFrame(chunk);
    if (!hasList) {
      chunk['choices'] = [];
      changed = true;
    }
    if (isUsage) changed = mendUsage(chunk['usage']) || changed;
    return { changed, isUsage, isNothing: false, before: [] };
  }

  /** One id, one time and one kind in the whole stream (data-plane 10.2), and a model's name. */
  #mendFrame(chunk: JsonObject): boolean {
    let changed = false;
    for (const [name, value] of Object.entries({ object: CHUNK, ...this.#head })) {
      if (value === undefined || chunk[name] === value) continue;
      chunk[name] = value;
      changed = true;
    }
    if (typeof chunk['model'] === 'string') return changed;
    chunk['model'] = this.#options.clientModel;
    return true;
  }

  #mendChoice(raw: JsonObject, position: number, before: JsonObject[]): boolean {
    const index = typeof raw['index'] === 'number' ? raw['index'] : position;
    const choice = this.#choices.get(index) ?? this.#begin(index);
    const wasFinished = choice.finished;
    const changed = choice.mend(raw);
    if (choice.finished && !wasFinished) before.push(...this.#missingArguments(choice));
    return changed;
  }

  #begin(index: number): ChoiceMender {
    const { id, created } = this.#head as { id?: unknown; created?: unknown };
    const made = new ChoiceMender(index, [printed(id), printed(created), index], this.#options);
    this.#choices.set(index, made);
    return made;
  }

  #missingArguments(choice: ChoiceMender): JsonObject[] {
    const calls = choice.missingArguments();
    return calls.length === 0 ? [] : [this.#chunkOf({ index: choice.index, delta: { tool_calls: calls }, finish_reason: null })];
  }

  #chunkOf(...choices: readonly JsonObject[]): JsonObject {
    return { ...this.#head, model: this.#options.clientModel, choices };
  }
}

function headOf(chunk: JsonObject): JsonObject {
  const { id, created } = chunk as { id?: unknown; created?: unknown };
  return { id, object: CHUNK, created };
}

const CHUNK = 'chat.completion.chunk';
/** More than any provider sends before an answer. */
const MOST_EARLY = 8;

/** Takes usage out of a chunk that has choices. Members become undefined, since `delete` makes objects slow. */
function withoutUsage(chunk: JsonObject, choices: readonly JsonObject[]): boolean {
  let changed = false;
  for (const holder of [chunk, ...choices]) {
    if (!isObject(holder['usage'])) continue;
    holder['usage'] = undefined;
    changed = true;
  }
  return changed;
}
