import type { StreamPart } from '../../../core/answer.ts';
import { TruncatedStreamError } from '../../../core/provider-error.ts';
import { isObject, type JsonObject, wordOf } from '../../../core/json-object.ts';
import { argumentsObject } from '../../call-arguments.ts';
import type { CallIds } from '../../call-ids.ts';
import type { ToolNames } from '../../tool-names.ts';
import { finishOf, slipOf } from './finish.ts';
import { citationsOf, searchesIn } from './grounding.ts';
import { logprobsOf } from './logprobs.ts';
import { madeMedia, type SoundForm } from './made-media.ts';
import { PartialArguments } from './partial-arguments.ts';

/** What a reader must know of the request. */
export interface AnswerContext {
  readonly names: ToolNames;
  readonly ids: CallIds;
  /** The function whose arguments are the answer; `null` when there is none. */
  readonly jsonFunction: string | null;
  readonly sound: SoundForm;
}

/** A call whose arguments come bit by bit. */
interface OpenCall {
  readonly call: JsonObject;
  readonly part: JsonObject;
  readonly arguments: PartialArguments;
}

/** Members of a candidate that are told beside the answer, under a client's kind of name. */
export const FIELDS: readonly (readonly [string, string])[] = [
  ['groundingMetadata', 'grounding_metadata'],
  ['urlContextMetadata', 'url_context_metadata'],
  ['citationMetadata', 'citation_metadata'],
  ['safetyRatings', 'safety_ratings'],
  ['avgLogprobs', 'avg_logprobs'],
];

/** Members that add to the answer, and are not told again. */
const SAID: ReadonlySet<string> = new Set(['content', 'logprobsResult']);

/** One choice of an answer, read frame by frame. A whole answer is one frame. */
export class CandidateReader {
  readonly #index: number;
  readonly #context: AnswerContext;
  /** Members as last told. */
  readonly #told = Object.create(null) as JsonObject;
  #text = '';
  #calls = 0;
  #searches = 0;
  #hasContent = false;
  #open: OpenCall | null = null;

  constructor(index: number, context: AnswerContext) {
    this.#index = index;
    this.#context = context;
  }

  /** Queries that Google searched the web with. */
  get searches(): number {
    const metadata = this.#told['groundingMetadata'];
    return Math.max(this.#searches, isObject(metadata) ? searchesIn(metadata) : 0);
  }

  /**
   * @param answerId what tells this answer from others, for ids of calls that have none
   * @throws {ProviderError} when the model slipped before it said anything
   */
  read(candidate: JsonObject, answerId: string): StreamPart[] {
    const { content, logprobsResult } = candidate as { content?: unknown; logprobsResult?: unknown };
    for (const name in candidate) if (!SAID.has(name) && saysSomething(candidate[name])) this.#told[name] = candidate[name];
    const raw = isObject(content) && Array.isArray(content['parts']) ? content['parts'].filter(isObject) : [];
    const parts = raw.flatMap((part) => this.#part(part, answerId));
    this.#refuseSlip();
    return this.#placed(withLogprobs(parts, logprobsOf(logprobsResult)));
  }

  /**
   * What follows the content.
   *
   * @param isWhole nothing was cut: an answer that names no reason has stopped by itself
   * @throws {TruncatedStreamError} when the answer was not finished
   */
  end(isWhole: boolean, answerId: string): StreamPart[] {
    const native = wordOf(this.#told['finishReason']);
    if (native === '' && !isWhole) throw new TruncatedStreamError();
    const open = this.#closed(answerId);
    const metadata = this.#told['groundingMetadata'];
    const citations = isObject(metadata) ? citationsOf(metadata, this.#text) : [];
    const fields = this.#fields(native);
    return this.#placed([
      ...open,
      ...citations.map((citation): StreamPart => ({ type: 'citation', citation })),
      ...(Object.keys(fields).length > 0 ? [fieldsPart(fields)] : []),
      { type: 'finish', finish: finishOf(native === '' ? 'STOP' : native, this.#calls) },
    ]);
  }

  /** The members of a choice stand where they belong; the first choice is meant where none is named. */
  #placed(parts: StreamPart[]): StreamPart[] {
    return this.#index === 0 ? parts : parts.map((part) => ({ ...part, choice: this.#index }));
  }

  #part(part: JsonObject, answerId: string): StreamPart[] {
    const call = part['functionCall'];
    if (isObject(call)) return this.#call(call, part, answerId);
    if (typeof part['text'] === 'string') return this.#said(part['text'], part);
    const media = madeMedia(part, this.#context.sound);
    if (media) return this.#media(media, part);
    return this.#step(part);
  }

  #said(text: string, part: JsonObject): StreamPart[] {
    const signature = wordOf(part['thoughtSignature']);
    const signed = signature === '' ? [] : [fieldsPart({ thought_signatures: [signature] })];
    if (text === '') return signed;
    if (part['thought'] === true) return [{ type: 'reasoning_delta', text }, ...signed];
    this.#hasContent = true;
    this.#text += text;
    return [{ type: 'text_delta', text }, ...signed];
  }

  /** Sketches that the model made while it thought are no answer. */
  #media(media: NonNullable<ReturnType<typeof madeMedia>>, part: JsonObject): StreamPart[] {
    if (part['thought'] === true) return [];
    this.#hasContent = true;
    return [{ type: 'media', media }];
  }

  /** A step of a tool that Google ran, or something new: told, and taken back, as it is. */
  #step(part: JsonObject): StreamPart[] {
    this.#searches += queriesIn(part['toolCall']);
    return Object.keys(part).length === 0 ? [] : [fieldsPart({ gemini_parts: [part] })];
  }

