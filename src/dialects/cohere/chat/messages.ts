import { InvalidRequestError } from '../../../core/errors.ts';
import { isObject, type JsonObject } from '../../../core/json-object.ts';
import type { Part, ToolCallPart, ToolResultPart } from '../../../core/parts.ts';
import type { Message } from '../../../core/request.ts';
import { pairedHistory } from '../../paired-history.ts';
import type { ToolNames } from '../../tool-names.ts';
import { documentOf, imageBlock, isDocument } from './media.ts';

export interface Conversation {
  readonly messages: JsonObject[];
  /** Files that users attached. */
  readonly documents: JsonObject[];
}

/** Cohere refuses a turn that says nothing. */
const FILLER = '.';

/**
 * The messages of a body. The system speaks first and once: what it says later is told as the user's words, in its place.
 * Names, marks and other dialects' parts stay behind.
 *
 * @param thinks whether the model may think: one that cannot does not know thoughts
 * @throws {InvalidRequestError} for media that Cohere has no place for
 * @see https://docs.cohere.com/reference/chat#request.body.messages (read 2026-11-26)
 */
export function conversationOf(history: readonly Message[], names: ToolNames, thinks: boolean): Conversation {
  const documents: JsonObject[] = [];
  const first = history.findIndex(({ role }) => !isSystem(role));
  const leading = first === -1 ? history.length : first;
  const system = joined(history.slice(0, leading).flatMap(({ parts }) => parts));
  const turns = pairedHistory(history.slice(leading))
    .map((message) => turnOf(message, { names, thinks, documents }))
    .filter((turn) => turn !== null);
  return { messages: system === '' ? turns : [systemTurn(system), ...turns], documents };
}

/** Adds a sentence to the system's turn. */
export function withHint(messages: readonly JsonObject[], hint: string): JsonObject[] {
  const [first, ...rest] = messages;
  if (first?.['role'] !== 'system') return [systemTurn(hint), ...messages];
  return [systemTurn(`${String(first['content'])}\n\n${hint}`), ...rest];
}

interface Writing {
  readonly names: ToolNames;
  readonly thinks: boolean;
  /** Filled along the way. */
  readonly documents: JsonObject[];
}

/** Null for a turn of the assistant that says nothing. */
function turnOf(message: Message, writing: Writing): JsonObject | null {
  switch (message.role) {
    case 'assistant':
      return assistantTurn(message, writing);
    case 'tool':
      return toolTurn(message.parts.find((part) => part.type === 'tool_result'));
    case 'system':
    case 'developer':
    case 'user':
      return { role: 'user', content: userContent(message.parts, writing.documents) };
  }
}

function systemTurn(content: string): JsonObject {
  return { role: 'system', content };
}

function userContent(parts: readonly Part[], documents: JsonObject[]): string | JsonObject[] {
  const blocks: JsonObject[] = [];
  for (const part of parts) {
    if ((part.type === 'text' || part.type === 'refusal') && part.text !== '') blocks.push(textBlock(part.text));
    else if (part.type === 'media' && isDocument(part)) documents.push(documentOf(part));
    else if (part.type === 'media') blocks.push(imageBlock(part));
  }
  return plainWhereOne(blocks);
}

/** Text beside calls is the plan that led to them. */
function assistantTurn({ parts }: Message, { names, thinks }: Writing): JsonObject | null {
  const said = parts.map((part) => (part.type === 'text' || part.type === 'refusal' ? part.text : '')).join('');
  const thoughts = parts.flatMap((part) => (thinks && part.type === 'reasoning' && part.text !== '' ? [thoughtBlock(part.text)] : []));
  const calls = parts.flatMap((part) => (part.type === 'tool_call' ? [wireCall(part, names)] : []));
  if (calls.length === 0) {
    if (said === '') return null;
    return { role: 'assistant', content: thoughts.length === 0 ? said : [...thoughts, textBlock(said)] };
  }
  return {
    role: 'assistant',
    ...(thoughts.length === 0 ? {} : { content: thoughts }),
    ...(said === '' ? {} : { tool_plan: said }),
    tool_calls: calls,
  };
}

function wireCall(call: ToolCallPart, names: ToolNames): JsonObject {
  return { id: call.id, type: 'function', function: { name: names.toWire(call.name), arguments: lawfulArguments(call.arguments) } };
}

/** Arguments byte for byte; a model's slip in an earlier turn is kept under one member rather than ending the conversation. */
function lawfulArguments(text: string): string {
  try {
    if (isObject(JSON.parse(text))) return text;
  } catch {
    // Kept below.
  }
  return text.trim() === '' ? '{}' : JSON.stringify({ arguments: text });
}

function toolTurn(result: ToolResultPart | undefined): JsonObject | null {
  return result ? { role: 'tool', tool_call_id: result.callId, content: plainWhereOne(result.parts.flatMap(resultBlock)) } : null;
}

function resultBlock(part: ToolResultPart['parts'][number]): JsonObject[] {
  if (part.type === 'text') return part.text === '' ? [] : [textBlock(part.text)];
  if (part.type === 'native') return [];
  if (isDocument(part)) return [{ type: 'document', document: documentOf(part) }];
  throw new InvalidRequestError(
    `Cohere takes text and documents as results of tools, but one holds ${part.mediaType ?? part.kind}.`,
    'messages',
  );
}

function textBlock(text: string): JsonObject {
  return { type: 'text', text };
}

function thoughtBlock(thinking: string): JsonObject {
  return { type: 'thinking', thinking };
}

/** One text is said as it is, which every model takes. */
function plainWhereOne(blocks: JsonObject[]): string | JsonObject[] {
  const [first, ...others] = blocks;
  if (!first) return FILLER;
  return others.length === 0 && typeof first['text'] === 'string' ? first['text'] : blocks;
}

function joined(parts: readonly Part[]): string {
  return parts.flatMap((part) => (part.type === 'text' && part.text !== '' ? [part.text] : [])).join('\n\n');
}

function isSystem(role: Message['role']): boolean {
  return role === 'system' || role === 'developer';
}
