import type { Answer, AnswerChoice, Finish } from '../../../core/answer.ts';
import type { JsonObject } from '../../../core/json-object.ts';
import type { Usage } from '../../../core/usage.ts';
import { writeUsage } from '../usage.ts';
import { completionLogprobs } from './logprobs.ts';

/** What the gateway knows of a completion, and how it is told. */
export interface CompletionShape {
  readonly id: string;
  /** Model name for the client. */
  readonly model: string;
  /** Seconds since 1970. */
  readonly created: number;
  /** Stands before each answer: the prompt, where the client wants it repeated. */
  readonly echoed: string;
  /** Index of the first choice: prompts before it have theirs. */
  readonly firstIndex: number;
}

/** The answer of `POST /completions` (data-plane 9.5). Without usage there is none in the body. */
export function writeCompletion(
  choices: readonly JsonObject[],
  usage: Usage | undefined,
  { id, created, model }: CompletionShape,
): JsonObject {
  return { id, object: 'text_completion', created, model, choices, ...(usage === undefined ? {} : { usage: writeUsage(usage) }) };
}

export function completionChoices({ choices }: Answer, { echoed, firstIndex }: CompletionShape): JsonObject[] {
  return choices.map((choice) => ({
    text: echoed + writtenText(choice),
    index: firstIndex + choice.index,
    logprobs: completionLogprobs(choice.logprobs, echoed.length),
    finish_reason: finishWord(choice.finish),
  }));
}

/** Thoughts have no place in a completion. */
function writtenText({ parts }: AnswerChoice): string {
  return parts.map((part) => (part.type === 'text' || part.type === 'refusal' ? part.text : '')).join('');
}

/** Completions know no tools. */
export function finishWord({ reason }: Finish): string {
  return reason === 'tool_calls' ? 'stop' : reason;
}
