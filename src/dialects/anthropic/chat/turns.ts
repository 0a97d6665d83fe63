import type { JsonObject } from '../../../core/json-object.ts';
import type { CacheMark, ToolResultPart } from '../../../core/parts.ts';
import type { Message } from '../../../core/request.ts';
import type { ToolNames } from '../../tool-names.ts';
import { isThought, messageBlocks, resultBlock } from './blocks.ts';
import { cacheControl } from './cache-marks.ts';

/** An element of `messages`. */
export interface Turn {
  readonly role: 'user' | 'assistant' | 'system';
  readonly content: JsonObject[];
}

interface Call {
  /** The client's id; careless clients give one to several calls. */
  readonly id: string;
  /** The provider's. */
  readonly wireId: string;
}

interface Result {
  readonly part: ToolResultPart;
  /** The mark of the message around it. */
  readonly cache: CacheMark | undefined;
}

interface OpenTurn extends Turn {
  /** Calls of an assistant's turn, in order. */
  readonly calls: Call[];
  /** Results in a user's turn, in order. */
  readonly results: Result[];
}

/** Stands where a turn has nothing to say: Anthropic takes no empty content. */
const FILLER = '.';
const LOST_RESULT = '[tool result missing]';

/** Gathers messages into turns that Anthropic takes. */
export class TurnBuilder {
  readonly #names: ToolNames;
  readonly #turns: OpenTurn[] = [];
  readonly #ids = new Set<string>();

  constructor(names: ToolNames) {
    this.#names = names;
  }

  /**
   * @param role `system` for a note that may have a turn of its own; that stands only behind the user's
   * @throws {InvalidRequestError} for media that have no block
   */
  add(role: 'user' | 'assistant' | 'tool' | 'system', message: Message): void {
    if (role === 'tool') return this.#addResults(message);
    const turn = this.#turn(role === 'system' && !this.#endsWithUser() ? 'user' : role);
    const blocks = messageBlocks(message.parts, this.#names, (id) => this.#callId(turn, id));
    turn.content.push(...marked(blocks, message));
    // A user's message of Anthropic's own surface holds its results itself.
    if (role === 'user') this.#addResults(message);
  }

  finish(): Turn[] {
    this.#dropEmptyPrefill();
    const turns = this.#withResults().map(({ role, content }) => ({ role, content: content.length > 0 ? content : [filler()] }));
    return turns[0]?.role === 'user' ? turns : [{ role: 'user', content: [filler()] }, ...turns];
  }

  #endsWithUser(): boolean {
    const last = this.#turns.at(-1)?.role;
    return last === 'user' || last === 'system';
  }

  /** The running turn when the role stays the same, else a new one. */
  #turn(role: Turn['role']): OpenTurn {
    const last = this.#turns.at(-1);
    if (last?.role === role) return last;
    const turn: OpenTurn = { role, content: [], calls: [], results: [] };
    this.#turns.push(turn);
    return turn;
  }

  /** Results without a call in the turn before are dropped. */
  #addResults({ parts, cache }: Message): void {
    const calls = this.#turns.findLast(({ role }) => role === 'assistant')?.calls ?? [];
    for (const part of parts) {
      if (part.type === 'tool_result' && calls.some(({ id }) => id === part.callId)) this.#turn('user').results.push({ part, cache });
    }
  }

  /** A lawful id that no other call has: some clients count from 0 in each round. */
  #callId(turn: OpenTurn, id: string): string {
    const lawful = id.replaceAll(/[^a-zA-Z0-9_-]/g, '_') || 'call';
    let unique = lawful;
    for (let n = 2; this.#ids.has(unique); n++) unique = `${lawful}_${n}`;
    this.#ids.add(unique);
    turn.calls.push({ id, wireId: unique });
    return unique;
  }

  /** The start of an answer may not end in blanks, nor be empty. */
  #dropEmptyPrefill(): void {
    const last = this.#turns.at(-1);
    if (last?.role !== 'assistant') return;
    const end = last.content.at(-1);
    if (end?.['type'] === 'text' && typeof end['text'] === 'string') end['text'] = end['text'].trimEnd();
    if (last.content.length === 0) this.#turns.pop();
  }

  /** Every turn with calls is followed by a user's turn that begins with all their results, in the order of the calls. */
  #withResults(): Turn[] {
    const turns: Turn[] = [];
    this.#turns.forEach((turn, index) => {
      if (turn.role === 'user')
        return turns.push({ role: 'user', content: [...resultsFor(this.#turns[index - 1], turn), ...turn.content] });
      turns.push(turn);
      if (turn.calls.length > 0 && this.#turns[index + 1]?.role !== 'user') turns.push({ role: 'user', content: resultsFor(turn, null) });
      return undefined;
    });
    return turns;
  }
}

function resultsFor(before: OpenTurn | undefined, turn: OpenTurn | null): JsonObject[] {
  return (before?.calls ?? []).map(({ wireId, id }, index, calls) => {
    const result = resultFor(id, calls.slice(0, index), calls.slice(index + 1), turn?.results ?? []);
    return result ? resultBlock(result.part, wireId, result.cache) : { type: 'tool_result', tool_use_id: wireId, content: LOST_RESULT };
  });
}

/** Calls that share an id take their results in order; of more results than calls the last counts. */
function resultFor(callId: string, earlier: readonly Call[], later: readonly Call[], results: readonly Result[]): Result | undefined {
  const own = results.filter(({ part }) => part.callId === callId);
  const nth = earlier.filter(({ id }) => id === callId).length;
  const isLast = !later.some(({ id }) => id === callId);
  return isLast ? own.slice(nth).at(-1) : own[nth];
}

/** A mark on the message belongs to its last block, thoughts excepted. */
export function marked(blocks: JsonObject[], { cache }: Message): JsonObject[] {
  const last = blocks.at(-1);
  if (last && !isThought(last)) Object.assign(last, cacheControl(cache));
  return blocks;
}

function filler(): JsonObject {
  return { type: 'text', text: FILLER };
}

/**
 * Whether the turns end inside a round of tool calls that did not begin with a thought. Thinking by budget is refused
 * there; rounds that are over do not matter.
 *
 * @see https://platform.claude.com/docs/en/build-with-claude/extended-thinking#preserving-thinking-blocks
 */
export function roundLacksThought(turns: readonly Turn[]): boolean {
  const start = turns.findLastIndex(({ role, content }) => role === 'user' && !content.some((block) => block['type'] === 'tool_result'));
  const first = turns.slice(start + 1).find(({ role }) => role === 'assistant');
  const opening = first?.content[0];
  return first !== undefined && opening !== undefined && first.content.some((block) => block['type'] === 'tool_use') && !isThought(opening);
}
