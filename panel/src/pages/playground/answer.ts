import type { ChatChunk, ChatUsage } from '../../api/chat.ts';
import { ApiError } from '../../api/client.ts';
import type { Deployment, ModelChoice } from '../../api/playground.ts';
import type { BookedCall } from '../../api/playground.ts';
import { Frames } from './frames.ts';

/** `stopped`: the reader ended it. */
export type AnswerState = 'waiting' | 'streaming' | 'done' | 'stopped' | 'failed';

/** A call of a tool. */
export interface ToolCall {
  readonly id: string;
  name: string;
  /** JSON text as far as it came. */
  arguments: string;
  /** What the reader says the tool gave; null: nothing yet. */
  result: string | null;
}

export interface AnswerTokens {
  readonly input: number;
  readonly output: number;
  readonly reasoning: number;
  readonly cached: number;
  /** Not counted by the provider: guessed from what came. */
  readonly guessed: boolean;
}

/** What is kept of an answer. */
export interface AnswerRecord {
  readonly model: string;
  readonly text: string;
  readonly reasoning: string;
  readonly toolCalls: readonly ToolCall[];
  readonly state: AnswerState;
  readonly finish: string | null;
  readonly callId: string | null;
  readonly deployment: Deployment | null;
  readonly tokens: AnswerTokens | null;
  /** US dollars as booked; null: not booked yet. */
  readonly booked: number | null;
  readonly unpriced: boolean;
  readonly firstTokenMs: number | null;
  readonly reasonedMs: number | null;
  readonly totalMs: number | null;
  readonly error: { readonly message: string; readonly status: number; readonly type: string | null; readonly code: string | null } | null;
}

/** Characters of a token, about; what is known of an answer before its provider counts. */
const CHARACTERS_PER_TOKEN = 4;

/** An answer, from the moment it was asked for. Fires `change` at most once a frame while it grows. */
export class Answer extends EventTarget {
  readonly kind = 'answer';
  readonly id: string;
  readonly model: string;
  text = '';
  reasoning = '';
  toolCalls: ToolCall[] = [];
  state: AnswerState = 'waiting';
  error: ApiError | null = null;
  /** When the error came, by the page's clock. */
  failedAt = 0;
  finish: string | null = null;
  callId: string | null = null;
  deployment: Deployment | null = null;
  booked: number | null = null;
  unpriced = false;
  firstTokenMs: number | null = null;
  reasonedMs: number | null = null;
  readonly #choice: ModelChoice | null;
  readonly #inputCharacters: number;
  readonly #startedAt = performance.now();
  readonly #frames = new Frames(() => this.dispatchEvent(new CustomEvent('change')));
  #counted: AnswerTokens | null = null;
  #totalMs: number | null = null;
  #reasoningFrom: number | null = null;

  /** @param inputCharacters length of what was sent, for a guess at its tokens */
  constructor(id: string, model: string, choice: ModelChoice | null = null, inputCharacters = 0) {
    super();
    this.id = id;
    this.model = model;
    this.#choice = choice;
    this.#inputCharacters = inputCharacters;
  }

  static from(id: string, kept: AnswerRecord): Answer {
    const answer = new Answer(id, kept.model);
    const { state, error, tokens, totalMs, toolCalls, ...rest } = kept;
    Object.assign(answer, { ...rest, toolCalls: toolCalls.map((call) => ({ ...call })) });
    // What was running when the page was left runs no more.
    answer.state = state === 'waiting' || state === 'streaming' ? 'stopped' : state;
    answer.error = error && new ApiError(error.message, error);
    answer.#counted = tokens;
    answer.#totalMs = totalMs ?? 0;
    return answer;
  }

  record(): AnswerRecord {
    const { model, text, reasoning, toolCalls, state, finish, callId, deployment, booked, unpriced, firstTokenMs, reasonedMs } = this;
    const error = this.error && { message: this.error.message, status: this.error.status, type: this.error.type, code: this.error.code };
    const tokens = this.#counted;
    const totalMs = this.running ? null : this.totalMs;
    return { model, text, reasoning, toolCalls, state, finish, callId, deployment, booked, unpriced, firstTokenMs, reasonedMs, error, tokens, totalMs }; // prettier-ignore
  }

  get running(): boolean {
    return this.state === 'waiting' || this.state === 'streaming';
  }

  /** Whether it waits for results of tools. */
  get waitsForTools(): boolean {
    return !this.running && this.toolCalls.some(({ result }) => result === null);
  }

  get totalMs(): number {
    return this.#totalMs ?? performance.now() - this.#startedAt;
  }

  get tokens(): AnswerTokens {
    return this.#counted ?? this.#guess();
  }

