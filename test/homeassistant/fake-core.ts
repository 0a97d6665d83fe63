import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { WebSocketServer, type WebSocket } from 'ws';

export interface Command {
  readonly id: number;
  readonly type: string;
  readonly [member: string]: unknown;
}

/** What Core answers a command with; `null`: it says nothing. A subscription gets its `result` null. */
export type Answer = { readonly result: unknown } | { readonly error: { readonly code: string; readonly message: string } } | null;

/**
 * A Home Assistant Core as far as its WebSocket API is concerned: log-in, commands, subscriptions. The integration is what `answer` says.
 * It stands behind a Supervisor too, as far as an app asks one.
 */
export class FakeCore {
  readonly token = 'core-token';
  /** Commands in the order they came. */
  readonly commands: Command[] = [];
  answer: (command: Command) => Answer;
  #server: Server | null = null;
  #port = 0;
  readonly #sockets = new Set<WebSocket>();

  constructor(answer: (command: Command) => Answer) {
    this.answer = answer;
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  /** What the Supervisor was asked: method, path and body. */
  readonly asked: { readonly method: string; readonly path: string; readonly body: unknown }[] = [];

  /** What the Supervisor says of the app otherwise than usual. */
  app: Readonly<Record<string, unknown>> = {};

  /** Variables of an app: a Supervisor, and this test in its place as the proxy of ingress. */
  get appEnv(): Record<string, string> {
    return { SUPERVISOR_TOKEN: this.token, SUPERVISOR_API: this.url, INGRESS_PORT: '0', INGRESS_PROXIES: '127.0.0.1' };
  }

  /** Variables that name it to a gateway. */
  get env(): Record<string, string> {
    return { HOME_ASSISTANT_URL: this.url, HOME_ASSISTANT_TOKEN: this.token };
  }

  async start(): Promise<void> {
    const server = createServer((request, response) => void this.#supervise(request, response));
    const sockets = new WebSocketServer({ noServer: true });
    server.on('upgrade', (request, stream, head) => {
      sockets.handleUpgrade(request, stream, head, (socket) => {
        this.#opened(socket);
      });
    });
    server.listen(this.#port, '127.0.0.1');
    await once(server, 'listening');
    this.#port = (server.address() as AddressInfo).port;
    this.#server = server;
  }

  /** Ends every connection, as a restart of Core does. */
  async stop(): Promise<void> {
    for (const socket of this.#sockets) socket.terminate();
    this.#server?.closeAllConnections();
    if (this.#server) await new Promise((resolve) => this.#server?.close(resolve));
    this.#server = null;
  }

  /** Tells the newest subscription of a type something. */
  tell(type: string, event: unknown): void {
    const id = this.commands.findLast((command) => command.type === type)?.id;
    for (const socket of this.#sockets) socket.send(JSON.stringify({ id, type: 'event', event }));
  }

  /** Waits for a command, also for one that came before. */
  async command(type: string, fits: (command: Command) => boolean = () => true, withinMs = 5000): Promise<Command> {
    for (const until = Date.now() + withinMs; Date.now() < until; await new Promise((resolve) => setTimeout(resolve, 20))) {
      const found = this.commands.find((command) => command.type === type && fits(command));
      if (found) return found;
    }
    throw new Error(`no ${type} within ${withinMs} ms; there were: ${this.commands.map((command) => command.type).join(', ')}`);
  }

  async #supervise(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = '', url: path = '' } = request;
    const text = await new Response(Readable.toWeb(request) as ReadableStream).text();
    this.asked.push({ method, path, body: text === '' ? null : (JSON.parse(text) as unknown) });
    const right = request.headers.authorization === `Bearer ${this.token}`;
    const data = path === '/discovery' ? { uuid: 'd'.repeat(32) } : path === '/addons/self/info' ? { ...APP, ...this.app } : {};
    response.writeHead(right ? 200 : 401, { 'content-type': 'application/json' });
    response.end(JSON.stringify(right ? { result: 'ok', data } : { result: 'error', message: 'unauthorized' }));
  }

  #opened(socket: WebSocket): void {
    this.#sockets.add(socket);
    socket.on('close', () => this.#sockets.delete(socket));
    socket.send(JSON.stringify({ type: 'auth_required', ha_version: '2026.11.0' }));
    socket.on('message', (data: Buffer) => {
      this.#said(socket, JSON.parse(data.toString('utf8')) as Command);
    });
  }

  #said(socket: WebSocket, command: Command): void {
    if (command.type === 'auth') {
      const right = command['access_token'] === this.token;
      socket.send(JSON.stringify({ type: right ? 'auth_ok' : 'auth_invalid', ha_version: '2026.11.0' }));
      if (!right) socket.close();
      return;
    }
    if (command.type === 'ping') {
      socket.send(JSON.stringify({ id: command.id, type: 'pong' }));
      return;
    }
    if (command.type === 'supported_features') return;
    this.commands.push(command);
    const answer = this.answer(command);
    if (answer === null) return;
    socket.send(JSON.stringify({ id: command.id, type: 'result', success: 'result' in answer, ...answer }));
  }
}

const APP = {
  slug: 'a1b2c3d4_llm_gateway',
  hostname: 'a1b2c3d4-llm-gateway',
  version: '0.1.0',
  version_latest: '0.1.0',
  update_available: false,
  state: 'started',
  network: { '4000/tcp': 4400 },
  ingress_panel: false,
  ingress_entry: '/api/hassio_ingress/abcdefghijklmnopqrstuvwxyz',
};

/** The integration as it behaves when all is well. */
export function readyBridge(want: Record<string, unknown> = {}): (command: Command) => Answer {
  return (command) => {
    switch (command.type) {
      case 'llm_gateway/hello':
        return {
          result: {
            schema: 1,
            bridge_version: '0.1.0',
            disk_version: '0.1.0',
            status: 'ready',
            entry_id: 'entry',
            want: { interval_s: 10, keys: 'all', providers: true, models: true, budgets: true, ...want },
            time_zone: 'Europe/Berlin',
            currency: 'EUR',
            language: 'en',
          },
        };
      case 'llm_gateway/push':
        return { result: { accepted: true, seq: command['seq'], need_full: false } };
      case 'llm_gateway/event':
        return { result: { accepted: true } };
      case 'llm_gateway/subscribe':
        return { result: null };
      case 'llm_gateway/reply':
      case 'llm_gateway/bye':
        return { result: {} };
      default:
        return { error: { code: 'unknown_command', message: 'Unknown command.' } };
    }
  };
}
