import { isObject, type JsonObject, wordOf } from '../../../core/json-object.ts';
import type { CitationPart } from '../../../core/parts.ts';

/**
 * What an answer rests on, as citations: each passage with each source it names, then the sources that no passage names.
 *
 * @param metadata `groundingMetadata` of a candidate
 * @param text the whole text of the candidate
 * @see https://ai.google.dev/api/generate-content#GroundingMetadata (2026-11-26)
 */
export function citationsOf(metadata: JsonObject, text: string): CitationPart[] {
  const sources = objects(metadata['groundingChunks']).map(sourceOf);
  const bytes = Buffer.from(text);
  const named = new Set<number>();
  const passages = objects(metadata['groundingSupports']).flatMap((support) => {
    const range = rangeOf(support['segment'], text, bytes);
    return indicesOf(support).flatMap((at): CitationPart[] => {
      const source = sources[at];
      if (!source) return [];
      named.add(at);
      return [{ ...source, ...range }];
    });
  });
  return [...passages, ...sources.filter((source, at) => source !== null && !named.has(at)).filter((source) => source !== null)];
}

/** Queries that Google searched the web with. */
export function searchesIn(metadata: JsonObject): number {
  const queries = metadata['webSearchQueries'];
  return Array.isArray(queries) ? queries.filter((query) => typeof query === 'string' && query !== '').length : 0;
}

/** A page, a document of the owner's, or a place; `null` without an address. */
function sourceOf(chunk: JsonObject): CitationPart | null {
  const source = ['web', 'retrievedContext', 'maps', 'image'].map((kind) => chunk[kind]).find(isObject);
  const url = wordOf(source?.['uri']) || wordOf(source?.['sourceUri']);
  const title = wordOf(source?.['title']);
  return url === '' ? null : { type: 'citation', url, ...(title === '' ? {} : { title }) };
}

/** Google counts bytes of UTF-8, clients count characters. Where the numbers miss the passage, its own words are looked for. */
function rangeOf(segment: unknown, text: string, bytes: Buffer): { start?: number; end?: number } {
  if (!isObject(segment)) return {};
  const passage = wordOf(segment['text']);
  const from = numberOf(segment['startIndex']);
  const to = numberOf(segment['endIndex']);
  const counted = bytes.toString('utf8', from, to);
  if (to > from && (passage === '' || counted === passage)) {
    const start = bytes.toString('utf8', 0, from).length;
    return { start, end: start + counted.length };
  }
  const found = passage === '' ? -1 : text.indexOf(passage);
  return found === -1 ? {} : { start: found, end: found + passage.length };
}

function indicesOf(support: JsonObject): number[] {
  const indices = support['groundingChunkIndices'];
  return Array.isArray(indices) ? indices.filter((at) => typeof at === 'number') : [];
}

/** Absent stands for 0, as in all of Google's JSON. */
function numberOf(value: unknown): number {
  return typeof value === 'number' && value >= 0 ? value : 0;
}

function objects(value: unknown): JsonObject[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}
