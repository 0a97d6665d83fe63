import OpenAI from 'openai';
import type { Response as ModelResponse } from 'openai/resources/responses/responses';
import type { Answer, StreamPart } from '../../../../src/core/answer.ts';
import type { JsonObject } from '../../../../src/core/json-object.ts';
import type { Part } from '../../../../src/core/parts.ts';
import type { Message } from '../../../../src/core/request.ts';
import { keptOutput, writeResponse } from '../../../../src/dialects/openai/responses/answer.ts';
import { readResponsesRequest, type ReadResponses } from '../../../../src/dialects/openai/responses/request.ts';
import type { ResponseShape } from '../../../../src/dialects/openai/responses/response-object.ts';
import { ResponsesStreamWriter } from '../../../../src/dialects/openai/responses/stream.ts';
import { SseParser } from '../../../../src/dialects/framing/sse.ts';

/** A small lawful body with what the test says. */
export function read(members: JsonObject = {}): ReadResponses {
  return readResponsesRequest({ model: 'm', input: 'Hi', ...members }, 'group');
}

/** The history that these items are. */
export function history(...input: readonly JsonObject[]): readonly Message[] {
  return read({ input }).request.messages;
}

/** @param members of the body that is answered */
export function shape(members: JsonObject = {}): ResponseShape {
  return { id: 'resp_gateway', model: 'public-name', created: 1_700_000_000, asked: read(members).asked };
}

export function answerWith(parts: readonly Part[], rest: Partial<Answer> = {}): Answer {
  return { choices: [{ index: 0, parts, finish: { reason: 'stop' } }], ...rest };
}

/** The response to a body, through JSON. */
export function responded(answer: Answer, members: JsonObject = {}): JsonObject {
  return plain(writeResponse(answer, shape(members)));
}

/** The items of an answer as the client sees them. */
export function outputOf(parts: readonly Part[], members: JsonObject = {}): JsonObject[] {
  return responded(answerWith(parts), members)['output'] as JsonObject[];
}

export function kept(answer: Answer, members: JsonObject = {}): JsonObject[] {
  return keptOutput(answer, shape(members));
}

/** Everything a stream of these parts sends. */
export function streamed(parts: Iterable<StreamPart>, members: JsonObject = {}): string {
  const writer = new ResponsesStreamWriter(shape(members));
  let text = '';
  for (const part of parts) text += writer.write(part);
  return text + writer.finish();
}

export interface WireEvent extends JsonObject {
  readonly type: string;
}

/** The events of a stream, each under its own name, without the mark of the end. */
export function eventsOf(text: string): WireEvent[] {
  const parser = new SseParser();
  const events = [...parser.push(text), ...parser.end()].filter(({ data }) => data !== '[DONE]');
  return events.map(({ event, data }) => {
    const told = JSON.parse(data) as WireEvent;
    if (told.type !== event) throw new Error(`event ${event} holds ${told.type}`);
    return told;
  });
}

/** Reads a stream as OpenAI's own client does: bytes, events, response. */
export async function readAsOfficialClient(text: string): Promise<JsonObject> {
  const client = new OpenAI({
    apiKey: 'test',
    maxRetries: 0,
    fetch: () => Promise.resolve(new Response(text, { headers: { 'content-type': 'text/event-stream' } })),
  });
  return withoutOurs(await client.responses.stream({ model: 'm', input: 'Hi' }).finalResponse());
}

/** The response as JSON, without what the client adds. */
function withoutOurs(response: ModelResponse): JsonObject {
  const { output_text: _, output_parsed: __, output, ...wire } = plain(response);
  return { ...wire, output: (output as JsonObject[]).map(unparsed) };
}

function unparsed(item: JsonObject): JsonObject {
  const { parsed_arguments: _, ...bare } = item;
  return Array.isArray(bare['content']) ? { ...bare, content: bare['content'].map(unmarked) } : bare;
}

function unmarked(part: JsonObject): JsonObject {
  const { parsed: _, ...bare } = part;
  return bare;
}

export function plain(value: object): JsonObject {
  return JSON.parse(JSON.stringify(value)) as JsonObject;
}
