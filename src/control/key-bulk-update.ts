import { errorAnswerOf } from '../contract/error-envelope.ts';
import { readBodyAs } from '../contract/body.ts';
import { answerJson, readJsonBody } from '../contract/http-json.ts';
import { KeyBulkList } from '../contract/key.ts';
import type { Caller } from '../core/caller.ts';
import { BadRequestError, DatabaseUnavailableError, GatewayError } from '../core/errors.ts';
import { isObject, type JsonObject } from '../core/json-object.ts';
import type { RouteCall } from '../core/route.ts';
import type { Keys } from '../identity/keys.ts';
import type { KeyChanges } from './key-changes.ts';
import { maySeeKey, shownKey, type KeyViewParts } from './key-view.ts';

export interface KeyBulkParts extends KeyViewParts {
  readonly keys: Keys;
  /** Told of an error that nobody foresaw, so that it is not lost without a word. */
  readonly onUnforeseen: (error: unknown, callId: string) => void;
}

/** Keys that one request changes at most. */
export const MOST_KEYS = 500;

/** `/key/bulk_update` (control-plane 4.4): many changes in one request, each with its own success or failure. */
export class KeyBulkUpdate {
  readonly #parts: KeyBulkParts;
  readonly #changes: KeyChanges;

  constructor(parts: KeyBulkParts, changes: KeyChanges) {
    this.#parts = parts;
    this.#changes = changes;
  }

  async update(call: RouteCall): Promise<void> {
    const { keys: asked } = readBodyAs(KeyBulkList, await readJsonBody(call));
    if (asked.length === 0 || asked.length > MOST_KEYS)
      throw new BadRequestError(`keys must name from 1 to ${MOST_KEYS} keys; it names ${asked.length}.`, 'keys');
    const done: JsonObject[] = [];
    const failed: JsonObject[] = [];
    let away: DatabaseUnavailableError | null = null;
    for (const given of asked) {
      const error: Error | null = away ?? (await this.#change(call, given, done));
      // Each would wait for it again, and in vain.
      if (error instanceof DatabaseUnavailableError) away = error;
      if (error !== null) failed.push(this.#failure(call, given, error));
    }
    answerJson(call, { total_requested: asked.length, successful_updates: done, failed_updates: failed });
  }

  /** @returns what went wrong; null: nothing did, and the key stands in `done` */
  async #change(call: RouteCall, given: unknown, done: JsonObject[]): Promise<Error | null> {
    try {
      const { name, key } = await this.#changes.update(call, given);
      done.push({ key: name, key_info: shownKey(this.#parts, key) });
      return null;
    } catch (error) {
      if (!(error instanceof GatewayError)) this.#parts.onUnforeseen(error, call.callId);
      return error instanceof Error ? error : new Error(String(error));
    }
  }

  #failure(call: RouteCall, given: unknown, error: Error): JsonObject {
    const named = isObject(given) ? given['key'] : null;
    const name = typeof named === 'string' ? named : '';
    const key = this.#parts.keys.find(name);
    const seen = key !== null && maySeeKey(call.caller as Caller, key, key.keyHash);
    return { key: name, key_info: seen ? shownKey(this.#parts, key) : null, failed_reason: reasonOf(error) };
  }
}

/** As the same change alone would be refused. */
function reasonOf(error: Error): unknown {
  const { error: told } = errorAnswerOf(error).body;
  return isObject(told) ? told['message'] : null;
}
