import { isObject, type JsonObject } from '../../../core/json-object.ts';
import type { CitationPart } from '../../../core/parts.ts';

/** A link as Anthropic tells a page it found. Its index and words are not known of other providers. */
export function linkCitation({ url, title }: CitationPart): JsonObject {
  return { type: 'web_search_result_location', url, title: title ?? null, encrypted_index: '', cited_text: '' };
}

/** Whether a citation is one that {@link linkCitation} made. */
export function isLink(citation: unknown): boolean {
  return isObject(citation) && citation['encrypted_index'] === '';
}
