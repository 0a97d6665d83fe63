import { isObject, type JsonObject } from '../../../core/json-object.ts';
import { isHollow, readSpoken } from './read-delta.ts';
import { mergeMembers } from './write-parts.ts';

/**
 * Brings what a message or delta says into OpenAI's form, in place: a content list becomes text and `reasoning_content`,
 * its signed thoughts `thinking_blocks`, reasoning under another name moves, `reasoning_details` are told where clients look for them too.
 *
 * @returns whether anything had to change
 */
export function mendSpoken(message: JsonObject): boolean {
  const hadHollow = withoutHollow(message);
  if (isPlain(message)) return hadHollow;
  const spoken = readSpoken(message);
  const hasDetails = Array.isArray(message['reasoning_details']) && message['reasoning_details'].length > 0;
  if (typeof message['content'] === 'object' && message['content'] !== null) {
    message['content'] = spoken.text;
    if (spoken.blocks.length > 0) message['thinking_blocks'] = spoken.blocks;
    for (const native of spoken.natives)
      if (isObject(native.raw) && 'provider_specific_fields' in native.raw) mergeMembers(message, native.raw);
  }
  if (spoken.reasoning !== '') message['reasoning_content'] = spoken.reasoning;
  if (typeof message['reasoning'] === 'string') message['reasoning'] = undefined;
  if (hasDetails) mergeMembers(message, { provider_specific_fields: { reasoning_details: message['reasoning_details'] } });
  return true;
}

/** Text and reasoning stand where an official client looks for them. */
function isPlain(message: JsonObject): boolean {
  const {
    content,
    reasoning,
    reasoning_details: details,
  } = message as { content?: unknown; reasoning?: unknown; reasoning_details?: unknown };
  const hasDetails = Array.isArray(details) && details.length > 0;
  return (typeof content !== 'object' || content === null) && typeof reasoning !== 'string' && !hasDetails;
}

/** Takes out a legacy call without name and arguments, and sound without data: clients take them for a call and for sound. */
function withoutHollow(message: JsonObject): boolean {
  let changed = false;
  for (const name of ['function_call', 'audio']) {
    const value = message[name];
    if (!isObject(value) || !isHollow(value)) continue;
    message[name] = undefined;
    changed = true;
  }
  return changed;
}
