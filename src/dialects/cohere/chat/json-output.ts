import type { JsonObject } from '../../../core/json-object.ts';
import type { ResponseFormat } from '../../../core/request.ts';

/** How JSON is asked for: by a member of the body, or in words. */
export interface JsonOutput {
  readonly format: JsonObject | null;
  readonly hint: string | null;
}

const NOT_ASKED: JsonOutput = { format: null, hint: null };

/**
 * `response_format`. Cohere refuses it beside tools and documents: there it becomes a sentence of the system message.
 *
 * @param grounded the call has tools or documents
 * @see https://docs.cohere.com/docs/structured-outputs (read 2026-11-26)
 */
export function jsonOutputOf(wanted: ResponseFormat | undefined, grounded: boolean): JsonOutput {
  if (wanted === undefined || wanted.type === 'text') return NOT_ASKED;
  const { schema } = wanted;
  if (!grounded) return { format: { type: 'json_object', ...(schema ? { json_schema: schema } : {}) }, hint: null };
  const which = schema
    ? `value that fits this JSON Schema, and with nothing else:\n${JSON.stringify(schema)}`
    : 'object, and with nothing else.';
  return { format: null, hint: `When you answer in words, answer with one JSON ${which}` };
}
