import type { Finish, StreamPart, StreamPartOf } from '../../../core/answer.ts';
import { isObject, type JsonObject } from '../../../core/json-object.ts';
import type { CitationPart, MediaPart, NativePart } from '../../../core/parts.ts';
import { argumentsObject } from '../../call-arguments.ts';
import type { ToolNames } from '../../tool-names.ts';
import { FIELDS } from '../chat/candidate.ts';
import { mediaPart } from '../chat/media-part.ts';
import { finishReasonOf } from './finish-reason.ts';
import { sealed } from './sealed.ts';
import { writeGrounding } from './write-grounding.ts';
import { writeLogprobs } from './write-logprobs.ts';

export type ContentPart = Exclude<StreamPart, { type: 'start' | 'usage' | 'finish' }>;

export interface CandidateShape {
  /** Names of functions as the provider knows them. */
  readonly names?: ToolNames;
  /** Google shows thoughts to whoever asked for them, and to nobody else. */
  readonly showsThoughts: boolean;
}

interface OpenCall {
  readonly start: StreamPartOf<'tool_call_start'>;
  arguments: string;
}

/** Makes one candidate of the parts of one choice: a call is told when it is whole, since Google knows no pieces of one. */
export class CandidateWriter {
  readonly #shape: CandidateShape;
  readonly #calls = new Map<number, OpenCall>();
  readonly #citations: CitationPart[] = [];
  readonly #tokens: unknown[] = [];
  /** Members that only this dialect knows, by our own names. */
  #fields: JsonObject = {};
  #text = '';
  #refused = false;
  #said = false;
  #finish: Finish = { reason: 'stop' };

  constructor(shape: CandidateShape) {
    this.#shape = shape;
  }

  /** Why the prompt was not answered at all; null when something was said. */
  get blocked(): JsonObject | null {
    const { block_reason: blockReason, block_reason_message: message, safety_ratings: safetyRatings } = this.#fields;
    if (this.#said || typeof blockReason !== 'string') return null;
    return {
      blockReason,
      ...(message === undefined ? {} : { blockReasonMessage: message }),
      ...(safetyRatings === undefined ? {} : { safetyRatings }),
    };
  }

  /** @returns parts that can be told now */
  add(part: ContentPart): JsonObject[] {
    const told = this.#told(part);
    this.#said ||= told.length > 0;
    return told;
  }

  ends(finish: Finish): void {
    this.#finish = finish;
  }

  /** What is left to tell: calls that nobody ended. */
  rest(): JsonObject[] {
    const told = [...this.#calls.keys()].flatMap((index) => this.#endCall(index));
    this.#said ||= told.length > 0;
    return told;
  }

  /** Members of the candidate beside its content. */
  members(): JsonObject {
    const known = FIELDS.flatMap(([wire, name]) => (this.#fields[name] === undefined ? [] : [[wire, this.#fields[name]] as const]));
    const message = this.#fields['finish_message'];
    return {
      finishReason: finishReasonOf(this.#finish, this.#refused),
      ...(this.#citations.length === 0 ? {} : { groundingMetadata: writeGrounding(this.#citations, this.#text) }),
      ...writeLogprobs({ content: this.#tokens }),
      ...Object.fromEntries(known),
      ...(message === undefined ? {} : { finishMessage: message }),
    };
  }

  #told(part: ContentPart): JsonObject[] {
    switch (part.type) {
      case 'text_delta':
        this.#rate(part.logprobs);
        return this.#say(part.text);
      case 'refusal_delta':
        this.#refused ||= part.text !== '';
        return this.#say(part.text);
      case 'reasoning_delta':
        return this.#think({ text: part.text }, part.text !== '');
      case 'reasoning_signature':
        return this.#think({ text: '', thoughtSignature: sealed(part.origin, 'signed', part.signature) });
      case 'reasoning_encrypted':
        return this.#think({ text: '', thoughtSignature: sealed(part.origin, 'hidden', part.encrypted) });
      case 'tool_call_start':
        return this.#startCall(part);
      case 'tool_call_delta':
        return this.#addArguments(part);
      case 'tool_call_end':
        return this.#endCall(part.index);
      case 'citation':
        this.#citations.push(part.citation);
        return [];
      case 'media':
        return [writeMedia(part.media)];
      case 'native':
        return this.#native(part.native);
    }
  }

  #say(text: string): JsonObject[] {
    this.#text += text;
    return text === '' ? [] : [{ text }];
  }

  #rate(logprobs: unknown): void {
    if (isObject(logprobs) && Array.isArray(logprobs['content'])) this.#tokens.push(...(logprobs['content'] as unknown[]));
  }

  #think(part: JsonObject, says = true): JsonObject[] {
    return says && this.#shape.showsThoughts ? [{ ...part, thought: true }] : [];
  }

  #startCall(start: StreamPartOf<'tool_call_start'>): JsonObject[] {
    const before = this.#endCall(start.index);
    this.#calls.set(start.index, { start, arguments: '' });
    return before;
  }

  #addArguments({ index, arguments: text }: StreamPartOf<'tool_call_delta'>): JsonObject[] {
    const call = this.#calls.get(index);
    if (call) call.arguments += text;
    return [];
  }

  #endCall(index: number): JsonObject[] {
    const call = this.#calls.get(index);
    if (!call) return [];
    this.#calls.delete(index);
    const { id, name, signature } = call.start;
    return [
      {
        functionCall: {
          ...(id === '' ? {} : { id }),
          name: this.#shape.names?.fromWire(name) ?? name,
          args: argumentsObject(call.arguments),
        },
        ...(signature === undefined ? {} : { thoughtSignature: signature }),
      },
    ];
  }

  /** What Google itself said beside its text stands where it stood. */
  #native({ dialect, raw }: NativePart): JsonObject[] {
    if (dialect !== 'gemini' || !isObject(raw)) return [];
    const { thought_signatures: signatures, gemini_parts: steps, ...fields } = raw;
    this.#fields = { ...this.#fields, ...fields };
    const signed = Array.isArray(signatures) ? signatures.map((thoughtSignature: unknown) => ({ text: '', thoughtSignature })) : [];
    return [...signed, ...(Array.isArray(steps) ? steps.filter(isObject) : [])];
  }
}

function writeMedia(media: MediaPart): JsonObject {
  return { ...mediaPart(media), ...(media.signature === undefined ? {} : { thoughtSignature: media.signature }) };
}
