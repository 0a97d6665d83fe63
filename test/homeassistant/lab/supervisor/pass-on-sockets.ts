import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocket, WebSocketServer } from 'ws';

import type { HeaderList } from './header-list.ts';
import type { Target } from './pass-on.ts';

/** Longest message that Core and Supervisor pass on. */
const LONGEST = 16 * 1024 * 1024;

const acceptor = (): WebSocketServer =>
  new WebSocketServer({
    noServer: true,
    autoPong: false,
    maxPayload: LONGEST,
    handleProtocols: (offered) => offered.values().next().value ?? false,
  });

/**
 * Passes a WebSocket on as both hops do: the handshake of the caller is accepted, with the first protocol offered, before anybody
 * is called; whatever ends one side closes the other with 1000 and no reason.
 *
 * @param call asked after the caller was accepted
 */
export function passSocketOn(
  request: IncomingMessage,
  socket: Duplex,
  head: Buffer,
  call: () => { readonly target: Target; readonly headers: HeaderList },
): void {
  acceptor().handleUpgrade(request, socket, head, (caller) => {
    caller.pause();
    caller.on('error', () => {});
    const { target, headers } = call();
    const protocols = (request.headers['sec-websocket-protocol'] ?? '').split(',').map((name) => name.trim());
    const called = new WebSocket(`ws://${target.host}:${target.port}${target.path}`, protocols.filter(Boolean), {
      headers: ownedByNode(headers),
      autoPong: false,
      perMessageDeflate: false,
      maxPayload: LONGEST,
    });
    called.on('error', () => {
      caller.resume();
      caller.close(1000);
    });
    called.once('open', () => {
      join(caller, called);
      join(called, caller);
      caller.resume();
    });
    caller.once('close', () => called.terminate());
  });
}

function join(from: WebSocket, to: WebSocket): void {
  from.on('message', (data: Buffer, binary) => to.send(data, { binary }));
  from.on('ping', (data) => to.ping(data));
  from.on('pong', (data) => to.pong(data));
  from.once('close', () => {
    if (to.readyState === WebSocket.OPEN) to.close(1000);
  });
}

/** The client of `ws` takes an object: names keep their spelling and order, and what occurs twice is a list. */
function ownedByNode(headers: HeaderList): Record<string, string | string[]> {
  const owned: Record<string, string | string[]> = {};
  for (const [name, value] of headers.entries()) {
    const before = owned[name];
    owned[name] = before === undefined ? value : [before, value].flat();
  }
  return owned;
}

/** Whether a request asks for a WebSocket. */
export const asksForSocket = (request: IncomingMessage): boolean =>
  (request.headers.connection ?? '').toLowerCase().includes('upgrade') && request.headers.upgrade?.toLowerCase() === 'websocket';
