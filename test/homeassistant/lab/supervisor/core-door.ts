import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Duplex, Transform } from 'node:stream';
import { createDeflate, createGzip, deflateSync, gzipSync } from 'node:zlib';

import { listenLocally, stopServer } from '../servers.ts';
import { HeaderList } from './header-list.ts';
import { asksForSocket, passSocketOn } from './pass-on-sockets.ts';
import { leavingOf, type PassedAnswer, passOn, plainAnswer, stream, type Target, wholeBody, writeHead } from './pass-on.ts';
import { pythonQuoted, queryOf, queryPairs, quotedPath, quotedQuery, splitTarget, unquoted } from './url-quoting.ts';

const NOT_PASSED = [
  'Content-Length',
  'Content-Encoding',
  'Transfer-Encoding',
  'Accept-Encoding',
  'Sec-WebSocket-Extensions',
  'Sec-WebSocket-Protocol',
  'Sec-WebSocket-Version',
  'Sec-WebSocket-Key',
];

/** Core writes them into every answer that it does not stream. */
const OF_CORE = {
  'Referrer-Policy': 'no-referrer',
  'X-Content-Type-Options': 'nosniff',
  Server: '',
  'X-Frame-Options': 'SAMEORIGIN',
} as const;

const BUFFERED_UP_TO = 4_194_000;
const PACKED_FROM = 129;

/**
 * Core's half of ingress without a Core: `/api/hassio_ingress/<token>/<path>` → Supervisor. For tests of what an app sees and what
 * its answers become that need no frontend; a test compares it with the real one.
 */
export class CoreDoor {
  readonly #supervisorPort: number;
  readonly #behindProxy: boolean;
  readonly #server: Server;
  #url = '';

  /** @param options `behindProxy`: Core is set up to trust a proxy in front of it, which tells for whom it speaks */
  constructor(supervisorPort: number, { behindProxy = false }: { readonly behindProxy?: boolean } = {}) {
    this.#supervisorPort = supervisorPort;
    this.#behindProxy = behindProxy;
    this.#server = createServer((request, response) => void this.#request(request, response));
    this.#server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => this.#upgrade(request, socket, head));
  }

  /** `http://127.0.0.1:PORT`, what stands before `/api/hassio_ingress/`. */
  get url(): string {
    return this.#url;
  }

  async start(): Promise<void> {
    this.#url = await listenLocally(this.#server);
  }

  async stop(): Promise<void> {
    await stopServer(this.#server);
  }

  async #request(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (request.headers['x-forwarded-for'] && !this.#behindProxy) return plainAnswer(response, 400, 'Bad Request');
    const asked = this.#asked(request);
    if (!asked) return plainAnswer(response, 404, 'Not Found');
    const target = this.#target(asked, queryOf(queryPairs(asked.query)));
    if (!target) return plainAnswer(response, 400, 'Bad Request');
    const body = request.method === 'GET' ? null : request;
    try {
      const answer = await passOn(request.method ?? 'GET', target, headersFor(request, asked.token), body, leavingOf(response));
      await answerWith(request, response, answer);
    } catch {
      if (!response.headersSent) plainAnswer(response, 502, 'Bad Gateway');
    }
  }

  #upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const asked = asksForSocket(request) ? this.#asked(request) : null;
    const target = asked && this.#target(asked, quotedQuery(unquoted(asked.query.replaceAll('+', ' '))));
    if (!asked || !target) return void socket.destroy();
    passSocketOn(request, socket, head, () => ({ target, headers: headersFor(request, asked.token) }));
  }

  #asked(request: IncomingMessage): { token: string; path: string; query: string } | null {
    const { path, query } = splitTarget(request.url ?? '/');
    const [, token, rest = ''] = /^\/api\/hassio_ingress\/([^/]+)\/(.*)$/s.exec(path) ?? [];
    return token ? { token, path: rest, query } : null;
  }

  /** @returns null when the path leads out of the app's own */
  #target({ token, path }: { token: string; path: string }, query: string): Target | null {
    const base = `/ingress/${token}/`;
    const named = new URL(`http://core${base}${quotedPath(pythonQuoted(unquoted(path)))}`).pathname;
    if (!named.startsWith(base)) return null;
    return { host: '127.0.0.1', port: this.#supervisorPort, path: `${named}${query ? `?${query}` : ''}` };
  }
}

