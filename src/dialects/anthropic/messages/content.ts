import type { StreamPart, StreamPartOf } from '../../../core/answer.ts';
import { isObject, type JsonObject } from '../../../core/json-object.ts';
import type { CitationPart, NativePart } from '../../../core/parts.ts';
import { derivedCallId } from '../../derived-id.ts';
import type { ToolNames } from '../../tool-names.ts';
import { Block, nativeBlock, type BlockKind } from './block.ts';
import { clientCallId } from './call-ids.ts';
import { linkCitation } from './links.ts';
import { OpenCall } from './open-call.ts';
import { sealed } from '../../marked-proof.ts';

export type ContentPart = Exclude<StreamPart, { type: 'start' | 'usage' | 'finish' }>;

/**
 * Makes content blocks of the parts of one answer, in the order in which they begin. Parts may come in any order: only the
 * first block that has not ended is worth telling, those behind it wait (`blocks`).
 */
export class Content {
  /** What tells this answer from others, for ids of calls that have none. */
  readonly #place: string;
  readonly #names: ToolNames | undefined;
  readonly #blocks: Block[] = [];
  readonly #calls = new Map<number, OpenCall>();
  /** Links made by other providers, until it is sure that Anthropic's own form does not follow, or until there is text. */
  #links: CitationPart[] = [];
  #last: Block | undefined;
  #said = { calls: 0, refused: false };
  #fields: JsonObject = {};

  /** @param names by which the provider knows the client's tools, when they differ */
  constructor(place: string, names: ToolNames | undefined) {
    this.#place = place;
    this.#names = names;
  }

  /** Blocks that were not taken away yet; all but the last ones have ended. */
  get blocks(): readonly Block[] {
    return this.#blocks;
  }

  get said(): { readonly calls: number; readonly refused: boolean } {
    return this.#said;
  }

  /** Members of the message that only this dialect knows. */
  get fields(): Readonly<JsonObject> {
    return this.#fields;
  }

  /** Characters that wait to be told. */
  get size(): number {
    const held = [...this.#calls.values()].reduce((sum, call) => sum + call.held, 0);
    return this.#blocks.reduce((sum, block) => sum + block.size, held);
  }

  add(part: ContentPart): void {
    if (part.type !== 'citation' && part.type !== 'native') this.#tellLinks();
    switch (part.type) {
      case 'text_delta':
        return this.#text('text', part.text);
      case 'refusal_delta':
        this.#said.refused ||= part.text !== '';
        return this.#text('refusal', part.text);
      case 'reasoning_delta':
        if (part.text !== '') this.#open('thinking').push({ type: 'thinking_delta', thinking: part.text });
        return;
      case 'reasoning_signature':
        return this.#sign(this.#open('thinking'), sealed(part.origin, part.signature));
      case 'reasoning_encrypted':
        return this.#append(ended(new Block('whole', { type: 'redacted_thinking', data: sealed(part.origin, part.encrypted) })));
      case 'tool_call_start':
        return this.#startCall(part);
      case 'tool_call_delta':
        return this.#addArguments(part.index, part.arguments);
      case 'tool_call_end':
        return this.#endCall(part.index);
      case 'citation':
        this.#links.push(part.citation);
        return;
      case 'native':
        return this.#native(part.native);
      case 'media': // an answer of this dialect has no place for media
        return;
    }
  }

  /** The answer is over: every block ends. */
  end(): void {
    this.#tellLinks();
    for (const call of this.#calls.values()) call.end();
    this.#close();
  }

  /** Takes the first block away. */
  shift(): void {
    this.#blocks.shift();
  }

  #text(kind: 'text' | 'refusal', text: string): void {
    if (text === '') return;
    const block = this.#open(kind);
    block.push({ type: 'text_delta', text });
    this.#tellLinks();
  }

  /** The block that is open and of that kind, or a new one. */
  #open(kind: Exclude<BlockKind, 'call' | 'whole'>): Block {
    if (this.#last?.kind === kind && !this.#last.ended) return this.#last;
    const block = new Block(kind, kind === 'thinking' ? { type: 'thinking', thinking: '', signature: '' } : { type: 'text', text: '' });
    this.#append(block);
    return block;
  }

  /** Text and thoughts end where something else begins, a call only when its arguments are whole. */
  #append(block: Block): void {
    this.#close();
    for (const call of this.#calls.values()) endIfWhole(call);
    this.#blocks.push(block);
    this.#last = block;
  }

  #close(): void {
    const last = this.#last;
    if (last === undefined || last.ended || last.kind === 'call') return;
    if (last.kind === 'thinking') this.#sign(last, '');
    else last.end();
  }

  #sign(block: Block, signature: string): void {
    block.push({ type: 'signature_delta', signature });
    block.end();
  }

  #startCall({ index, id, name }: StreamPartOf<'tool_call_start'>): void {
    this.#endCall(index);
    const call = new OpenCall(
      clientCallId(id === '' ? derivedCallId(this.#place, this.#said.calls, name) : id),
      this.#names?.fromWire(name) ?? name,
    );
    this.#calls.set(index, call);
    this.#said.calls++;
    this.#append(call.block);
  }

  #addArguments(index: number, text: string): void {
    const call = this.#calls.get(index);
    call?.add(text);
    if (call && call.block !== this.#last) endIfWhole(call);
  }

  #endCall(index: number): void {
    this.#calls.get(index)?.end();
    this.#calls.delete(index);
  }

  /** A block of this dialect, or members of the message; citations in Anthropic's form say more than the links before them. */
  #native({ dialect, raw }: NativePart): void {
    if (dialect !== 'anthropic' || !isObject(raw)) return this.#tellLinks();
    const { citations, ...fields } = raw;
    if (typeof raw['type'] === 'string') {
      this.#tellLinks();
      return this.#append(nativeBlock(raw));
    }
    this.#fields = { ...this.#fields, ...fields };
    if (!Array.isArray(citations)) return this.#tellLinks();
    this.#links = [];
    this.#cite(citations);
  }

  /** Links that come before any text wait for it. */
  #tellLinks(): void {
    if (this.#links.length === 0 || !this.#cite(this.#links.map(linkCitation))) return;
    this.#links = [];
  }

  #cite(citations: readonly unknown[]): boolean {
    const block = this.#last;
    if (block?.kind !== 'text' || block.ended) return false;
    for (const citation of citations) block.push({ type: 'citations_delta', citation });
    return true;
  }
}

function endIfWhole(call: OpenCall): void {
  if (call.isWhole) call.end();
}

function ended(block: Block): Block {
  block.end();
  return block;
}
