import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';

import type { InstalledApp } from './app.ts';
import type { CoreUser } from './core-link.ts';
import { HeaderList } from './header-list.ts';
import { leavingOf, type PassedAnswer, passOn, plainAnswer, stream, type Target, wholeBody, writeHead } from './pass-on.ts';
import { passSocketOn } from './pass-on-sockets.ts';
import { isFiltered } from './path-filter.ts';
import type { IngressSessions } from './sessions.ts';
import { queryOf, queryPairs, quotedPath, quotedQuery, splitTarget, unquoted } from './url-quoting.ts';

/** Bodies are read whole, up to this, unless an app takes streams. */
const LARGEST_BODY = 16 * 1024 * 1024;

/** Answers that tell a smaller length are held back until they are whole. */
const STREAMED_FROM = 4_194_000;

/** Left out of what goes to the app, in exactly this spelling. */
const NOT_PASSED = [
  'Content-Length',
  'Content-Encoding',
  'Transfer-Encoding',
  'Sec-WebSocket-Extensions',
  'Sec-WebSocket-Protocol',
  'Sec-WebSocket-Version',
  'Sec-WebSocket-Key',
  'X-Supervisor-Token',
  'X-Hassio-Key',
  'X-Remote-User-Id',
  'X-Remote-User-Name',
  'X-Remote-User-Display-Name',
];

export interface IngressParts {
  readonly sessions: IngressSessions;
  readonly appOf: (ingressToken: string) => InstalledApp | null;
}

/** Who asks, for which app, and for what: a request that may go on. */
interface Admitted {
  readonly app: InstalledApp;
  readonly user: CoreUser | null;
  /** Decoded once. */
  readonly path: string;
  readonly query: string;
}

/** Supervisor's half of ingress: `/ingress/<token>/<path>` → the app, with the name of who asks. */
export class Ingress {
  readonly #parts: IngressParts;

  constructor(parts: IngressParts) {
    this.#parts = parts;
  }

  async request(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const admitted = this.#admit(request);
    if ('status' in admitted) return plainAnswer(response, admitted.status, admitted.reason);
    const streamed = request.method === 'POST' && admitted.app.description.ingress_stream === true;
    const body = streamed ? request : await wholeBody(request, LARGEST_BODY);
    if (body === null) return plainAnswer(response, 413, 'Request Entity Too Large');
    try {
      const target = targetOf(admitted, queryOf(queryPairs(admitted.query)));
      const answer = await passOn(request.method ?? 'GET', target, headersFor(request, admitted.user), body, leavingOf(response));
      await answerWith(request, response, answer);
    } catch {
      if (!response.headersSent) plainAnswer(response, 502, 'Bad Gateway');
    }
  }

  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const admitted = this.#admit(request);
    if ('status' in admitted) {
      socket.end(`HTTP/1.1 ${admitted.status} ${admitted.reason}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
      return;
    }
    passSocketOn(request, socket, head, () => ({
      target: targetOf(admitted, quotedQuery(unquoted(admitted.query.replaceAll('+', ' ')))),
      headers: headersFor(request, admitted.user),
    }));
  }

  #admit(request: IncomingMessage): Admitted | { readonly status: number; readonly reason: string } {
    const { path, query } = splitTarget(request.url ?? '/');
    if (isFiltered(path) || isFiltered(query)) return { status: 400, reason: 'Bad Request' };
    const [, token = '', rest = ''] = /^\/ingress\/([^/]+)\/(.*)$/s.exec(path) ?? [];
    const session = /(?:^|;\s*)ingress_session=([^;]*)/.exec(request.headers.cookie ?? '')?.[1] ?? '';
    if (!this.#parts.sessions.use(session)) return { status: 401, reason: 'Unauthorized' };
    const app = this.#parts.appOf(token);
    if (!app) return { status: 503, reason: 'Service Unavailable' };
    return { app, user: this.#parts.sessions.userOf(session), path: unquoted(rest), query };
  }
}

/** A decoded `?` or `#` of the path means what it means in an address: the rest is a query, or lost. */
function targetOf({ app, path }: Admitted, query: string): Target {
  const [kept = ''] = path.split('#');
  const { path: name, query: hidden } = splitTarget(kept);
  const whole = [quotedQuery(hidden), query].filter(Boolean).join('&');
  return { host: '127.0.0.1', port: app.description.ingress_port, path: `/${quotedPath(name)}${whole ? `?${whole}` : ''}` };
}

function headersFor(request: IncomingMessage, user: CoreUser | null): HeaderList {
  const headers = new HeaderList();
  if (user) {
    headers.set('X-Remote-User-Id', user.id);
    if (user.username !== null) headers.set('X-Remote-User-Name', user.username);
    if (user.name !== null) headers.set('X-Remote-User-Display-Name', user.name);
  }
  for (const [name, value] of HeaderList.parsed(request.rawHeaders).without(NOT_PASSED).entries()) headers.add(name, value);
  headers.set('X-Forwarded-For', `${headers.get('X-Forwarded-For') ?? 'None'}, ${request.socket.remoteAddress}`);
  const own = new HeaderList();
  own.add('Host', headers.get('Host') ?? '');
  own.add('User-Agent', 'HomeAssistantSupervisor/2026.08.0');
  return headers.asSent(own);
}

async function answerWith(request: IncomingMessage, response: ServerResponse, answer: PassedAnswer): Promise<void> {
  const { status, headers, contentType, length, body } = answer;
  headers.add('Content-Type', contentType);
  const empty = request.method === 'HEAD' || status === 204 || status === 304;
  if (empty || (length !== null && length < STREAMED_FROM)) {
    const whole = (await wholeBody(body)) ?? Buffer.alloc(0);
    if (status !== 204 && status !== 304) headers.add('Content-Length', String(whole.length));
    writeHead(response, status, headers);
    response.end(whole);
    return;
  }
  headers.set('X-Accel-Buffering', 'no');
  writeHead(response, status, headers);
  response.flushHeaders();
  await stream(body, response);
}
