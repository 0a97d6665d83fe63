import type { JsonObject } from '../../../core/json-object.ts';
import type { FormField } from '../../framing/multipart.ts';

/** Members of a body as the text fields of a form: lists repeat, objects are JSON; what is null is not there. */
export function formFieldsOf(members: JsonObject): FormField[] {
  return Object.entries(members).flatMap(([name, value]): FormField[] => {
    if (value === null || value === undefined) return [];
    return Array.isArray(value) ? value.map((each): FormField => [name, textOf(each)]) : [[name, textOf(value)]];
  });
}

/** `timestamp_granularities[]` → `timestamp_granularities`. */
export function baseName(name: string): string {
  return name.replace(/\[.*$/s, '');
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
