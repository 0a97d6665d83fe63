import { once } from 'node:events';
import type { IncomingMessage, Server, ServerOptions, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { createServer as createListener, type AddressInfo, type ListenOptions, type Server as Listener, type Socket } from 'node:net';
import type { TlsMaterial } from './tls.ts';

export interface HttpServerOptions {
  readonly host: string;
  readonly port: number;
  /** Listeners that share the port; many callers at once need many. */
  readonly listeners?: number;
  /** Serve HTTPS with these; absent: HTTP. */
  readonly tls?: TlsMaterial | null;
  readonly handle: (request: IncomingMessage, response: ServerResponse) => void;
  /** Whether a request becomes a WebSocket; else it is served like any other, whatever it asks to become. */
  readonly upgrades: (request: IncomingMessage) => boolean;
  readonly upgrade: (request: IncomingMessage, stream: Duplex, head: Buffer) => void;
}

/** Idle client connections are kept this long (ruling S5): above what client pools keep. */
const KEEP_ALIVE_MS = 75_000;
/** A head must be complete within this time. */
const HEAD_MS = 20_000;
/** A whole request must have arrived within this time, so that slow senders hold nothing for ever. */
const REQUEST_MS = 300_000;

/** Connections that can wait to be accepted at each listener. */
const BACKLOG = 1024;
/**
 * Listeners on the one port. A listener of Node accepts one connection in each turn of the event loop; with one alone, new
 * callers would stand in line for seconds when turns grow long, unseen and not turned away.
 */
const LISTENERS = 64;

/** The listener: accepts, hands over, and stops without cutting what runs. */
export class HttpServer {
  readonly #options: HttpServerOptions;
  readonly #server: Server;
  #others: Listener[] = [];

  constructor(options: HttpServerOptions) {
    this.#options = options;
    const bounds: ServerOptions = {
      keepAliveTimeout: KEEP_ALIVE_MS,
      headersTimeout: HEAD_MS,
      requestTimeout: REQUEST_MS,
      maxHeaderSize: 65_536,
      noDelay: true,
      shouldUpgradeCallback: options.upgrades,
    };
    // Imported, `node:http` reads all its names, and some of them load Node's own client: 16 MB that nothing here uses.
    this.#server = options.tls
      ? process.getBuiltinModule('node:https').createServer({ ...bounds, ...options.tls, handshakeTimeout: HEAD_MS }, options.handle)
      : process.getBuiltinModule('node:http').createServer(bounds, options.handle);
    this.#server.on('upgrade', options.upgrade);
    this.#server.on('clientError', refuse);
  }

  /** @throws the system's error when the address cannot be used */
  async start(): Promise<void> {
    const { host, port } = this.#options;
    const { listeners = LISTENERS } = this.#options;
    if (process.platform !== 'linux' || listeners === 1) return listening(this.#server, { host, port, backlog: BACKLOG });
    // Sockets that share a port do not notice that another program has it: one that does not share looks first.
    const free = await freeAddress(host, port);
    await listening(this.#server, free);
    this.#others = Array.from({ length: listeners - 1 }, () =>
      createListener({ noDelay: true }, (socket) => void this.#server.emit('connection', socket)),
    );
    await Promise.all(this.#others.map((listener) => listening(listener, free)));
  }

  /** The port in use; what was asked for, unless that was 0. */
  get port(): number {
    return (this.#server.address() as AddressInfo | null)?.port ?? this.#options.port;
  }

  /**
   * Accepts nothing more; answers that run have `graceMs` to end, then their connections are closed.
   */
  async stop(graceMs: number): Promise<void> {
    // Each listener has ended when the connections that it accepted have.
    const closed = Promise.all([this.#server, ...this.#others].map((listener) => new Promise((resolve) => listener.close(resolve))));
    this.#server.closeIdleConnections();
    const late = setTimeout(() => {
      this.#server.closeAllConnections();
    }, graceMs);
    // A kept connection becomes idle when its last answer ends.
    const idle = setInterval(() => {
      this.#server.closeIdleConnections();
    }, 100);
    await closed;
    clearTimeout(late);
    clearInterval(idle);
  }

  /** Ends everything now. */
  cut(): void {
    this.#server.closeAllConnections();
  }
}

async function listening(listener: Listener, options: ListenOptions): Promise<void> {
  listener.listen(options);
  await once(listener, 'listening');
}

/** The address as several listeners can have it. @throws the system's error when somebody else has it */
async function freeAddress(host: string, port: number): Promise<ListenOptions> {
  const probe = createListener();
  await listening(probe, { host, port });
  const { port: found } = probe.address() as AddressInfo;
  probe.close();
  await once(probe, 'close');
  return { host, port: found, backlog: BACKLOG, reusePort: true };
}

/** What the parser refuses before there is a request: status line and words, ASCII. */
const NOT_HTTP = { line: '400 Bad Request', message: 'The request is not valid HTTP.' };
const REFUSALS: Readonly<Record<string, typeof NOT_HTTP>> = {
  HPE_HEADER_OVERFLOW: { line: '431 Request Header Fields Too Large', message: 'The headers of the request are larger than 64 kB.' },
  ERR_HTTP_REQUEST_TIMEOUT: { line: '408 Request Timeout', message: 'The request did not arrive in time.' },
};

function refuse(error: NodeJS.ErrnoException, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const { line, message } = REFUSALS[error.code ?? ''] ?? NOT_HTTP;
  const body = JSON.stringify({ error: { message, type: 'invalid_request_error', param: null, code: line.slice(0, 3) } });
  socket.end(`HTTP/1.1 ${line}\r\nconnection: close\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`);
}
