import { InvalidRequestError } from '../../../core/errors.ts';
import type { JsonObject } from '../../../core/json-object.ts';
import type { Part, ToolCallPart } from '../../../core/parts.ts';
import type { Message } from '../../../core/request.ts';
import { argumentsObject } from '../../call-arguments.ts';
import { documentOf, isDocument } from '../../cohere/chat/media.ts';
import { pairedHistory } from '../../paired-history.ts';
import type { ToolNames } from '../../tool-names.ts';
import { objectOf } from '../event.ts';

/** What is said last, what was said before, and what the model is told to be. */
interface Conversation {
  readonly preamble: string;
  /** `''` beside {@link toolResults}. */
  readonly message: string;
  readonly chatHistory: readonly JsonObject[];
  readonly toolResults?: unknown;
  /** Files that users attached. */
  readonly documents: readonly JsonObject[];
}

/** Cohere refuses a turn that says nothing. */
const FILLER = '.';

/**
 * A history as Cohere's first version has it: the system's words in front, the last word of the user, or the results of the last
 * calls, apart from what came before. Behind results the model has the word; where it did not take it, it is given one.
 *
 * @throws {InvalidRequestError} for media that have no place
 */
export function conversationOf(history: readonly Message[], names: ToolNames): Conversation {
  const first = history.findIndex(({ role }) => !isSystem(role));
  const leading = first === -1 ? history.length : first;
  const preamble = textOf(
    history.slice(0, leading).flatMap(({ parts }) => parts),
    '\n\n',
  );
  const documents: JsonObject[] = [];
  const turns = turnsOf(pairedHistory(history.slice(leading)), { names, documents });
  const last = turns.at(-1);
  const before = turns.slice(0, -1);
  if (last?.['role'] === 'TOOL') return { preamble, message: '', chatHistory: before, toolResults: last['toolResults'], documents };
  if (last?.['role'] === 'CHATBOT' || last === undefined) return { preamble, message: FILLER, chatHistory: turns, documents };
  return { preamble, message: String(last['message']), chatHistory: before, documents };
}

interface Writing {
  readonly names: ToolNames;
  /** Filled along the way. */
  readonly documents: JsonObject[];
}

function turnsOf(messages: readonly Message[], writing: Writing): JsonObject[] {
  const turns: JsonObject[] = [];
  let calls: readonly ToolCallPart[] = [];
  for (const message of messages) {
    const last = turns.at(-1);
    if (message.role === 'tool') {
      const results = message.parts.flatMap((part) => (part.type === 'tool_result' ? [resultOf(part, calls, writing)] : []));
      if (last?.['role'] === 'TOOL') last['toolResults'] = [...(last['toolResults'] as JsonObject[]), ...results];
      else turns.push({ role: 'TOOL', toolResults: results });
      continue;
    }
    if (message.role === 'assistant') calls = message.parts.filter((part) => part.type === 'tool_call');
    else if (last?.['role'] === 'TOOL') turns.push({ role: 'CHATBOT', message: FILLER });
    turns.push(turnOf(message, calls, writing));
  }
  return turns;
}

function turnOf({ role, parts }: Message, calls: readonly ToolCallPart[], { names, documents }: Writing): JsonObject {
  if (role === 'assistant') {
    const toolCalls = calls.map((call) => callOf(call, names));
    return { role: 'CHATBOT', message: textOf(parts) || FILLER, ...(toolCalls.length > 0 ? { toolCalls } : {}) };
  }
  for (const part of parts) if (part.type === 'media') documents.push(documentIn(part));
  return { role: isSystem(role) ? 'SYSTEM' : 'USER', message: textOf(parts, '\n') || FILLER };
}

function callOf({ name, arguments: text }: ToolCallPart, names: ToolNames): JsonObject {
  return { name: names.toWire(name), parameters: argumentsObject(text) };
}

/** A result names its call by all that the call said. */
function resultOf(result: Part & { type: 'tool_result' }, calls: readonly ToolCallPart[], { names }: Writing): JsonObject {
  const call = calls.find(({ id }) => id === result.callId);
  if (result.parts.some(({ type }) => type === 'media'))
    throw new InvalidRequestError('This model takes text alone as the result of a tool.', 'messages');
  const output = textOf(result.parts, '\n') || FILLER;
  return {
    call: call ? callOf(call, names) : { name: result.name ?? '', parameters: {} },
    outputs: [result.isError ? { error: output } : { output }],
  };
}

function documentIn(part: Part & { type: 'media' }): JsonObject {
  if (isDocument(part)) return objectOf(documentOf(part)['data']);
  throw new InvalidRequestError(`This model of Cohere takes text, but a message holds ${part.mediaType ?? part.kind}.`, 'messages');
}

function textOf(parts: readonly Part[], gap = ''): string {
  return parts.flatMap((part) => ((part.type === 'text' || part.type === 'refusal') && part.text !== '' ? [part.text] : [])).join(gap);
}

function isSystem(role: Message['role']): boolean {
  return role === 'system' || role === 'developer';
}
