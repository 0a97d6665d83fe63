import type { JsonObject } from '../../../core/json-object.ts';
import type { ChatRequest } from '../../../core/request.ts';
import { readChatRequest } from '../chat/request.ts';
import { booleanAt, maybe, missing, numberAt, present, stringAt, wrongType } from '../request-fields.ts';

/** A text, or the tokens of one. */
export type Prompt = string | readonly number[];

/** The body of `POST /completions`, read for a provider that is asked in other words. */
export interface AskedCompletion {
  /** What is to be continued, one after another. */
  readonly prompts: readonly Prompt[];
  /** What comes behind the gap that is to be filled. */
  readonly suffix?: string;
  /** The answer begins with the prompt. */
  readonly echo: boolean;
  /** Answers for each prompt. */
  readonly n: number;
  readonly bestOf?: number;
  readonly logprobs: boolean;
  /** The same as a conversation: one user turn. */
  chat(prompt: string): ChatRequest;
}

/**
 * @throws {InvalidRequestError} for a missing or mistyped member, naming it
 * @see https://platform.openai.com/docs/api-reference/completions/create (read 2026-11-26)
 */
export function readCompletionRequest(body: JsonObject, model: string): AskedCompletion {
  const { prompt, suffix, echo, best_of: bestOf, logprobs, ...params } = body;
  const candidates = maybe(logprobs, 'logprobs', candidatesAt);
  const asked = {
    ...params,
    ...(candidates === undefined ? {} : { logprobs: true, ...(candidates > 0 ? { top_logprobs: candidates } : {}) }),
  };
  return {
    prompts: readPrompts(prompt),
    echo: maybe(echo, 'echo', booleanAt) ?? false,
    n: Math.max(1, maybe(body['n'], 'n', numberAt) ?? 1),
    logprobs: candidates !== undefined,
    ...present({ suffix: maybe(suffix, 'suffix', stringAt) || undefined, bestOf: maybe(bestOf, 'best_of', numberAt) }),
    chat: (text) => readChatRequest({ ...asked, messages: [{ role: 'user', content: text }] }, model),
  };
}

/** `true` is what chat has in this place. */
function candidatesAt(value: unknown, param: string): number {
  return value === true ? 0 : numberAt(value, param);
}

/** How many answers begin with a prompt of their own; 1 for what is no list of prompts. */
export function promptsIn(prompt: unknown): number {
  return Array.isArray(prompt) && prompt.length > 0 && typeof prompt[0] !== 'number' ? prompt.length : 1;
}

/** @throws {InvalidRequestError} */
export function readPrompts(value: unknown): readonly Prompt[] {
  if (value === undefined || value === null) throw missing('prompt');
  if (typeof value === 'string') return [value];
  if (!Array.isArray(value)) throw wrongType('prompt', 'a string or an array', value);
  const list: readonly unknown[] = value;
  if (isTokens(list)) return [list];
  const prompts = list.filter((item) => typeof item === 'string' || isTokens(item));
  if (list.length === 0 || prompts.length < list.length) throw wrongType('prompt', 'strings or arrays of tokens', value);
  return prompts;
}

function isTokens(value: unknown): value is readonly number[] {
  return Array.isArray(value) && value.length > 0 && value.every((item) => Number.isInteger(item) && (item as number) >= 0);
}
