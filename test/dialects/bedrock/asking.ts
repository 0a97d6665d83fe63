import { readFileSync } from 'node:fs';
import type { Answer, StreamPart } from '../../../src/core/answer.ts';
import type { Abilities, OutwardChat, Target } from '../../../src/core/dialect.ts';
import { foldStream } from '../../../src/core/fold-stream.ts';
import type { JsonObject } from '../../../src/core/json-object.ts';
import type { Part, ToolResultPart } from '../../../src/core/parts.ts';
import type { ChatRequest, FunctionTool, Message } from '../../../src/core/request.ts';
import { createBedrock } from '../../../src/dialects/bedrock/index.ts';
import { event } from '../../support/aws-frames.ts';
import { readStream } from '../laws.ts';
import { target } from '../targets.ts';
import { wireCase } from '../wire-case.ts';

export const bedrock = createBedrock();

export const SONNET_4 = 'us.anthropic.claude-sonnet-4-20250514-v1:0';
export const SONNET_4_5 = 'eu.anthropic.claude-sonnet-4-5-20250929-v1:0';
export const NOVA = 'us.amazon.nova-lite-v1:0';
export const NOVA_2 = 'us.amazon.nova-2-lite-v1:0';
export const LLAMA = 'us.meta.llama4-maverick-17b-instruct-v1:0';
export const GPT_OSS = 'openai.gpt-oss-120b-1:0';

export interface Whom {
  model?: string;
  abilities?: Partial<Abilities>;
  params?: Partial<Target['params']>;
}

export function targetOf({ model = SONNET_4, abilities = {}, params = {} }: Whom = {}): Target {
  const plain = target('bedrock', model, params);
  return { ...plain, abilities: { ...plain.abilities, ...abilities } };
}

/** A call with a plain question unless told otherwise. */
export function chat(request: Partial<ChatRequest> = {}, whom: Whom = {}): OutwardChat {
  const whole: ChatRequest = { model: 'm', messages: [said('user', 'Hi')], stream: false, others: {}, extras: {}, ...request };
  return bedrock.chat(whole, targetOf(whom));
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

export function result(callId: string, text = 'ok', more: Partial<ToolResultPart> = {}): Message {
  return said('tool', { type: 'tool_result', callId, parts: [{ type: 'text', text }], ...more });
}

/** The events of a fixture's stream: a name and a payload a line. */
export function eventsOf(name: string): [string, JsonObject][] {
  const text = readFileSync(new URL(`../../fixtures/wire/bedrock/${name}/stream.jsonl`, import.meta.url), 'utf8');
  return text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as [string, JsonObject]);
}

export function bytesOf(events: readonly (readonly [string, JsonObject])[]): Buffer {
  return Buffer.concat(events.map(([type, payload]) => event(type, payload)));
}

export function streamOf(name: string, to: OutwardChat = chat()): StreamPart[] {
  return readStream([bytesOf(eventsOf(name))], 'aws-event-stream', to.reader());
}

export function folded(name: string, to: OutwardChat = chat()): Answer {
  return foldStream(streamOf(name, to));
}

export function answerOf(name: string, to: OutwardChat = chat()): Answer {
  return to.answer(wireCase(`bedrock/${name}`).response);
}

export const WEATHER: FunctionTool = {
  type: 'function',
  name: 'get_weather',
  description: 'Weather now',
  parameters: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
};
