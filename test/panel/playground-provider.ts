import type { SeenRequest } from '../support/fake-provider.ts';
import type { ServerResponse } from 'node:http';

const chunk = (choices: unknown[], more: Record<string, unknown> = {}): string =>
  `data: ${JSON.stringify({ id: 'chatcmpl-1', object: 'chat.completion.chunk', created: 1_730_000_000, model: 'upstream', choices, ...more })}\n\n`;

/** An event of a streamed answer that brings this. */
export const delta = (said: Record<string, unknown>): string => chunk([{ index: 0, delta: said, finish_reason: null }]);

/** The last events of a streamed answer. */
export const ending = (reason: string, usage: Record<string, unknown>): string =>
  `${chunk([{ index: 0, delta: {}, finish_reason: reason }])}${chunk([], { usage })}data: [DONE]\n\n`;

/** A provider whose answers wait for the test: what is said comes when it says so. */
export class Conversation {
  readonly seen: SeenRequest[] = [];
  readonly #waiting: ((response: ServerResponse) => void)[] = [];
  readonly #responses: ServerResponse[] = [];

  readonly behaviour = (request: SeenRequest, response: ServerResponse): void => {
    this.seen.push(request);
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.flushHeaders();
    const next = this.#waiting.shift();
    if (next) next(response);
    else this.#responses.push(response);
  };

  /** The next call that comes, or one that came already. */
  call(): Promise<ServerResponse> {
    const here = this.#responses.shift();
    if (here) return Promise.resolve(here);
    return new Promise((resolve) => this.#waiting.push(resolve));
  }
}
