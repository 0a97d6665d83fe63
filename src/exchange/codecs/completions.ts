import type { Deployment } from '../../core/deployment.ts';
import type { JsonObject } from '../../core/json-object.ts';
import type { Usage } from '../../core/usage.ts';
import { writeCompletion } from '../../dialects/openai/completions/answer.ts';
import { readCompletionRequest } from '../../dialects/openai/completions/request.ts';
import { writeUsage } from '../../dialects/openai/usage.ts';
import type { Call } from '../call.ts';
import type { Codec, PrepareContext, Prepared, WholeAnswer } from '../codec.ts';
import type { Upstream } from '../upstream.ts';
import { askedMembers } from './asked-members.ts';
import { completionClient, type PromptTurn } from './completion-client.ts';
import { chatNeedsResponses, overResponses } from './over-responses.ts';
import { PassedCompletion } from './passed-completion.ts';
import { latin1 } from './read-stream.ts';
import { textsFrom, type TextsOfTokens } from './texts-of-tokens.ts';
import { TranslatedChat, type TranslatedChatParts } from './translated-chat.ts';

export interface CompletionsCodecParts extends TranslatedChatParts {
  readonly textsOfTokens: TextsOfTokens;
}

/**
 * `POST /completions`: passed where the provider has OpenAI's own, else asked one prompt after another, as its dialect completes text
 * or as a conversation of one turn.
 */
export class CompletionsCodec implements Codec {
  readonly #parts: CompletionsCodecParts;

  constructor(parts: CompletionsCodecParts) {
    this.#parts = parts;
  }

  async prepare(call: Call, deployment: Deployment<Upstream>, context: PrepareContext): Promise<Prepared> {
    if (deployment.upstream.resolved.completions === 'openai') return new PassedCompletion(call, deployment, context);
    const { members, extra } = askedMembers(call, deployment, context);
    const asked = readCompletionRequest(members, call.groupName);
    const prompts = await textsFrom(asked.prompts, call.groupName, 'prompt', this.#parts.textsOfTokens);
    const shape = { id: `cmpl-${call.requestId}`, model: context.shownModel, created: Math.floor(call.startedAt / 1000) };
    const told = new Told(shape, call.options.includeUsage);
    const stream = call.stream && prompts.length === 1;
    const spoken = deployment.dialect === 'openai' && chatNeedsResponses(call, deployment) ? overResponses(deployment) : deployment;
    const prepared = await Promise.all(
      prompts.map((prompt, at) => {
        const turn: PromptTurn = { asked, extra, prompt, at, stream, shape, onAnswer: (choices, usage) => told.take(at, choices, usage) };
        return new TranslatedChat(completionClient(turn), this.#parts).prepare(call, spoken, context);
      }),
    );
    const [first, ...requests] = prepared;
    if (!first) throw new Error('a completion without a prompt');
    return requests.length === 0 ? first : oneOfAll(first, requests, told);
  }
}

/** The answers to the prompts of one call. */
class Told {
  readonly #shape: PromptTurn['shape'];
  readonly #includeUsage: boolean;
  readonly #choices: (readonly JsonObject[])[] = [];
  readonly #usages: (Usage | undefined)[] = [];

  constructor(shape: PromptTurn['shape'], includeUsage: boolean) {
    this.#shape = shape;
    this.#includeUsage = includeUsage;
  }

  take(at: number, choices: readonly JsonObject[], usage: Usage | undefined): void {
    this.#choices[at] = choices;
    this.#usages[at] = usage;
  }

  /** Of those that told it. */
  get usages(): readonly Usage[] {
    return this.#usages.filter((usage) => usage !== undefined);
  }

  /** All of them as one. */
  whole(): WholeAnswer {
    const choices = this.#choices.flat();
    const usage = summed(this.#usages);
    const body = writeCompletion(choices, usage, { ...this.#shape, echoed: '', firstIndex: 0 });
    return {
      body: Buffer.from(JSON.stringify(body)),
      usage: usage ?? null,
      text: () => choices.map(({ text }) => String(text)).join('\n'),
    };
  }

  /** The same as a stream: an event for each choice. */
  stream(): string {
    const { id, created, model } = this.#shape;
    const usage = summed(this.#usages);
    const event = (choices: readonly JsonObject[], more: JsonObject = {}): string =>
      `data: ${JSON.stringify({ id, object: 'text_completion', created, model, choices, ...more })}\n\n`;
    const choices = this.#choices.flat().map((choice) => event([choice]));
    const last = this.#includeUsage && usage ? event([], { usage: writeUsage(usage) }) : '';
    return latin1(`${choices.join('')}${last}data: [DONE]\n\n`);
  }
}

/** Undefined when one of them was not told. */
function summed(usages: readonly (Usage | undefined)[]): Usage | undefined {
  const told = usages.filter((usage) => usage !== undefined);
  if (told.length < usages.length) return undefined;
  const sumOf = (count: (usage: Usage) => number | undefined): number => told.reduce((sum, usage) => sum + (count(usage) ?? 0), 0);
  return {
    inputTokens: sumOf((usage) => usage.inputTokens),
    outputTokens: sumOf((usage) => usage.outputTokens),
    cacheReadTokens: sumOf((usage) => usage.cacheReadTokens),
    cacheWriteTokens: sumOf((usage) => usage.cacheWriteTokens),
    cacheWriteHourTokens: sumOf((usage) => usage.cacheWriteHourTokens),
    reasoningTokens: sumOf((usage) => usage.reasoningTokens),
    raw: told.map(({ raw }) => raw),
  };
}

function oneOfAll(first: Prepared, requests: readonly Prepared[], told: Told): Prepared {
  const { origin, tls, path, headers, body, framing, job } = first;
  return {
    ...(job && { job }),
    origin,
    tls,
    path,
    headers,
    body,
    framing,
    rest: { requests, told: () => told.usages, joined: () => told.whole() },
    whole: (answer, answerHeaders) => first.whole(answer, answerHeaders),
    retold: () => told.stream(),
    stream: () => {
      throw new Error('several prompts are not streamed by the provider');
    },
    error: (reply) => first.error(reply),
  };
}
