import { InvalidRequestError } from '../../../core/errors.ts';
import { isObject, type JsonObject } from '../../../core/json-object.ts';
import type { MediaPart, NativePart, Part, TextPart, ToolCallPart, ToolResultPart } from '../../../core/parts.ts';
import type { Message } from '../../../core/request.ts';
import { listAt, maybe, missing, objectAt, present, stringAt, wrongType } from '../request-fields.ts';
import { cacheMarkOf, readContent, readThinking, textIn } from './read-content.ts';
import { geminiFields, signatureOf, splitCallId } from './thought-signature.ts';

/**
 * The history of a chat request.
 *
 * Legacy `function_call` turns and `function` results become tool calls with made-up ids, each result belonging to the
 * last call of its name. Members of a message that the hub has no word for (`prefix`, `reasoning_details`, `audio`) ride
 * along in a native part.
 *
 * @throws {InvalidRequestError} naming the member
 */
export function readMessages(value: unknown): Message[] {
  const idOfFunction = new Map<string, string>();
  return listAt(value, 'messages').map((item, i) => readMessage(objectAt(item, `messages[${i}]`), i, idOfFunction));
}

function readMessage(raw: JsonObject, position: number, idOfFunction: Map<string, string>): Message {
  const param = `messages[${position}]`;
  const common = present({ name: maybe(raw['name'], `${param}.name`, stringAt), cache: cacheMarkOf(raw) });
  const role = stringAt(raw['role'], `${param}.role`);
  switch (role) {
    case 'system':
    case 'developer':
    case 'user':
      return { role, parts: readContent(raw['content'], `${param}.content`), ...common };
    case 'assistant':
      return { role, parts: readAssistant(raw, param, idOfFunction), ...common };
    case 'tool':
    case 'function':
      return { role: 'tool', parts: [readToolResult(raw, param, idOfFunction)], ...present({ cache: common.cache }) };
    default:
      throw new InvalidRequestError(
        `Invalid value: '${role}'. Supported values are: 'system', 'assistant', 'user', 'function', 'tool', and 'developer'.`,
        `${param}.role`,
      );
  }
}

function readAssistant(raw: JsonObject, param: string, idOfFunction: Map<string, string>): Part[] {
  const parts: Part[] = [...readReasoning(raw), ...readContent(raw['content'], `${param}.content`)];
  if (typeof raw['refusal'] === 'string' && raw['refusal'] !== '') parts.push({ type: 'refusal', text: raw['refusal'] });
  for (const image of Array.isArray(raw['images']) ? raw['images'] : []) parts.push(...readContent([image], `${param}.images`));
  const calls = maybe(raw['tool_calls'], `${param}.tool_calls`, listAt) ?? [];
  parts.push(...calls.map((call, i) => readToolCall(call, `${param}.tool_calls[${i}]`)));
  const legacy = maybe(raw['function_call'], `${param}.function_call`, objectAt);
  if (legacy) parts.push(readFunctionCall(legacy, param, idOfFunction));
  const rest = membersWithoutWord(raw);
  if (rest) parts.push(rest);
  parts.push(...geminiFields(raw));
  return parts;
}

/** Signed thinking blocks tell more than the joined text beside them, which repeats them. */
function readReasoning(raw: JsonObject): Part[] {
  const blocks = Array.isArray(raw['thinking_blocks']) ? raw['thinking_blocks'].filter(isObject) : [];
  if (blocks.length > 0) return blocks.map(readThinking);
  const text = textIn(raw['reasoning_content']) || textIn(raw['reasoning']);
  return text === '' ? [] : [{ type: 'reasoning', text }];
}

function readToolCall(item: unknown, param: string): Part {
  const raw = objectAt(item, param);
  if (raw['type'] === 'custom') return { type: 'native', dialect: 'openai', raw: { tool_calls: [raw] } };
  const called = objectAt(raw['function'], `${param}.function`);
  const split = splitCallId(stringAt(raw['id'], `${param}.id`));
  const signature = signatureOf(raw) ?? split.signature;
  return {
    type: 'tool_call',
    id: split.id,
    name: stringAt(called['name'], `${param}.function.name`),
    arguments: argumentsOf(called['arguments']),
    ...present({ signature, cache: cacheMarkOf(raw) }),
  };
}

function readFunctionCall(raw: JsonObject, param: string, idOfFunction: Map<string, string>): ToolCallPart {
  const name = stringAt(raw['name'], `${param}.function_call.name`);
  // Legacy calls have no id; the place in the history is one that later turns see unchanged.
  const id = `call_${param.replace(/\D/g, '')}_${name}`;
  idOfFunction.set(name, id);
  return { type: 'tool_call', id, name, arguments: argumentsOf(raw['arguments']) };
}

/** Arguments as JSON text; servers and clients that give the object itself, or nothing, are understood. */
export function argumentsOf(value: unknown): string {
  if (typeof value === 'string') return value.trim() === '' ? '{}' : value;
  return value === undefined || value === null ? '{}' : JSON.stringify(value);
}

function readToolResult(raw: JsonObject, param: string, idOfFunction: ReadonlyMap<string, string>): ToolResultPart {
  const name = maybe(raw['name'], `${param}.name`, stringAt);
  const isFunction = raw['role'] === 'function';
  if (isFunction && name === undefined) throw missing(`${param}.name`);
  const callId = isFunction
    ? (idOfFunction.get(name ?? '') ?? `call_${name}`)
    : splitCallId(stringAt(raw['tool_call_id'], `${param}.tool_call_id`)).id;
  const parts = readContent(raw['content'], `${param}.content`);
  const odd = parts.find((part) => !isResultPart(part));
  if (odd) throw wrongType(`${param}.content`, 'text or media parts', odd);
  return {
    type: 'tool_result',
    callId,
    parts: parts.filter(isResultPart),
    ...present({ name }),
    ...(raw['is_error'] === true ? { isError: true } : {}),
  };
}

function isResultPart(part: Part): part is TextPart | MediaPart | NativePart {
  return part.type === 'text' || part.type === 'media' || part.type === 'native';
}

/** Members that {@link readMessage} reads, and those that only an answer has. */
const READ_MEMBERS: ReadonlySet<string> = new Set([
  'role',
  'type',
  'content',
  'name',
  'refusal',
  'images',
  'tool_calls',
  'function_call',
  'thinking_blocks',
  'reasoning_content',
  'reasoning',
  'cache_control',
  'provider_specific_fields',
  'annotations',
]);

function membersWithoutWord(raw: JsonObject): NativePart | undefined {
  const rest = Object.entries(raw).filter(([name, value]) => !READ_MEMBERS.has(name) && value !== null && value !== undefined);
  const details = isObject(raw['provider_specific_fields']) ? raw['provider_specific_fields']['reasoning_details'] : undefined;
  if (Array.isArray(details) && raw['reasoning_details'] === undefined) rest.push(['reasoning_details', details]);
  return rest.length === 0 ? undefined : { type: 'native', dialect: 'openai', raw: Object.fromEntries(rest) };
}
