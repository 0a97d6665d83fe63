import type { Answer, AnswerChoice, Finish, StreamPart } from '../../../core/answer.ts';
import type { JsonObject } from '../../../core/json-object.ts';
import type { Part } from '../../../core/parts.ts';
import { unfoldAnswer } from '../../../core/unfold-answer.ts';
import { Output, type OutputPart } from './output.ts';
import { outcomeOf, responseObject, type ResponseShape } from './response-object.ts';

/** The answer of `POST /responses` (data-plane 9.12): the first choice. It is made by the same steps as the stream of it. */
export function writeResponse(answer: Answer, shape: ResponseShape): JsonObject {
  return responseObject(shape, outcomeOf(finishOf(answer)), keptOutput(answer, shape), answer.usage ?? null);
}

/** `output` for the store and the next turn: thoughts are sealed in it, whatever the client asked for. */
export function keptOutput(answer: Answer, shape: ResponseShape): JsonObject[] {
  const output = new Output(shape.id, shape.asked.tools);
  for (const part of unfoldAnswer({ choices: inOrder(answer.choices[0]) })) if (isOutput(part)) output.add(part);
  output.end(outcomeOf(finishOf(answer)).status);
  return output.items.map((item) => item.whole());
}

export function isOutput(part: StreamPart): part is OutputPart {
  return part.type !== 'start' && part.type !== 'usage' && part.type !== 'finish';
}

function finishOf({ choices }: Answer): Finish {
  return choices[0]?.finish ?? { reason: 'stop' };
}

/** Thoughts, then text, then calls. Thoughts with a proof keep their places: they go back to their provider as they came. */
function inOrder(choice: AnswerChoice | undefined): AnswerChoice[] {
  if (!choice) return [];
  return choice.parts.some(isProven) ? [choice] : [{ ...choice, parts: choice.parts.toSorted((a, b) => rankOf(a) - rankOf(b)) }];
}

function isProven(part: Part): boolean {
  return part.type === 'reasoning' && (part.signature !== undefined || part.encrypted !== undefined);
}

function rankOf({ type }: Part): number {
  if (type === 'reasoning') return 0;
  return type === 'tool_call' ? 2 : 1;
}
