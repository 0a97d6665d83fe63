import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';

export interface HttpServerOptions {
  readonly host: string;
  readonly port: number;
  readonly handle: (request: IncomingMessage, response: ServerResponse) => void;
}

/** Idle client connections are kept this long (ruling S5): above what client pools keep. */
const KEEP_ALIVE_MS = 75_000;
/** A head must be complete within this time. */
const HEAD_MS = 20_000;
/** A whole request must have arrived within this time, so that slow senders hold nothing for ever. */
const REQUEST_MS = 300_000;

/** The listener: accepts, hands over, and stops without cutting what runs. */
export class HttpServer {
  readonly #options: HttpServerOptions;
  readonly #server: Server;

  constructor(options: HttpServerOptions) {
    this.#options = options;
    this.#server = createServer(
      { keepAliveTimeout: KEEP_ALIVE_MS, headersTimeout: HEAD_MS, requestTimeout: REQUEST_MS, maxHeaderSize: 65_536, noDelay: true },
      options.handle,
    );
    this.#server.on('clientError', refuse);
  }

  /** @throws the system's error when the address cannot be used */
  start(): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    this.#server.once('error', reject);
    this.#server.listen({ host: this.#options.host, port: this.#options.port, backlog: 1024 }, () => {
      this.#server.off('error', reject);
      resolve();
    });
    return promise;
  }

  /** The port in use; what was asked for, unless that was 0. */
  get port(): number {
    return (this.#server.address() as AddressInfo | null)?.port ?? this.#options.port;
  }

  /**
   * Accepts nothing more; answers that run have `graceMs` to end, then their connections are closed.
   */
  async stop(graceMs: number): Promise<void> {
    const closed = new Promise<void>((resolve) => {
      this.#server.close(() => {
        resolve();
      });
    });
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
