import { InvalidRequestError } from '../../../core/errors.ts';
import type { JsonObject } from '../../../core/json-object.ts';
import { listAt, maybe, missing, objectAt, stringAt } from '../request-fields.ts';

/** Finds an item by its id; null when it is not known. */
export type ItemResolver = (id: string) => JsonObject | null;

/**
 * `input` as items: a text is a message of the user, and references are the items that they name.
 *
 * @throws {InvalidRequestError} naming the member
 */
export function inputItems(input: unknown, resolve: ItemResolver): JsonObject[] {
  if (input === undefined || input === null) throw missing('input');
  if (typeof input === 'string') return [{ type: 'message', role: 'user', content: [{ type: 'input_text', text: input }] }];
  return listAt(input, 'input', 'objects or a string').map((item, i) => found(objectAt(item, `input[${i}]`), `input[${i}]`, resolve));
}

/** A message may go without a type, and so may a reference. */
export function typeOf(item: JsonObject, param: string): string {
  const type = maybe(item['type'], `${param}.type`, stringAt);
  if (type !== undefined) return type;
  return item['role'] === undefined && item['id'] !== undefined ? 'item_reference' : 'message';
}

function found(item: JsonObject, param: string, resolve: ItemResolver): JsonObject {
  if (typeOf(item, param) !== 'item_reference') return item;
  const id = stringAt(item['id'], `${param}.id`);
  const named = resolve(id);
  if (named) return named;
  throw new InvalidRequestError(`Item with id '${id}' not found. Send the item itself, or 'previous_response_id'.`, `${param}.id`);
}

/** A turn that is over: what the client said, and what `keptOutput` (or the stream's `kept`) tells of the answer. */
export interface FinishedTurn {
  readonly input: readonly JsonObject[];
  readonly output: readonly JsonObject[];
}

/**
 * The items before those of the next turn. A body with `previous_response_id` is read as one whose `input` begins with these;
 * `instructions` are not among them, they hold for one turn.
 */
export function itemsOfNextTurn({ input, output }: FinishedTurn): JsonObject[] {
  return [...input, ...output];
}
