import type { CacheMark, ToolCallPart, ToolResultPart } from '../core/parts.ts';
import type { Message } from '../core/request.ts';

/** Stands where a client lost the result of a call (data-plane 11.2). */
const LOST_RESULT = '[tool result missing]';

/**
 * A conversation in which every call has an id of its own and is followed by its result, in the order of the calls. Cohere and
 * Bedrock refuse all else, and a client cannot mend what another model or a cut history left behind.
 *
 * @param lawful the id as the provider takes it
 * @see https://docs.cohere.com/reference/errors ("tool call id not found in previous tool calls", "cannot have duplicate
 * tool ids") (read 2026-11-26)
 * @see https://docs.aws.amazon.com/bedrock/latest/userguide/tool-use-inference-call.html (read 2026-11-26)
 */
export function pairedHistory(messages: readonly Message[], lawful: (id: string) => string = asGiven): Message[] {
  const taken = new Set<string>();
  const paired: Message[] = [];
  let round: Round | null = null;
  for (const message of messages) {
    if (message.role !== 'assistant') {
      const rest = withoutResults(message, round);
      if (rest) (round?.others ?? paired).push(rest);
      continue;
    }
    if (round) paired.push(...round.close());
    round = new Round(message, taken, lawful);
    paired.push(round.assistant);
  }
  if (round) paired.push(...round.close());
  return paired;
}

/** What a message says beside results; these go to their calls, or nowhere. */
function withoutResults(message: Message, round: Round | null): Message | null {
  const results = message.parts.filter((part) => part.type === 'tool_result');
  if (results.length === 0) return message.role === 'tool' ? null : message;
  for (const result of results) round?.take(result, message.cache);
  const parts = message.parts.filter((part) => part.type !== 'tool_result');
  return parts.length === 0 ? null : { ...message, role: 'user', parts };
}

interface Pair {
  /** As the client knows it. */
  readonly callId: string;
  readonly wireId: string;
  result: ToolResultPart | null;
}

function asGiven(id: string): string {
  return id;
}

/** An assistant's turn and what follows it until the next one. */
class Round {
  readonly assistant: Message;
  /** Turns that are no results: they come behind them. */
  readonly others: Message[] = [];
  readonly #pairs: Pair[] = [];

  constructor(message: Message, taken: Set<string>, lawful: (id: string) => string) {
    this.assistant = {
      ...message,
      parts: message.parts.map((part) => (part.type === 'tool_call' ? this.#own(part, taken, lawful) : part)),
    };
  }

  /** Calls that share an id take their results in turn; of more results than calls the last counts. */
  take(result: ToolResultPart, cache: CacheMark | undefined): void {
    const own = this.#pairs.filter(({ callId }) => callId === result.callId);
    const pair = own.find((one) => one.result === null) ?? own.at(-1);
    if (pair) pair.result = cache ? { ...result, cache } : result;
  }

  close(): Message[] {
    const results = this.#pairs.map(({ wireId, result }): Message => {
      const found = result ?? { type: 'tool_result', parts: [{ type: 'text', text: LOST_RESULT }] };
      return { role: 'tool', parts: [{ ...found, callId: wireId }] };
    });
    return [...results, ...this.others];
  }

  #own(call: ToolCallPart, taken: Set<string>, lawful: (id: string) => string): ToolCallPart {
    const given = call.id || 'call';
    let wireId = lawful(given);
    for (let n = 2; taken.has(wireId); n++) wireId = lawful(`${given}_${n}`);
    taken.add(wireId);
    this.#pairs.push({ callId: call.id, wireId, result: null });
    return { ...call, id: wireId };
  }
}
