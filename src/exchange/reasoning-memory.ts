import type { Part, ReasoningPart, ToolCallPart } from '../core/parts.ts';
import type { ChatRequest, Message } from '../core/request.ts';
import type { KeepingBounds, TextKeeper } from '../store/kept/text-keeper.ts';

/** What a provider wants back with its tool calls, and most clients lose (data-plane 11.8, rulings B5, B6). */
interface Remembered {
  /** Reasoning that stood before the call. */
  readonly reasoning: readonly ReasoningPart[];
  /** The call's own signature. */
  readonly signature?: string | undefined;
}

/** Of what is kept for later turns: thoughts of as many calls, for a day. */
export const REASONING_BOUNDS: KeepingBounds = { entries: 50_000, bytes: 67_108_864, lifeMs: 86_400_000 };

/**
 * Reasoning state of tool calls, by virtual key, provider and call id. It is no storage of prompts: only what providers sealed or
 * thought before a call is here.
 */
export class ReasoningMemory {
  readonly #texts: TextKeeper;

  constructor(texts: TextKeeper) {
    this.#texts = texts;
  }

  /** Nothing is known of anybody. */
  get empty(): boolean {
    return this.#texts.empty;
  }

  /** Keeps what stands before the tool calls of an answer. */
  remember(owner: string, provider: string, parts: readonly Part[]): void {
    const reasoning = parts.filter((part): part is ReasoningPart => part.type === 'reasoning');
    for (const call of parts) {
      if (call.type !== 'tool_call' || (reasoning.length === 0 && call.signature === undefined)) continue;
      const remembered: Remembered = { reasoning, signature: call.signature };
      this.#texts.put(keyOf(owner, provider, call.id), owner, JSON.stringify(remembered));
    }
  }

  /** Thoughts that stood before a tool call; null when they are not known. */
  async thoughtsOf(owner: string, provider: string, callId: string): Promise<readonly ReasoningPart[] | null> {
    return (await this.#find(owner, provider, callId))?.reasoning ?? null;
  }

  /** The request with the state its history lost; the same object when nothing is missing or known. */
  async restored(owner: string, provider: string, request: ChatRequest): Promise<ChatRequest> {
    if (this.empty) return request;
    const messages = await Promise.all(request.messages.map((message) => this.#mended(owner, provider, message)));
    return messages.every((message, index) => message === request.messages[index]) ? request : { ...request, messages };
  }

  async #mended(owner: string, provider: string, message: Message): Promise<Message> {
    if (message.role !== 'assistant') return message;
    const calls = message.parts.filter((part): part is ToolCallPart => part.type === 'tool_call');
    const known = await Promise.all(calls.map(({ id }) => this.#find(owner, provider, id)));
    if (known.every((entry) => entry === null)) return message;
    // A thought without its seal is of no use to the provider: the sealed one is put in its place.
    const sealed = message.parts.some(
      (part) => part.type === 'reasoning' && (part.signature !== undefined || part.encrypted !== undefined),
    );
    const reasoning = sealed ? [] : (known.find((entry) => entry !== null)?.reasoning ?? []);
    const kept = reasoning.length > 0 ? message.parts.filter((part) => part.type !== 'reasoning') : message.parts;
    return {
      ...message,
      parts: [
        ...reasoning,
        ...kept.map((part) => (part.type === 'tool_call' ? withSignature(part, known[calls.indexOf(part)]?.signature) : part)),
      ],
    };
  }

  async #find(owner: string, provider: string, callId: string): Promise<Remembered | null> {
    const text = await this.#texts.get(keyOf(owner, provider, callId));
    return text === null ? null : (JSON.parse(text) as Remembered);
  }
}

function keyOf(owner: string, provider: string, callId: string): string {
  return `${owner} ${provider} ${callId}`;
}

function withSignature(call: ToolCallPart, signature: string | undefined): ToolCallPart {
  return signature === undefined || call.signature !== undefined ? call : { ...call, signature };
}
