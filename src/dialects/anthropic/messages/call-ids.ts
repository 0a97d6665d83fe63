import { splitCallId } from '../../openai/chat/thought-signature.ts';

/** Ids of tool calls that Anthropic's clients and its API take. */
const LAWFUL = /^[a-zA-Z0-9_-]+$/;

/** Begins an id that stands for another one, written in base64 for URLs. */
const PREFIX = 'toolu_b64_';

/** The id by which a client knows a tool call: the provider's own when it is lawful, else one that tells it. */
export function clientCallId(id: string): string {
  return LAWFUL.test(id) && !id.startsWith(PREFIX) ? id : PREFIX + Buffer.from(id).toString('base64url');
}

/** The provider's id for a client's, and the Gemini signature that an older gateway hung behind it. */
export function providerCallId(id: string): { id: string; signature?: string } {
  const split = splitCallId(id);
  if (!split.id.startsWith(PREFIX)) return split;
  const told = Buffer.from(split.id.slice(PREFIX.length), 'base64url').toString();
  return clientCallId(told) === split.id ? { ...split, id: told } : split;
}
