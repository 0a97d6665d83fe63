import type { StreamPart } from '../../../core/answer.ts';
import { isObject, wordOf, type JsonObject } from '../../../core/json-object.ts';

/**
 * Those citations of a block that speak of pages with an address. All of them stand in the fields of the answer too, since
 * places in documents have no other home.
 *
 * @param start first character of the block in the answer's text
 * @param end character after its last
 * @see https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_Citation.html (2026-11-26)
 */
export function citationParts(citations: readonly JsonObject[], start: number, end: number): StreamPart[] {
  return citations.flatMap(({ title, location }): StreamPart[] => {
    const web = isObject(location) && isObject(location['web']) ? location['web'] : {};
    const url = wordOf(web['url']);
    if (url === '') return [];
    return [{ type: 'citation', citation: { type: 'citation', url, ...(typeof title === 'string' ? { title } : {}), start, end } }];
  });
}
