import { isObject, type JsonObject } from '../../../core/json-object.ts';
import type { CacheMark, NativePart, Part, ReasoningPart, TextPart, ToolCallPart, ToolResultPart } from '../../../core/parts.ts';
import { present } from '../../openai/request-fields.ts';
import { providerCallId } from './call-ids.ts';
import { booleanAt, listAt, maybe, objectAt, refused, stringAt } from './fields.ts';
import { isLink } from './links.ts';
import { readDocument, readImage } from './read-source.ts';
import { unsealed } from '../../marked-proof.ts';

/**
 * The parts of a message's `content`: text, or a list of blocks. Blocks that only Anthropic understands (tools that it runs,
 * their results, search results, kinds to come) become native parts.
 *
 * @param path of the content, for errors
 * @throws {InvalidRequestError} naming the member
 */
export function readContent(content: unknown, path: string): Part[] {
  return readBlocks(content, path, readBlock);
}

/** Text as one part, or each block as `read` reads it. */
export function readBlocks<T extends Part>(content: unknown, path: string, read: (raw: JsonObject, path: string) => T): (T | TextPart)[] {
  if (typeof content === 'string') return content === '' ? [] : [{ type: 'text', text: content }];
  return listAt(content, path).map((item, i) => read(objectAt(item, `${path}.${i}`), `${path}.${i}`));
}

/** `cache_control` of a block or a tool. */
export function cacheMarkOf(raw: JsonObject): CacheMark | undefined {
  const control = raw['cache_control'];
  if (!isObject(control)) return undefined;
  return typeof control['ttl'] === 'string' ? { ttl: control['ttl'] } : {};
}

function readBlock(raw: JsonObject, path: string): Part {
  const type = stringAt(raw['type'], `${path}.type`);
  switch (type) {
    case 'thinking':
    case 'redacted_thinking':
      return readThought(raw, path);
    case 'tool_use':
      return readCall(raw, path);
    case 'tool_result':
      return readResult(raw, path);
    default:
      return readInner(raw, path);
  }
}

/** A block that may stand inside a tool result too. */
function readInner(raw: JsonObject, path: string): ToolResultPart['parts'][number] {
  const part = innerPart(raw, path);
  return part.type === 'native' ? part : { ...part, ...present({ cache: cacheMarkOf(raw) }) };
}

function innerPart(raw: JsonObject, path: string): ToolResultPart['parts'][number] {
  switch (stringAt(raw['type'], `${path}.type`)) {
    case 'text':
      return readText(raw, path);
    case 'image':
      return readImage(raw, path);
    case 'document':
      return readDocument(raw, path);
    default:
      return { type: 'native', dialect: 'anthropic', raw };
  }
}

/** Text with citations that Anthropic made stays in its form; those that this gateway made up from links are left out. */
function readText(raw: JsonObject, path: string): TextPart | NativePart {
  const text = stringAt(raw['text'], `${path}.text`);
  const citations = (maybe(raw['citations'], `${path}.citations`, listAt) ?? []).filter((citation) => !isLink(citation));
  return citations.length === 0 ? { type: 'text', text } : { type: 'native', dialect: 'anthropic', raw: { ...raw, citations } };
}

function readThought(raw: JsonObject, path: string): ReasoningPart {
  if (raw['type'] === 'redacted_thinking') {
    const { origin, proof } = unsealed(stringAt(raw['data'], `${path}.data`));
    return { type: 'reasoning', text: '', encrypted: proof, origin };
  }
  const text = stringAt(raw['thinking'], `${path}.thinking`);
  const signature = maybe(raw['signature'], `${path}.signature`, stringAt) ?? '';
  if (signature === '') return { type: 'reasoning', text };
  const { origin, proof } = unsealed(signature);
  return { type: 'reasoning', text, signature: proof, origin };
}

function readCall(raw: JsonObject, path: string): ToolCallPart {
  return {
    type: 'tool_call',
    ...providerCallId(stringAt(raw['id'], `${path}.id`)),
    name: stringAt(raw['name'], `${path}.name`),
    arguments: JSON.stringify(objectAt(raw['input'], `${path}.input`)),
    ...present({ cache: cacheMarkOf(raw) }),
  };
}

function readResult(raw: JsonObject, path: string): ToolResultPart {
  const { id } = providerCallId(stringAt(raw['tool_use_id'], `${path}.tool_use_id`));
  return {
    type: 'tool_result',
    callId: id,
    parts: maybe(raw['content'], `${path}.content`, (content, at) => readBlocks(content, at, readResultBlock)) ?? [],
    ...present({ isError: maybe(raw['is_error'], `${path}.is_error`, booleanAt), cache: cacheMarkOf(raw) }),
  };
}

const NEVER_INSIDE: ReadonlySet<unknown> = new Set(['thinking', 'redacted_thinking', 'tool_use', 'tool_result']);

function readResultBlock(raw: JsonObject, path: string): ToolResultPart['parts'][number] {
  if (NEVER_INSIDE.has(raw['type'])) {
    throw refused(`${path}.type`, "Input should be 'text', 'image', 'document', 'search_result' or 'tool_reference'");
  }
  return readInner(raw, path);
}
