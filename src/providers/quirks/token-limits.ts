import type { JsonObject } from '../../core/json-object.ts';
import { without } from './json-path.ts';

const BOTH = ['max_completion_tokens', 'max_tokens'] as const;

/** At most one token limit, `max_completion_tokens` before `max_tokens`, and none that is not positive (data-plane 11.3). */
export function withOneTokenLimit(body: JsonObject): JsonObject {
  const [first, ...others] = BOTH.filter((name) => name in body);
  if (first === undefined) return body;
  const value = body[first];
  return without(body, typeof value === 'number' && value <= 0 ? BOTH : others);
}

/** Finds a limit that is not positive in the text of a body. */
export const NO_TOKEN_LIMIT = '"max_(?:completion_)?tokens"\\s*:\\s*(?:-|0\\s*[,}])';
