import { isObject, type JsonObject } from '../../../core/json-object.ts';
import type { NativePart } from '../../../core/parts.ts';

/** Separator of the old form that carried a Gemini thought signature inside the id (data-plane 11.8). */
const SEPARATOR = '__thought__';

/** An id as the provider knows it, and the signature that an older gateway hung behind it. */
export function splitCallId(id: string): { id: string; signature?: string } {
  const at = id.indexOf(SEPARATOR);
  return at === -1 ? { id } : { id: id.slice(0, at), signature: id.slice(at + SEPARATOR.length) };
}

/** The Gemini thought signature of a tool call or image on the wire: in our own place for it, or in Google's. */
export function signatureOf(call: Record<string, unknown>): string | undefined {
  const ours = isObject(call['provider_specific_fields']) ? call['provider_specific_fields']['thought_signature'] : undefined;
  if (typeof ours === 'string') return ours;
  const extra = isObject(call['extra_content']) ? call['extra_content']['google'] : undefined;
  const theirs = isObject(extra) ? extra['thought_signature'] : undefined;
  return typeof theirs === 'string' ? theirs : undefined;
}

/** A Gemini thought signature as clients bring it back. */
export function signatureMember(signature: string | undefined): JsonObject {
  return signature === undefined ? {} : { provider_specific_fields: { thought_signature: signature } };
}

/** What a message of Gemini's bears beside its text and wants back: signatures of the text, steps of tools that Google ran. */
const GEMINI_FIELDS = ['thought_signatures', 'gemini_parts'];

/** Those fields of a message that a client brought back; none when it lost them. */
export function geminiFields(message: JsonObject): NativePart[] {
  const fields = message['provider_specific_fields'];
  if (!isObject(fields)) return [];
  const known = GEMINI_FIELDS.filter((name) => Array.isArray(fields[name])).map((name) => [name, fields[name]]);
  return known.length === 0 ? [] : [{ type: 'native', dialect: 'gemini', raw: Object.fromEntries(known) as JsonObject }];
}
