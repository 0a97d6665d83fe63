import { InvalidRequestError } from '../../../core/errors.ts';
import { isObject, wordOf, type JsonObject } from '../../../core/json-object.ts';
import type { MediaPart, Part, ToolCallPart, ToolResultPart } from '../../../core/parts.ts';
import type { Message } from '../../../core/request.ts';
import { pairedHistory } from '../../paired-history.ts';
import type { ToolNames } from '../../tool-names.ts';
import type { Family } from './families.ts';

/** Oracle breaks on a turn without content, also beside calls. */
const FILLER = '.';

/**
 * The history in the generic form. Every turn has content, every call its result; media in results follow them in a turn of the
 * user. Thoughts stay behind: only some makers' models know what to do with them.
 *
 * @throws {InvalidRequestError} for media that have no place
 * @see https://docs.oracle.com/en-us/iaas/api/#/en/generative-ai-inference/20231130/datatypes/Message (2026-11-26)
 */
export function messagesOf(history: readonly Message[], family: Family, names: ToolNames): JsonObject[] {
  const paired = pairedHistory(history);
  const turns = family.onePerTurn
    ? paired.flatMap((message, at) => (message.role === 'tool' ? [] : oneByOne(message, paired.slice(at + 1))))
    : paired;
  const written: JsonObject[] = [];
  const waiting: MediaPart[] = [];
  for (const message of turns) {
    if (message.role !== 'tool') written.push(...attachments(waiting.splice(0)), turnOf(message, family, names));
    else for (const part of message.parts) if (part.type === 'tool_result') written.push(resultTurn(part, waiting));
  }
  return [...written, ...attachments(waiting)];
}

/**
 * Calls that were made together, each followed by its own result: Gemini behind Oracle takes no others.
 *
 * @param rest what follows in the history: the results of the calls first
 */
function oneByOne(message: Message, rest: readonly Message[]): Message[] {
  const calls = message.parts.filter((part) => part.type === 'tool_call');
  if (calls.length === 0) return [message];
  const results = rest.slice(0, calls.length);
  const said = message.parts.filter((part) => part.type !== 'tool_call');
  return calls.flatMap((call, at) => [
    { ...message, parts: [...(at === 0 ? said : []), call] },
    ...results.filter(({ parts }) => parts.some((part) => part.type === 'tool_result' && part.callId === call.id)),
  ]);
}

function turnOf({ role, parts }: Message, { maker }: Family, names: ToolNames): JsonObject {
  if (role === 'assistant') {
    const calls = parts.flatMap((part) => (part.type === 'tool_call' ? [callOf(part, names)] : []));
    return {
      role: 'ASSISTANT',
      content: contentOf(parts.filter(({ type }) => type !== 'media')),
      ...(calls.length > 0 ? { toolCalls: calls } : {}),
    };
  }
  const word = role === 'user' ? 'USER' : role === 'developer' && maker === 'openai' ? 'DEVELOPER' : 'SYSTEM';
  return { role: word, content: contentOf(parts) };
}

function callOf({ id, name, arguments: text }: ToolCallPart, names: ToolNames): JsonObject {
  return { id, type: 'FUNCTION', name: names.toWire(name), arguments: lawfulArguments(text) };
}

/** Byte for byte; a model's slip in an earlier turn is kept under one member rather than ending the conversation. */
function lawfulArguments(text: string): string {
  try {
    if (isObject(JSON.parse(text))) return text;
  } catch {
    // Kept below.
  }
  return text.trim() === '' ? '{}' : JSON.stringify({ arguments: text });
}

function resultTurn({ callId, parts, isError }: ToolResultPart, waiting: MediaPart[]): JsonObject {
  const media = parts.filter((part) => part.type === 'media');
  waiting.push(...media);
  const told = parts.flatMap((part) => (part.type === 'text' && part.text !== '' ? [part.text] : [])).join('\n');
  const text = told === '' && media.length > 0 ? 'The result is attached to the next message.' : told;
  return { role: 'TOOL', toolCallId: callId, content: [textContent((isError ? `Error: ${text}` : text) || FILLER)] };
}

function attachments(media: readonly MediaPart[]): JsonObject[] {
  if (media.length === 0) return [];
  return [{ role: 'USER', content: [textContent('Attachments of the tool results above:'), ...media.map(mediaContent)] }];
}

function contentOf(parts: readonly Part[]): JsonObject[] {
  const content = parts.flatMap((part): JsonObject[] => {
    if (part.type === 'text' || part.type === 'refusal') return part.text === '' ? [] : [textContent(part.text)];
    return part.type === 'media' ? [mediaContent(part)] : [];
  });
  return content.length === 0 ? [textContent(FILLER)] : content;
}

function textContent(text: string): JsonObject {
  return { type: 'TEXT', text };
}

const DETAILS: ReadonlySet<string> = new Set(['AUTO', 'HIGH', 'LOW']);

const KINDS = {
  image: { type: 'IMAGE', member: 'imageUrl', usual: 'image/png' },
  file: { type: 'DOCUMENT', member: 'documentUrl', usual: 'application/pdf' },
  audio: { type: 'AUDIO', member: 'audioUrl', usual: 'audio/wav' },
  video: { type: 'VIDEO', member: 'videoUrl', usual: 'video/mp4' },
} as const satisfies Record<MediaPart['kind'], object>;

/** Bytes as a data URL; an address that nobody can fetch for it stands in Oracle's own form of one. */
function mediaContent({ kind, source, mediaType, detail }: MediaPart): JsonObject {
  const { type, member, usual } = KINDS[kind];
  if (source.type === 'file_id')
    throw new InvalidRequestError('Oracle takes media by their bytes or an address, not by the id of a file.', 'messages');
  const mime = mediaType ?? usual;
  const url = source.type === 'data' ? `data:${mime};base64,${source.data}` : `data:${mime};uri,${source.url}`;
  const level = wordOf(detail).toUpperCase();
  return { type, [member]: { url, ...(DETAILS.has(level) ? { detail: level } : {}) } };
}
