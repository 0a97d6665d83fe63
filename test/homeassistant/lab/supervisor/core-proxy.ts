import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import { z } from 'zod';

import type { InstalledApp } from './app.ts';
import type { CoreLink } from './core-link.ts';
import { plainAnswer, wholeBody } from './pass-on.ts';

/** Headers of a request that reach Core. */
const PASSED = /^(?:x-speech-content|accept|last-event-id|mcp-.*|content-type)$/;

const Auth = z.object({ access_token: z.string() });
const Command = z.looseObject({ id: z.number(), type: z.string() });

export interface CoreProxyParts {
  readonly core: CoreLink;
  readonly version: string;
  readonly appOf: (token: string) => InstalledApp | null;
}

/** `/core/api/…` and `/core/websocket`: what an app reaches of Core with its own token. */
export class CoreProxy {
  readonly #parts: CoreProxyParts;
  readonly #server = new WebSocketServer({ noServer: true, maxPayload: 4 * 1024 * 1024 });
  readonly #open = new Set<WebSocket>();

  constructor(parts: CoreProxyParts) {
    this.#parts = parts;
  }

  /** @param path what stands after `/core`, with its query */
  async request(request: IncomingMessage, response: ServerResponse, path: string): Promise<void> {
    if (path.startsWith('/api/hassio')) return plainAnswer(response, 403, 'Forbidden');
    const token = request.headers.authorization?.split(' ').at(-1) ?? '';
    if (!this.#parts.appOf(token)) return plainAnswer(response, 401, 'Unauthorized');
    if (!['GET', 'POST', 'DELETE'].includes(request.method ?? '')) return plainAnswer(response, 405, 'Method Not Allowed');
    const body = (await wholeBody(request)) ?? Buffer.alloc(0);
    try {
      const answer = await this.#parts.core.request(request.method ?? 'GET', path, passedOf(request), body);
      response.writeHead(answer.statusCode ?? 502, { 'Content-Type': answer.headers['content-type'] ?? 'application/octet-stream' });
      answer.pipe(response);
    } catch {
      plainAnswer(response, 502, 'Bad Gateway');
    }
  }

  /** Refuses with 502 while Core does not answer; else takes the app's token and joins it with a connection to Core. */
  async upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    const core = await this.#parts.core.connect().catch(() => null);
    if (!core) return void socket.end('HTTP/1.1 502 Bad Gateway\r\nConnection: close\r\nContent-Length: 0\r\n\r\n');
    this.#server.handleUpgrade(request, socket, head, (app) => {
      this.#remember(app);
      void this.#serve(app, core).catch(() => {
        app.terminate();
        core.terminate();
      });
    });
  }

  /** Cuts all connections of apps, as a Core that ends does. */
  cut(): void {
    for (const socket of this.#open) socket.terminate();
  }

  async #serve(app: WebSocket, core: WebSocket): Promise<void> {
    app.on('error', () => app.terminate());
    const ha_version = this.#parts.version;
    app.send(JSON.stringify({ type: 'auth_required', ha_version }));
    const [first] = (await once(app, 'message', { signal: AbortSignal.timeout(10_000) })) as [Buffer];
    const { data } = Auth.safeParse(JSON.parse(first.toString()));
    if (!data || !this.#parts.appOf(data.access_token)) {
      app.send(JSON.stringify({ type: 'auth_invalid', message: 'Invalid access' }));
      app.close();
      core.close();
      return;
    }
    app.send(JSON.stringify({ type: 'auth_ok', ha_version }));
    join(app, core);
  }

  #remember(socket: WebSocket): void {
    this.#open.add(socket);
    socket.once('close', () => this.#open.delete(socket));
  }
}

function join(app: WebSocket, core: WebSocket): void {
  app.on('message', (data: Buffer) => {
    const refusal = refusalOf(data.toString());
    if (refusal) app.send(refusal);
    else core.send(data.toString());
  });
  core.on('message', (data: Buffer) => app.send(data.toString()));
  app.once('close', () => core.close());
  core.once('close', () => app.close());
}

/** Commands about Supervisor itself are not for apps. @returns the answer; null: the command may go on */
function refusalOf(text: string): string | null {
  const { data } = Command.safeParse(JSON.parse(text));
  if (!data || !/^(?:supervisor|hassio)\//.test(data.type)) return null;
  return JSON.stringify({ id: data.id, type: 'result', success: false, error: { code: 'unauthorized', message: 'Unauthorized' } });
}

function passedOf(request: IncomingMessage): Record<string, string> {
  return Object.fromEntries(
    Object.entries(request.headers)
      .filter(([name]) => PASSED.test(name))
      .map(([name, value]) => [name, String(value)]),
  );
}
