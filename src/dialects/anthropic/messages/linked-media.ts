import { isObject } from '../../../core/json-object.ts';

/** Whether a conversation shows a medium by its address, be it inside a result. @param messages `messages` of a body */
export function hasLinkedMedia(messages: unknown): boolean {
  if (!Array.isArray(messages)) return false;
  return messages.some((entry: unknown) => {
    if (!isObject(entry)) return false;
    const { source, content } = entry;
    return (isObject(source) && source['type'] === 'url') || hasLinkedMedia(content);
  });
}
