import { createHash } from 'node:crypto';
import { isObject, type JsonObject } from '../../core/json-object.ts';

const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

/** Separates a tool-call id from the Gemini signature that old clients carry in it (data-plane 11.8). */
export const SIGNATURE_MARK = '__thought__';

/**
 * Tool-call ids as the provider takes them. The same id always becomes the same one, in the call and in its result.
 *
 * @param length letters and digits an id must have; `undefined`: any id
 */
export function withToolCallIds(message: JsonObject, length: number | undefined): JsonObject {
  const result = { ...message };
  const { tool_call_id: id, tool_calls: calls } = message;
  if (typeof id === 'string') result['tool_call_id'] = idFor(id, length);
  if (Array.isArray(calls)) {
    result['tool_calls'] = calls.map((call: unknown) => (isObject(call) ? withId(call, length) : call));
  }
  return result;
}

function withId(call: JsonObject, length: number | undefined): JsonObject {
  return typeof call['id'] === 'string' ? { ...call, id: idFor(call['id'], length) } : call;
}

function idFor(id: string, length: number | undefined): string {
  const mark = id.indexOf(SIGNATURE_MARK);
  const own = mark > 0 ? id.slice(0, mark) : id;
  if (length === undefined || (own.length === length && /^[a-zA-Z0-9]+$/.test(own))) return own;
  const digest = createHash('sha256').update(own).digest();
  return Array.from({ length }, (_, index) => LETTERS[(digest[index] ?? 0) % LETTERS.length]).join('');
}