  /** Tokens of output a second since the first one; null before there is a figure worth showing. */
  get speed(): number | null {
    if (this.firstTokenMs === null) return null;
    const ms = this.totalMs - this.firstTokenMs;
    return ms < 50 || this.tokens.output < 2 ? null : (this.tokens.output / ms) * 1000;
  }

  /** US dollars: as booked, before that by the prices that are known; null when none is. */
  get cost(): number | null {
    if (this.booked !== null) return this.booked;
    const { inputPrice, outputPrice } = this.prices;
    if (inputPrice === null || outputPrice === null) return null;
    return this.tokens.input * inputPrice + this.tokens.output * outputPrice;
  }

  get prices(): { readonly inputPrice: number | null; readonly outputPrice: number | null } {
    return this.deployment ?? this.#choice?.deployments[0] ?? { inputPrice: null, outputPrice: null };
  }

  start(callId: string | null, deployment: string | null): void {
    this.callId = callId;
    this.deployment = this.#choice?.deployments.find(({ id }) => id === deployment) ?? null;
    this.#frames.soon();
  }

  take(chunks: readonly ChatChunk[]): void {
    for (const chunk of chunks) this.#takeOne(chunk);
    this.#frames.soon();
  }

  end(state: 'done' | 'stopped'): void {
    this.#close(state);
    this.#frames.now();
  }

  fail(error: ApiError): void {
    this.error = error;
    this.failedAt = Date.now();
    this.#close('failed');
    this.#frames.now();
  }

  book(call: BookedCall): void {
    this.booked = call.spend;
    this.unpriced = call.explanation.marks.unpriced;
    this.#counted = {
      input: call.prompt_tokens,
      output: call.completion_tokens,
      reasoning: call.reasoning_tokens,
      cached: call.cache_read_tokens,
      guessed: call.explanation.marks.usage_estimated,
    };
    this.#frames.soon();
  }

  /** The reader gives what a tool said. */
  giveResult(id: string, result: string): void {
    for (const call of this.toolCalls) if (call.id === id) call.result = result;
    this.#frames.now();
  }

  #takeOne({ choices, usage }: ChatChunk): void {
    if (usage) this.#counted = tokensOf(usage);
    const [choice] = choices ?? [];
    if (!choice) return;
    const { content, refusal, reasoning_content: reasoning, tool_calls: calls } = choice.delta ?? {};
    const spoken = (content ?? '') + (refusal ?? '');
    if (spoken !== '' || reasoning || calls?.length) this.#firstPiece();
    if (reasoning) {
      this.#reasoningFrom ??= performance.now();
      this.reasoning += reasoning;
    }
    if (spoken !== '' || calls?.length) this.#endReasoning();
    this.text += spoken;
    for (const call of calls ?? []) this.#takeCall(call);
    if (choice.finish_reason) this.finish = choice.finish_reason;
  }

  #takeCall({
    index = 0,
    id,
    function: said,
  }: {
    index?: number;
    id?: string | null;
    function?: { name?: string | null; arguments?: string | null };
  }): void {
    const call = (this.toolCalls[index] ??= { id: id ?? `call_${index}`, name: '', arguments: '', result: null });
    call.name += said?.name ?? '';
    call.arguments += said?.arguments ?? '';
  }

  #firstPiece(): void {
    this.state = 'streaming';
    this.firstTokenMs ??= performance.now() - this.#startedAt;
  }

  #endReasoning(): void {
    if (this.#reasoningFrom !== null) this.reasonedMs ??= performance.now() - this.#reasoningFrom;
  }

  #close(state: AnswerState): void {
    this.#endReasoning();
    this.#totalMs = performance.now() - this.#startedAt;
    this.toolCalls = this.toolCalls.filter(Boolean);
    this.state = state;
  }

  #guess(): AnswerTokens {
    // What failed before its first token was most likely never worked on.
    if (this.state === 'failed' && this.firstTokenMs === null) return { input: 0, output: 0, reasoning: 0, cached: 0, guessed: false };
    const written = this.toolCalls.reduce((sum, call) => sum + (call?.arguments.length ?? 0), this.text.length);
    const tokens = (characters: number) => Math.ceil(characters / CHARACTERS_PER_TOKEN);
    const reasoning = tokens(this.reasoning.length);
    return { input: tokens(this.#inputCharacters), output: tokens(written) + reasoning, reasoning, cached: 0, guessed: true };
  }
}

function tokensOf(usage: ChatUsage): AnswerTokens {
  return {
    input: usage.prompt_tokens ?? 0,
    output: usage.completion_tokens ?? 0,
    reasoning: usage.completion_tokens_details?.reasoning_tokens ?? 0,
    cached: usage.prompt_tokens_details?.cached_tokens ?? 0,
    guessed: false,
  };
}
