import type { JsonObject } from '../../../core/json-object.ts';
import type { NativePart } from '../../../core/parts.ts';
import { mergeMembers } from '../chat/write-parts.ts';

/** An event of one item, before its place in the stream is known. */
export interface ItemEvent extends JsonObject {
  readonly type: string;
}

export type ItemStatus = 'completed' | 'incomplete';

/** An item of `output` in the making: how it begins, the events nobody has taken yet, and the item as it stands. */
export abstract class OutputItem {
  /** `item` of the event that adds it. */
  readonly start: Readonly<JsonObject>;
  #status: ItemStatus | null = null;
  #events: (ItemEvent & { delta?: string; logprobs?: unknown })[] = [];
  #waiting: number;
  #carried: JsonObject = {};

  constructor(start: Readonly<JsonObject>) {
    this.start = start;
    this.#waiting = JSON.stringify(start).length;
  }

  /** Nothing can be added any more. */
  get ended(): boolean {
    return this.#status !== null;
  }

  /** Characters that wait to be taken. */
  get waiting(): number {
    return this.#waiting;
  }

  end(status: ItemStatus = 'completed'): void {
    if (this.#status !== null) return;
    this.close();
    this.#status = status;
  }

  take(): ItemEvent[] {
    const taken = this.#events;
    this.#events = [];
    this.#waiting = 0;
    return taken;
  }

  /** Keeps what belongs to the answer and stands in no item: the client brings it back with this one. */
  carry({ raw }: NativePart): void {
    this.#carried = mergeMembers(this.#carried, raw as JsonObject);
  }

  /** The item for the client and for the next turn, thoughts sealed. */
  whole(): JsonObject {
    const carried = Object.keys(this.#carried).length === 0 ? {} : { provider_specific_fields: this.#carried };
    const status = 'status' in this.start ? { status: this.#status ?? 'incomplete' } : {};
    return { ...this.start, ...status, ...this.members(), ...carried };
  }

  /** Members that changed since the start. */
  protected abstract members(): JsonObject;

  /** Tells the events that come before the item's end. */
  protected abstract close(): void;

  protected tell(event: ItemEvent): void {
    this.#events.push(event);
  }

  /** Neighbours of one type join: what waits takes little room. */
  protected tellDelta(place: JsonObject & { type: string }, delta: string): void {
    const last = this.#events.at(-1);
    this.#waiting += delta.length;
    if (last?.type === place.type && last.delta !== undefined && last.logprobs === undefined) last.delta += delta;
    else this.#events.push({ ...place, delta });
  }
}
