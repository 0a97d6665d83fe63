import { type IncomingMessage, request } from 'node:http';
import type { Readable } from 'node:stream';

/** What a page asks through ingress; names of headers go out as they are spelled here. */
export interface BrowserCall {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** A stream goes in chunks, without its length. */
  readonly body?: string | Buffer | Readable;
  /** Called when a piece of the answer has arrived. */
  readonly onPiece?: () => void;
}

/** An answer as the browser received it: still packed, in the pieces that arrived. */
export interface BrowserAnswer {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly pieces: readonly Buffer[];
  readonly text: string;
}

/**
 * Sends exactly what is given, unlike `fetch`, which spells names of headers in lower case.
 *
 * @param url may hold what a browser would not write, such as `%2F`
 */
export async function browserCall(url: string, { method = 'GET', headers = {}, body, onPiece }: BrowserCall = {}): Promise<BrowserAnswer> {
  const answer = await new Promise<IncomingMessage>((resolve, reject) => {
    const { host, hostname, port } = new URL(url);
    const path = url.slice(url.indexOf(host) + host.length);
    const call = request({ hostname, port, path, method, headers, agent: false });
    call.once('response', resolve).once('error', reject);
    if (body === undefined || typeof body === 'string' || Buffer.isBuffer(body)) call.end(body);
    else body.pipe(call);
  });
  const pieces: Buffer[] = [];
  for await (const piece of answer as AsyncIterable<Buffer>) {
    pieces.push(piece);
    onPiece?.();
  }
  const text = Buffer.concat(pieces).toString();
  return { status: answer.statusCode ?? 0, headers: answer.headers, pieces, text };
}
