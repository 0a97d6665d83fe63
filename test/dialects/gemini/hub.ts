import type { Answer, StreamPart } from '../../../src/core/answer.ts';
import type { OutwardChat, ParamPolicy, Target } from '../../../src/core/dialect.ts';
import { foldStream } from '../../../src/core/fold-stream.ts';
import type { JsonObject } from '../../../src/core/json-object.ts';
import type { Part, ToolCallPart, ToolResultPart } from '../../../src/core/parts.ts';
import type { ChatRequest, FunctionTool, Message } from '../../../src/core/request.ts';
import { createGemini } from '../../../src/dialects/gemini/index.ts';
import { readStream } from '../laws.ts';
import { target as targetOf } from '../targets.ts';
import { wireCase } from '../wire-case.ts';

export const gemini = createGemini();

export const FLASH_2_5 = 'gemini-2.5-flash';
export const FLASH_3 = 'gemini-3-flash-preview';

export const WEATHER: FunctionTool = {
  type: 'function',
  name: 'get_weather',
  description: 'Weather now',
  parameters: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
};

export function target(model = FLASH_2_5, params: Partial<ParamPolicy> = {}): Target {
  return targetOf('gemini', model, params);
}

export function chatRequest(members: Partial<ChatRequest> = {}): ChatRequest {
  return { model: 'google', messages: [user('Hi')], stream: false, others: {}, extras: {}, ...members };
}

export function write(members: Partial<ChatRequest> = {}, to: Target = target()): OutwardChat {
  return gemini.chat(chatRequest(members), to);
}

/** The body as it leaves: through JSON. */
export function bodyOf(members: Partial<ChatRequest>, to: Target = target()): JsonObject {
  return JSON.parse(JSON.stringify(write(members, to).body)) as JsonObject;
}

export function contentsOf(messages: readonly Message[], to: Target = target()): unknown {
  return bodyOf({ messages }, to)['contents'];
}

export function configOf(members: Partial<ChatRequest>, to: Target = target()): JsonObject {
  return (bodyOf(members, to)['generationConfig'] ?? {}) as JsonObject;
}

/** The parts of a fixture's stream. */
export function streamParts(name: string, chat: OutwardChat = write()): StreamPart[] {
  return readStream([wireCase(`gemini/${name}`).stream], 'sse', chat.reader());
}

export function folded(name: string, chat: OutwardChat = write()): Answer {
  return foldStream(streamParts(name, chat));
}

/** A fixture's plain answer. */
export function answer(name: string, chat: OutwardChat = write()): Answer {
  return chat.answer(wireCase(`gemini/${name}`).response);
}

export function user(...parts: (string | Part)[]): Message {
  return { role: 'user', parts: parts.map(part) };
}

export function assistant(...parts: (string | Part)[]): Message {
  return { role: 'assistant', parts: parts.map(part) };
}

export function system(text: string): Message {
  return { role: 'system', parts: [part(text)] };
}

export function call(id: string, name = 'f', args = '{}', signature?: string): ToolCallPart {
  return { type: 'tool_call', id, name, arguments: args, ...(signature === undefined ? {} : { signature }) };
}

export function result(callId: string, text = 'ok', more: Partial<ToolResultPart> = {}): Message {
  return { role: 'tool', parts: [{ type: 'tool_result', callId, parts: [{ type: 'text', text }], ...more }] };
}

/** Members of an answer that only Gemini's dialect knows. */
export function fields(raw: JsonObject): Part {
  return { type: 'native', dialect: 'gemini', raw };
}

function part(value: string | Part): Part {
  return typeof value === 'string' ? { type: 'text', text: value } : value;
}
