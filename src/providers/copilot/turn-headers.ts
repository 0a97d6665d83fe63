import { isObject } from '../../core/json-object.ts';

type Headers = Readonly<Record<string, string>>;

/**
 * What GitHub Copilot wants to know of a turn: whether a person or a program goes on (only the first is a premium request), and
 * whether there are pictures. Nothing for a body that is no conversation.
 *
 * @param body of the request, as it is sent
 */
export function turnHeaders(body: Uint8Array): Headers {
  const turns = turnsIn(body);
  if (turns === null) return {};
  const isFollowUp = turns.some(({ role }) => role === 'assistant' || role === 'tool');
  const hasPicture = turns.some(({ content }) => Array.isArray(content) && content.some(isPicture));
  return { 'x-initiator': isFollowUp ? 'agent' : 'user', ...(hasPicture ? { 'copilot-vision-request': 'true' } : {}) };
}

function turnsIn(body: Uint8Array): Record<string, unknown>[] | null {
  try {
    const value: unknown = JSON.parse(Buffer.from(body).toString('utf8'));
    return isObject(value) && Array.isArray(value['messages']) ? value['messages'].filter(isObject) : null;
  } catch {
    return null;
  }
}

function isPicture(part: unknown): boolean {
  return isObject(part) && part['type'] === 'image_url';
}
