import type { Caller } from '../core/caller.ts';
import type { Clock } from '../core/clock.ts';
import { PermissionError } from '../core/errors.ts';
import type { JsonObject } from '../core/json-object.ts';

/** A response and what the next turn needs of it. */
export interface KeptResponse {
  /** Everything that was asked, the turns before it too. */
  readonly input: readonly JsonObject[];
  /** With the thoughts of the provider as it sealed them. */
  readonly output: readonly JsonObject[];
  /** The object as the client got it. */
  readonly response: JsonObject;
  /** Who keeps it as well, and under which id; absent: nobody else. */
  readonly at?: { readonly deployment: string; readonly id: string };
}

interface Entry {
  readonly owner: string;
  readonly text: string;
  readonly until: number;
}

const MOST_BYTES = 67_108_864;
const LIFE_MS = 86_400_000;

/** Responses by their id: in memory alone, bounded, gone after a day (ruling B7). Each belongs to whoever asked for it. */
export class ResponseStore {
  readonly #clock: Clock;
  /** Oldest first: a map remembers the order of insertion. */
  readonly #entries = new Map<string, Entry>();
  #bytes = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  keep(caller: Caller, id: string, kept: KeptResponse): void {
    const entry = { owner: ownerOf(caller), text: JSON.stringify(kept), until: this.#clock.now() + LIFE_MS };
    if (entry.text.length > MOST_BYTES) return;
    this.#drop(id);
    this.#entries.set(id, entry);
    this.#bytes += entry.text.length;
    for (const oldest of this.#entries.keys()) {
      if (this.#bytes <= MOST_BYTES) break;
      this.#drop(oldest);
    }
  }

  /** Null: there is none, or none any more. @throws {PermissionError} for somebody else's */
  find(caller: Caller, id: string): KeptResponse | null {
    const entry = this.#owned(caller, id);
    return entry && (JSON.parse(entry.text) as KeptResponse);
  }

  /** @returns whether there was one @throws {PermissionError} for somebody else's */
  remove(caller: Caller, id: string): boolean {
    const found = this.#owned(caller, id) !== null;
    this.#drop(id);
    return found;
  }

  #owned(caller: Caller, id: string): Entry | null {
    const entry = this.#entries.get(id);
    if (!entry) return null;
    if (entry.until <= this.#clock.now()) {
      this.#drop(id);
      return null;
    }
    if (entry.owner !== ownerOf(caller))
      throw new PermissionError('Forbidden. The response id is not associated with the user, who this key belongs to.');
    return entry;
  }

  #drop(id: string): void {
    const entry = this.#entries.get(id);
    if (!entry) return;
    this.#entries.delete(id);
    this.#bytes -= entry.text.length;
  }
}

/** A person's keys share what they asked; a key of nobody has its own. */
function ownerOf({ userId, keyHash }: Caller): string {
  return userId === null ? `key ${keyHash}` : `user ${userId}`;
}
