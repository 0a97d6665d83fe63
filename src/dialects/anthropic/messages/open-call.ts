import { inputOf } from '../chat/blocks.ts';
import { Block } from './block.ts';
import { ObjectEnd } from './object-end.ts';

/**
 * The call of a tool while its arguments come. They pass as they are when they begin like an object; anything else waits for
 * its end and is put into one, since a Messages client knows no other input.
 */
export class OpenCall {
  readonly block: Block;
  readonly #end = new ObjectEnd();
  #held = '';
  #passes = false;

  constructor(id: string, name: string) {
    this.block = new Block('call', { type: 'tool_use', id, name, input: {} });
  }

  /** Characters that wait for the end. */
  get held(): number {
    return this.#held.length;
  }

  /** The arguments are a whole object: the end of the call is only a formality, for which some providers wait long. */
  get isWhole(): boolean {
    return this.#passes && this.#end.isReached;
  }

  add(text: string): void {
    if (text === '' || this.block.ended) return;
    this.#end.see(text);
    if (this.#passes) return this.#tell(text);
    this.#held += text;
    if (!this.#held.trimStart().startsWith('{')) return;
    this.#passes = true;
    this.#tell(this.#held);
    this.#held = '';
  }

  /** A client that gets no change sees no input at all, so an empty object is told too. */
  end(): void {
    if (this.block.ended) return;
    if (!this.#passes) this.#tell(JSON.stringify(inputOf(this.#held)));
    this.#held = '';
    this.block.end();
  }

  #tell(text: string): void {
    this.block.push({ type: 'input_json_delta', partial_json: text });
  }
}
