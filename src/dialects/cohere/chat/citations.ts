import type { StreamPart } from '../../../core/answer.ts';
import { isObject, type JsonObject } from '../../../core/json-object.ts';
import type { CitationPart } from '../../../core/parts.ts';

/**
 * A citation: of sources with an address as citations of OpenAI's kind, and whole in Cohere's own form as a field of the
 * answer, since documents and results of tools have no other home.
 *
 * @param start first character, in the answer's text, of what the citation counts in; null for thoughts, which are no text of
 * the answer
 * @see https://docs.cohere.com/docs/rag-citations (read 2026-11-26)
 */
export function citationParts(citation: JsonObject, start: number | null): StreamPart[] {
  const sources = Array.isArray(citation['sources']) ? citation['sources'].filter(isObject) : [];
  const pages = start === null ? [] : sources.flatMap((source) => pageOf(source, citation, start) ?? []);
  const raw = { provider_specific_fields: { citations: [citation] } };
  return [
    ...pages.map((page): StreamPart => ({ type: 'citation', citation: page })),
    { type: 'native', native: { type: 'native', dialect: 'openai', raw } },
  ];
}

/** A source that has an address: Cohere gives documents and outputs of tools back as the client wrote them. */
function pageOf({ document, tool_output: output }: JsonObject, { start: from, end: to }: JsonObject, start: number): CitationPart | null {
  const facts = isObject(document) ? document : isObject(output) ? output : {};
  const { url, title } = facts;
  if (typeof url !== 'string' || !/^https?:/i.test(url)) return null;
  return {
    type: 'citation',
    url,
    ...(typeof title === 'string' ? { title } : {}),
    ...(typeof from === 'number' ? { start: start + from } : {}),
    ...(typeof to === 'number' ? { end: start + to } : {}),
  };
}
