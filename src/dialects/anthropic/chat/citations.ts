import type { StreamPart } from '../../../core/answer.ts';
import { isObject } from '../../../core/json-object.ts';

/**
 * Citations of one text block: those of web pages as citations, and all of them in Anthropic's own form as a field of the
 * answer, since places in documents have no other home.
 *
 * @param start first character of the block in the answer's text
 * @param end character after its last
 */
export function citationParts(citations: readonly unknown[], start: number, end: number): StreamPart[] {
  if (citations.length === 0) return [];
  const pages = citations.filter(isObject).flatMap(({ url, title }): StreamPart[] => {
    if (typeof url !== 'string') return [];
    return [{ type: 'citation', citation: { type: 'citation', url, ...(typeof title === 'string' ? { title } : {}), start, end } }];
  });
  return [...pages, fieldsPart({ citations })];
}

/** Fields of the answer that only this dialect knows: a native part without `type`, so it is no content block. */
export function fieldsPart(fields: Readonly<Record<string, unknown>>): StreamPart {
  return { type: 'native', native: { type: 'native', dialect: 'anthropic', raw: fields } };
}
