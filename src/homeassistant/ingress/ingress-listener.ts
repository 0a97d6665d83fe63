import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Logger } from 'pino';
import type { Caller } from '../../core/caller.ts';
import { AuthError, PermissionError } from '../../core/errors.ts';
import type { Guest, IngressDoor } from './ingress-door.ts';
import { IngressRefusal, REFUSAL_POLICY } from './ingress-refusal.ts';

/** What a request is served by once it is known who asks. */
export interface IngressInside {
  readonly handle: (request: IncomingMessage, response: ServerResponse) => void;
  readonly upgrade: (request: IncomingMessage, stream: Duplex, head: Buffer) => void;
}

export interface IngressListenerParts {
  readonly door: IngressDoor;
  readonly log: Logger;
  readonly inside: () => IngressInside;
}

/** The listener that only Home Assistant reaches: nothing is served before it is known who asks, no file and no socket. */
export class IngressListener {
  readonly #parts: IngressListenerParts;
  readonly #guests = new WeakMap<IncomingMessage, Guest>();

  constructor(parts: IngressListenerParts) {
    this.#parts = parts;
  }

  /** Who sent a request that was let in. @throws {AuthError | PermissionError} */
  readonly callerOf = (request: IncomingMessage): Caller => {
    const { caller } = this.guestOf(request);
    const { method = 'GET', headers } = request;
    if (method === 'GET' || method === 'HEAD') return caller;
    if (headers['x-requested-with'] !== 'llm-gateway')
      throw new PermissionError('A change through Home Assistant needs the header X-Requested-With: llm-gateway.');
    if (!/^application\/json\b/i.test(headers['content-type'] ?? ''))
      throw new PermissionError('A change through Home Assistant must be sent as application/json.');
    return caller;
  };

  /** @throws {AuthError} */
  guestOf(request: IncomingMessage): Guest {
    const guest = this.#guests.get(request);
    if (!guest) throw new AuthError('Home Assistant did not say who you are. Reload the page.');
    return guest;
  }

  readonly handle = (request: IncomingMessage, response: ServerResponse): void => {
    // Home Assistant packs answers itself; what we packed it would have to unpack first.
    delete request.headers['accept-encoding'];
    void this.#letIn(request).then(
      () => {
        this.#parts.inside().handle(request, response);
        return undefined;
      },
      (error: unknown) => {
        this.#refuse(error, response);
      },
    );
  };

  readonly upgrade = (request: IncomingMessage, stream: Duplex, head: Buffer): void => {
    void this.#letIn(request).then(
      () => {
        this.#parts.inside().upgrade(request, stream, head);
        return undefined;
      },
      (error: unknown) => {
        const status = error instanceof IngressRefusal ? error.status : 500;
        stream.end(`HTTP/1.1 ${status} Refused\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`);
      },
    );
  };

  async #letIn(request: IncomingMessage): Promise<void> {
    this.#guests.set(request, await this.#parts.door.admit(request));
  }

  #refuse(error: unknown, response: ServerResponse): void {
    if (!(error instanceof IngressRefusal)) this.#parts.log.error({ err: error }, 'Somebody could not be let in through Home Assistant');
    const refusal = error instanceof IngressRefusal ? error : new IngressRefusal('unknown');
    const page = Buffer.from(refusal.page);
    response.writeHead(refusal.status, {
      'content-length': String(page.length),
      ...(page.length === 0 ? { connection: 'close' } : SAFE),
    });
    response.end(page);
  }
}

const SAFE = {
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy': REFUSAL_POLICY,
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cache-control': 'no-store',
} as const;
