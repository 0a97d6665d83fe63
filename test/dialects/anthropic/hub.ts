import type { Answer, StreamPart } from '../../../src/core/answer.ts';
import type { Abilities, OutwardChat, ParamPolicy, Target } from '../../../src/core/dialect.ts';
import { wordOf, type JsonObject } from '../../../src/core/json-object.ts';
import type { Part, ToolCallPart, ToolResultPart } from '../../../src/core/parts.ts';
import type { ChatRequest, Message } from '../../../src/core/request.ts';
import { anthropic } from '../../../src/dialects/anthropic/index.ts';
import { readStream } from '../laws.ts';
import { wireCase } from '../wire-case.ts';

export const SONNET_4_5 = 'claude-sonnet-4-5-20250929';

const UNKNOWN: Abilities = {
  vision: null,
  tools: null,
  jsonSchema: null,
  reasoning: null,
  audioInput: null,
  pdfInput: null,
  promptCaching: null,
  webSearch: null,
  maxInputTokens: null,
  maxOutputTokens: null,
};

export function target(model = SONNET_4_5, params: Partial<ParamPolicy> = {}, abilities: Partial<Abilities> = {}): Target {
  return {
    provider: 'anthropic',
    model,
    abilities: { ...UNKNOWN, ...abilities },
    params: { drop: false, allow: [], modify: false, ...params },
  };
}

export function chatRequest(members: Partial<ChatRequest> = {}): ChatRequest {
  return { model: 'claude', messages: [user('Hi')], stream: false, others: {}, extras: {}, ...members };
}

export function write(members: Partial<ChatRequest>, to: Target = target()): OutwardChat {
  return anthropic.chat(chatRequest(members), to);
}

/** The body as it leaves: through JSON. */
export function bodyOf(members: Partial<ChatRequest>, to: Target = target()): JsonObject {
  return JSON.parse(JSON.stringify(write(members, to).body)) as JsonObject;
}

export function turnsOf(messages: readonly Message[], to: Target = target()): unknown {
  return bodyOf({ messages }, to)['messages'];
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

export function call(id: string, name = 'f', args = '{}'): ToolCallPart {
  return { type: 'tool_call', id, name, arguments: args };
}

export function result(callId: string, text = 'ok'): Message {
  const content: ToolResultPart = { type: 'tool_result', callId, parts: [{ type: 'text', text }] };
  return { role: 'tool', parts: [content] };
}

export function thought(text: string, signature: string, origin = 'anthropic'): Part {
  return { type: 'reasoning', text, signature, origin };
}

function part(value: string | Part): Part {
  return typeof value === 'string' ? { type: 'text', text: value } : value;
}

/** Anthropic's text block. */
export function text(value: string): JsonObject {
  return { type: 'text', text: value };
}

/** The parts of a fixture's stream, read for a plain request. */
export function streamParts(name: string, members: Partial<ChatRequest> = {}, to?: Target): StreamPart[] {
  return readStream([wireCase(`anthropic/${name}`).stream], 'sse', write(members, to).reader());
}

/** The answer of a fixture, read for a plain request. */
export function answerOf(name: string, members: Partial<ChatRequest> = {}, to?: Target): Answer {
  return write(members, to).answer(wireCase(`anthropic/${name}`).response);
}

/** Server-sent events as text. */
export function sse(...events: readonly JsonObject[]): string {
  return events.map((event) => `event: ${wordOf(event['type'])}\ndata: ${JSON.stringify(event)}\n\n`).join('');
}

export function readEvents(events: readonly JsonObject[], members: Partial<ChatRequest> = {}): StreamPart[] {
  return readStream([sse(...events)], 'sse', write(members).reader());
}
