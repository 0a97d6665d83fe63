import { InvalidRequestError } from '../../core/errors.ts';
import type { MediaPart, Part } from '../../core/parts.ts';
import type { Message } from '../../core/request.ts';
import { urlOf } from '../openai/chat/media.ts';
import type { TurnMarks } from './input-forms.ts';

/** A conversation as a model is told it that knows nothing but text and images. */
export interface ToldConversation {
  /** What the system says; `''`: nothing. */
  readonly system: string;
  readonly prompt: string;
  /** Whether there is more than one turn of the user. */
  readonly isLong: boolean;
  /** Addresses, or data URLs. */
  readonly images: readonly string[];
}

interface Turn {
  readonly side: 'user' | 'assistant';
  readonly text: string;
}

export function toldConversation(messages: readonly Message[], marks: TurnMarks): ToldConversation {
  const system = messages.filter(isOfSystem).map((message) => textOf(message.parts));
  const turns = joinedTurns(messages.filter((message) => !isOfSystem(message)).map(turnOf));
  return {
    system: system.filter((text) => text !== '').join('\n\n'),
    prompt: promptOf(turns, marks),
    isLong: turns.length > 1,
    images: messages.flatMap(({ parts }) => imagesIn(parts)),
  };
}

function isOfSystem({ role }: Message): boolean {
  return role === 'system' || role === 'developer';
}

function turnOf({ role, parts }: Message): Turn {
  return { side: role === 'assistant' ? 'assistant' : 'user', text: textOf(parts) };
}

/** Several messages of one side are one turn. */
function joinedTurns(turns: readonly Turn[]): readonly Turn[] {
  const joined: Turn[] = [];
  for (const turn of turns) {
    const last = joined.at(-1);
    if (last?.side === turn.side)
      joined.splice(-1, 1, { ...turn, text: [last.text, turn.text].filter((text) => text !== '').join('\n\n') });
    else joined.push(turn);
  }
  return joined;
}

function promptOf(turns: readonly Turn[], marks: TurnMarks): string {
  const [first, ...more] = turns;
  if (first === undefined) return '';
  if (more.length === 0 && first.side === 'user') return first.text;
  const opening = first.side === 'user' ? marks.start + first.text : marks.start + marks.assistant + first.text;
  return opening + more.map(({ side, text }) => marks[side] + text).join('') + marks.end;
}

function textOf(parts: readonly Part[]): string {
  return parts
    .map(wordsOf)
    .filter((text) => text !== '')
    .join('\n\n');
}

/** Calls of tools that an earlier model made are told in words. Thoughts are nobody's but their model's. */
function wordsOf(part: Part): string {
  switch (part.type) {
    case 'text':
    case 'refusal':
      return part.text;
    case 'tool_call':
      return `Called ${part.name} with ${part.arguments}`;
    case 'tool_result':
      return `Result of ${part.name ?? 'the call'}: ${textOf(part.parts)}`;
    case 'media':
    case 'reasoning':
    case 'citation':
    case 'native':
      return '';
  }
}

function imagesIn(parts: readonly Part[]): string[] {
  return parts.flatMap((part) => {
    if (part.type === 'tool_result') return imagesIn(part.parts);
    return part.type === 'media' ? [imageOf(part)] : [];
  });
}

function imageOf(media: MediaPart): string {
  if (media.kind === 'image') return urlOf(media, 'image/png');
  throw new InvalidRequestError(
    `Models on Replicate take text and images, but a message holds ${media.mediaType ?? media.kind}.`,
    'messages',
  );
}
