import type { ToolCallPart, ToolResultPart } from '../../../core/parts.ts';
import { derivedCallId } from '../../derived-id.ts';
import type { ToolNames } from '../../tool-names.ts';
import type { GivenCall, GivenResult } from './read-parts.ts';

interface OpenCall {
  readonly id: string;
  readonly name: string;
}

/**
 * Calls and their results, which Google lets go without ids: a result then answers the first call of its name that has none yet,
 * else the first call. Calls without an id get one, since every other provider pairs by it.
 */
export class CallPairs {
  #open: OpenCall[] = [];
  readonly #ids = new Set<string>();
  #count = 0;

  called({ id: given, name, arguments: text, signature }: GivenCall, names: ToolNames): ToolCallPart {
    const id = this.#fresh(given, name);
    this.#open.push({ id, name });
    return { type: 'tool_call', id, name: names.toWire(name), arguments: text, ...(signature === undefined ? {} : { signature }) };
  }

  /** A result whose call is not known keeps its own id. */
  answered({ id, name, parts, isError }: GivenResult): ToolResultPart {
    const call = this.#callFor(id, name);
    if (call) this.#open = this.#open.filter((open) => open !== call);
    return {
      type: 'tool_result',
      callId: call?.id ?? id ?? this.#fresh(undefined, name),
      parts,
      ...(isError ? { isError } : {}),
    };
  }

  #callFor(id: string | undefined, name: string): OpenCall | undefined {
    const named = id === undefined ? undefined : this.#open.find((call) => call.id === id);
    return named ?? this.#open.find((call) => call.name === name) ?? (id === undefined ? this.#open[0] : undefined);
  }

  /** @param given the client's own id; careless clients give one to several calls */
  #fresh(given: string | undefined, name: string): string {
    const id = given === undefined || this.#ids.has(given) ? derivedCallId('history', this.#count, name) : given;
    this.#count += 1;
    this.#ids.add(id);
    return id;
  }
}
