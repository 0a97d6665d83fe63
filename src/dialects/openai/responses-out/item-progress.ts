import type { StreamPart } from '../../../core/answer.ts';
import type { JsonObject } from '../../../core/json-object.ts';

/** An item of `output` while it comes in. */
export interface OpenItem {
  /** Whether such an event belongs to an item of this kind. */
  takes(event: string): boolean;
  /** What an event adds. @param event name without `response.` */
  push(event: string, body: JsonObject): StreamPart[];
  /** The item is over. @param item as it stands whole, as far as anybody said */
  end(item: JsonObject): StreamPart[];
}

/** The position that an event names; of providers that name none it is the first. */
export function indexIn(value: unknown): number {
  return Number.isInteger(value) ? (value as number) : 0;
}
