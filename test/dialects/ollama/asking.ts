import type { Abilities, OutwardChat, Target } from '../../../src/core/dialect.ts';
import type { Part } from '../../../src/core/parts.ts';
import type { ChatRequest, FunctionTool, Message } from '../../../src/core/request.ts';
import { ollama } from '../../../src/dialects/ollama/index.ts';

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

interface Whom {
  model?: string;
  abilities?: Partial<Abilities>;
  params?: Partial<Target['params']>;
}

export function targetOf({ model = 'qwen3:8b', abilities = {}, params = {} }: Whom = {}): Target {
  return {
    provider: 'ollama_chat',
    model,
    abilities: { ...UNKNOWN, ...abilities },
    params: { drop: false, allow: [], modify: false, ...params },
  };
}

/** A call with a plain question unless told otherwise. */
export function chat(request: Partial<ChatRequest> = {}, whom: Whom = {}): OutwardChat {
  const whole: ChatRequest = { model: 'local', messages: [said('user', 'Hi')], stream: false, others: {}, extras: {}, ...request };
  return ollama.chat(whole, targetOf(whom));
}

export function said(role: Message['role'], ...parts: (string | Part)[]): Message {
  return { role, parts: parts.map((part) => (typeof part === 'string' ? { type: 'text', text: part } : part)) };
}

export const WEATHER: FunctionTool = {
  type: 'function',
  name: 'get_weather',
  description: 'Weather of a city',
  parameters: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
};

export const TIME: FunctionTool = { type: 'function', name: 'get_time' };
