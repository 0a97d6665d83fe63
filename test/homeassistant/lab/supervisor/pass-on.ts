import { type IncomingMessage, type OutgoingHttpHeaders, request, type ServerResponse } from 'node:http';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip, createInflate, createZstdDecompress } from 'node:zlib';

import { HeaderList } from './header-list.ts';

/** Where a request goes next. */
export interface Target {
  readonly host: string;
  readonly port: number;
  /** With its query. */
  readonly path: string;
}

/** What came back: unpacked, with its headers in the library's spelling. */
export interface PassedAnswer {
  readonly status: number;
  readonly headers: HeaderList;
  /** Without parameters such as `charset`. */
  readonly contentType: string;
  /** Length that the sender told; null: it told none. */
  readonly length: number | null;
  readonly body: Readable;
}

/** Members of an answer that each hop writes itself. */
const OWN_OF_ANSWERS = ['Transfer-Encoding', 'Content-Length', 'Content-Type', 'Content-Encoding'];

/**
 * Sends a request on.
 *
 * @param body null: none, as the library does for GET without one; a stream goes in chunks; bytes go with their length
 * @throws {Error} when nobody listens or the connection breaks before the answer
 */
export function passOn(
  method: string,
  { host, port, path }: Target,
  headers: HeaderList,
  body: Buffer | IncomingMessage | null,
  leaving: AbortSignal,
): Promise<PassedAnswer> {
  if (headers.get('Accept') === undefined) headers.set('Accept', '*/*');
  if (headers.get('Accept-Encoding') === undefined) headers.set('Accept-Encoding', 'gzip, deflate, zstd');
  if (Buffer.isBuffer(body)) headers.set('Content-Length', String(body.length));
  else if (body) headers.set('Transfer-Encoding', 'chunked');
  return new Promise((resolve, reject) => {
    const call = request({
      host,
      port,
      method,
      path,
      headers: headers.raw() as unknown as OutgoingHttpHeaders,
      agent: false,
      signal: leaving,
    });
    call.once('response', (answer) => resolve(passedAnswer(answer)));
    call.once('error', reject);
    if (body === null || Buffer.isBuffer(body)) call.end(body ?? undefined);
    else body.pipe(call);
  });
}

function passedAnswer(answer: IncomingMessage): PassedAnswer {
  const headers = HeaderList.parsed(answer.rawHeaders);
  const length = headers.get('Content-Length');
  return {
    status: answer.statusCode ?? 502,
    headers: headers.without(OWN_OF_ANSWERS),
    contentType: (headers.get('Content-Type') ?? 'application/octet-stream').split(';')[0]?.trim() ?? '',
    length: length === undefined ? null : Number(length),
    body: unpacked(answer, headers.get('Content-Encoding')),
  };
}

function unpacked(answer: IncomingMessage, coding: string | undefined): Readable {
  switch (coding) {
    case 'gzip':
      return answer.pipe(createGunzip());
    case 'deflate':
      return answer.pipe(createInflate());
    case 'zstd':
      return answer.pipe(createZstdDecompress());
    default:
      return answer;
  }
}

/** The whole of a body. @returns null when it is longer than the limit; all of it is read, so that the sender sees the answer */
export async function wholeBody(body: Readable, limit = Infinity): Promise<Buffer | null> {
  const pieces: Buffer[] = [];
  let size = 0;
  for await (const piece of body as AsyncIterable<Buffer>) {
    size += piece.length;
    if (size <= limit) pieces.push(piece);
  }
  return size > limit ? null : Buffer.concat(pieces);
}

/** An answer of the hop itself, in the words of the library. */
export function plainAnswer(response: ServerResponse, status: number, reason: string): void {
  const text = `${status}: ${reason}`;
  response.writeHead(status, { 'Content-Type': 'text/plain; charset=utf-8', 'Content-Length': text.length });
  response.end(text);
}

/** Aborts when the one who asked has gone before the answer was whole. */
export function leavingOf(response: ServerResponse): AbortSignal {
  const controller = new AbortController();
  response.once('close', () => {
    if (!response.writableFinished) controller.abort();
  });
  return controller.signal;
}

/** Writes a head; names and values may occur twice. */
export function writeHead(response: ServerResponse, status: number, headers: HeaderList): void {
  response.sendDate = headers.get('Date') === undefined;
  response.writeHead(status, headers.raw());
}

/** Passes pieces on as they come; who breaks off on one side is broken off on the other. */
export async function stream(body: Readable, response: NodeJS.WritableStream): Promise<void> {
  await pipeline(body, response).catch(() => {});
}
