import { isObject, type JsonObject } from '../../core/json-object.ts';
import { MalformedAnswerError } from '../../core/provider-error.ts';

/** The data of an event, which is one object. @throws {MalformedAnswerError} */
export function eventObject(data: string): JsonObject {
  return objectIn(parsed(data));
}

/** @throws {MalformedAnswerError} when it is no object */
export function objectIn(body: unknown): JsonObject {
  if (isObject(body)) return body;
  throw new MalformedAnswerError('The agent sent something other than a JSON object.', 'shape');
}

/** @throws {MalformedAnswerError} */
export function parsed(data: string): unknown {
  try {
    return JSON.parse(data);
  } catch (error) {
    throw new MalformedAnswerError('The agent sent an event that is no JSON.', /^\s*[{[]/.test(data) ? 'json' : 'shape', error);
  }
}

/** The objects of a list; what is none of them is left out. */
export function objectsIn(value: unknown): JsonObject[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}
