import type { Finish } from '../../core/answer.ts';
import { isObject, wordOf, type JsonObject } from '../../core/json-object.ts';
import { isTokenCount, type Usage } from '../../core/usage.ts';
import { objectsIn } from './event-json.ts';
import type { Said } from './said.ts';

/** A message of a model, or a piece of one; null for everything else that stands among the messages of a graph. */
export interface AiMessage {
  readonly id: string;
  readonly text: string;
  readonly thought: string;
  readonly usage: JsonObject | null;
  /** What the model's own provider said of its end. */
  readonly ended: string;
}

/** @see https://docs.langchain.com/oss/python/langchain/messages (2026-11-26) */
export function aiMessage(message: JsonObject): AiMessage | null {
  const { id, type, content, usage_metadata: usage, response_metadata: about } = message;
  if (type !== 'ai' && type !== 'AIMessageChunk') return null;
  const { finish_reason: reason, stop_reason: stop } = isObject(about) ? about : {};
  return { id: wordOf(id), ...saidIn(content), usage: isObject(usage) ? usage : null, ended: wordOf(reason) || wordOf(stop) };
}

/** Content is text, or a list of blocks. Calls of tools among them are the agent's own business. */
function saidIn(content: unknown): Pick<AiMessage, 'text' | 'thought'> {
  if (!Array.isArray(content)) return { text: wordOf(content), thought: '' };
  const blocks = content.map((block: unknown) => (typeof block === 'string' ? { type: 'text', text: block } : block));
  const joined = (type: string, ...names: string[]): string =>
    objectsIn(blocks)
      .map((block) => (block['type'] === type ? names.map((name) => wordOf(block[name])).join('') : ''))
      .join('');
  return { text: joined('text', 'text'), thought: joined('thinking', 'thinking') + joined('reasoning', 'reasoning') };
}

/** What the models of one run say, with what each of them counted. */
export class GraphMessages {
  readonly #counts = new Map<string, Usage | null>();
  readonly #inPieces = new Set<string>();
  #ended = '';

  /** A piece as a model writes it. */
  piece(message: AiMessage | null): Said[] {
    if (message === null) return [];
    this.#inPieces.add(message.id);
    return this.#said(message, 'text');
  }

  /** A message as a whole; one that came in pieces was said. */
  whole(message: AiMessage | null): Said[] {
    return message === null || this.#inPieces.has(message.id) ? [] : this.#said(message, 'text_so_far');
  }

  end(): Said[] {
    const usage = this.#usage();
    return [{ type: 'finish', finish: finishOf(this.#ended) }, ...(usage === null ? [] : [{ type: 'usage' as const, usage }])];
  }

  #said({ id, text, thought, usage, ended }: AiMessage, how: 'text' | 'text_so_far'): Said[] {
    if (ended !== '') this.#ended = ended;
    this.#count(id, usage);
    const begun: Said[] = id === '' ? [] : [{ type: 'begin', id }];
    return [...begun, { type: 'thought', text: thought }, { type: how, of: id, text }];
  }

  /** Pieces add up, as LangChain adds them. */
  #count(id: string, raw: JsonObject | null): void {
    const known = this.#counts.get(id) ?? null;
    const { input_tokens: input, output_tokens: output, input_token_details: details } = raw ?? {};
    if (!isTokenCount(input) || !isTokenCount(output)) return void this.#counts.set(id, known);
    const { cache_read: cached } = isObject(details) ? details : {};
    this.#counts.set(
      id,
      added(known, {
        inputTokens: input,
        outputTokens: output,
        ...(isTokenCount(cached) && cached > 0 ? { cacheReadTokens: cached } : {}),
      }),
    );
  }

  /** Of all models together; null when one of them did not count. */
  #usage(): Usage | null {
    const counts = [...this.#counts.values()];
    return counts.includes(null) ? null : counts.reduce(added, null);
  }
}

function added(known: Usage | null, more: Usage | null): Usage | null {
  if (known === null || more === null) return known ?? more;
  const cached = (known.cacheReadTokens ?? 0) + (more.cacheReadTokens ?? 0);
  return {
    inputTokens: known.inputTokens + more.inputTokens,
    outputTokens: known.outputTokens + more.outputTokens,
    ...(cached === 0 ? {} : { cacheReadTokens: cached }),
  };
}

const CUT: ReadonlySet<string> = new Set(['length', 'max_tokens', 'MAX_TOKENS']);
const FILTERED: ReadonlySet<string> = new Set(['content_filter', 'SAFETY', 'refusal']);
const PLAIN: ReadonlySet<string> = new Set(['', 'stop', 'STOP', 'end_turn', 'stop_sequence']);

/** How the last model of a run ended. A call of a tool ends nothing that the client sees. */
function finishOf(word: string): Finish {
  const reason = CUT.has(word) ? 'length' : FILTERED.has(word) ? 'content_filter' : 'stop';
  return PLAIN.has(word) || word === reason ? { reason } : { reason, native: word };
}
