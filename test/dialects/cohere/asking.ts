import type { Answer, StreamPart } from '../../../src/core/answer.ts';
import type { Abilities, OutwardChat, Target } from '../../../src/core/dialect.ts';
import { wordOf, type JsonObject } from '../../../src/core/json-object.ts';
import type { Part } from '../../../src/core/parts.ts';
import type { ChatRequest, FunctionTool, Message } from '../../../src/core/request.ts';
import { createCohere } from '../../../src/dialects/cohere/index.ts';
import { readStream } from '../laws.ts';
import { target } from '../targets.ts';
import { wireCase } from '../wire-case.ts';

export const cohere = createCohere();

export interface Whom {
  model?: string;
  abilities?: Partial<Abilities>;
  params?: Partial<Target['params']>;
}

export function targetOf({ model = 'command-a-03-2025', abilities = {}, params = {} }: Whom = {}): Target {
  const plain = target('cohere', model, params);
  return { ...plain, abilities: { ...plain.abilities, ...abilities } };
}

/** A call with a plain question unless told otherwise. */
export function chat(request: Partial<ChatRequest> = {}, whom: Whom = {}): OutwardChat {
  const whole: ChatRequest = { model: 'command', messages: [said('user', 'Hi')], stream: false, others: {}, extras: {}, ...request };
  return cohere.chat(whole, targetOf(whom));
}

/** The body as it leaves: through JSON. */
export function bodyOf(request: Partial<ChatRequest> = {}, whom: Whom = {}): JsonObject {
  return JSON.parse(JSON.stringify(chat(request, whom).body)) as JsonObject;
}

export function messagesOf(messages: readonly Message[], whom: Whom = {}): JsonObject[] {
  return bodyOf({ messages }, whom)['messages'] as JsonObject[];
}

export function said(role: Message['role'], ...parts: (string | Part)[]): Message {
  return { role, parts: parts.map((part) => (typeof part === 'string' ? { type: 'text', text: part } : part)) };
}

export function call(id: string, name = 'f', args = '{}'): Part {
  return { type: 'tool_call', id, name, arguments: args };
}

export function result(callId: string, text = 'ok'): Message {
  return said('tool', { type: 'tool_result', callId, parts: [{ type: 'text', text }] });
}

export function answerOf(name: string): Answer {
  return chat().answer(wireCase(`cohere/${name}`).response);
}

export function streamOf(name: string): StreamPart[] {
  return readStream([wireCase(`cohere/${name}`).stream], 'sse', chat().reader());
}

/** Events of a stream as bytes. */
export function sse(events: readonly JsonObject[]): string {
  return events.map((event) => `event: ${wordOf(event['type'])}\ndata: ${JSON.stringify(event)}\n\n`).join('');
}

export function readEvents(...events: readonly JsonObject[]): StreamPart[] {
  return readStream([sse(events)], 'sse', chat().reader());
}

export const START: JsonObject = { type: 'message-start', id: 'msg-1', delta: { message: { role: 'assistant' } } };
export const END: JsonObject = { type: 'message-end', delta: { finish_reason: 'COMPLETE' } };

export function textDelta(text: string): JsonObject {
  return { type: 'content-delta', index: 0, delta: { message: { content: { text } } } };
}

export const WEATHER: FunctionTool = {
  type: 'function',
  name: 'get_weather',
  description: 'Weather of a city',
  parameters: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
};

export const TIME: FunctionTool = { type: 'function', name: 'get_time' };
