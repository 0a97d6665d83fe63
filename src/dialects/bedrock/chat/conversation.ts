import { createHash } from 'node:crypto';
import type { JsonObject } from '../../../core/json-object.ts';
import type { Message } from '../../../core/request.ts';
import { pairedHistory } from '../../paired-history.ts';
import type { ToolNames } from '../../tool-names.ts';
import type { ModelFamily } from '../families.ts';
import { blocksOf, FILLER, isThought } from './blocks.ts';
import { cachePoint } from './cache-points.ts';
import { isDocument } from './media.ts';

/** An element of `messages`. */
export interface Turn {
  readonly role: 'user' | 'assistant';
  readonly content: JsonObject[];
}

export interface Conversation {
  readonly system: JsonObject[];
  /** Turns that alternate, the first of the user. */
  readonly messages: Turn[];
}

/**
 * The messages in Converse's form, with everything repaired that it would refuse and a client cannot mend: roles that do not
 * alternate, results that are missing, lost or out of order, blank text, ids it cannot read. What the system says between
 * turns stands in its place as the user's words.
 *
 * @throws {InvalidRequestError} for media that have no block
 */
export function conversationOf(messages: readonly Message[], family: ModelFamily, names: ToolNames): Conversation {
  const first = messages.findIndex(({ role }) => !isSystem(role));
  const leading = family.system ? (first === -1 ? messages.length : first) : 0;
  const turns = turnsOf(pairedHistory(messages.slice(leading), lawfulId(family)), family, names);
  return { system: messages.slice(0, leading).flatMap((message) => systemBlocks(message, names, family)), messages: finished(turns) };
}

/** Neighbours of one role are one turn. */
function turnsOf(messages: readonly Message[], family: ModelFamily, names: ToolNames): Turn[] {
  const turns: Turn[] = [];
  for (const message of messages) {
    const role = message.role === 'assistant' ? 'assistant' : 'user';
    const blocks = messageBlocks(message, names, family);
    const last = turns.at(-1);
    if (last?.role === role) last.content.push(...blocks);
    else turns.push({ role, content: blocks });
  }
  return turns;
}

function messageBlocks(message: Message, names: ToolNames, family: ModelFamily): JsonObject[] {
  const blocks = message.parts.flatMap((part) => blocksOf(part, names, family));
  const last = blocks.at(-1);
  // A mark on the message belongs to its last block, thoughts excepted.
  if (last && !isThought(last) && !('cachePoint' in last)) blocks.push(...cachePoint(message.cache, family));
  return blocks;
}

/** A turn that thinks begins with a thought; further ones keep their place among the calls. */
function thoughtsFirst(blocks: JsonObject[]): JsonObject[] {
  const first = blocks[0];
  if (first && isThought(first)) return blocks;
  return [...blocks.filter(isThought), ...blocks.filter((block) => !isThought(block))];
}

function systemBlocks(message: Message, names: ToolNames, family: ModelFamily): JsonObject[] {
  return messageBlocks({ ...message, parts: message.parts.filter(({ type }) => type === 'text' || type === 'native') }, names, family);
}

/** Turns that may be sent: none is empty, documents have text beside them, and the start of an answer does not end in blanks. */
function finished(turns: readonly Turn[]): Turn[] {
  const kept = turns.filter(({ role, content }, at) => role === 'user' || content.length > 0 || at < turns.length - 1);
  const filled = kept.map(({ role, content }) => ({
    role,
    content: thoughtsFirst(needsText(content) ? [...content, { text: FILLER }] : content),
  }));
  const end = filled.at(-1);
  const text = end?.role === 'assistant' ? end.content.at(-1) : undefined;
  if (typeof text?.['text'] === 'string') text['text'] = text['text'].trimEnd();
  return filled[0]?.role === 'user' ? filled : [{ role: 'user', content: [{ text: FILLER }] }, ...filled];
}

function needsText(content: readonly JsonObject[]): boolean {
  const said = content.filter((block) => !('cachePoint' in block) && !isThought(block));
  return said.length === 0 || (said.some(isDocument) && !said.some((block) => 'text' in block));
}

/**
 * Ids as Bedrock takes them; Mistral wants nine letters and digits.
 *
 * @see https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_ToolUseBlock.html (2026-11-26)
 */
function lawfulId({ maker }: ModelFamily): (id: string) => string {
  if (maker === 'mistral') return (id) => (/^[a-zA-Z0-9]{9}$/.test(id) ? id : digestOf(id).slice(0, 9));
  return (id) => (/^[a-zA-Z0-9_.:-]{1,64}$/.test(id) ? id : `call_${digestOf(id)}`);
}

function digestOf(id: string): string {
  return createHash('sha256').update(id).digest('hex').slice(0, 24);
}

function isSystem(role: Message['role']): boolean {
  return role === 'system' || role === 'developer';
}

/** Whether a history speaks of tools: a request must then offer some. */
export function speaksOfTools(turns: readonly Turn[]): boolean {
  return turns.some(({ content }) => content.some((block) => 'toolUse' in block || 'toolResult' in block));
}

/**
 * Whether the turns end inside a round of tool calls that did not begin with a thought: Claude then cannot think.
 *
 * @see https://docs.aws.amazon.com/bedrock/latest/userguide/claude-messages-extended-thinking.html (2026-11-26)
 */
export function roundLacksThought(turns: readonly Turn[]): boolean {
  const start = turns.findLastIndex(({ role, content }) => role === 'user' && !content.some((block) => 'toolResult' in block));
  const first = turns.slice(start + 1).find(({ role }) => role === 'assistant');
  const opening = first?.content[0];
  return opening !== undefined && first?.content.some((block) => 'toolUse' in block) === true && !isThought(opening);
}
