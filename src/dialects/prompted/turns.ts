import type { Target } from '../../core/dialect.ts';
import { InvalidRequestError, UnsupportedParamsError } from '../../core/errors.ts';
import type { Part, ToolResultPart } from '../../core/parts.ts';
import type { Message } from '../../core/request.ts';

export interface Turn {
  readonly role: 'system' | 'user' | 'assistant';
  readonly text: string;
}

/**
 * What was said, turn by turn: neighbours of one role are one turn, empty ones none. Thoughts stay behind. Where parameters are
 * dropped, so are media and calls of tools, whose results are then told as the user's words.
 *
 * @throws {InvalidRequestError | UnsupportedParamsError} for what no text can say
 */
export function turnsOf(messages: readonly Message[], target: Target): Turn[] {
  const turns: Turn[] = [];
  for (const message of messages) {
    const turn = turnOf(message, target);
    const last = turns.at(-1);
    if (turn.text === '') continue;
    if (last?.role === turn.role) turns[turns.length - 1] = { role: last.role, text: `${last.text}\n\n${turn.text}` };
    else turns.push(turn);
  }
  return turns;
}

const ROLES = { system: 'system', developer: 'system', user: 'user', assistant: 'assistant', tool: 'user' } as const;

function turnOf({ role, parts }: Message, target: Target): Turn {
  const texts = parts.flatMap((part) => textsIn(part, target)).filter((text) => text !== '');
  return { role: ROLES[role], text: texts.join(role === 'assistant' ? '' : '\n\n') };
}

function textsIn(part: Part, target: Target): string[] {
  switch (part.type) {
    case 'text':
    case 'refusal':
      return [part.text];
    case 'media':
      return leftOut(() => withoutMedia(part.mediaType ?? part.kind, target), target);
    case 'tool_call':
      return leftOut(() => withoutTools(target), target);
    case 'tool_result':
      leftOut(() => withoutTools(target), target);
      return resultTexts(part, target);
    case 'reasoning':
    case 'citation':
    case 'native':
      return [];
  }
}

function resultTexts({ parts }: ToolResultPart, target: Target): string[] {
  return parts.flatMap((part) => textsIn(part, target));
}

function leftOut(error: () => Error, { params }: Target): [] {
  if (!params.drop) throw error();
  return [];
}

function withoutTools({ provider, model }: Target): Error {
  return new UnsupportedParamsError(provider, model, ['tools']);
}

function withoutMedia(kind: string, { provider, model }: Target): Error {
  return new InvalidRequestError(`${model} of ${provider} is asked by text alone, but a message holds ${kind}.`, 'messages');
}
