import type { Answer } from '../../core/answer.ts';
import type { Deployment } from '../../core/deployment.ts';
import type { JsonObject } from '../../core/json-object.ts';
import type { Usage } from '../../core/usage.ts';
import { completionChoices, writeCompletion, type CompletionShape } from '../../dialects/openai/completions/answer.ts';
import type { AskedCompletion } from '../../dialects/openai/completions/request.ts';
import { CompletionStreamWriter } from '../../dialects/openai/completions/stream.ts';
import { checkParams } from '../../dialects/params.ts';
import type { Call } from '../call.ts';
import type { Upstream } from '../upstream.ts';
import type { AskedChat, ClientSide } from './client-side.ts';
import type { ExtraBody } from './extra-body.ts';
import { targetFor } from './target.ts';

/** One prompt of a completion on its way to a provider that is asked in other words. */
export interface PromptTurn {
  readonly asked: AskedCompletion;
  readonly extra: ExtraBody | null;
  readonly prompt: string;
  /** Place among the prompts of the call. */
  readonly at: number;
  /** Whether the provider streams this one. */
  readonly stream: boolean;
  readonly shape: Omit<CompletionShape, 'echoed' | 'firstIndex'>;
  /** Told the answer, when it is not streamed. */
  readonly onAnswer: (choices: readonly JsonObject[], usage: Usage | undefined) => void;
}

/** A client that wants text continued, before a provider that is asked by a conversation, or by a completion of its dialect's own. */
export function completionClient(turn: PromptTurn): ClientSide {
  const { asked, at, extra, onAnswer, prompt } = turn;
  const shape: CompletionShape = { ...turn.shape, echoed: asked.echo ? prompt : '', firstIndex: at * asked.n };
  const whole = (answer: Answer): JsonObject => {
    const choices = completionChoices(answer, shape);
    onAnswer(choices, answer.usage);
    return writeCompletion(choices, answer.usage, shape);
  };
  return {
    read(call, deployment): AskedChat {
      const own = deployment.upstream.resolved.completions === 'own';
      const forced = withoutPlace(asked, own, call, deployment);
      const { others, ...chat } = asked.chat(prompt);
      const request = { ...chat, stream: turn.stream, others: { ...others, ...forced } };
      const { suffix } = asked;
      return {
        request,
        extra,
        teller: { whole, writer: () => new CompletionStreamWriter(shape, call.options.includeUsage) },
        ...(own && { completion: { prompt, ...(suffix === undefined ? {} : { suffix }) } }),
      };
    },
  };
}

/**
 * Parameters that have no place in a conversation and are sent all the same, because the owner or the client says so.
 *
 * @throws {UnsupportedParamsError} for the others, unless they are to be dropped
 */
function withoutPlace(asked: AskedCompletion, own: boolean, call: Call, deployment: Deployment<Upstream>): JsonObject {
  const values = {
    ...(own || asked.suffix === undefined ? {} : { suffix: asked.suffix }),
    ...(asked.bestOf === undefined || asked.bestOf === asked.n ? {} : { best_of: asked.bestOf }),
    ...(asked.echo && asked.logprobs ? { echo: true } : {}),
  };
  const dropped = checkParams(Object.keys(values), NONE, targetFor(call, deployment));
  return Object.fromEntries(Object.entries(values).filter(([name]) => !dropped.has(name)));
}

const NONE: ReadonlySet<string> = new Set();
