import type { Answer, Finish, StreamPart } from '../../core/answer.ts';
import type { StreamEvent, StreamReader } from '../../core/dialect.ts';
import { foldStream } from '../../core/fold-stream.ts';
import type { JsonObject } from '../../core/json-object.ts';
import type { MediaPart } from '../../core/parts.ts';
import { TruncatedStreamError } from '../../core/provider-error.ts';
import type { Usage } from '../../core/usage.ts';

/** What an agent says, whatever its wire. */
export type Said =
  | { readonly type: 'begin'; readonly id?: string; readonly created?: number }
  /** A further piece of the message that is called `of`. */
  | { readonly type: 'text'; readonly of: string; readonly text: string }
  /** All of that message up to here: what was not told yet follows. */
  | { readonly type: 'text_so_far'; readonly of: string; readonly text: string }
  | { readonly type: 'thought'; readonly text: string }
  | { readonly type: 'media'; readonly media: MediaPart }
  /** Facts without a home in the answer, told beside it. */
  | { readonly type: 'beside'; readonly facts: JsonObject }
  | { readonly type: 'usage'; readonly usage: Usage }
  | { readonly type: 'finish'; readonly finish: Finish };

/** One kind of agent: how its events are read, in order. */
export interface AgentWire {
  /** @throws {ProviderError} which the event reports, or as which it cannot be read */
  read(event: StreamEvent): readonly Said[];
  /** The connection closed in good order, where that is the end; absent: it is not. */
  closed?(): readonly Said[];
}

/** Tells what an agent says as the parts of a stream, messages as paragraphs of one answer. */
export class Telling {
  readonly #dialect: string;
  readonly #texts = new Map<string, string>();
  #last: string | null = null;
  #started = false;
  #finished = false;

  constructor(dialect: string) {
    this.#dialect = dialect;
  }

  get finished(): boolean {
    return this.#finished;
  }

  tell(all: readonly Said[]): StreamPart[] {
    return all.flatMap((said) => {
      const parts = this.#finished && said.type !== 'usage' ? [] : this.#told(said);
      if (this.#started || (parts.length === 0 && said.type !== 'begin')) return parts;
      this.#started = true;
      return [startOf(said), ...parts];
    });
  }

  #told(said: Said): StreamPart[] {
    switch (said.type) {
      case 'begin':
        return [];
      case 'text':
        return this.#text(said.of, said.text);
      case 'text_so_far':
        return this.#text(said.of, this.#untold(said.of, said.text));
      case 'thought':
        return said.text === '' ? [] : [{ type: 'reasoning_delta', text: said.text }];
      case 'media':
        return [{ type: 'media', media: said.media }];
      case 'beside':
        return [{ type: 'native', native: { type: 'native', dialect: this.#dialect, raw: said.facts } }];
      case 'usage':
        return [{ type: 'usage', usage: said.usage }];
      case 'finish':
        this.#finished = true;
        return [{ type: 'finish', finish: said.finish }];
    }
  }

  #text(of: string, text: string): StreamPart[] {
    if (text === '') return [];
    const gap = this.#last === null || this.#last === of ? '' : '\n\n';
    this.#last = of;
    this.#texts.set(of, (this.#texts.get(of) ?? '') + text);
    return [{ type: 'text_delta', text: gap + text }];
  }

  /** A message that was told otherwise stays as it was told. */
  #untold(of: string, text: string): string {
    const told = this.#texts.get(of) ?? '';
    return text.startsWith(told) ? text.slice(told.length) : '';
  }
}

function startOf(said: Said): StreamPart {
  if (said.type !== 'begin') return { type: 'start' };
  const { id, created } = said;
  return { type: 'start', ...(id === undefined ? {} : { id }), ...(created === undefined ? {} : { created }) };
}

/** Reads an agent's stream. Pure: events in, parts out. */
export class AgentReader implements StreamReader {
  readonly #wire: AgentWire;
  readonly #telling: Telling;

  constructor(dialect: string, wire: AgentWire) {
    this.#wire = wire;
    this.#telling = new Telling(dialect);
  }

  get finished(): boolean {
    return this.#telling.finished;
  }

  push(event: StreamEvent): StreamPart[] {
    return this.finished ? [] : this.#telling.tell(this.#wire.read(event));
  }

  end(): StreamPart[] {
    if (this.finished) return [];
    const late = this.#telling.tell(this.#wire.closed?.() ?? []);
    if (!this.finished) throw new TruncatedStreamError();
    return late;
  }
}

/** A whole answer. */
export function answerOf(dialect: string, said: readonly Said[]): Answer {
  return foldStream(new Telling(dialect).tell(said));
}
