import type { JsonObject } from '../../../core/json-object.ts';
import type { CacheMark } from '../../../core/parts.ts';

/** Most marks that one request may hold. @see https://platform.claude.com/docs/en/build-with-claude/prompt-caching */
const MAX_MARKS = 4;

/** `cache_control` for an object literal: spread it. */
export function cacheControl(mark: CacheMark | undefined): JsonObject {
  if (!mark) return {};
  return { cache_control: { type: 'ephemeral', ...(mark.ttl === undefined ? {} : { ttl: mark.ttl }) } };
}

/**
 * Takes marks away until the request is lawful. The first one stays, as it covers what changes least, and the last ones,
 * as they cover most.
 *
 * @param blocks tools, system blocks and message blocks in the order of the prompt; marks are removed in place
 * @param taken marks that stand elsewhere
 */
export function limitMarks(blocks: readonly JsonObject[], taken: number): void {
  const marked = blocks.filter((block) => block['cache_control']);
  const excess = marked.length - (MAX_MARKS - taken);
  for (const block of marked.slice(1, 1 + Math.max(0, excess))) delete block['cache_control'];
}
