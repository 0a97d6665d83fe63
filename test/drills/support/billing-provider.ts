import type { ServerResponse } from 'node:http';
import { completion, FakeProvider, streamedEvents, type SeenRequest } from '../../support/fake-provider.ts';

/** What one call wants of the provider; it stands as JSON in the call's only message. */
export interface Script {
  /** Names the call; the same on every retry and fallback. */
  readonly id: string;
  readonly promptTokens: number;
  readonly outputTokens: number;
  /** Refuse this many requests of the call before one is answered. */
  readonly failFirst?: number;
  /** Status of a refusal; 500. */
  readonly failWith?: number;
  /** Hold every answer back this long, milliseconds. */
  readonly delayMs?: number;
  /** Pause between two pieces of a stream, milliseconds. */
  readonly paceMs?: number;
  /** Tell no usage. */
  readonly silent?: boolean;
  /** Break the connection after so many pieces. */
  readonly cutAfter?: number;
}

/** What the provider did for one call. */
export interface Billed {
  requests: number;
  /** Answers given to the end: the provider bills each with its usage. */
  completed: number;
  /** Pieces of text that left for answers that broke off. */
  brokenPieces: number;
  /** The usage of an answer that broke off had left before. */
  usageLeft: boolean;
}

/** One token each in the vocabularies of OpenAI's models; two, for a model that says one thing for ever is cut off. */
const PIECES = [' hello', ' there'];

const answerOf = (pieces: number): string[] => Array.from({ length: pieces }, (_, index) => PIECES[index % 2] ?? '');

/** How many pieces stand in what came of an answer. */
export function piecesIn(text: string): number {
  return text.match(/ (?:hello|there)/g)?.length ?? 0;
}

/**
 * A provider that keeps its own books: the oracle of the money drills. It reports as usage what the script says.
 */
export class BillingProvider {
  readonly http: FakeProvider;
  readonly calls = new Map<string, Billed>();
  /** Answers under way. */
  running = 0;

  private constructor(http: FakeProvider) {
    this.http = http;
  }

  static async start(): Promise<BillingProvider> {
    const provider = new BillingProvider(await FakeProvider.start());
    provider.http.behaviour = (request, response) => provider.#answer(request, response);
    return provider;
  }

  get url(): string {
    return this.http.url;
  }

  stop(): Promise<void> {
    return this.http.stop();
  }

  #billed(id: string): Billed {
    let billed = this.calls.get(id);
    if (!billed) this.calls.set(id, (billed = { requests: 0, completed: 0, brokenPieces: 0, usageLeft: false }));
    return billed;
  }

  async #answer(request: SeenRequest, response: ServerResponse): Promise<void> {
    this.http.seen.length = 0;
    const script = scriptIn(request);
    const billed = this.#billed(script.id);
    billed.requests++;
    if (script.delayMs) await passed(script.delayMs);
    if (billed.requests <= (script.failFirst ?? 0)) {
      response.writeHead(script.failWith ?? 500, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ error: { message: 'refused on request', type: 'server_error', param: null, code: null } }));
      return;
    }
    this.running++;
    try {
      if (request.json['stream'] === true) await this.#stream(script, billed, response);
      else this.#whole(script, billed, response);
    } finally {
      this.running--;
    }
  }

  #whole(script: Script, billed: Billed, response: ServerResponse): void {
    billed.completed++;
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ ...completion(answerOf(script.outputTokens).join('')), usage: usageOf(script) ?? undefined }));
  }

  async #stream(script: Script, billed: Billed, response: ServerResponse): Promise<void> {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    let pieces = 0;
    for (const event of streamedEvents(answerOf(script.outputTokens), usageOf(script))) {
      if (response.destroyed || (script.cutAfter !== undefined && pieces >= script.cutAfter)) {
        billed.brokenPieces += pieces;
        // What was written is on its way before the connection goes.
        await passed(5);
        response.destroy();
        return;
      }
      response.write(event);
      pieces += piecesIn(event);
      billed.usageLeft ||= event.includes('"prompt_tokens"');
      await passed(script.paceMs ?? 0);
    }
    response.end();
    billed.completed++;
  }
}

function usageOf({ promptTokens, outputTokens, silent }: Script): Record<string, unknown> | null {
  if (silent) return null;
  return { prompt_tokens: promptTokens, completion_tokens: outputTokens, total_tokens: promptTokens + outputTokens };
}

function scriptIn({ json }: SeenRequest): Script {
  const [message] = json['messages'] as { content: string }[];
  return JSON.parse(message?.content ?? '') as Script;
}

/** The body of a call that follows `script`. */
export function scripted(model: string, script: Script, more: Record<string, unknown> = {}): Record<string, unknown> {
  return { model, messages: [{ role: 'user', content: JSON.stringify(script) }], ...more };
}

function passed(ms: number): Promise<void> {
  return new Promise((resolve) => (ms === 0 ? setImmediate(resolve) : setTimeout(resolve, ms)));
}
