import { isObject, type JsonObject, wordOf } from '../../core/json-object.ts';
import type { Quirks } from '../catalogue/quirks.ts';
import { withContent } from './content.ts';
import type { QuirkContext } from './context.ts';
import { withoutNullMembers } from './json-path.ts';
import { withKnownMembers } from './message-members.ts';
import { messagesOf } from './system-text.ts';
import { withToolCallIds } from './tool-call-ids.ts';
import { withTurns } from './turns.ts';

/** Messages as the provider takes them (data-plane 11.11). */
export function withMessages(body: JsonObject, quirks: Quirks, context: QuirkContext): JsonObject {
  if (!Array.isArray(body['messages'])) return body;
  // A provider that does not want its reasoning back while thinking is off gets none filled in.
  const rules = isThinkingOff(body) ? { ...quirks, fillReasoning: undefined } : quirks;
  const each = messagesOf(body).map((message) => (isObject(message) ? oneMessage(message, rules, context) : message));
  return { ...body, messages: withTurns(each, quirks) };
}

function oneMessage(message: JsonObject, quirks: Quirks, context: QuirkContext): JsonObject {
  const plain = quirks.stripNulls ? withoutNullMembers(message) : message;
  const marked = quirks.cacheMarkOnLastPart ? withMarkOnLastPart(plain) : plain;
  const known = withKnownMembers(marked, quirks);
  const role = quirks.roles?.[wordOf(known['role'])] ?? known['role'];
  return withToolCallIds(withContent({ ...known, role }, quirks, context), quirks.toolCallIdLength);
}

function isThinkingOff(body: JsonObject): boolean {
  return isObject(body['thinking']) && body['thinking']['type'] === 'disabled';
}

function withMarkOnLastPart(message: JsonObject): JsonObject {
  const { cache_control: mark, ...rest } = message;
  if (mark === undefined) return message;
  const { content } = rest;
  const parts: unknown[] = typeof content === 'string' ? [{ type: 'text', text: content }] : Array.isArray(content) ? content : [];
  const last = parts.at(-1);
  return isObject(last) ? { ...rest, content: parts.with(parts.length - 1, { ...last, cache_control: mark }) } : rest;
}
