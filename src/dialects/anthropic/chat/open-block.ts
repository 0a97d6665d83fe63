import type { StreamPart } from '../../../core/answer.ts';
import { isObject, type JsonObject } from '../../../core/json-object.ts';
import type { ToolNames } from '../../tool-names.ts';
import { citationParts } from './citations.ts';

/** What the blocks of one answer have in common. */
export interface AnswerState {
  readonly names: ToolNames;
  /** The provider's name of the tool whose input is the answer. */
  readonly jsonTool: string | null;
  /** Tool calls so far that the client has to answer. */
  calls: number;
  /** Characters of text so far. */
  textLength: number;
}

/** A content block between its start and its end. */
export interface OpenBlock {
  open(): StreamPart[];
  delta(delta: JsonObject): StreamPart[];
  close(): StreamPart[];
}

/** @param block `content_block` of the start event, or a whole block of a plain answer */
export function openBlock(block: JsonObject, state: AnswerState): OpenBlock {
  switch (block['type']) {
    case 'text':
      return new TextBlock(block, state);
    case 'thinking':
      return new ThoughtBlock(block);
    case 'redacted_thinking':
      return new RedactedBlock(block);
    case 'tool_use':
      return block['name'] === state.jsonTool ? new JsonBlock(block, state) : new CallBlock(block, state);
    default:
      return new NativeBlock(block);
  }
}

class TextBlock implements OpenBlock {
  readonly #initial: string;
  readonly #state: AnswerState;
  readonly #start: number;
  readonly #citations: unknown[];

  constructor(block: JsonObject, state: AnswerState) {
    this.#initial = textOf(block['text']);
    this.#state = state;
    this.#start = state.textLength;
    this.#citations = Array.isArray(block['citations']) ? [...(block['citations'] as unknown[])] : [];
  }

  open(): StreamPart[] {
    return textDelta(this.#initial, this.#state);
  }

  delta(delta: JsonObject): StreamPart[] {
    if (delta['citation']) this.#citations.push(delta['citation']);
    return textDelta(textOf(delta['text']), this.#state);
  }

  /** Citations speak of the whole block, so they wait for its end. */
  close(): StreamPart[] {
    return citationParts(this.#citations, this.#start, this.#state.textLength);
  }
}

class ThoughtBlock implements OpenBlock {
  readonly #initial: string;
  #signature: string;

  constructor(block: JsonObject) {
    this.#initial = textOf(block['thinking']);
    this.#signature = textOf(block['signature']);
  }

  open(): StreamPart[] {
    return this.#initial === '' ? [] : [{ type: 'reasoning_delta', text: this.#initial }];
  }

  delta(delta: JsonObject): StreamPart[] {
    this.#signature += textOf(delta['signature']);
    const text = textOf(delta['thinking']);
    return text === '' ? [] : [{ type: 'reasoning_delta', text }];
  }

  close(): StreamPart[] {
    return this.#signature === '' ? [] : [{ type: 'reasoning_signature', signature: this.#signature, origin: 'anthropic' }];
  }
}

class RedactedBlock implements OpenBlock {
  readonly #data: string;

  constructor(block: JsonObject) {
    this.#data = textOf(block['data']);
  }

  open(): StreamPart[] {
    return [{ type: 'reasoning_encrypted', encrypted: this.#data, origin: 'anthropic' }];
  }

  delta(): StreamPart[] {
    return [];
  }

  close(): StreamPart[] {
    return [];
  }
}

class CallBlock implements OpenBlock {
  readonly #block: JsonObject;
  readonly #name: string;
  readonly #index: number;
  #told = false;

  constructor(block: JsonObject, state: AnswerState) {
    this.#block = block;
    this.#name = state.names.fromWire(textOf(block['name']));
    this.#index = state.calls++;
  }

  open(): StreamPart[] {
    return [{ type: 'tool_call_start', index: this.#index, id: textOf(this.#block['id']), name: this.#name }];
  }

  delta(delta: JsonObject): StreamPart[] {
    return this.#arguments(textOf(delta['partial_json']));
  }

  close(): StreamPart[] {
    const rest = this.#told ? [] : this.#arguments(wholeInput(this.#block));
    return [...rest, { type: 'tool_call_end', index: this.#index }];
  }

  #arguments(text: string): StreamPart[] {
    if (text === '') return [];
    this.#told = true;
    return [{ type: 'tool_call_delta', index: this.#index, arguments: text }];
  }
}

/** The input of the tool that was added to get JSON is the answer's text. */
class JsonBlock implements OpenBlock {
  readonly #block: JsonObject;
  readonly #state: AnswerState;
  #told = false;

  constructor(block: JsonObject, state: AnswerState) {
    this.#block = block;
    this.#state = state;
  }

  open(): StreamPart[] {
    return [];
  }

  delta(delta: JsonObject): StreamPart[] {
    const text = textOf(delta['partial_json']);
    this.#told ||= text !== '';
    return textDelta(text, this.#state);
  }

  close(): StreamPart[] {
    return this.#told ? [] : textDelta(wholeInput(this.#block), this.#state);
  }
}

/** A block that only this dialect knows: tools that the provider runs, their results, kinds to come. Whole at its end. */
class NativeBlock implements OpenBlock {
  readonly #raw: JsonObject;
  #input = '';

  constructor(block: JsonObject) {
    this.#raw = { ...block };
  }

  open(): StreamPart[] {
    return [];
  }

  delta(delta: JsonObject): StreamPart[] {
    const { type, partial_json: input, ...members } = delta;
    if (type === 'input_json_delta') this.#input += textOf(input);
    else for (const [name, value] of Object.entries(members)) this.#raw[name] = joined(this.#raw[name], value);
    return [];
  }

  close(): StreamPart[] {
    if (this.#input !== '') this.#raw['input'] = parsedInput(this.#input);
    return [{ type: 'native', native: { type: 'native', dialect: 'anthropic', raw: this.#raw } }];
  }
}

function textDelta(text: string, state: AnswerState): StreamPart[] {
  if (text === '') return [];
  state.textLength += text.length;
  return [{ type: 'text_delta', text }];
}

/** Arguments that came with the start of the block: all of them in a plain answer, none in most streams. */
function wholeInput({ input }: { readonly input?: unknown }): string {
  return typeof input === 'string' && input !== '' ? input : JSON.stringify(isObject(input) ? input : {});
}

function joined(before: unknown, more: unknown): unknown {
  return typeof before === 'string' && typeof more === 'string' ? before + more : (more ?? before);
}

function parsedInput(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
