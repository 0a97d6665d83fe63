import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer, type RawData, type WebSocket } from 'ws';
import { PanelAsk } from '../contract/panel/socket.ts';
import type { Caller } from '../core/caller.ts';
import { GatewayError } from '../core/errors.ts';
import { STATUS_OF } from '../contract/error-envelope.ts';
import type { Page, PanelHub } from './panel-hub.ts';

export interface PanelSocketParts {
  readonly hub: PanelHub;
  /** Who opens it. @returns a way to ask again, later, whether they still may; @throws {GatewayError} when they may not now */
  readonly enter: (request: IncomingMessage) => { readonly caller: Caller; readonly still: () => Caller | null };
  /** The name a person is shown by. */
  readonly nameOf: (caller: Caller) => string;
  /** Whether a page must be of this very origin: cookies alone would let in every page of this host. */
  readonly ownOrigin: boolean;
  readonly version: string;
  /** Pages open at most. */
  readonly most?: number;
}

/** The panel's questions are short. */
const MOST_BYTES = 4096;
/** A page that does not read its news is closed when this much waits. */
const MOST_WAITING = 4_194_304;
/** Without a word from the page for this long, its connection is dead: it pings every 25 seconds. */
const SILENCE_MS = 90_000;
const SWEEP_MS = 60_000;
const MOST_PAGES = 200;

/** The panel's WebSocket (rulings K8, home-assistant HA-ING-7). */
export class PanelSocket {
  readonly #parts: PanelSocketParts;
  readonly #server = new WebSocketServer({ noServer: true, maxPayload: MOST_BYTES, perMessageDeflate: false });
  readonly #heard = new Map<WebSocket, number>();
  #timer: NodeJS.Timeout | null = null;

  constructor(parts: PanelSocketParts) {
    this.#parts = parts;
  }

  start(): void {
    this.#timer = setInterval(() => {
      this.#sweep();
    }, SWEEP_MS);
    this.#timer.unref();
  }

  stop(): void {
    if (this.#timer) clearInterval(this.#timer);
    this.#parts.hub.closeAll();
    this.#server.close();
  }

  /** Takes an upgrade of the panel's path. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    try {
      if (this.#parts.ownOrigin) checkOrigin(request);
      const entered = this.#parts.enter(request);
      if (this.#parts.hub.size >= (this.#parts.most ?? MOST_PAGES)) {
        refuse(socket, 503, 'Too many pages of the panel are open.');
        return;
      }
      this.#server.handleUpgrade(request, socket, head, (connection) => {
        this.#opened(connection, entered);
      });
    } catch (error) {
      const known = error instanceof GatewayError ? error : null;
      refuse(
        socket,
        known ? (known.status ?? STATUS_OF[known.type]) : 500,
        known?.message ?? 'The panel’s connection could not be opened.',
      );
    }
  }

  #opened(connection: WebSocket, { caller, still }: ReturnType<PanelSocketParts['enter']>): void {
    const { hub, nameOf, version } = this.#parts;
    const page: Page = {
      caller: still,
      topics: new Set(),
      send: (told) => {
        if (connection.bufferedAmount > MOST_WAITING) connection.terminate();
        else connection.send(JSON.stringify(told));
      },
      close: () => {
        connection.close(SESSION_ENDED, 'session ended');
      },
    };
    this.#heard.set(connection, performance.now());
    connection.on('message', (data) => {
      this.#heard.set(connection, performance.now());
      this.#asked(page, connection, data);
    });
    connection.on('close', () => {
      this.#heard.delete(connection);
      hub.remove(page);
    });
    connection.on('error', () => {
      connection.terminate();
    });
    hub.add(page);
    page.send({ type: 'ready', user: { id: caller.userId ?? '', name: nameOf(caller), role: caller.role }, version });
  }

  #asked(page: Page, connection: WebSocket, data: RawData): void {
    const ask = PanelAsk.safeParse(jsonOf(data));
    if (!ask.success) {
      connection.close(NOT_UNDERSTOOD, 'not understood');
      return;
    }
    if (ask.data.type === 'ping') page.send({ type: 'pong' });
    else this.#parts.hub.subscribe(page, ask.data.topics);
  }

  #sweep(): void {
    this.#parts.hub.sweep();
    const now = performance.now();
    for (const [connection, at] of this.#heard) if (now - at > SILENCE_MS) connection.terminate();
  }
}

/** Close codes of RFC 6455. */
const SESSION_ENDED = 4401;
const NOT_UNDERSTOOD = 1003;

/**
 * Cookies ignore ports: another program on this host must not ride on them (ruling K8).
 *
 * @throws {ForeignPageError} for a page of another origin
 */
function checkOrigin({ headers }: IncomingMessage): void {
  const { origin, host, cookie } = headers;
  if (origin === undefined && cookie === undefined) return;
  if (origin === undefined || !URL.canParse(origin) || new URL(origin).host !== host) throw new ForeignPageError();
}

class ForeignPageError extends GatewayError {
  override readonly name = 'ForeignPageError';
  readonly type = 'auth_error';
  constructor() {
    super('The panel’s connection works in the panel alone, not on other pages.', { status: 403 });
  }
}

function refuse(socket: Duplex, status: number, message: string): void {
  const body = JSON.stringify({ error: { message, type: 'auth_error', param: null, code: String(status) } });
  socket.end(
    `HTTP/1.1 ${status} Refused\r\nconnection: close\r\ncontent-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  );
}

function jsonOf(data: RawData): unknown {
  try {
    return JSON.parse((Array.isArray(data) ? Buffer.concat(data) : Buffer.from(data as ArrayBuffer)).toString('utf8')) as unknown;
  } catch {
    return null;
  }
}
