import type { JsonObject } from '../../../core/json-object.ts';
import type { Part, TextPart, ToolResultPart } from '../../../core/parts.ts';
import type { Message } from '../../../core/request.ts';
import { present } from '../../openai/request-fields.ts';
import { listAt, maybe, objectAt, refused, stringAt, wordAt } from './fields.ts';
import { cacheMarkOf, readBlocks, readContent } from './read-blocks.ts';

/**
 * The history of a Messages request, `system` first.
 *
 * @throws {InvalidRequestError} naming the member
 */
export function readMessages(body: JsonObject): Message[] {
  const messages = listAt(body['messages'], 'messages');
  if (messages.length === 0) throw refused('messages', 'at least one message is required');
  const system = maybe(body['system'], 'system', readSystem) ?? [];
  return [
    ...(system.length === 0 ? [] : [{ role: 'system' as const, parts: system }]),
    ...messages.flatMap((item, i) => readMessage(objectAt(item, `messages.${i}`), `messages.${i}`)),
  ];
}

function readSystem(value: unknown, path: string): TextPart[] {
  return readBlocks(value, path, (raw, at) => {
    wordAt(raw['type'], `${at}.type`, ['text']);
    return { type: 'text', text: stringAt(raw['text'], `${at}.text`), ...present({ cache: cacheMarkOf(raw) }) };
  });
}

/** Tool results become messages of their own before the rest of the user's turn. */
function readMessage(raw: JsonObject, path: string): Message[] {
  const role = wordAt(raw['role'], `${path}.role`, ['user', 'assistant', 'system']);
  const parts = readContent(raw['content'], `${path}.content`);
  const odd = parts.findIndex((part) => !mayStand(part, role));
  if (odd >= 0)
    throw refused(`${path}.content.${odd}.type`, `${TYPE_OF[parts[odd]?.type ?? 'text']} blocks may not stand in a turn of the ${role}`);
  const results = parts.filter((part): part is ToolResultPart => part.type === 'tool_result');
  const others = parts.filter((part) => part.type !== 'tool_result');
  return [
    ...results.map((part): Message => ({ role: 'tool', parts: [part] })),
    ...(others.length > 0 || results.length === 0 ? [{ role, parts: others }] : []),
  ];
}

/** Words for blocks that stand in one role's turns alone. */
const TYPE_OF: Readonly<Partial<Record<Part['type'], string>>> = {
  tool_call: 'tool_use',
  tool_result: 'tool_result',
  reasoning: 'thinking',
  media: 'image and document',
};

function mayStand({ type }: Part, role: 'user' | 'assistant' | 'system'): boolean {
  if (type === 'tool_call' || type === 'reasoning') return role === 'assistant';
  if (type === 'tool_result') return role === 'user';
  return type !== 'media' || role !== 'system';
}
