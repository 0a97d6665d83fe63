import type { Answer, AnswerChoice } from '../../../core/answer.ts';
import type { JsonObject } from '../../../core/json-object.ts';
import type { Part } from '../../../core/parts.ts';
import { unfoldAnswer } from '../../../core/unfold-answer.ts';
import { CandidateWriter, type CandidateShape } from './write-candidate.ts';
import { writeUsage } from './write-usage.ts';

/** What the gateway knows of an answer and the provider may not. */
export interface GenerateShape extends CandidateShape {
  readonly responseId: string;
  /** Model name for the client. */
  readonly model: string;
}

/** A whole `GenerateContentResponse` (data-plane 9.14). It is made by the same steps as the stream of it. */
export function writeGenerateAnswer({ choices, usage }: Answer, shape: GenerateShape): JsonObject {
  const written = choices.map((choice) => ({ ...candidateOf(choice, shape), index: choice.index }));
  const blocked = written.find((candidate) => candidate.blocked !== null)?.blocked ?? null;
  return {
    ...(blocked === null ? { candidates: written.map(({ body, index }) => ({ ...body, index })) } : { promptFeedback: blocked }),
    ...(usage === undefined ? {} : { usageMetadata: writeUsage(usage) }),
    modelVersion: shape.model,
    responseId: shape.responseId,
  };
}

/** Where nothing was said there is an empty text: clients take a candidate without parts for a broken one. */
export const NOTHING_SAID: readonly JsonObject[] = [{ text: '' }];

function candidateOf(choice: AnswerChoice, shape: CandidateShape): { readonly body: JsonObject; readonly blocked: JsonObject | null } {
  const candidate = new CandidateWriter(shape);
  const parts = unfoldAnswer({ choices: [{ ...choice, parts: ordered(choice.parts) }] }).flatMap((part): JsonObject[] => {
    if (part.type === 'start' || part.type === 'usage') return [];
    if (part.type !== 'finish') return candidate.add(part);
    candidate.ends(part.finish);
    return candidate.rest();
  });
  const content = { role: 'model', parts: parts.length === 0 ? NOTHING_SAID : joinedThoughts(parts) };
  return { body: { content, ...candidate.members() }, blocked: candidate.blocked };
}

/** Thoughts, then text, then calls. What Google itself said keeps its order. */
function ordered(parts: readonly Part[]): readonly Part[] {
  if (parts.some((part) => part.type === 'native' && part.dialect === 'gemini')) return parts;
  return parts.toSorted((a, b) => rankOf(a) - rankOf(b));
}

function rankOf({ type }: Part): number {
  if (type === 'reasoning') return 0;
  return type === 'tool_call' ? 2 : 1;
}

/** The proof of a thought stands on it. */
function joinedThoughts(parts: readonly JsonObject[]): JsonObject[] {
  const joined: JsonObject[] = [];
  for (const part of parts) {
    const last = joined.at(-1);
    if (last?.['thought'] === true && part['thought'] === true && part['text'] === '' && last['thoughtSignature'] === undefined)
      joined[joined.length - 1] = { ...part, text: last['text'] };
    else joined.push(part);
  }
  return joined;
}
