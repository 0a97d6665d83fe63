import { inputOf } from '../chat/blocks.ts';
import { Block } from './block.ts';

/**
 * The call of a tool while its arguments come. They pass as they are when they begin like an object; anything else waits for
 * its end and is put into one, since a Messages client knows no other input.
 */
export class OpenCall {
  readonly block: Block;
  #held = '';
  #passes = false;

  constructor(id: string, name: string) {
    this.block = new Block('call', { type: 'tool_use', id, name, input: {} });
  }

  /** Characters that wait for the end. */
  get held(): number {
    return this.#held.length;
  }

  add(text: string): void {
    if (text === '' || this.block.ended) return;
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
