import type { ImagePart, Message, TextPart, ToolCallPart } from '../../api/chat.ts';
import type { ModelChoice } from '../../api/playground.ts';
import type { Answer } from './answer.ts';

/** An image of a question. */
export interface Picture {
  readonly name: string;
  readonly bytes: number;
  /** `data:image/png;base64,…`; empty: it was too large to be kept when the page was left. */
  readonly url: string;
}

/** What the reader asked. */
export interface Question {
  readonly kind: 'question';
  readonly id: string;
  readonly text: string;
  readonly pictures: readonly Picture[];
}

export type Turn = Question | Answer;

/** A conversation with one model; two stand side by side when models are compared. */
export interface Column {
  readonly model: ModelChoice | null;
  readonly turns: readonly Turn[];
}

/** What a model is sent for a tool that the reader gave no result for: providers refuse a call without one. */
const NO_RESULT = 'No result.';

/** The conversation as the API takes it. Answers that failed before they said anything are left out. */
export function messagesOf(system: string, turns: readonly Turn[]): Message[] {
  const messages = turns.flatMap((turn) => (turn.kind === 'question' ? [questionMessage(turn)] : answerMessages(turn)));
  return system.trim() === '' ? messages : [{ role: 'system', content: system }, ...messages];
}

function questionMessage({ text, pictures }: Question): Message {
  const shown = pictures.filter(({ url }) => url !== '');
  if (shown.length === 0) return { role: 'user', content: text };
  const parts: (TextPart | ImagePart)[] = shown.map(({ url }) => ({ type: 'image_url', image_url: { url } }));
  return { role: 'user', content: text === '' ? parts : [{ type: 'text', text }, ...parts] };
}

function answerMessages({ text, toolCalls }: Answer): Message[] {
  if (text === '' && toolCalls.length === 0) return [];
  if (toolCalls.length === 0) return [{ role: 'assistant', content: text }];
  const calls: ToolCallPart[] = toolCalls.map((call) => ({
    id: call.id,
    type: 'function',
    function: { name: call.name, arguments: call.arguments },
  }));
  const results = toolCalls.map((call): Message => ({ role: 'tool', tool_call_id: call.id, content: call.result ?? NO_RESULT }));
  return [{ role: 'assistant', content: text === '' ? null : text, tool_calls: calls }, ...results];
}

/** Characters that a model reads, pictures left out. */
export function charactersOf(messages: readonly Message[]): number {
  const lengthOf = ({ content }: Message): number => {
    if (content === null) return 0;
    if (typeof content === 'string') return content.length;
    return content.reduce((sum, part) => sum + (part.type === 'text' ? part.text.length : 0), 0);
  };
  return messages.reduce((sum, message) => sum + lengthOf(message), 0);
}
