import type { StreamPart } from '../../../src/core/answer.ts';
import type { OutwardChat, Target } from '../../../src/core/dialect.ts';
import type { JsonObject } from '../../../src/core/json-object.ts';
import { gigachat } from '../../../src/dialects/gigachat/index.ts';
import { readChatRequest } from '../../../src/dialects/openai/chat/request.ts';
import { readStream } from '../laws.ts';
import { target } from '../targets.ts';
import { wireCase } from '../wire-case.ts';

export const HI = [{ role: 'user', content: 'Hi' }];

/** A call as a client of OpenAI's chat makes it. */
export function chat(body: object = {}, params: Partial<Target['params']> = {}): OutwardChat {
  return gigachat.chat(readChatRequest({ messages: HI, ...body }, 'giga'), target('gigachat', 'GigaChat-2-Max', params));
}

/** The body as it leaves: through JSON. */
export function sent(body: object = {}, params: Partial<Target['params']> = {}): JsonObject {
  return JSON.parse(JSON.stringify(chat(body, params).body)) as JsonObject;
}

export function turns(messages: readonly object[]): unknown {
  return sent({ messages })['messages'];
}

export function streamOf(name: string, outward: OutwardChat = chat()): StreamPart[] {
  return readStream([wireCase(`gigachat/${name}`).stream], 'sse', outward.reader());
}

export const WEATHER = {
  type: 'function',
  function: {
    name: 'get_weather',
    description: 'Weather of a city',
    parameters: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
  },
};
export const CITY = { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] };
export const STATE = '77d3fb14-457a-46ba-937e-8d856156d003';
