import type { StreamPart } from '../../../core/answer.ts';
import { isObject, wordOf, type JsonObject } from '../../../core/json-object.ts';
import { argumentsText } from '../../call-arguments.ts';
import type { AnswerState } from './answer-state.ts';
import { citationParts } from './citations.ts';

/** A content block between its start and its end. */
export interface OpenBlock {
  delta(delta: JsonObject): StreamPart[];
  close(): StreamPart[];
}

/** @param start of the block as the stream tells it; empty for text and thoughts, which have none */
export function openBlock(start: JsonObject, state: AnswerState): { block: OpenBlock; parts: StreamPart[] } {
  const use = start['toolUse'];
  if (!isObject(use)) return { block: new SaidBlock(state, start), parts: [] };
  if (use['type'] === 'server_tool_use') return { block: new ServerBlock(state, { toolUse: use }), parts: [] };
  if (use['name'] === state.jsonTool) return { block: new JsonBlock(), parts: [] };
  const block = new CallBlock(state.calls++);
  return { block, parts: [block.start(use, state)] };
}

/** Text and thoughts, and what stands beside them. */
class SaidBlock implements OpenBlock {
  readonly #state: AnswerState;
  readonly #from: number;
  readonly #citations: JsonObject[] = [];
  readonly #raw: JsonObject;
  readonly #results: unknown[] = [];
  #signature = '';
  readonly #encrypted: string[] = [];

  constructor(state: AnswerState, start: JsonObject) {
    this.#state = state;
    this.#from = state.textLength;
    this.#raw = start;
  }

  delta(delta: JsonObject): StreamPart[] {
    const { citation, reasoningContent: thought, toolResult: result, image } = delta;
    if (isObject(citation)) this.#citations.push(citation);
    if (Array.isArray(result)) this.#results.push(...(result as unknown[]));
    const text = wordOf(delta['text']);
    this.#state.textLength += text.length;
    return [...(isObject(thought) ? this.#thought(thought) : []), ...textDelta(text), ...(isObject(image) ? imagePart(image) : [])];
  }

  #thought(thought: JsonObject): StreamPart[] {
    this.#signature += wordOf(thought['signature']);
    if (wordOf(thought['redactedContent']) !== '') this.#encrypted.push(wordOf(thought['redactedContent']));
    const text = wordOf(thought['text']);
    return text === '' ? [] : [{ type: 'reasoning_delta', text }];
  }

  /** Citations speak of the whole block, so they wait for its end, as the proof of a thought does. */
  close(): StreamPart[] {
    if (this.#raw['toolResult'] !== undefined) {
      const result = isObject(this.#raw['toolResult']) ? this.#raw['toolResult'] : {};
      this.#state.serverTools.push({ toolResult: { ...result, ...(this.#results.length > 0 ? { content: this.#results } : {}) } });
    }
    this.#state.citations.push(...this.#citations);
    return [
      ...(this.#signature === '' ? [] : [{ type: 'reasoning_signature' as const, signature: this.#signature, origin: ORIGIN }]),
      ...(this.#encrypted.length === 0
        ? []
        : [{ type: 'reasoning_encrypted' as const, encrypted: joinedBytes(this.#encrypted), origin: ORIGIN }]),
      ...citationParts(this.#citations, this.#from, this.#state.textLength),
    ];
  }
}

/** Only Claude signs its thoughts, and its signatures hold wherever it is hosted. */
const ORIGIN = 'anthropic';

class CallBlock implements OpenBlock {
  readonly #index: number;
  #told = false;

  constructor(index: number) {
    this.#index = index;
  }

  start(use: JsonObject, { names, ids }: AnswerState): StreamPart {
    const name = names.fromWire(wordOf(use['name']));
    return { type: 'tool_call_start', index: this.#index, id: ids.next(wordOf(use['toolUseId']), [this.#index, name]), name };
  }

  delta({ toolUse: use }: JsonObject): StreamPart[] {
    const text = inputText(use);
    if (text === '') return [];
    this.#told = true;
    return [{ type: 'tool_call_delta', index: this.#index, arguments: text }];
  }

  close(): StreamPart[] {
    const rest: StreamPart[] = this.#told ? [] : [{ type: 'tool_call_delta', index: this.#index, arguments: '{}' }];
    return [...rest, { type: 'tool_call_end', index: this.#index }];
  }
}

/** The input of the tool that was added to get JSON is the answer's text. */
class JsonBlock implements OpenBlock {
  #told = false;

  delta({ toolUse: use }: JsonObject): StreamPart[] {
    const text = inputText(use);
    this.#told ||= text !== '';
    return textDelta(text);
  }

  close(): StreamPart[] {
    return this.#told ? [] : textDelta('{}');
  }
}

/** A tool that the provider runs itself. */
class ServerBlock implements OpenBlock {
  readonly #state: AnswerState;
  readonly #use: JsonObject;
  #input = '';

  constructor(state: AnswerState, { toolUse }: { readonly toolUse: JsonObject }) {
    this.#state = state;
    this.#use = toolUse;
  }

  delta({ toolUse: use }: JsonObject): StreamPart[] {
    this.#input += inputText(use);
    return [];
  }

  close(): StreamPart[] {
    this.#state.serverTools.push({ toolUse: { ...this.#use, ...(this.#input === '' ? {} : { input: jsonOr(this.#input) }) } });
    return [];
  }
}

/** Pieces of text in a stream, an object in a whole answer. */
function inputText(use: unknown): string {
  const input = isObject(use) ? use['input'] : undefined;
  return input === undefined || input === null || input === '' ? '' : argumentsText(input);
}

function textDelta(text: string): StreamPart[] {
  return text === '' ? [] : [{ type: 'text_delta', text }];
}

function imagePart({ format, source }: JsonObject): StreamPart[] {
  const data = isObject(source) ? wordOf(source['bytes']) : '';
  if (data === '') return [];
  return [
    {
      type: 'media',
      media: { type: 'media', kind: 'image', source: { type: 'data', data }, mediaType: `image/${wordOf(format) || 'png'}` },
    },
  ];
}

/** Base64 of several pieces as one. */
function joinedBytes(pieces: readonly string[]): string {
  const [first = '', ...others] = pieces;
  return others.length === 0 ? first : Buffer.concat(pieces.map((piece) => Buffer.from(piece, 'base64'))).toString('base64');
}

function jsonOr(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
