import type { JsonObject } from '../../../core/json-object.ts';
import type { NativePart, ReasoningPart } from '../../../core/parts.ts';
import { mergeMembers } from '../chat/write-parts.ts';
import { OutputItem } from './output-item.ts';
import { sealed } from './sealed.ts';

interface Summary {
  readonly type: 'summary_text';
  text: string;
}

/** Thoughts: each block that the client may read is a part of the summary, and all of them are sealed for the next turn. */
export class ReasoningItem extends OutputItem {
  readonly #summary: Summary[] = [];
  readonly #thoughts: ReasoningPart[] = [];
  readonly #natives = new Map<string, JsonObject>();
  #open: Summary | null = null;

  constructor(id: string) {
    super({ id, type: 'reasoning', summary: [] });
  }

  think(text: string): void {
    if (text === '') return;
    const part = this.#open ?? this.#begin();
    part.text += text;
    this.tellDelta({ type: 'response.reasoning_summary_text.delta', summary_index: this.#summary.length - 1 }, text);
  }

  /** Ends the block with its proof. */
  sign(signature: string, origin: string): void {
    this.#end({ signature, origin });
  }

  /** A block that only the provider can read. */
  hide(encrypted: string, origin: string): void {
    this.close();
    this.#thoughts.push({ type: 'reasoning', text: '', encrypted, origin });
  }

  override carry({ dialect, raw }: NativePart): void {
    this.#natives.set(dialect, mergeMembers(this.#natives.get(dialect) ?? {}, raw as JsonObject));
  }

  protected override members(): JsonObject {
    const natives = [...this.#natives].map(([dialect, raw]): NativePart => ({ type: 'native', dialect, raw }));
    return { summary: this.#summary.map((part) => ({ ...part })), encrypted_content: sealed([...this.#thoughts, ...natives]) };
  }

  protected override close(): void {
    if (this.#open) this.#end({});
  }

  #begin(): Summary {
    const part: Summary = { type: 'summary_text', text: '' };
    this.#open = part;
    this.#summary.push(part);
    this.tell({ type: 'response.reasoning_summary_part.added', summary_index: this.#summary.length - 1, part: { ...part } });
    return part;
  }

  #end(proof: Pick<ReasoningPart, 'signature' | 'origin'>): void {
    const part = this.#open;
    this.#open = null;
    this.#thoughts.push({ type: 'reasoning', text: part?.text ?? '', ...proof });
    if (!part) return;
    const at = { summary_index: this.#summary.length - 1 };
    this.tell({ type: 'response.reasoning_summary_text.done', ...at, text: part.text });
    this.tell({ type: 'response.reasoning_summary_part.done', ...at, part: { ...part } });
  }
}
