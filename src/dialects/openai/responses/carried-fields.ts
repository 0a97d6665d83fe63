import { isObject, type JsonObject } from '../../../core/json-object.ts';
import type { NativePart } from '../../../core/parts.ts';
import { geminiFields } from '../chat/thought-signature.ts';

/**
 * Members of an answer that stand in no item and that the provider wants back: signatures and steps of Gemini, reasoning details
 * of OpenRouter. Others are no news for a client of this dialect.
 */
export function carriedPart({ dialect, raw }: NativePart): NativePart | null {
  if (!isObject(raw) || typeof raw['type'] === 'string') return null;
  if (dialect === 'gemini') return geminiFields({ provider_specific_fields: raw })[0] ?? null;
  return dialect === 'openai' ? (detailsPart(raw) ?? null) : null;
}

/** Those members as a client brings them back: `provider_specific_fields` of an item. */
export function carriedFields(item: JsonObject): NativePart[] {
  const fields = item['provider_specific_fields'];
  const details = isObject(fields) ? detailsPart(fields) : undefined;
  return [...(details ? [details] : []), ...geminiFields(item)];
}

function detailsPart({ reasoning_details: details }: JsonObject): NativePart | undefined {
  return Array.isArray(details) ? { type: 'native', dialect: 'openai', raw: { reasoning_details: details } } : undefined;
}
