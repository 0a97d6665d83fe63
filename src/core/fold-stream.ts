import type { Answer, AnswerChoice, Finish, StreamPart } from './answer.ts';
import type { Part, ToolCallPart } from './parts.ts';

/**
 * The whole answer that a stream tells piece by piece.
 *
 * Neighbouring text, reasoning and refusal pieces join; citations, and native parts that hold members of the whole
 * message, do not interrupt them. A tool call stands where it started. A stream without content is an answer with one empty choice, and a choice without a finish stopped by itself.
 */
export function foldStream(parts: Iterable<StreamPart>): Answer {
  const fold = new StreamFold();
  for (const part of parts) fold.add(part);
  return fold.answer();
}

type Writable<T> = { -readonly [K in keyof T]: T[K] };

class StreamFold {
  readonly #head: Writable<Omit<Answer, 'choices'>> = {};
  readonly #choices = new Map<number, ChoiceFold>();

  add(part: StreamPart): void {
    if (part.type === 'usage') this.#head.usage = part.usage;
    else if (part.type === 'start') this.#start(part);
    else this.#choice(part.choice ?? 0).add(part);
  }

  answer(): Answer {
    if (this.#choices.size === 0) this.#choice(0);
    const choices = [...this.#choices.values()].map((fold) => fold.choice()).sort((a, b) => a.index - b.index);
    return { ...this.#head, choices };
  }

  #start({ id, created, model, extras }: StreamPart & { type: 'start' }): void {
    if (id !== undefined) this.#head.id ??= id;
    if (created !== undefined) this.#head.created ??= created;
    if (model !== undefined) this.#head.model ??= model;
    if (extras !== undefined) this.#head.extras = { ...this.#head.extras, ...extras };
  }

  #choice(index: number): ChoiceFold {
    const known = this.#choices.get(index);
    if (known) return known;
    const made = new ChoiceFold(index);
    this.#choices.set(index, made);
    return made;
  }
}

type ChoicePart = Exclude<StreamPart, { type: 'start' | 'usage' }>;

class ChoiceFold {
  readonly #index: number;
  readonly #parts: Writable<Part>[] = [];
  readonly #calls = new Map<number, Writable<ToolCallPart>>();
  #reasoningIsOpen = false;
  #finish: Finish = { reason: 'stop' };
  #logprobs: unknown;

  constructor(index: number) {
    this.#index = index;
  }

  add(part: ChoicePart): void {
    switch (part.type) {
      case 'text_delta':
        if (part.logprobs !== undefined) this.#logprobs = joinLogprobs(this.#logprobs, part.logprobs);
        return this.#appendText(part.text);
      case 'refusal_delta':
        return this.#appendRefusal(part.text);
      case 'reasoning_delta':
        this.#openReasoning().text += part.text;
        return;
      case 'reasoning_signature':
        Object.assign(this.#openReasoning(), { signature: part.signature, origin: part.origin });
        this.#reasoningIsOpen = false;
        return;
      case 'reasoning_encrypted':
        this.#parts.push({ type: 'reasoning', text: '', encrypted: part.encrypted, origin: part.origin });
        this.#reasoningIsOpen = false;
        return;
      case 'tool_call_start':
        return this.#startCall(part);
      case 'tool_call_delta': {
        const call = this.#calls.get(part.index);
        if (call) call.arguments += part.arguments;
        return;
      }
      case 'tool_call_end':
        return;
      case 'citation':
        this.#parts.push(part.citation);
        return;
      case 'media':
        this.#parts.push(part.media);
        return;
      case 'native':
        this.#parts.push(part.native);
        return;
      case 'finish':
        this.#finish = part.finish;
    }
  }

  choice(): AnswerChoice {
    for (const call of this.#calls.values()) call.arguments ||= '{}';
    const logprobs = this.#logprobs === undefined ? {} : { logprobs: this.#logprobs };
    return { index: this.#index, parts: this.#parts, finish: this.#finish, ...logprobs };
  }

  #appendText(text: string): void {
    if (text === '') return;
    const last = this.#parts.findLast(hasPlace);
    if (last?.type === 'text') last.text += text;
    else this.#parts.push({ type: 'text', text });
  }

  #appendRefusal(text: string): void {
    const last = this.#parts.at(-1);
    if (last?.type === 'refusal') last.text += text;
    else this.#parts.push({ type: 'refusal', text });
  }

  #openReasoning(): Writable<Part & { type: 'reasoning' }> {
    const last = this.#parts.findLast(hasPlace);
    if (this.#reasoningIsOpen && last?.type === 'reasoning') return last;
    const made: Writable<Part & { type: 'reasoning' }> = { type: 'reasoning', text: '' };
    this.#parts.push(made);
    this.#reasoningIsOpen = true;
    return made;
  }

  #startCall({ index, id, name, signature }: StreamPart & { type: 'tool_call_start' }): void {
    const call: Writable<ToolCallPart> = { type: 'tool_call', id, name, arguments: '' };
    if (signature !== undefined) call.signature = signature;
    this.#calls.set(index, call);
    this.#parts.push(call);
  }
}

/** Whether it matters where the part stands. OpenAI-shaped native parts and those without a type are members beside the content. */
function hasPlace(part: Part): boolean {
  if (part.type === 'native') return part.dialect !== 'openai' && isRecord(part.raw) && 'type' in part.raw;
  return part.type !== 'citation';
}

/** Joins OpenAI `logprobs` objects: each member is a list with one entry for each token. */
function joinLogprobs(before: unknown, more: unknown): unknown {
  if (!isRecord(before) || !isRecord(more)) return more;
  const joined: Record<string, unknown> = { ...before };
  for (const [name, list] of Object.entries(more)) {
    const known = joined[name];
    joined[name] =
      Array.isArray(known) && Array.isArray(list) ? [...(known as unknown[]), ...(list as unknown[])] : (list ?? known ?? null);
  }
  return joined;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
