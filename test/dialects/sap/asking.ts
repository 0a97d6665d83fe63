import type { StreamPart } from '../../../src/core/answer.ts';
import type { OutwardChat, Target } from '../../../src/core/dialect.ts';
import type { JsonObject } from '../../../src/core/json-object.ts';
import { readChatRequest } from '../../../src/dialects/openai/chat/request.ts';
import { sap } from '../../../src/dialects/sap/index.ts';
import { readStream } from '../laws.ts';
import { target } from '../targets.ts';
import { wireCase } from '../wire-case.ts';

export const HI = [{ role: 'user', content: 'Hi' }];

/** A call as a client of OpenAI's chat makes it. */
export function chat(body: object = {}, params: Partial<Target['params']> = {}, model = 'gpt-4o'): OutwardChat {
  return sap.chat(readChatRequest({ messages: HI, ...body }, 'hub'), target('sap', model, params));
}

export interface Sent {
  readonly config: {
    readonly modules: {
      readonly prompt_templating: {
        readonly prompt: { readonly template: readonly JsonObject[]; readonly tools?: unknown; readonly response_format?: unknown };
        readonly model: JsonObject;
      };
    } & JsonObject;
    readonly stream?: unknown;
  };
  readonly messages_history?: readonly JsonObject[];
  readonly placeholder_values?: Readonly<Record<string, string>>;
}

/** The body as it leaves: through JSON. */
export function sent(body: object = {}, params: Partial<Target['params']> = {}, model = 'gpt-4o'): Sent {
  return JSON.parse(JSON.stringify(chat(body, params, model).body)) as Sent;
}

/**
 * What the service makes of a body before it asks the model: placeholders of the template are replaced once, by what stands for them;
 * one that is missing or not used is an error.
 */
export function rendered({ config, messages_history: history = [], placeholder_values: values = {} }: Sent): JsonObject[] {
  const { template } = config.modules.prompt_templating.prompt;
  const used = new Set<string>();
  const text = JSON.stringify(template).replaceAll(/\{\{\?\s*(\w+)\s*\}\}/g, (_, name: string) => {
    const value = values[name];
    if (value === undefined) throw new Error(`Missing required parameters: ['${name}']`);
    used.add(name);
    return JSON.stringify(value).slice(1, -1);
  });
  const unused = Object.keys(values).filter((name) => !used.has(name));
  if (unused.length > 0) throw new Error(`Unused parameters: ['${unused.join()}']`);
  return [...history, ...(JSON.parse(text) as JsonObject[])];
}

export function streamOf(name: string): StreamPart[] {
  return readStream([wireCase(`sap/${name}`).stream], 'sse', chat().reader());
}
