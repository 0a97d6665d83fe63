import { isObject, type JsonObject } from '../../../core/json-object.ts';
import type { MediaPart, TextPart, ToolResultPart } from '../../../core/parts.ts';
import { parseExactly } from '../../call-arguments.ts';
import { mediaPart } from './media-part.ts';

/** Stands in for a result that the history lost. */
export const LOST_RESULT = '[tool result missing]';

export interface ResultPlace {
  /** The provider's name of the function. */
  readonly name: string;
  /** The id of the call that is answered; absent where calls bear none. */
  readonly id?: string;
  /** Whether a result holds media itself. */
  readonly holdsMedia: boolean;
}

/** `functionResponse`, and media behind it where a result cannot hold them. @param result `null` when the history lost it */
export function resultParts(result: ToolResultPart | null, { holdsMedia, ...place }: ResultPlace): JsonObject[] {
  const media = (result?.parts ?? []).filter((part): part is MediaPart => part.type === 'media').map(mediaPart);
  const held = holdsMedia && media.length > 0 ? { parts: media } : {};
  return [{ functionResponse: { ...place, response: responseOf(result), ...held } }, ...(holdsMedia ? [] : media)];
}

function responseOf(result: ToolResultPart | null): JsonObject {
  if (!result) return { content: LOST_RESULT };
  const text = result.parts
    .filter((part): part is TextPart => part.type === 'text')
    .map((part) => part.text)
    .join('\n');
  if (result.isError) return { error: text };
  return objectIn(text) ?? { content: text };
}

/** Google resolves references in a result, so one that has such members stays text. */
const REFERENCES = /"(\$ref|\$defs|definitions)"\s*:/;

function objectIn(text: string): JsonObject | null {
  if (!/^\s*\{/.test(text) || REFERENCES.test(text)) return null;
  try {
    const value = parseExactly(text);
    return isObject(value) ? value : null;
  } catch {
    return null;
  }
}
