import { isObject, type JsonObject, wordOf } from '../../../core/json-object.ts';
import { inputOf } from '../chat/blocks.ts';

/** A change to a block: `delta` of an event. */
export type Delta =
  | { readonly type: 'text_delta'; text: string }
  | { readonly type: 'thinking_delta'; thinking: string }
  | { readonly type: 'signature_delta'; readonly signature: string }
  | { readonly type: 'citations_delta'; readonly citation: unknown }
  | { readonly type: 'input_json_delta'; partial_json: string };

/** What a block may still take in: a refusal is text, but not that of the answer. */
export type BlockKind = 'text' | 'refusal' | 'thinking' | 'call' | 'whole';

/** A content block in the making: how it starts, and the changes nobody has taken yet. */
export class Block {
  readonly kind: BlockKind;
  /** `content_block` of the event that starts it. */
  readonly start: Readonly<JsonObject>;
  #deltas: Delta[] = [];
  #size: number;
  #ended = false;

  constructor(kind: BlockKind, start: Readonly<JsonObject>) {
    this.kind = kind;
    this.start = start;
    this.#size = JSON.stringify(start).length;
  }

  /** Nothing can be added any more. */
  get ended(): boolean {
    return this.#ended;
  }

  /** Characters that wait to be taken. */
  get size(): number {
    return this.#size;
  }

  /** Neighbours of one type join: what waits takes little room. */
  push(delta: Delta): void {
    const last = this.#deltas.at(-1);
    this.#size += sizeOf(delta);
    if (last === undefined || !joined(last, delta)) this.#deltas.push(delta);
  }

  end(): void {
    this.#ended = true;
  }

  take(): Delta[] {
    const taken = this.#deltas;
    this.#deltas = [];
    this.#size = 0;
    return taken;
  }

  /** The block as it stands in a whole message; takes its changes. */
  whole(): JsonObject {
    const deltas = this.take();
    const citations = deltas.flatMap((delta) => (delta.type === 'citations_delta' ? [delta.citation] : []));
    switch (this.kind) {
      case 'text':
      case 'refusal':
        return { ...this.start, text: textOf(deltas), ...(citations.length === 0 ? {} : { citations }) };
      case 'thinking':
        return { ...this.start, thinking: textOf(deltas), signature: signatureIn(deltas) };
      case 'call':
        return { ...this.start, input: inputOf(textOf(deltas)) };
      case 'whole':
        return deltas.length === 0 ? { ...this.start } : { ...this.start, input: inputOf(textOf(deltas)) };
    }
  }
}

function joined(before: Delta, delta: Delta): boolean {
  if (before.type === 'text_delta' && delta.type === 'text_delta') before.text += delta.text;
  else if (before.type === 'thinking_delta' && delta.type === 'thinking_delta') before.thinking += delta.thinking;
  else if (before.type === 'input_json_delta' && delta.type === 'input_json_delta') before.partial_json += delta.partial_json;
  else return false;
  return true;
}

function sizeOf(delta: Delta): number {
  return delta.type === 'citations_delta' ? JSON.stringify(delta.citation ?? null).length : textOf([delta]).length;
}

function textOf(deltas: readonly Delta[]): string {
  return deltas
    .map((delta) => {
      if (delta.type === 'text_delta') return delta.text;
      if (delta.type === 'thinking_delta') return delta.thinking;
      return delta.type === 'input_json_delta' ? delta.partial_json : '';
    })
    .join('');
}

function signatureIn(deltas: readonly Delta[]): string {
  return deltas.map((delta) => (delta.type === 'signature_delta' ? delta.signature : '')).join('');
}

/** A block of this dialect as the provider gave it. The input of a tool that the provider runs is told in a change, as it does. */
export function nativeBlock(raw: JsonObject): Block {
  const isCall = STREAMED_INPUTS.has(wordOf(raw['type'])) && isObject(raw['input']);
  const block = new Block('whole', isCall ? { ...raw, input: {} } : raw);
  if (isCall) block.push({ type: 'input_json_delta', partial_json: JSON.stringify(raw['input']) });
  block.end();
  return block;
}

const STREAMED_INPUTS: ReadonlySet<string> = new Set(['server_tool_use', 'mcp_tool_use']);