function headersFor(request: IncomingMessage, token: string): HeaderList {
  const headers = HeaderList.parsed(request.rawHeaders).without(NOT_PASSED);
  headers.set('X-Hass-Source', 'core.ingress');
  headers.set('X-Ingress-Path', `/api/hassio_ingress/${token}`);
  headers.set('X-Forwarded-For', [headers.get('X-Forwarded-For'), request.socket.remoteAddress].filter(Boolean).join(', '));
  headers.set('X-Forwarded-Host', headers.get('X-Forwarded-Host') ?? headers.get('Host') ?? '');
  headers.set('X-Forwarded-Proto', headers.get('X-Forwarded-Proto') ?? 'http');
  const own = new HeaderList();
  own.add('Host', headers.get('Host') ?? '');
  own.add('User-Agent', 'HomeAssistant/2026.11.0');
  return headers.asSent(own);
}

async function answerWith(request: IncomingMessage, response: ServerResponse, answer: PassedAnswer): Promise<void> {
  const { status, headers, contentType, length, body } = answer;
  headers.add('Content-Type', contentType);
  const coding = isPacked(contentType) ? codingFor(request) : null;
  const empty = request.method === 'HEAD' || status === 204 || status === 304;
  if (!empty && (length === null || length > BUFFERED_UP_TO)) return streamed(response, answer, coding);
  for (const [name, value] of Object.entries(OF_CORE)) headers.set(name, value);
  if (empty) {
    body.resume();
    writeHead(response, status, headers);
    response.end();
    return;
  }
  const whole = (await wholeBody(body)) ?? Buffer.alloc(0);
  const packed = coding && whole.length >= PACKED_FROM ? packedWith(coding, whole) : whole;
  if (packed !== whole) headers.add('Content-Encoding', coding ?? '');
  headers.add('Content-Length', String(packed.length));
  writeHead(response, status, headers);
  response.end(packed);
}

/** Pieces go on as they come, unless the kind of text is packed: then they are held back until there is enough, often to the end. */
async function streamed(response: ServerResponse, { status, headers, body }: PassedAnswer, coding: Coding | null): Promise<void> {
  if (coding) headers.add('Content-Encoding', coding);
  writeHead(response, status, headers);
  response.flushHeaders();
  if (!coding) return stream(body, response);
  const packer = packerFor(coding);
  await Promise.all([stream(body, packer), stream(packer, response)]);
}

type Coding = 'deflate' | 'gzip';

/** What the caller takes, in the order of the library. */
function codingFor(request: IncomingMessage): Coding | null {
  const accepted = request.headers['accept-encoding']?.toLowerCase() ?? '';
  return (['deflate', 'gzip'] as const).find((coding) => accepted.includes(coding)) ?? null;
}

const packedWith = (coding: Coding, bytes: Buffer): Buffer => (coding === 'deflate' ? deflateSync(bytes) : gzipSync(bytes));

const packerFor = (coding: Coding): Transform => (coding === 'deflate' ? createDeflate() : createGzip());

/** Core's rule for what is worth packing. */
function isPacked(contentType: string): boolean {
  if (contentType.startsWith('text/event-stream')) return false;
  if (contentType.startsWith('image/')) return contentType.includes('svg');
  if (contentType.startsWith('application/')) return ['json', 'xml', 'javascript'].some((kind) => contentType.includes(kind));
  return !['video/', 'audio/', 'font/'].some((kind) => contentType.startsWith(kind));
}
