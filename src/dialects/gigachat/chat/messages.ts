import { InvalidRequestError } from '../../../core/errors.ts';
import { isObject, type JsonObject } from '../../../core/json-object.ts';
import type { Part, ToolCallPart, ToolResultPart } from '../../../core/parts.ts';
import type { Message } from '../../../core/request.ts';
import { argumentsObject } from '../../call-arguments.ts';
import { pairedHistory } from '../../paired-history.ts';
import type { ToolNames } from '../../tool-names.ts';

/** Whose proofs go back: those of others mean nothing here. */
export const ORIGIN = 'gigachat';

interface Turn {
  readonly role: 'system' | 'user' | 'assistant' | 'function';
  readonly content: string;
  readonly name?: string;
  readonly attachments?: readonly string[];
  readonly function_call?: JsonObject;
  readonly functions_state_id?: string;
}

/**
 * The messages of a body. The system speaks first and once: what it says later is told as the user's words, in its place. A turn
 * calls one function, so that several calls of one turn become turns of their own, each before its result.
 *
 * @param hint a sentence of ours for the end of the system's turn
 * @throws {InvalidRequestError} for media that GigaChat has no place for
 */
export function conversationOf(history: readonly Message[], names: ToolNames, hint: string | null): Turn[] {
  const first = history.findIndex(({ role }) => !isSystem(role));
  const leading = first === -1 ? history.length : first;
  const system = [textOf(history.slice(0, leading).flatMap(({ parts }) => parts)), hint ?? ''].filter((text) => text !== '').join('\n\n');
  const turns = merged(turnsOf(pairedHistory(history.slice(leading)), names));
  if (system === '') return turns;
  return [{ role: turns.length === 0 ? 'user' : 'system', content: system }, ...turns];
}

function turnsOf(history: readonly Message[], names: ToolNames): Turn[] {
  const resultOf = new Map<string, ToolResultPart>();
  for (const { parts } of history) for (const part of parts) if (part.type === 'tool_result') resultOf.set(part.callId, part);
  return history.flatMap(({ role, parts }) => {
    switch (role) {
      case 'assistant':
        return assistantTurns(parts, resultOf, names);
      case 'tool':
        return []; // Told behind its call.
      case 'system':
      case 'developer':
      case 'user':
        return [userTurn(parts)];
    }
  });
}

function userTurn(parts: readonly Part[]): Turn {
  const attachments = parts.flatMap((part) => (part.type === 'media' ? [fileIdOf(part)] : []));
  return { role: 'user', content: textOf(parts), ...(attachments.length === 0 ? {} : { attachments }) };
}

/** @see https://developers.sber.ru/docs/ru/gigachat/guides/working-with-files (2026-11-26) */
function fileIdOf({ kind, source }: Part & { type: 'media' }): string {
  if (source.type === 'file_id') return source.fileId;
  const what = kind === 'image' ? 'pictures' : kind === 'file' ? 'documents' : kind;
  throw new InvalidRequestError(
    `GigaChat takes ${what} by the id of a file that was uploaded to it (file_id), not in a message.`,
    'messages',
  );
}

/** Text beside calls stands with the first of them. */
function assistantTurns(parts: readonly Part[], resultOf: ReadonlyMap<string, ToolResultPart>, names: ToolNames): Turn[] {
  const said = parts.map((part) => (part.type === 'text' || part.type === 'refusal' ? part.text : '')).join('');
  const state = stateIn(parts);
  const calls = parts.filter((part) => part.type === 'tool_call');
  if (calls.length === 0) return said === '' ? [] : [{ role: 'assistant', content: said, ...state }];
  return calls.flatMap((call, at) => [
    { role: 'assistant', content: at === 0 ? said : '', function_call: wireCall(call, names), ...state },
    resultTurn(call, resultOf.get(call.id), names),
  ]);
}

/** By this id GigaChat finds what it knew when it called. @see {@link ChatReader} */
function stateIn(parts: readonly Part[]): { functions_state_id?: string } {
  const state = parts.find((part) => part.type === 'reasoning' && part.encrypted !== undefined && part.origin === ORIGIN);
  return state?.type === 'reasoning' && state.encrypted !== undefined ? { functions_state_id: state.encrypted } : {};
}

function wireCall(call: ToolCallPart, names: ToolNames): JsonObject {
  return { name: names.toWire(call.name), arguments: argumentsObject(call.arguments) };
}

function resultTurn({ name }: ToolCallPart, result: ToolResultPart | undefined, names: ToolNames): Turn {
  return { role: 'function', name: names.toWire(name), content: resultText(result) };
}

/** A result is the text of a JSON object: other results become one. */
function resultText(result: ToolResultPart | undefined): string {
  const parts = result?.parts ?? [];
  for (const part of parts) if (part.type === 'media') fileIdOf(part);
  const text = textOf(parts);
  if (result?.isError === true) return JSON.stringify({ error: text });
  return isObject(parsed(text)) ? text : JSON.stringify({ result: text });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** Neighbouring turns of the user are one. */
function merged(turns: readonly Turn[]): Turn[] {
  const all: Turn[] = [];
  for (const turn of turns) {
    const last = all.at(-1);
    if (turn.role !== 'user' || last?.role !== 'user') all.push(turn);
    else all[all.length - 1] = joined(last, turn);
  }
  return all;
}

function joined(first: Turn, second: Turn): Turn {
  const attachments = [...(first.attachments ?? []), ...(second.attachments ?? [])];
  return {
    role: 'user',
    content: [first.content, second.content].filter((text) => text !== '').join('\n\n'),
    ...(attachments.length === 0 ? {} : { attachments }),
  };
}

function textOf(parts: readonly Part[]): string {
  return parts.flatMap((part) => ((part.type === 'text' || part.type === 'refusal') && part.text !== '' ? [part.text] : [])).join('\n\n');
}

function isSystem(role: Message['role']): boolean {
  return role === 'system' || role === 'developer';
}
