import type { StreamPart } from '../../core/answer.ts';
import type { Deployment } from '../../core/deployment.ts';
import { foldStream } from '../../core/fold-stream.ts';
import { JsonDocument } from '../../core/json-document.ts';
import { isObject, type JsonObject } from '../../core/json-object.ts';
import { readChatAnswer } from '../../dialects/openai/chat/read-answer.ts';
import { ChatStreamReader } from '../../dialects/openai/chat/stream-reader.ts';
import { writeThinkingBlock } from '../../dialects/openai/chat/write-parts.ts';
import type { Call } from '../call.ts';
import type { ReasoningMemory } from '../reasoning-memory.ts';
import type { Upstream } from '../upstream.ts';

/** Parts of one stream kept for the memory; a longer one is not remembered. */
const MOST_PARTS = 20_000;

/**
 * Reasoning for OpenAI-shaped providers that want it back with tool calls (DeepSeek, Kimi, GLM ...), when the client lost it
 * (data-plane 11.8). Nothing of this costs anything where the provider does not want it.
 */
export class ReasoningReplay {
  readonly #memory: ReasoningMemory;
  readonly #owner: string;
  readonly #provider: string;

  /** It verifies its own thoughts: without their signatures they are of no use to it. */
  readonly #signed: boolean;

  private constructor(memory: ReasoningMemory, owner: string, provider: string, signed: boolean) {
    this.#memory = memory;
    this.#owner = owner;
    this.#provider = provider;
    this.#signed = signed;
  }

  /** Null for a provider that does not take reasoning back. */
  static for(call: Call, { provider, upstream }: Deployment<Upstream>, memory: ReasoningMemory): ReasoningReplay | null {
    const { keep = [], reasoningSummary = false } = upstream.resolved.quirks.quirks;
    if (!reasoningSummary && !keep.includes('reasoning_content')) return null;
    return new ReasoningReplay(memory, call.caller.keyHash, provider, reasoningSummary);
  }

  /** The call with the reasoning its history lost; the same call when nothing is missing or known. */
  async restored(call: Call): Promise<Call> {
    if (this.#memory.empty || !call.body.latin1.includes('"tool_calls"')) return call;
    const messages = call.body.value('messages');
    if (!Array.isArray(messages)) return call;
    let changed = false;
    const mended = await Promise.all(
      messages.map(async (message: unknown) => {
        const lost = isObject(message) ? await this.#lost(message) : null;
        changed ||= lost !== null;
        return lost === null ? message : { ...(message as JsonObject), ...lost };
      }),
    );
    if (!changed) return call;
    return { ...call, body: JsonDocument.read(call.body.edited(new Map([['messages', JSON.stringify(mended)]]))) };
  }

  /** Keeps the reasoning of a whole answer that calls tools. */
  remember(body: Buffer): void {
    if (!body.includes('"tool_calls"')) return;
    for (const { parts } of readChatAnswer(JSON.parse(body.toString('utf8'))).choices)
      this.#memory.remember(this.#owner, this.#provider, parts);
  }

  /** Is shown a stream's chunks, all or all but texts. What cannot be read is the stream's own matter: no more is then recorded. */
  recorder(): { see: (chunk: JsonObject) => void; end: () => void } {
    const reader = new ChatStreamReader();
    const seen: StreamPart[] = [];
    let readable = true;
    return {
      see: (chunk) => {
        if (!readable || seen.length >= MOST_PARTS) return;
        try {
          seen.push(...reader.read(chunk).filter(({ type }) => type !== 'text_delta'));
        } catch {
          readable = false;
        }
      },
      end: () => {
        if (!readable || seen.length >= MOST_PARTS || !seen.some(({ type }) => type === 'tool_call_start')) return;
        for (const { parts } of foldStream(seen).choices) this.#memory.remember(this.#owner, this.#provider, parts);
      },
    };
  }

  /** The members that the message should have; null: it has them, or nothing is known. */
  async #lost(message: JsonObject): Promise<JsonObject | null> {
    const calls = message['role'] === 'assistant' ? message['tool_calls'] : null;
    if (!Array.isArray(calls) || this.#thinks(message)) return null;
    for (const call of calls) {
      const known = isObject(call) && typeof call['id'] === 'string' ? await this.#known(call['id']) : null;
      if (known !== null) return known;
    }
    return null;
  }

  #thinks({ reasoning_content: text, thinking_blocks: blocks }: JsonObject): boolean {
    return this.#signed ? Array.isArray(blocks) && blocks.length > 0 : typeof text === 'string' && text !== '';
  }

  async #known(callId: string): Promise<JsonObject | null> {
    const thoughts = (await this.#memory.thoughtsOf(this.#owner, this.#provider, callId)) ?? [];
    if (!this.#signed) {
      const text = thoughts.map((thought) => thought.text).join('');
      return text === '' ? null : { reasoning_content: text };
    }
    const blocks = thoughts.map(writeThinkingBlock).filter((block) => block !== null);
    return blocks.length === 0 ? null : { thinking_blocks: blocks };
  }
}
