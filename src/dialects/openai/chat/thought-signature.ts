import { isObject } from '../../../core/json-object.ts';

/** Separator of the old form that carried a Gemini thought signature inside the id (data-plane 11.8). */
const SEPARATOR = '__thought__';

/** An id as the provider knows it, and the signature that an older gateway hung behind it. */
export function splitCallId(id: string): { id: string; signature?: string } {
  const at = id.indexOf(SEPARATOR);
  return at === -1 ? { id } : { id: id.slice(0, at), signature: id.slice(at + SEPARATOR.length) };
}

/** The Gemini thought signature of a tool call on the wire: in our own place for it, or in Google's. */
export function signatureOf(call: Record<string, unknown>): string | undefined {
  const ours = isObject(call['provider_specific_fields']) ? call['provider_specific_fields']['thought_signature'] : undefined;
  if (typeof ours === 'string') return ours;
  const extra = isObject(call['extra_content']) ? call['extra_content']['google'] : undefined;
  const theirs = isObject(extra) ? extra['thought_signature'] : undefined;
  return typeof theirs === 'string' ? theirs : undefined;
}
