import type { Answer, StreamPart } from '../../../core/answer.ts';
import type { JsonObject } from '../../../core/json-object.ts';
import type { Part } from '../../../core/parts.ts';
import { unfoldAnswer } from '../../../core/unfold-answer.ts';
import { NO_USAGE } from '../../../core/usage.ts';
import type { ToolNames } from '../../tool-names.ts';
import { Content, type ContentPart } from './content.ts';
import { stopReasonOf } from './stop-reason.ts';
import { writeUsage } from './write-usage.ts';

/** What the gateway knows of an answer and the provider may not. */
export interface MessagesShape {
  /** `msg_...`; used when the provider gave no id of that form. */
  readonly id: string;
  /** Model name for the client. */
  readonly model: string;
  /** Names of tools as the provider knows them, when the request was changed for it (`forOtherHost`). */
  readonly names?: ToolNames;
}

/**
 * The answer of `POST /v1/messages` (data-plane 9.13): the first choice. It is made by the same steps as the stream of it.
 * An answer without usage has zeros there.
 */
export function writeMessagesAnswer(answer: Answer, shape: MessagesShape): JsonObject {
  const id = messageId(answer.id, shape);
  const [first = { index: 0, parts: [], finish: { reason: 'stop' as const } }] = answer.choices;
  const content = new Content(id, shape.names);
  for (const part of unfoldAnswer({ choices: [{ ...first, parts: ordered(first.parts) }] })) if (isContent(part)) content.add(part);
  content.end();
  return {
    id,
    type: 'message',
    role: 'assistant',
    model: shape.model,
    content: content.blocks.map((block) => block.whole()),
    stop_reason: stopReasonOf(first.finish, content.said),
    stop_sequence: null,
    ...content.fields,
    usage: writeUsage(answer.usage ?? NO_USAGE),
  };
}

/** The provider's id when it is a message's. */
export function messageId(given: string | undefined, shape: MessagesShape): string {
  return given?.startsWith('msg_') ? given : shape.id;
}

export function isContent(part: StreamPart): part is ContentPart {
  return part.type !== 'start' && part.type !== 'usage' && part.type !== 'finish';
}

/** Thoughts, then text, then calls. What Anthropic itself said keeps its order: it goes back to it as it came. */
function ordered(parts: readonly Part[]): readonly Part[] {
  return parts.some(isOwn) ? parts : parts.toSorted((a, b) => rankOf(a) - rankOf(b));
}

function isOwn(part: Part): boolean {
  return (part.type === 'native' && part.dialect === 'anthropic') || (part.type === 'reasoning' && part.origin === 'anthropic');
}

function rankOf({ type }: Part): number {
  if (type === 'reasoning') return 0;
  return type === 'tool_call' ? 2 : 1;
}
