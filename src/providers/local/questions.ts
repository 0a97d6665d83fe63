import type { Clock } from '../../core/clock.ts';
import type { Transport } from '../transport/transport.ts';

/** What a server answered to a small question. */
export interface Told {
  readonly status: number;
  /** Lower case names. */
  readonly headers: Readonly<Record<string, string>>;
  /** Parsed; undefined when it is no JSON. */
  readonly body: unknown;
}

const TIMEOUT_MS = 1000;
/** A server that answers is asked on for so long at most. */
const PATIENCE_MS = 8000;
const LARGEST = 4_194_304;

export interface QuestionParts {
  readonly clock: Clock;
  readonly transport: Transport;
}

/** Small questions to one server, each answered within a second or not at all. */
export class Questions {
  readonly #parts: QuestionParts;
  readonly #address: string;
  readonly #until: number;

  /** @param address `http://host:port`, and a path when the server stands below one; judged by the egress policy before */
  constructor(parts: QuestionParts, address: string) {
    this.#parts = parts;
    this.#address = address;
    this.#until = parts.clock.elapsed() + PATIENCE_MS;
  }

  get(path: string): Promise<Told | null> {
    return this.#ask(path, null);
  }

  post(path: string, body: unknown): Promise<Told | null> {
    return this.#ask(path, Buffer.from(JSON.stringify(body)));
  }

  /** The parsed answer of a 200; undefined for everything else. */
  async body(path: string): Promise<unknown> {
    const told = await this.get(path);
    return told?.status === 200 ? told.body : undefined;
  }

  async #ask(path: string, body: Buffer | null): Promise<Told | null> {
    const { clock, transport } = this.#parts;
    if (clock.elapsed() >= this.#until) return null;
    const url = new URL(this.#address.replace(/\/+$/, '') + path);
    const exchange = transport.send({
      method: body === null ? 'GET' : 'POST',
      origin: url.origin,
      path: url.pathname + url.search,
      headers: { accept: 'application/json', 'content-type': 'application/json', 'user-agent': 'llm-gateway' },
      body,
      timeouts: { firstByteMs: TIMEOUT_MS, totalMs: TIMEOUT_MS, idleMs: TIMEOUT_MS },
    });
    try {
      await exchange.opened();
      const text = (await exchange.whole(LARGEST)).toString('utf8');
      return { status: exchange.status, headers: exchange.headers, body: parsed(text) };
    } catch {
      exchange.abort();
      return null;
    }
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
