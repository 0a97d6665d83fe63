import type { StreamEvent } from '../../core/dialect.ts';
import { isObject, type JsonObject } from '../../core/json-object.ts';
import { MalformedAnswerError } from '../../core/provider-error.ts';
import { errorWithin } from './errors.ts';

/** What stands in an event; `null` for the mark of the end that some models send, `undefined` for nothing. */
export function eventOf({ data }: StreamEvent): JsonObject | null | undefined {
  const text = data.trim();
  if (text === '') return undefined;
  if (text === '[DONE]') return null;
  const event = parsed(text);
  const error = errorWithin(event);
  if (error) throw error;
  return event;
}

function parsed(text: string): JsonObject {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new MalformedAnswerError('The provider sent an event that is no JSON.', 'json', error);
  }
  if (!isObject(value)) throw new MalformedAnswerError('The provider sent an event that is no JSON object.', 'shape');
  return value;
}

export function objectOf(value: unknown): JsonObject {
  return isObject(value) ? value : {};
}

export function objectsIn(value: unknown): JsonObject[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}