  #call(call: JsonObject, part: JsonObject, answerId: string): StreamPart[] {
    const before = wordOf(call['name']) === '' ? [] : this.#closed(answerId);
    if (!this.#open && call['partialArgs'] === undefined && call['willContinue'] !== true)
      return [...before, ...this.#whole(call, part, argumentsText(call['args']), answerId)];
    this.#open ??= { call, part, arguments: new PartialArguments() };
    this.#open.arguments.add(call['partialArgs']);
    return call['willContinue'] === true ? before : [...before, ...this.#closed(answerId)];
  }

  #closed(answerId: string): StreamPart[] {
    const open = this.#open;
    this.#open = null;
    return open ? this.#whole(open.call, open.part, open.arguments.text, answerId) : [];
  }

  #whole(call: JsonObject, part: JsonObject, text: string, answerId: string): StreamPart[] {
    this.#hasContent = true;
    const wire = wordOf(call['name']);
    if (wire === this.#context.jsonFunction) return [{ type: 'text_delta', text }];
    const index = this.#calls;
    this.#calls += 1;
    const id = this.#context.ids.next(wordOf(call['id']), [answerId, this.#index, index, wire, text]);
    const signature = wordOf(part['thoughtSignature']);
    const name = this.#context.names.fromWire(wire);
    return [
      { type: 'tool_call_start', index, id, name, ...(signature === '' ? {} : { signature }) },
      { type: 'tool_call_delta', index, arguments: text },
      { type: 'tool_call_end', index },
    ];
  }

  #refuseSlip(): void {
    const native = wordOf(this.#told['finishReason']);
    const slip = this.#hasContent ? null : slipOf(native, wordOf(this.#told['finishMessage']) || null);
    if (slip) throw slip;
  }

  #fields(native: string): JsonObject {
    const known = FIELDS.flatMap(([wire, name]) => (this.#told[wire] === undefined ? [] : [[name, this.#told[wire]] as const]));
    const message = native === 'STOP' ? undefined : this.#told['finishMessage'];
    return { ...Object.fromEntries(known), ...(message === undefined ? {} : { finish_message: message }) };
  }
}

/** An object as it is; a text that should be one as near to it as can be. */
function argumentsText(args: unknown): string {
  if (typeof args === 'string') return JSON.stringify(argumentsObject(args));
  return isObject(args) ? JSON.stringify(args) : '{}';
}

/** Fields of the answer that only this dialect knows: a native part without `type`, so it is no content block. */
export function fieldsPart(fields: JsonObject): StreamPart {
  return { type: 'native', native: { type: 'native', dialect: 'gemini', raw: fields } };
}

/** Empty members of a later frame do not undo what an earlier one told. */
function saysSomething(value: unknown): boolean {
  if (value === null || value === undefined || value === '') return false;
  return typeof value !== 'object' || Object.keys(value).length > 0;
}

function queriesIn(call: unknown): number {
  if (!isObject(call) || !wordOf(call['toolType']).startsWith('GOOGLE_SEARCH')) return 0;
  const queries = isObject(call['args']) ? call['args']['queries'] : undefined;
  return Array.isArray(queries) ? queries.length : 1;
}

/** Odds belong to the text of their frame, else stand alone. */
function withLogprobs(parts: StreamPart[], logprobs: unknown): StreamPart[] {
  if (logprobs === undefined) return parts;
  const at = parts.findIndex(({ type }) => type === 'text_delta');
  if (at === -1) return [...parts, { type: 'text_delta', text: '', logprobs }];
  return parts.map((part, i) => (i === at ? { ...part, logprobs } : part));
}
