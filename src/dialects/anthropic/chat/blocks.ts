import { isObject, type JsonObject } from '../../../core/json-object.ts';
import type { CacheMark, Part, ReasoningPart, TextPart, ToolCallPart, ToolResultPart } from '../../../core/parts.ts';
import type { ToolNames } from '../../tool-names.ts';
import { cacheControl } from './cache-marks.ts';
import { mediaBlock } from './media-block.ts';

/**
 * Content blocks of one message: no blank text, no thoughts of another provider, thoughts before everything else.
 * Tool results are written by {@link resultBlock}, as their place depends on the turns around.
 *
 * @param callId the provider's id for a tool call of this message
 * @throws {InvalidRequestError} for media that have no block
 */
export function messageBlocks(parts: readonly Part[], names: ToolNames, callId: (id: string) => string): JsonObject[] {
  const blocks = parts.map((part) => partBlock(part, names, callId)).filter((block) => block !== null);
  const first = blocks[0];
  if (first && isThought(first)) return blocks;
  return [...blocks.filter(isThought), ...blocks.filter((block) => !isThought(block))];
}

function partBlock(part: Part, names: ToolNames, callId: (id: string) => string): JsonObject | null {
  switch (part.type) {
    case 'text':
      return textBlock(part);
    case 'refusal':
      return textBlock({ type: 'text', text: part.text });
    case 'reasoning':
      return thoughtBlock(part);
    case 'media':
      return mediaBlock(part);
    case 'tool_call':
      return callBlock(part, names, callId);
    case 'native':
      return nativeBlock(part.dialect, part.raw);
    case 'tool_result':
    case 'citation':
      break;
  }
  return null;
}

/** `null` for text without a visible character, which Anthropic refuses. */
export function textBlock({ text, cache }: TextPart): JsonObject | null {
  return text.trim() === '' ? null : { type: 'text', text, ...cacheControl(cache) };
}

/** Thoughts go back only to the provider that wrote them, and never without its proof. */
function thoughtBlock({ text, signature, encrypted, origin }: ReasoningPart): JsonObject | null {
  if (origin !== 'anthropic') return null;
  if (encrypted !== undefined) return { type: 'redacted_thinking', data: encrypted };
  return signature === undefined ? null : { type: 'thinking', thinking: text, signature };
}

export function isThought(block: JsonObject): boolean {
  return block['type'] === 'thinking' || block['type'] === 'redacted_thinking';
}

function callBlock(call: ToolCallPart, names: ToolNames, callId: (id: string) => string): JsonObject {
  return {
    type: 'tool_use',
    id: callId(call.id),
    name: names.toWire(call.name),
    input: inputOf(call.arguments),
    ...cacheControl(call.cache),
  };
}

/** Arguments as the object that Anthropic wants; text that holds none is kept inside one. */
export function inputOf(text: string): JsonObject {
  if (text.trim() === '') return {};
  try {
    const value = exactJson(text);
    return isObject(value) ? value : { arguments: value };
  } catch {
    return { arguments: text };
  }
}

/** Parses so that writing gives the same digits: numbers that a double cannot hold stay text. */
function exactJson(text: string): unknown {
  if (!/\d{16}|\d\.?\d*[eE]/.test(text)) return JSON.parse(text);
  return JSON.parse(text, (_, value: unknown, { source }) =>
    typeof value === 'number' && source !== undefined ? JSON.rawJSON(source) : value,
  );
}

/** A content block of this dialect; fields of the answer (without `type`) are no content. */
function nativeBlock(dialect: string, raw: unknown): JsonObject | null {
  return dialect === 'anthropic' && isObject(raw) && typeof raw['type'] === 'string' ? { ...raw } : null;
}

/** @param cache the mark of the message around the result */
export function resultBlock(result: ToolResultPart, toolUseId: string, cache: CacheMark | undefined): JsonObject {
  const content = result.parts.map(innerBlock).filter((block) => block !== null);
  // A mark may stand on the result, not inside it.
  const mark = cache ?? result.cache ?? result.parts.map((part) => (part.type === 'native' ? undefined : part.cache)).find(Boolean);
  return {
    type: 'tool_result',
    tool_use_id: toolUseId,
    ...(content.length > 0 ? { content: onlyText(content) ?? content } : {}),
    ...(result.isError === undefined ? {} : { is_error: result.isError }),
    ...cacheControl(mark),
  };
}

function innerBlock(part: ToolResultPart['parts'][number]): JsonObject | null {
  if (part.type === 'text') return textBlock({ type: 'text', text: part.text });
  if (part.type === 'native') return nativeBlock(part.dialect, part.raw);
  const { cache: _, ...media } = part;
  return mediaBlock(media);
}

function onlyText(content: readonly JsonObject[]): unknown {
  return content.length === 1 && content[0]?.['type'] === 'text' ? content[0]['text'] : undefined;
}
