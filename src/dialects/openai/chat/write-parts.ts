import type { Finish } from '../../../core/answer.ts';
import type { JsonObject } from '../../../core/json-object.ts';
import type { CitationPart, MediaPart, NativePart, ReasoningPart } from '../../../core/parts.ts';
import { isObject } from '../../../core/json-object.ts';
import { sealed } from '../../marked-proof.ts';
import { present } from '../request-fields.ts';
import { urlOf } from './media.ts';
import { signatureMember } from './thought-signature.ts';

/** Parts of an answer as members of a message or delta (data-plane 9.4, 10.2). */

export function writeCitation(citation: CitationPart): JsonObject {
  const { start, end, url, title } = citation;
  return { type: 'url_citation', url_citation: present({ start_index: start, end_index: end, url, title }) };
}

/** Media that models make: images as `images`, sound as `audio`. Other kinds have no place and are left out. */
export function writeAnswerMedia(media: MediaPart, index: number): JsonObject {
  if (media.kind === 'image')
    return { images: [{ index, type: 'image_url', image_url: { url: urlOf(media, 'image/png') }, ...signatureMember(media.signature) }] };
  if (media.kind === 'audio' && media.source.type === 'data') return { audio: { data: media.source.data } };
  return {};
}

/** A thinking block that the client must bring back, or null for plain thoughts. */
export function writeThinkingBlock(part: ReasoningPart): JsonObject | null {
  if (part.encrypted !== undefined) return { type: 'redacted_thinking', data: sealed(part.origin, part.encrypted) };
  return part.signature === undefined ? null : { type: 'thinking', thinking: part.text, signature: sealed(part.origin, part.signature) };
}

/**
 * What a native part adds to the message. Fields of another dialect are told beside the message, its blocks are not.
 * Reasoning details stand where LiteLLM's clients look for them and where OpenRouter's do.
 */
export function writeNative(native: NativePart): JsonObject {
  if (!isObject(native.raw)) return {};
  if (native.dialect !== 'openai') return 'type' in native.raw ? {} : { provider_specific_fields: native.raw };
  const details = native.raw['reasoning_details'];
  return details === undefined ? native.raw : { ...native.raw, provider_specific_fields: { reasoning_details: details } };
}

/** Lays `added` over `members`; lists append, objects merge. */
export function mergeMembers(members: JsonObject, added: JsonObject): JsonObject {
  for (const [name, value] of Object.entries(added)) {
    const known = members[name];
    if (Array.isArray(known) && Array.isArray(value)) members[name] = [...(known as unknown[]), ...(value as unknown[])];
    else if (isObject(known) && isObject(value)) members[name] = mergeMembers({ ...known }, value);
    else members[name] = value;
  }
  return members;
}

/** The provider's own word for the finish, when it says more than ours. */
export function nativeFinish(finish: Finish): JsonObject {
  return finish.native === undefined || finish.native === finish.reason
    ? {}
    : { provider_specific_fields: { native_finish_reason: finish.native } };
}
