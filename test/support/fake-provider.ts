import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** One request that a fake provider received. */
export interface SeenRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: Buffer;
  /** The body parsed, when it is JSON. */
  readonly json: Record<string, unknown>;
  /** Resolves when the other side closed its connection before the answer ended. */
  readonly gone: Promise<void>;
}

export type Behaviour = (request: SeenRequest, response: ServerResponse) => void | Promise<void>;

/**
 * A provider at the outer edge of a test: an HTTP server on loopback that answers as told and keeps what it saw.
 */
export class FakeProvider {
  readonly seen: SeenRequest[] = [];
  /** Requests that have begun and whose body is not all here. */
  arriving = 0;
  /** Called for every request; replace it at any time. */
  behaviour: Behaviour = (_request, response) => {
    response.writeHead(501).end();
  };
  readonly #server: Server;

  private constructor() {
    this.#server = createServer((request, response) => {
      void this.#take(request, response);
    });
    this.#server.keepAliveTimeout = 60_000;
  }

  static async start(behaviour?: Behaviour): Promise<FakeProvider> {
    const provider = new FakeProvider();
    if (behaviour) provider.behaviour = behaviour;
    await new Promise<void>((resolve) => {
      provider.#server.listen(0, '127.0.0.1', resolve);
    });
    return provider;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  get last(): SeenRequest {
    const last = this.seen.at(-1);
    if (!last) throw new Error('the provider saw no request');
    return last;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise<void>((resolve) => {
      this.#server.close(() => {
        resolve();
      });
    });
  }

  async #take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    this.arriving++;
    const body = await whole(request);
    this.arriving--;
    if (body === null) return;
    const gone = new Promise<void>((resolve) => {
      response.on('close', () => {
        if (!response.writableFinished) resolve();
      });
    });
    const seen: SeenRequest = {
      method: request.method ?? '',
      path: request.url ?? '',
      headers: request.headers,
      body,
      json: parsed(body),
      gone,
    };
    this.seen.push(seen);
    try {
      await this.behaviour(seen, response);
    } catch (error) {
      response.destroy(error instanceof Error ? error : undefined);
    }
  }
}

/** Null for a request that breaks off: it is not kept. */
async function whole(request: IncomingMessage): Promise<Buffer | null> {
  const chunks: Buffer[] = [];
  try {
    for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
  } catch {
    return null;
  }
  return Buffer.concat(chunks);
}

function parsed(body: Buffer): Record<string, unknown> {
  try {
    return JSON.parse(body.toString('utf8')) as Record<string, unknown>;
  } catch {
    return {};
  }
}

/** Answers with JSON. */
export function json(value: unknown, status = 200, headers: Record<string, string> = {}): Behaviour {
  return (_request, response) => {
    response.writeHead(status, { 'content-type': 'application/json', ...headers });
    response.end(JSON.stringify(value));
  };
}

/** A chat completion of OpenAI's shape. */
export function completion(
  text: string,
  usage: Record<string, unknown> = { prompt_tokens: 10, completion_tokens: 5, total_tokens: 15 },
): Record<string, unknown> {
  return {
    id: 'chatcmpl-upstream',
    object: 'chat.completion',
    created: 1_730_000_000,
    model: 'upstream-model',
    choices: [{ index: 0, message: { role: 'assistant', content: text, refusal: null }, logprobs: null, finish_reason: 'stop' }],
    usage,
  };
}

/** The events of a streamed completion: role, one event for each piece, finish, usage, end. */
export function streamedEvents(
  pieces: readonly string[],
  usage: Record<string, unknown> | null = { prompt_tokens: 10, completion_tokens: 5, total_tokens: 15 },
): string[] {
  const chunk = (choices: unknown[], more: Record<string, unknown> = {}): string =>
    `data: ${JSON.stringify({ id: 'chatcmpl-upstream', object: 'chat.completion.chunk', created: 1_730_000_000, model: 'upstream-model', choices, ...more })}\n\n`;
  return [
    chunk([{ index: 0, delta: { role: 'assistant', content: '' }, finish_reason: null }]),
    ...pieces.map((content) => chunk([{ index: 0, delta: { content }, finish_reason: null }])),
    chunk([{ index: 0, delta: {}, finish_reason: 'stop' }]),
    ...(usage ? [chunk([], { usage })] : []),
    'data: [DONE]\n\n',
  ];
}

/** Streams events one after another, each in a write of its own. */
export function stream(events: readonly string[], type = 'text/event-stream'): Behaviour {
  return async (_request, response) => {
    response.writeHead(200, { 'content-type': type });
    for (const event of events) {
      response.write(event);
      await new Promise(setImmediate);
    }
    response.end();
  };
}
