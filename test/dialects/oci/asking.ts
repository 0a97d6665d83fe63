import type { Answer, StreamPart } from '../../../src/core/answer.ts';
import type { Abilities, OutwardChat, Target } from '../../../src/core/dialect.ts';
import type { JsonObject } from '../../../src/core/json-object.ts';
import { createOci } from '../../../src/dialects/oci/index.ts';
import { readChatRequest } from '../../../src/dialects/openai/chat/request.ts';
import { readStream } from '../laws.ts';
import { target } from '../targets.ts';

export const oci = createOci();

export const LLAMA = 'meta.llama-3.3-70b-instruct';
export const GROK = 'xai.grok-4';
export const GPT = 'openai.gpt-5';
export const GEMINI = 'google.gemini-2.5-flash';
export const COMMAND_R = 'cohere.command-r-08-2024';
export const COMMAND_A = 'cohere.command-a-03-2025';

/** Folders of fixtures, and a model whose answers they are. */
export const MODEL_OF: Readonly<Record<string, string>> = { oci: LLAMA, 'oci-cohere': COMMAND_R, 'oci-cohere-v2': COMMAND_A };

export const HI = [{ role: 'user', content: 'Hi' }];

export interface Whom {
  readonly model?: string;
  readonly scope?: Target['scope'];
  readonly params?: Partial<Target['params']>;
  readonly abilities?: Partial<Abilities>;
}

export function targetOf({
  model = LLAMA,
  scope = { compartment: 'ocid1.compartment.oc1..c' },
  params = {},
  abilities = {},
}: Whom = {}): Target {
  const plain = target('oci', model, params);
  return { ...plain, abilities: { ...plain.abilities, ...abilities }, ...(scope === undefined ? {} : { scope }) };
}

/** A call in the words of OpenAI's chat. */
export function chat(body: JsonObject = {}, whom: Whom = {}): OutwardChat {
  return oci.chat(readChatRequest({ messages: HI, ...body }, 'm'), targetOf(whom));
}

/** The body as it leaves: through JSON. */
export function sent(body: JsonObject = {}, whom: Whom = {}): JsonObject {
  return JSON.parse(JSON.stringify(chat(body, whom).body)) as JsonObject;
}

/** `chatRequest` of it. */
export function said(body: JsonObject = {}, whom: Whom = {}): JsonObject {
  return sent(body, whom)['chatRequest'] as JsonObject;
}

/** What a stream of these events tells. */
export function readEvents(events: readonly unknown[], whom: Whom = {}): StreamPart[] {
  return readStream([events.map((event) => `data: ${JSON.stringify(event)}\n\n`).join('')], 'sse', chat({}, whom).reader());
}

export function partsOf({ choices }: Answer): Answer['choices'][number]['parts'] {
  return choices[0]?.parts ?? [];
}

export function tool(name: string, parameters?: JsonObject, description?: string): JsonObject {
  return {
    type: 'function',
    function: { name, ...(description === undefined ? {} : { description }), ...(parameters ? { parameters } : {}) },
  };
}

export function call(id: string, name = 'f', text = '{}'): JsonObject {
  return { id, type: 'function', function: { name, arguments: text } };
}

export function result(id: string, content: unknown = 'ok'): JsonObject {
  return { role: 'tool', tool_call_id: id, content };
}
