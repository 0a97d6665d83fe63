import type { Answer, StreamPart } from '../../../../src/core/answer.ts';
import type { Abilities, OutwardChat, Target } from '../../../../src/core/dialect.ts';
import { wordOf, type JsonObject } from '../../../../src/core/json-object.ts';
import type { Part } from '../../../../src/core/parts.ts';
import type { ChatRequest, FunctionTool, Message } from '../../../../src/core/request.ts';
import { responses } from '../../../../src/dialects/openai/responses-out/index.ts';
import { readStream } from '../../laws.ts';
import { target } from '../../targets.ts';
import { wireCase } from '../../wire-case.ts';

export interface Whom {
  provider?: string;
  abilities?: Partial<Abilities>;
  params?: Partial<Target['params']>;
}

/** A call with a plain question unless told otherwise. */
export function chat(request: Partial<ChatRequest> = {}, { provider = 'openai', abilities = {}, params = {} }: Whom = {}): OutwardChat {
  const whole: ChatRequest = { model: 'gpt', messages: [said('user', 'Hi')], stream: false, others: {}, extras: {}, ...request };
  const plain = target(provider, 'gpt-5.4', params);
  return responses.chat(whole, { ...plain, abilities: { ...plain.abilities, ...abilities } });
}

/** The body as it leaves: through JSON. */
export function bodyOf(request: Partial<ChatRequest> = {}, whom: Whom = {}): JsonObject {
  return JSON.parse(JSON.stringify(chat(request, whom).body)) as JsonObject;
}

export function itemsOf(messages: readonly Message[], whom: Whom = {}): JsonObject[] {
  return bodyOf({ messages }, whom)['input'] as JsonObject[];
}

export function said(role: Message['role'], ...parts: (string | Part)[]): Message {
  return { role, parts: parts.map((part) => (typeof part === 'string' ? { type: 'text', text: part } : part)) };
}

export function call(id: string, name = 'f', args = '{}'): Part {
  return { type: 'tool_call', id, name, arguments: args };
}

export function result(callId: string, ...parts: (string | Part)[]): Message {
  return said('tool', { type: 'tool_result', callId, parts: said('tool', ...parts).parts as [] });
}

export function answerOf(name: string, whom: Whom = {}): Answer {
  return chat({}, whom).answer(wireCase(`responses/${name}`).response);
}

export function streamOf(name: string): StreamPart[] {
  return readStream([wireCase(`responses/${name}`).stream], 'sse', chat().reader());
}

/** Events of a stream as bytes. */
export function sse(events: readonly JsonObject[]): string {
  return events.map((event) => `event: ${wordOf(event['type'])}\ndata: ${JSON.stringify(event)}\n\n`).join('');
}

export function readEvents(...events: readonly JsonObject[]): StreamPart[] {
  return readStream([sse(events)], 'sse', chat().reader());
}

export const CREATED: JsonObject = { type: 'response.created', response: { id: 'resp_1', created_at: 1, model: 'gpt', output: [] } };

export function completed(...output: readonly JsonObject[]): JsonObject {
  return { type: 'response.completed', response: { id: 'resp_1', created_at: 1, model: 'gpt', status: 'completed', output } };
}

export const WEATHER: FunctionTool = {
  type: 'function',
  name: 'get_weather',
  description: 'Weather of a city',
  parameters: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
};
