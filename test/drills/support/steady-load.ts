import { Agent } from 'node:http';
import { scripted, type Script } from './billing-provider.ts';
import { callChat, type Seen } from './caller.ts';
import { pause } from './scale.ts';

export interface Measured extends Seen {
  /** `performance.now()` when it was asked. */
  readonly at: number;
  readonly script: Script;
}

export interface LoadOptions {
  readonly url: string;
  readonly key: string;
  readonly model: string;
  /** Begins every call's id. */
  readonly name: string;
  readonly callers?: number;
}

/** Callers that ask again and again at an easy pace, every other call a stream, until they are stopped. */
export class SteadyLoad {
  readonly calls: Measured[] = [];
  readonly #options: LoadOptions;
  readonly #agent: Agent;
  readonly #running: Promise<unknown>;
  #stopped = false;

  constructor(options: LoadOptions) {
    this.#options = options;
    const { callers = 6 } = options;
    this.#agent = new Agent({ keepAlive: true, maxSockets: callers });
    this.#running = Promise.all(Array.from({ length: callers }, (_, caller) => this.#ask(caller)));
  }

  /** Stops and waits for the answers under way. */
  async stop(): Promise<void> {
    this.#stopped = true;
    await this.#running;
    this.#agent.destroy();
  }

  /** Calls begun between two times. */
  between(from: number, to: number): Measured[] {
    return this.calls.filter(({ at }) => at >= from && at < to);
  }

  async #ask(caller: number): Promise<void> {
    const { url, key, model, name } = this.#options;
    for (let turn = 0; !this.#stopped; turn++) {
      const script: Script = {
        id: `${name}-${caller}-${turn}`,
        promptTokens: 1 + ((turn * 7) % 100),
        outputTokens: 1 + (turn % 5),
        delayMs: 5,
      };
      const at = performance.now();
      const seen = await callChat({
        url,
        key,
        body: scripted(model, script, { stream: turn % 2 === 0 }),
        callId: script.id,
        agent: this.#agent,
      });
      this.calls.push({ ...seen, at, script });
      await pause(20);
    }
  }
}

/** The time within which 99 of 100 calls were answered, milliseconds. */
export function p99(calls: readonly Measured[]): number {
  const times = calls.map(({ tookMs }) => tookMs).sort((a, b) => a - b);
  return times[Math.floor(times.length * 0.99)] ?? 0;
}
