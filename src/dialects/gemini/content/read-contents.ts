import type { JsonObject } from '../../../core/json-object.ts';
import type { Part, TextPart } from '../../../core/parts.ts';
import type { Message } from '../../../core/request.ts';
import type { ToolNames } from '../../tool-names.ts';
import { CallPairs } from './call-pairs.ts';
import { eachAt, maybe, objectAt, refused, stringAt } from './fields.ts';
import { readPart, type GivenPart } from './read-parts.ts';

interface Turn {
  readonly role: 'user' | 'model';
  readonly parts: readonly GivenPart[];
}

/**
 * The history of a request, `systemInstruction` first.
 *
 * @param body with its members in camel case
 * @param names by which providers know the client's functions
 * @throws {InvalidRequestError} naming the member
 */
export function readContents(body: JsonObject, names: ToolNames): Message[] {
  const turns = joinedTurns(contentsIn(body['contents']));
  if (turns.length === 0) throw refused('contents', 'at least one content is required.');
  const system = maybe(body['systemInstruction'], 'systemInstruction', readSystem) ?? [];
  const pairs = new CallPairs();
  return [
    ...(system.length === 0 ? [] : [{ role: 'system' as const, parts: system }]),
    ...turns.flatMap((turn) => messagesOf(turn, pairs, names)),
  ];
}

/** Google's own clients turn a bare text into a content; who forgets to is understood. */
function contentsIn(value: unknown): Turn[] {
  return typeof value === 'string' ? [{ role: 'user', parts: [{ type: 'text', text: value }] }] : eachAt(value, 'contents', readContent);
}

function readContent(raw: JsonObject, path: string): Turn {
  const role = maybe(raw['role'], `${path}.role`, stringAt) ?? 'user';
  const parts = raw['parts'] === undefined && role === 'model' ? [] : eachAt(raw['parts'], `${path}.parts`, readPart).flat();
  if (role === 'model') return { role, parts };
  if (!USERS.has(role)) throw refused(`${path}.role`, "the role must be 'user' or 'model'.");
  const odd = parts.find(({ type }) => type === 'call' || type === 'reasoning');
  if (odd) throw refused(`${path}.parts`, `${odd.type === 'call' ? 'function calls' : 'thoughts'} may stand in turns of the model alone.`);
  return { role: 'user', parts };
}

/** Older clients name who gives the result of a function. */
const USERS: ReadonlySet<string> = new Set(['user', 'function', 'tool', '']);

function readSystem(value: unknown, path: string): TextPart[] {
  if (typeof value === 'string') return value === '' ? [] : [{ type: 'text', text: value }];
  return eachAt(objectAt(value, path)['parts'], `${path}.parts`, (raw, at): TextPart => {
    return { type: 'text', text: stringAt(raw['text'], `${at}.text`) };
  });
}

/** Clients keep a streamed answer as one content for each event: they are one turn again. */
function joinedTurns(turns: readonly Turn[]): Turn[] {
  const joined: Turn[] = [];
  for (const turn of turns) {
    const last = joined.at(-1);
    if (last?.role === 'model' && turn.role === 'model')
      joined[joined.length - 1] = { role: 'model', parts: [...last.parts, ...turn.parts] };
    else joined.push(turn);
  }
  return joined;
}

function messagesOf({ role, parts }: Turn, pairs: CallPairs, names: ToolNames): Message[] {
  if (role === 'model') return [{ role: 'assistant', parts: joinedPieces(parts.flatMap((part) => modelPart(part, pairs, names))) }];
  const results = parts.flatMap((part): Message[] => {
    return part.type === 'result' ? [{ role: 'tool', parts: [pairs.answered(part)] }] : [];
  });
  const others = parts.filter((part): part is Part => part.type !== 'result' && part.type !== 'call');
  return [...results, ...(others.length > 0 || results.length === 0 ? [{ role, parts: others }] : [])];
}

function modelPart(part: GivenPart, pairs: CallPairs, names: ToolNames): Part[] {
  if (part.type === 'call') return [pairs.called(part, names)];
  return part.type === 'result' ? [] : [part];
}

/** Pieces of one text, and of one thought up to its proof. */
function joinedPieces(parts: readonly Part[]): Part[] {
  const joined: Part[] = [];
  for (const part of parts) {
    const last = joined.at(-1);
    if (last?.type === 'text' && part.type === 'text') joined[joined.length - 1] = { ...last, text: last.text + part.text };
    else if (last?.type === 'reasoning' && part.type === 'reasoning' && isOpen(last) && part.encrypted === undefined)
      joined[joined.length - 1] = { ...part, text: last.text + part.text };
    else joined.push(part);
  }
  return joined;
}

function isOpen({ signature, encrypted }: Part & { type: 'reasoning' }): boolean {
  return signature === undefined && encrypted === undefined;
}
