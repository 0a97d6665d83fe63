import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';

import { listenLocally, stopServer } from './servers.ts';
import { wholeBody } from './supervisor/pass-on.ts';

/** A request as an app behind ingress received it. */
export interface Received {
  readonly method: string;
  readonly url: string;
  /** Names as they were spelled, and values, in turn. */
  readonly rawHeaders: readonly string[];
  readonly body: Buffer;
}

/** Answers that tests choose by path; the default tells what was received. */
export type DummyRoute = (request: Received, response: ServerResponse) => void;

/** An app with a panel that does nothing but tell what reaches it. Its socket sends every message back. */
export class DummyApp {
  readonly received: Received[] = [];
  readonly #routes: Readonly<Record<string, DummyRoute>>;
  readonly #server: Server;
  readonly #sockets = new WebSocketServer({ noServer: true, maxPayload: 64 * 1024 * 1024 });
  #port = 0;

  constructor(routes: Readonly<Record<string, DummyRoute>> = {}) {
    this.#routes = routes;
    this.#server = createServer((request, response) => void this.#answer(request, response));
    this.#server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => this.#upgrade(request, socket, head));
  }

  get port(): number {
    return this.#port;
  }

  /** The latest request. */
  get last(): Received {
    const last = this.received.at(-1);
    if (!last) throw new Error('nothing was received');
    return last;
  }

  /** Sockets that are open. */
  get sockets(): readonly WebSocket[] {
    return [...this.#sockets.clients];
  }

  async start(): Promise<void> {
    this.#port = Number(new URL(await listenLocally(this.#server)).port);
  }

  async stop(): Promise<void> {
    for (const socket of this.sockets) socket.terminate();
    await stopServer(this.#server);
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const received = { ...described(request), body: (await wholeBody(request)) ?? Buffer.alloc(0) };
    this.received.push(received);
    const route = this.#routes[new URL(received.url, 'http://app').pathname] ?? tell;
    route(received, response);
  }

  #upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    this.received.push({ ...described(request), body: Buffer.alloc(0) });
    if (request.url?.startsWith('/refused')) return void socket.end('HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n');
    this.#sockets.handleUpgrade(request, socket, head, (client) => {
      client.on('error', () => {});
      client.on('message', (data: Buffer, binary) => {
        if (data.toString() === 'close me') client.close(4001, 'as you wish');
        else client.send(data, { binary });
      });
    });
  }
}

const described = ({ method = '', url = '', rawHeaders }: IncomingMessage): Omit<Received, 'body'> => ({ method, url, rawHeaders });

function tell({ method, url, rawHeaders, body }: Received, response: ServerResponse): void {
  response.setHeader('Content-Type', 'application/json; charset=utf-8');
  response.end(JSON.stringify({ method, url, rawHeaders, body: body.toString() }));
}

/** All values that a request has under one name, in whatever spelling, with the spelling. */
export function headersNamed({ rawHeaders }: Received, name: string): [spelling: string, value: string][] {
  const found: [string, string][] = [];
  for (let index = 0; index + 1 < rawHeaders.length; index += 2) {
    const spelling = rawHeaders[index] ?? '';
    if (spelling.toLowerCase() === name.toLowerCase()) found.push([spelling, rawHeaders[index + 1] ?? '']);
  }
  return found;
}
