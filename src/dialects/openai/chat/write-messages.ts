import type { JsonObject } from '../../../core/json-object.ts';
import type { MediaPart, Part, ToolCallPart, ToolResultPart } from '../../../core/parts.ts';
import type { Message } from '../../../core/request.ts';
import { cacheControl, writeContent, writeMedia } from './write-content.ts';
import { writeThinkingBlock } from './write-parts.ts';

/**
 * The history as OpenAI-shaped messages. Media inside tool results follow the run of results in a user message, since a
 * tool message holds text alone. Signatures and encrypted reasoning stay behind: they belong to another provider.
 *
 * @param signed the provider runs Claude and takes its signed thoughts back: they are written as `thinking_blocks`
 */
export function writeMessages(messages: readonly Message[], signed = false): JsonObject[] {
  const written: JsonObject[] = [];
  const waiting: MediaPart[] = [];
  for (const message of messages) {
    if (message.role !== 'tool') written.push(...mediaMessage(waiting.splice(0)), writeMessage(message, signed));
    else written.push(...message.parts.flatMap((part) => (part.type === 'tool_result' ? [writeToolResult(part, message, waiting)] : [])));
  }
  written.push(...mediaMessage(waiting));
  return written;
}

function writeMessage(message: Message, signed: boolean): JsonObject {
  const { role, name, cache, parts } = message;
  const body = role === 'assistant' ? writeAssistant(parts, signed) : { content: writeContent(parts) };
  return { role, ...body, ...(name === undefined ? {} : { name }), ...cacheControl(cache) };
}

function writeAssistant(parts: readonly Part[], signed: boolean): JsonObject {
  const refusal = textOf(parts, 'refusal');
  const reasoning = textOf(parts, 'reasoning');
  const calls = parts.filter((part) => part.type === 'tool_call').map(writeToolCall);
  const images = parts.filter((part) => part.type === 'media').map(writeMedia);
  const content = writeContent(parts.filter((part) => part.type !== 'media'));
  const isSilent = content === '' && (calls.length > 0 || refusal !== '');
  return {
    content: isSilent ? null : content,
    ...(reasoning === '' ? {} : { reasoning_content: reasoning }),
    ...(signed ? signedThoughts(parts) : {}),
    ...(refusal === '' ? {} : { refusal }),
    ...(calls.length === 0 ? {} : { tool_calls: calls }),
    ...(images.length === 0 ? {} : { images }),
    ...membersIn(parts),
  };
}

function signedThoughts(parts: readonly Part[]): JsonObject {
  const blocks = parts.map((part) => (part.type === 'reasoning' ? writeThinkingBlock(part) : null)).filter((block) => block !== null);
  return blocks.length === 0 ? {} : { thinking_blocks: blocks };
}

function textOf(parts: readonly Part[], type: 'refusal' | 'reasoning'): string {
  return parts.map((part) => (part.type === type ? part.text : '')).join('');
}

function writeToolCall(call: ToolCallPart): JsonObject {
  return { id: call.id, type: 'function', function: { name: call.name, arguments: call.arguments }, ...cacheControl(call.cache) };
}

/** Members of the message that the hub has no word for. */
function membersIn(parts: readonly Part[]): JsonObject {
  const raws = parts.flatMap((part) => (part.type === 'native' && part.dialect === 'openai' ? [part.raw as JsonObject] : []));
  return Object.assign({}, ...raws.filter((raw) => typeof raw['type'] !== 'string')) as JsonObject;
}

function writeToolResult(result: ToolResultPart, message: Message, waiting: MediaPart[]): JsonObject {
  const media = result.parts.filter((part) => part.type === 'media');
  waiting.push(...media);
  const content = writeContent(result.parts.filter((part) => part.type !== 'media'));
  const text = content === '' && media.length > 0 ? 'The result is attached to the next message.' : content;
  const marked = result.isError && typeof text === 'string' ? `Error: ${text}` : text;
  return {
    role: 'tool',
    tool_call_id: result.callId,
    ...(result.name === undefined ? {} : { name: result.name }),
    content: marked,
    ...cacheControl(result.cache ?? message.cache),
  };
}

function mediaMessage(media: readonly MediaPart[]): JsonObject[] {
  if (media.length === 0) return [];
  return [{ role: 'user', content: [{ type: 'text', text: 'Attachments of the tool results above:' }, ...media.map(writeMedia)] }];
}
