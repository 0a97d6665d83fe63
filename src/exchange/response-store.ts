import type { Caller } from '../core/caller.ts';
import { PermissionError } from '../core/errors.ts';
import type { JsonObject } from '../core/json-object.ts';
import type { KeepingBounds, TextKeeper } from '../store/kept/text-keeper.ts';

/** A provider that keeps a response too. */
export interface ResponseHost {
  readonly deployment: string;
  /** Public name under which the deployment was asked. */
  readonly group: string;
  /** The provider's own. */
  readonly id: string;
}

/** A response and what the next turn needs of it. */
export interface KeptResponse {
  /** Everything that was asked, the turns before it too. */
  readonly input: readonly JsonObject[];
  /** With the thoughts of the provider as it sealed them. */
  readonly output: readonly JsonObject[];
  /** The object as the client got it. */
  readonly response: JsonObject;
  /** Who keeps it as well; absent: nobody else. */
  readonly at?: ResponseHost;
}

interface OwnedResponse extends KeptResponse {
  readonly owner: string;
}

/** Of what is kept for later turns: as many bytes of responses, for a day (ruling B7). */
export const RESPONSE_BOUNDS: KeepingBounds = { entries: 1_000_000, bytes: 67_108_864, lifeMs: 86_400_000 };

/** Responses by their id. Each belongs to whoever asked for it. */
export class ResponseStore {
  readonly #texts: TextKeeper;

  constructor(texts: TextKeeper) {
    this.#texts = texts;
  }

  keep(caller: Caller, id: string, kept: KeptResponse): void {
    const owned: OwnedResponse = { ...kept, owner: ownerOf(caller) };
    this.#texts.put(id, caller.keyHash, JSON.stringify(owned));
  }

  /** Null: there is none, or none any more. @throws {PermissionError} for somebody else's */
  async find(caller: Caller, id: string): Promise<KeptResponse | null> {
    const text = await this.#texts.get(id);
    if (text === null) return null;
    const { owner, ...kept } = JSON.parse(text) as OwnedResponse;
    if (owner !== ownerOf(caller))
      throw new PermissionError('Forbidden. The response id is not associated with the user, who this key belongs to.');
    return kept;
  }

  /** Resolves when nothing of it is left here. Whose it is must be known: see {@link find}. */
  forget(id: string): Promise<void> {
    return this.#texts.remove(id);
  }
}

/** A person's keys share what they asked; a key of nobody has its own. */
function ownerOf({ userId, keyHash }: Caller): string {
  return userId === null ? `key ${keyHash}` : `user ${userId}`;
}
