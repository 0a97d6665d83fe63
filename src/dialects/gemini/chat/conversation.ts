import type { JsonObject } from '../../../core/json-object.ts';
import type { TextPart } from '../../../core/parts.ts';
import type { Message } from '../../../core/request.ts';
import type { ToolNames } from '../../tool-names.ts';
import type { ModelFamily } from '../families.ts';
import { TurnBuilder, type Content } from './turns.ts';

export interface Conversation {
  /** Parts of `systemInstruction`. */
  readonly system: readonly JsonObject[];
  readonly contents: readonly Content[];
}

/**
 * The messages in Google's form. System messages in front become the instruction; later ones, and all of them where a model
 * has no place for an instruction or there is nothing else, are said by the user.
 *
 * @param hint a sentence of ours for the end of the instruction
 */
export function conversationOf(messages: readonly Message[], family: ModelFamily, names: ToolNames, hint: string | null): Conversation {
  const leading = leadingSystem(messages);
  const texts = [...messages.slice(0, leading).flatMap(textsOf), ...(hint === null ? [] : [{ type: 'text' as const, text: hint }])];
  const asUser = !family.systemInstruction || leading === messages.length;
  const turns = new TurnBuilder(names, family);
  if (asUser && texts.length > 0) turns.addUser(texts);
  for (const message of messages.slice(leading)) add(turns, message);
  return { system: asUser ? [] : texts.map(({ text }) => ({ text })), contents: turns.finish() };
}

function add(turns: TurnBuilder, { role, parts }: Message): void {
  switch (role) {
    case 'assistant':
      return turns.addModel(parts);
    case 'tool':
      return turns.addResults(parts);
    case 'system':
    case 'developer':
    case 'user':
      return turns.addUser(parts);
  }
}

function leadingSystem(messages: readonly Message[]): number {
  const first = messages.findIndex(({ role }) => role !== 'system' && role !== 'developer');
  return first === -1 ? messages.length : first;
}

function textsOf({ parts }: Message): TextPart[] {
  return parts.filter((part): part is TextPart => part.type === 'text' && part.text.trim() !== '');
}
