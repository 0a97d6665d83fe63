import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { liesIn, networkOf, type Network } from '../config/networks.ts';
import { errorAnswerOf } from '../contract/error-envelope.ts';
import { PermissionError } from '../core/errors.ts';

const networks = (...texts: readonly string[]): Network[] => texts.map(networkOf).filter((network) => network !== null);

/** This machine, for health checks. */
const LOCAL = networks('127.0.0.0/8', '::1');
/** Supervisor's own network: Core and other apps. Nobody else has an address there. */
const APPS = networks('172.30.32.0/23', 'fd0c:ac1e:2100::/48');

/** Who may use a listener (`allowed_networks`), by the address that a connection comes from. */
export class Door {
  readonly #admitted: readonly Network[];

  /** @param allowed empty: everybody may */
  constructor(allowed: readonly Network[], underSupervisor: boolean) {
    this.#admitted = allowed.length === 0 ? [] : [...allowed, ...LOCAL, ...(underSupervisor ? APPS : [])];
  }

  /** @returns whether the request was refused, and answered */
  refuses({ socket }: IncomingMessage, response: ServerResponse): boolean {
    if (this.#admits(socket.remoteAddress)) return false;
    const { status, headers, body } = refusal(socket.remoteAddress);
    response.writeHead(status, { ...headers, 'content-type': 'application/json', connection: 'close' }).end(JSON.stringify(body));
    return true;
  }

  /** The same for a connection that would become a WebSocket. */
  refusesSocket({ socket }: IncomingMessage, stream: Duplex): boolean {
    if (this.#admits(socket.remoteAddress)) return false;
    const body = JSON.stringify(refusal(socket.remoteAddress).body);
    const head = [
      'HTTP/1.1 403 Forbidden',
      'connection: close',
      'content-type: application/json',
      `content-length: ${Buffer.byteLength(body)}`,
    ];
    stream.end(`${head.join('\r\n')}\r\n\r\n${body}`);
    return true;
  }

  #admits(address: string | undefined): boolean {
    return this.#admitted.length === 0 || (address !== undefined && liesIn(address, this.#admitted));
  }
}

function refusal(address: string | undefined) {
  return errorAnswerOf(
    new PermissionError(`The address ${address ?? 'of this connection'} is in none of the networks of allowed_networks.`),
  );
}
