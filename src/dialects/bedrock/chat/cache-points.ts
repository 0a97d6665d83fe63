import type { JsonObject } from '../../../core/json-object.ts';
import type { CacheMark } from '../../../core/parts.ts';
import type { ModelFamily } from '../families.ts';

/** Most points that one request may hold. @see https://docs.aws.amazon.com/bedrock/latest/userguide/prompt-caching.html (2026-11-26) */
const MOST = 4;

/** A point behind what is marked, as a list of one block or none: models that do not cache refuse it. Only Claude knows lives. */
export function cachePoint(mark: CacheMark | undefined, { cachePoints, maker }: ModelFamily): JsonObject[] {
  if (!mark || cachePoints === 'none') return [];
  const ttl = maker === 'claude' && mark.ttl !== undefined ? { ttl: mark.ttl } : {};
  return [{ cachePoint: { type: 'default', ...ttl } }];
}

/**
 * Takes points away until the request is lawful. The first one stays, as it covers what changes least, and the last ones, as
 * they cover most.
 *
 * @param lists tools, system and contents of messages in the order of the prompt; changed in place
 */
export function limitPoints(lists: readonly JsonObject[][]): void {
  const points = lists.flatMap((list) => list.filter((block) => 'cachePoint' in block));
  const excess = new Set(points.slice(1, 1 + Math.max(0, points.length - MOST)));
  for (const list of lists) list.splice(0, list.length, ...list.filter((block) => !excess.has(block)));
}
