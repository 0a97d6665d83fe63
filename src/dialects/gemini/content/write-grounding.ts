import type { JsonObject } from '../../../core/json-object.ts';
import type { CitationPart } from '../../../core/parts.ts';

/**
 * `groundingMetadata` of an answer that names its sources: each page once, and the passages that rest on it. Google counts
 * bytes of UTF-8.
 *
 * @param text the whole text of the candidate
 * @see https://ai.google.dev/api/generate-content#GroundingMetadata (2026-11-26)
 */
export function writeGrounding(citations: readonly CitationPart[], text: string): JsonObject {
  const urls = [...new Set(citations.map(({ url }) => url))];
  const groundingChunks = urls.map((uri) => ({ web: { uri, title: titleOf(uri, citations) } }));
  const groundingSupports = citations.flatMap(({ url, start, end }) => {
    if (start === undefined || end === undefined || end <= start) return [];
    return [{ segment: segmentOf(text, start, end), groundingChunkIndices: [urls.indexOf(url)] }];
  });
  return { groundingChunks, ...(groundingSupports.length === 0 ? {} : { groundingSupports }) };
}

function titleOf(uri: string, citations: readonly CitationPart[]): string {
  return citations.find(({ url, title }) => url === uri && title !== undefined)?.title ?? uri;
}

function segmentOf(text: string, start: number, end: number): JsonObject {
  const passage = text.slice(start, end);
  const startIndex = Buffer.byteLength(text.slice(0, start));
  return { startIndex, endIndex: startIndex + Buffer.byteLength(passage), text: passage };
}
