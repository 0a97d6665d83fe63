import { z } from 'zod';
import { isObject } from '../../../core/json-object.ts';
import { MalformedAnswerError } from '../../../core/provider-error.ts';
import { errorWithin } from '../errors.ts';

const TokenLogprob = z.object({ token: z.string(), logprob: z.number(), bytes: z.array(z.number()).nullish() });
const Logprob = TokenLogprob.extend({ top_logprobs: z.array(TokenLogprob).nullish() });

const ToolCall = z.object({
  id: z.string().nullish(),
  function: z.object({ name: z.string(), arguments: z.unknown().optional() }),
});

const Message = z.object({
  content: z.string().nullish(),
  thinking: z.string().nullish(),
  tool_calls: z.array(ToolCall).nullish(),
});

// What is not the answer itself may be odd without breaking the call.
const text = z.string().nullish().catch(null);
const number = z.number().nullish().catch(null);

const Line = z.object({
  model: text,
  created_at: text,
  message: Message.nullish(),
  done: z.boolean().nullish(),
  done_reason: text,
  prompt_eval_count: number,
  eval_count: number,
  total_duration: number,
  load_duration: number,
  prompt_eval_duration: number,
  eval_duration: number,
  logprobs: z.array(Logprob).nullish().catch(null),
});

/** One line of a stream, or a whole answer. Durations are in nanoseconds. */
export type Line = z.infer<typeof Line>;
export type WireToolCall = z.infer<typeof ToolCall>;
export type WireLogprob = z.infer<typeof Logprob>;

/**
 * Reads one line of `/api/chat`.
 *
 * @throws {ProviderError} the error that the line reports
 * @throws {MalformedAnswerError} when it is no such line
 */
export function lineOf(body: unknown): Line {
  const error = isObject(body) ? errorWithin(body) : null;
  if (error) throw error;
  const line = Line.safeParse(body);
  if (line.success) return line.data;
  throw new MalformedAnswerError(`Ollama's answer is not what its API promises: ${z.prettifyError(line.error)}`, 'shape', line.error);
}
