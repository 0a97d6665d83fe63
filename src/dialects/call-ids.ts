import type { ToolCallPart } from '../core/parts.ts';
import type { Message } from '../core/request.ts';
import { derivedCallId } from './derived-id.ts';

/**
 * Ids for the tool calls of one answer. A server's own id stays unless the conversation or the answer has it already;
 * servers that send none get one that is derived.
 */
export class CallIds {
  readonly #taken: Set<string>;

  /** @param taken ids of the conversation so far; the set is copied */
  constructor(taken: ReadonlySet<string>) {
    this.#taken = new Set(taken);
  }

  /** @param facts tell this call from all others: when, which, what */
  next(given: string | null | undefined, facts: readonly (string | number)[]): string {
    let id = given || derivedCallId(...facts);
    for (let again = 1; this.#taken.has(id); again += 1) id = derivedCallId(...facts, again);
    this.#taken.add(id);
    return id;
  }
}

/** Ids of the tool calls in a conversation. */
export function callIdsIn(messages: readonly Message[]): ReadonlySet<string> {
  const calls = messages.flatMap(({ parts }) => parts.filter((part): part is ToolCallPart => part.type === 'tool_call'));
  return new Set(calls.map(({ id }) => id));
}
