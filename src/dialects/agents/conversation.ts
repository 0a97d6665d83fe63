import { InvalidRequestError } from '../../core/errors.ts';
import type { MediaPart, Part } from '../../core/parts.ts';
import type { ChatRequest, Message } from '../../core/request.ts';

/** One side's turn, neighbours of one side joined. Results of tools are told by the user's side. */
export interface Turn {
  readonly role: 'user' | 'assistant';
  readonly text: string;
  readonly media: readonly MediaPart[];
}

/** What an agent without roles of its own is asked. */
export interface Asked {
  readonly text: string;
  readonly media: readonly MediaPart[];
}

/**
 * The id under which the agent's own side keeps the conversation: the first of these members that the client set, else
 * `conversation_id` of the body or of its `metadata`. Null: the call stands for itself.
 */
export function conversationOf({ extras, conversation }: ChatRequest, ...names: readonly string[]): string | null {
  const own = [...names, 'conversation_id'].map((name) => extras[name]).find((value) => typeof value === 'string' && value !== '');
  return typeof own === 'string' ? own : (conversation ?? null);
}

/** What the agent does not know yet: where it keeps the conversation, the turns after its last answer, else all of them. */
export function newTurns(messages: readonly Message[], kept: boolean): readonly Message[] {
  return kept ? messages.slice(messages.findLastIndex(({ role }) => role === 'assistant') + 1) : messages;
}

/** The conversation as turns of two sides; what the system says stands before the first of the user's. */
export function turnsOf(messages: readonly Message[]): Turn[] {
  const turns: Turn[] = [];
  const system = systemOf(messages);
  if (system !== '') turns.push({ role: 'user', text: system, media: [] });
  for (const turn of talkIn(messages)) {
    const last = turns.at(-1);
    if (last?.role !== turn.role) turns.push(turn);
    else turns[turns.length - 1] = { ...last, text: paragraphs(last.text, turn.text), media: [...last.media, ...turn.media] };
  }
  return turns;
}

/** The conversation as one text: what the system says, the turns so far as a transcript, and what is asked now. */
export function askedIn(messages: readonly Message[]): Asked {
  const answered = messages.findLastIndex(({ role }) => role === 'assistant');
  const now = talkIn(messages.slice(answered + 1));
  const media = talkIn(messages).flatMap((turn) => turn.media);
  const asked = paragraphs(...now.map(({ text }) => text));
  if (answered === -1) return { text: paragraphs(systemOf(messages), asked), media };
  const before = talkIn(messages.slice(0, answered + 1)).map(({ role, text }) => `${role === 'user' ? 'User' : 'Assistant'}: ${text}`);
  const soFar = paragraphs('The conversation so far:', ...before);
  return { text: paragraphs(systemOf(messages), soFar, 'Now:', asked === '' ? 'Go on.' : asked), media };
}

/** @throws {InvalidRequestError} for media that are given by their bytes */
export function urlOfMedium({ source, kind }: MediaPart, provider: string): string {
  if (source.type === 'url') return source.url;
  throw new InvalidRequestError(
    `${provider} takes files by their address alone, and a message holds the bytes of one (${kind}).`,
    'messages',
  );
}

/** @throws {InvalidRequestError} when there are some */
export function refuseMedia(media: readonly MediaPart[], provider: string): void {
  const [first] = media;
  if (first) throw new InvalidRequestError(`${provider} takes text, and a message holds a file (${first.kind}).`, 'messages');
}

function systemOf(messages: readonly Message[]): string {
  return paragraphs(...messages.filter(isSystem).map(({ parts }) => textOf(parts)));
}

function talkIn(messages: readonly Message[]): Turn[] {
  const nameOfCall = new Map<string, string>();
  return messages
    .filter((message) => !isSystem(message))
    .map(({ role, parts }) => {
      for (const part of parts) if (part.type === 'tool_call') nameOfCall.set(part.id, part.name);
      return {
        role: role === 'assistant' ? 'assistant' : 'user',
        text: paragraphs(...parts.map((part) => toldPart(part, nameOfCall))),
        media: parts.flatMap((part) => (part.type === 'media' ? [part] : part.type === 'tool_result' ? mediaIn(part.parts) : [])),
      };
    });
}

function isSystem({ role }: Message): boolean {
  return role === 'system' || role === 'developer';
}

function toldPart(part: Part, nameOfCall: ReadonlyMap<string, string>): string {
  switch (part.type) {
    case 'text':
    case 'refusal':
      return part.text;
    case 'tool_call':
      return `(called ${part.name} with ${part.arguments})`;
    case 'tool_result':
      return `(${part.name ?? nameOfCall.get(part.callId) ?? 'the tool'} answered: ${textOf(part.parts)})`;
    case 'reasoning':
    case 'media':
    case 'citation':
    case 'native':
      return '';
  }
}

function mediaIn(parts: readonly Part[]): MediaPart[] {
  return parts.filter((part) => part.type === 'media');
}

function textOf(parts: readonly Part[]): string {
  return paragraphs(...parts.map((part) => (part.type === 'text' || part.type === 'refusal' ? part.text : '')));
}

function paragraphs(...texts: readonly string[]): string {
  return texts.filter((text) => text !== '').join('\n\n');
}
