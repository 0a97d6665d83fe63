import type { Clock } from '../core/clock.ts';
import type { Part, ReasoningPart, ToolCallPart } from '../core/parts.ts';
import type { ChatRequest, Message } from '../core/request.ts';

/** What a provider wants back with its tool calls, and most clients lose (data-plane 11.8, rulings B5, B6). */
interface Remembered {
  /** Reasoning that stood before the call. */
  readonly reasoning: readonly ReasoningPart[];
  /** The call's own signature. */
  readonly signature: string | undefined;
  readonly bytes: number;
  readonly until: number;
}

const MOST_ENTRIES = 50_000;
const MOST_BYTES = 67_108_864;
const LIFE_MS = 86_400_000;

/**
 * Reasoning state of tool calls, by virtual key, provider and call id: in memory alone, bounded, gone after a day.
 * It is no storage of prompts: only what providers sealed or thought before a call is here.
 */
export class ReasoningMemory {
  readonly #clock: Clock;
  /** Oldest first: a map remembers the order of insertion. */
  readonly #entries = new Map<string, Remembered>();
  #bytes = 0;
  #on = true;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** `reasoning_state: none` turns it off. */
  use(on: boolean): void {
    this.#on = on;
    if (!on) this.#entries.clear();
    if (!on) this.#bytes = 0;
  }

  get size(): number {
    return this.#entries.size;
  }

  /** Keeps what stands before the tool calls of an answer. */
  remember(owner: string, provider: string, parts: readonly Part[]): void {
    if (!this.#on) return;
    const reasoning = parts.filter((part): part is ReasoningPart => part.type === 'reasoning');
    for (const call of parts) {
      if (call.type !== 'tool_call' || (reasoning.length === 0 && call.signature === undefined)) continue;
      const bytes = reasoning.reduce(
        (sum, { text, signature, encrypted }) => sum + text.length + (signature?.length ?? 0) + (encrypted?.length ?? 0),
        200 + (call.signature?.length ?? 0),
      );
      this.#put(keyOf(owner, provider, call.id), { reasoning, signature: call.signature, bytes, until: this.#clock.now() + LIFE_MS });
    }
  }

  /** Thoughts that stood before a tool call, as one text; null when they are not known. */
  reasoningOf(owner: string, provider: string, callId: string): string | null {
    return (
      this.#find(keyOf(owner, provider, callId))
        ?.reasoning.map(({ text }) => text)
        .join('') ?? null
    );
  }

  /** The request with the state its history lost; the same object when nothing is missing or known. */
  restored(owner: string, provider: string, request: ChatRequest): ChatRequest {
    if (this.#entries.size === 0) return request;
    let changed = false;
    const messages = request.messages.map((message) => {
      const mended = this.#mended(owner, provider, message);
      changed ||= mended !== message;
      return mended;
    });
    return changed ? { ...request, messages } : request;
  }

  #mended(owner: string, provider: string, message: Message): Message {
    if (message.role !== 'assistant') return message;
    const calls = message.parts.filter((part): part is ToolCallPart => part.type === 'tool_call');
    const known = calls.map((call) => this.#find(keyOf(owner, provider, call.id)));
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

  #find(key: string): Remembered | null {
    const entry = this.#entries.get(key);
    if (!entry) return null;
    if (entry.until > this.#clock.now()) return entry;
    this.#drop(key, entry);
    return null;
  }

  #put(key: string, entry: Remembered): void {
    const old = this.#entries.get(key);
    if (old) this.#drop(key, old);
    this.#entries.set(key, entry);
    this.#bytes += entry.bytes;
    for (const [oldest, { bytes }] of this.#entries) {
      if (this.#entries.size <= MOST_ENTRIES && this.#bytes <= MOST_BYTES) break;
      this.#entries.delete(oldest);
      this.#bytes -= bytes;
    }
  }

  #drop(key: string, entry: Remembered): void {
    this.#entries.delete(key);
    this.#bytes -= entry.bytes;
  }
}

function keyOf(owner: string, provider: string, callId: string): string {
  return `${owner} ${provider} ${callId}`;
}

function withSignature(call: ToolCallPart, signature: string | undefined): ToolCallPart {
  return signature === undefined || call.signature !== undefined ? call : { ...call, signature };
}
