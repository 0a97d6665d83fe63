import { isObject, type JsonObject } from '../core/json-object.ts';

/**
 * A call's arguments as the object that some providers want in a history. Text that is no JSON object (a model's slip in an
 * earlier turn) is kept under one member rather than ending the conversation. Whole numbers too long for a double keep
 * their digits.
 */
export function argumentsObject(text: string): JsonObject {
  try {
    const value = parseExactly(text);
    if (isObject(value)) return value;
  } catch {
    // Kept below.
  }
  return text.trim() === '' ? {} : { arguments: text };
}

/** A call's arguments as JSON text: most such providers give an object, some servers in their dress the text itself. */
export function argumentsText(value: unknown): string {
  if (value === null || value === undefined || value === '') return '{}';
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/**
 * Parses JSON; a whole number beyond 2^53 becomes a raw number with its own digits, which `JSON.stringify` writes back
 * unchanged. Ids are such numbers.
 *
 * @throws {SyntaxError}
 */
export function parseExactly(text: string): unknown {
  if (!LONG_NUMBER.test(text)) return JSON.parse(text);
  return JSON.parse(text, (_key, value: unknown, { source }) => {
    const changed = typeof value === 'number' && source !== undefined && WHOLE.test(source) && !Number.isSafeInteger(value);
    return changed ? JSON.rawJSON(source) : value;
  });
}

const LONG_NUMBER = /\d{16}/;
const WHOLE = /^-?\d+$/;
