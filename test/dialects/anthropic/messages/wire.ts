import Anthropic from '@anthropic-ai/sdk';
import type { Answer, StreamPart } from '../../../../src/core/answer.ts';
import type { JsonObject } from '../../../../src/core/json-object.ts';
import type { Part } from '../../../../src/core/parts.ts';
import type { ChatRequest } from '../../../../src/core/request.ts';
import { writeMessagesAnswer } from '../../../../src/dialects/anthropic/messages/answer.ts';
import { readMessagesRequest } from '../../../../src/dialects/anthropic/messages/request.ts';
import { MessagesStreamWriter } from '../../../../src/dialects/anthropic/messages/stream.ts';
import { SseParser } from '../../../../src/dialects/framing/sse.ts';

export const SHAPE = { id: 'msg_gateway', model: 'public-name' };

/** A small lawful body with what the test says. */
export function body(members: JsonObject = {}): JsonObject {
  return { model: 'm', max_tokens: 100, messages: [{ role: 'user', content: 'Hi' }], ...members };
}

export function read(members: JsonObject = {}): ChatRequest {
  return readMessagesRequest(body(members), 'group');
}

/** The parts of a user's turn with this content. */
export function partsOf(content: unknown, role = 'user'): readonly Part[] {
  return read({ messages: [{ role, content }] }).messages.flatMap(({ parts }) => parts);
}

export function answered(parts: readonly Part[], rest: Partial<Answer> = {}): JsonObject {
  return writeMessagesAnswer({ choices: [{ index: 0, parts, finish: { reason: 'stop' } }], ...rest }, SHAPE);
}

/** Everything a stream of these parts sends. */
export function streamed(parts: Iterable<StreamPart>): string {
  const writer = new MessagesStreamWriter(SHAPE);
  let text = '';
  for (const part of parts) text += writer.write(part);
  return text + writer.finish();
}

export interface WireEvent extends JsonObject {
  readonly type: string;
}

/** The events of a stream, each under its own name. */
export function eventsOf(text: string): WireEvent[] {
  const parser = new SseParser();
  return [...parser.push(text), ...parser.end()].map(({ event, data }) => {
    const told = JSON.parse(data) as WireEvent;
    if (told.type !== event) throw new Error(`event ${event} holds ${told.type}`);
    return told;
  });
}

/** Reads a stream as Anthropic's own client does: bytes, events, message. */
export async function readAsOfficialClient(text: string): Promise<Anthropic.Message> {
  const client = new Anthropic({
    apiKey: 'test',
    maxRetries: 0,
    fetch: () => Promise.resolve(new Response(text, { headers: { 'content-type': 'text/event-stream' } })),
  });
  return client.messages.stream({ model: 'm', max_tokens: 1, messages: [{ role: 'user', content: 'Hi' }] }).finalMessage();
}
