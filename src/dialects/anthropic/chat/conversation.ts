import type { JsonObject } from '../../../core/json-object.ts';
import type { Message } from '../../../core/request.ts';
import type { ModelFamily } from '../families.ts';
import type { ToolNames } from '../../tool-names.ts';
import { textBlock } from './blocks.ts';
import { marked, TurnBuilder, type Turn } from './turns.ts';

export interface Conversation {
  /** Blocks of the top-level `system`. */
  readonly system: JsonObject[];
  /** Turns that alternate, the first of the user; `system` turns may follow a user's. */
  readonly messages: Turn[];
}

/**
 * The messages in Anthropic's form, with everything repaired that it would refuse and a client cannot mend: roles that do
 * not alternate, results that are missing, lost or out of order, blank text, ids it cannot read.
 *
 * @throws {InvalidRequestError} for media that have no block
 */
export function conversationOf(messages: readonly Message[], family: ModelFamily, names: ToolNames): Conversation {
  const leading = leadingSystem(messages);
  const turns = new TurnBuilder(names);
  for (const { role, message } of placed(messages.slice(leading), family))
    turns.add(role, family.thinking === 'none' ? withoutThoughts(message) : message);
  return { system: messages.slice(0, leading).flatMap(systemBlocks), messages: turns.finish() };
}

function withoutThoughts(message: Message): Message {
  return { ...message, parts: message.parts.filter(({ type }) => type !== 'reasoning') };
}

function leadingSystem(messages: readonly Message[]): number {
  const first = messages.findIndex(({ role }) => !isSystem(role));
  return first === -1 ? messages.length : first;
}

function systemBlocks(message: Message): JsonObject[] {
  const blocks = message.parts.map((part) => (part.type === 'text' ? textBlock(part) : null)).filter((block) => block !== null);
  return marked(blocks, message);
}

interface Placed {
  readonly role: 'user' | 'assistant' | 'tool' | 'system';
  readonly message: Message;
}

/** Notes of the system between turns keep their place: as turns of their own where the model takes them, else as the user's words. */
function placed(messages: readonly Message[], family: ModelFamily): Placed[] {
  return messages.flatMap((message, index): Placed[] => {
    if (!isSystem(message.role)) return [{ role: message.role, message }];
    if (systemBlocks(message).length === 0) return [];
    const asSystem = family.systemTurns && precedesAnswer(messages, index);
    return [{ role: asSystem ? 'system' : 'user', message }];
  });
}

function precedesAnswer(messages: readonly Message[], index: number): boolean {
  const after = messages.slice(index).find(({ role }) => !isSystem(role));
  return after === undefined || after.role === 'assistant';
}

function isSystem(role: Message['role']): role is 'system' | 'developer' {
  return role === 'system' || role === 'developer';
}
