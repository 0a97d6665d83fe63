import { isObject, type JsonObject } from '../../core/json-object.ts';

/** The messages of a body; items that are no objects are left for the provider to judge. */
export function messagesOf(body: JsonObject): readonly unknown[] {
  return Array.isArray(body['messages']) ? body['messages'] : [];
}

/** The body with a text added at the end of its first system turn, or in a new one in front. */
export function withSystemText(body: JsonObject, text: string): JsonObject {
  const messages = messagesOf(body);
  const [first, ...others] = messages;
  if (isObject(first) && (first['role'] === 'system' || first['role'] === 'developer')) {
    return { ...body, messages: [{ ...first, content: appended(first['content'], text) }, ...others] };
  }
  return { ...body, messages: [{ role: 'system', content: text }, ...messages] };
}

/** Text behind other content, which is text or a list of parts. */
export function appended(content: unknown, text: string): unknown {
  if (typeof content === 'string' && content !== '') return `${content}\n\n${text}`;
  return Array.isArray(content) ? [...content, { type: 'text', text }] : text;
}
