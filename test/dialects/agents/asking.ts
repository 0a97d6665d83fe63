import type { StreamPart } from '../../../src/core/answer.ts';
import type { OutwardChat, OutwardDialect } from '../../../src/core/dialect.ts';
import type { JsonObject } from '../../../src/core/json-object.ts';
import { createAgents, type AgentDialect } from '../../../src/dialects/agents/index.ts';
import { readChatRequest } from '../../../src/dialects/openai/chat/request.ts';
import { readStream } from '../laws.ts';
import { target } from '../targets.ts';
import { wireCase } from '../wire-case.ts';

const MODELS: Readonly<Record<AgentDialect, string>> = {
  a2a: 'weather',
  coze: 'bot-1',
  dify: 'helper',
  langflow: 'flow 1',
  langgraph: 'agent',
};

/** Names count up from `id-1`, anew for every request. */
export function agent(name: AgentDialect): OutwardDialect {
  let ids = 0;
  return createAgents(() => `id-${++ids}`)[name];
}

/** A plain question in OpenAI's words unless told otherwise. */
export function asked(name: AgentDialect, body: JsonObject = {}, params: Parameters<typeof target>[2] = {}): OutwardChat {
  const { conversation, ...members } = body;
  const request = readChatRequest({ messages: [{ role: 'user', content: 'Why is the sky blue?' }], ...members }, 'public');
  return agent(name).chat(
    { ...request, ...(typeof conversation === 'string' ? { conversation } : {}) },
    target(name, MODELS[name], params),
  );
}

/** The body as it leaves: through JSON. */
export function bodyOf(name: AgentDialect, body: JsonObject = {}, params: Parameters<typeof target>[2] = {}): JsonObject {
  return JSON.parse(JSON.stringify(asked(name, body, params).body)) as JsonObject;
}

export function nameOf(one: string): AgentDialect {
  return one.split('/', 1)[0] as AgentDialect;
}

export function streamOf(one: string): StreamPart[] {
  const outward = asked(nameOf(one));
  return readStream([wireCase(one).stream], outward.framing, outward.reader());
}

/** Events as this agent's server frames them. */
export function framed(name: AgentDialect, events: readonly { readonly event?: string; readonly data: unknown }[]): string {
  return events
    .map(({ event, data }) => {
      const json = JSON.stringify(data) ?? 'null';
      if (name === 'langflow') return `${json}\n\n`;
      return `${event === undefined ? '' : `event: ${event}\n`}data: ${json}\n\n`;
    })
    .join('');
}

export function readEvents(name: AgentDialect, ...events: readonly { readonly event?: string; readonly data: unknown }[]): StreamPart[] {
  const outward = asked(name);
  return readStream([framed(name, events)], outward.framing, outward.reader());
}
