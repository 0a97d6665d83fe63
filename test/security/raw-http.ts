import { connect } from 'node:net';

export interface RawAnswer {
  /** 0: the connection closed without an answer. */
  readonly status: number;
  /** Lower case names; the last one counts. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** Everything that came, further answers too. */
  readonly text: string;
}

/**
 * Sends bytes as they are and reads until the other side closes, so that a test can say what no HTTP client says.
 * Name `connection: close` in the bytes, or the server keeps the connection until `timeoutMs`.
 */
export function sendRaw(port: number, bytes: string | Buffer, timeoutMs = 5000): Promise<RawAnswer> {
  const { promise, resolve } = Promise.withResolvers<RawAnswer>();
  const chunks: Buffer[] = [];
  const socket = connect(port, '127.0.0.1', () => {
    socket.write(typeof bytes === 'string' ? Buffer.from(bytes, 'latin1') : bytes);
  });
  const late = setTimeout(() => socket.destroy(), timeoutMs);
  socket.on('data', (chunk: Buffer) => chunks.push(chunk));
  socket.on('error', () => undefined);
  socket.on('close', () => {
    clearTimeout(late);
    resolve(
      answerOf(
        Buffer.concat(chunks)
          .toString('latin1')
          .replace(/^HTTP\/1\.1 100 Continue\r\n\r\n/, ''),
      ),
    );
  });
  return promise;
}

function answerOf(text: string): RawAnswer {
  const end = text.indexOf('\r\n\r\n');
  const [first = '', ...lines] = (end === -1 ? text : text.slice(0, end)).split('\r\n');
  const headers = lines.map((line) => [line.slice(0, line.indexOf(':')).toLowerCase(), line.slice(line.indexOf(':') + 1).trim()] as const);
  return {
    status: Number(/^HTTP\/1\.1 (\d{3})/.exec(first)?.[1] ?? 0),
    headers: Object.fromEntries(headers),
    body: end === -1 ? '' : text.slice(end + 4),
    text,
  };
}

export interface RawRequest {
  readonly method?: string;
  readonly target: string;
  /** In order, as they are; `host` and `connection: close` are added unless they are among them. */
  readonly headers?: readonly (readonly [string, string])[];
  readonly body?: string;
}

/** The bytes of a request. A body gets its length. */
export function rawRequest({ method = 'GET', target, headers = [], body }: RawRequest): Buffer {
  const given = new Set(headers.map(([name]) => name.toLowerCase()));
  const all = [...headers];
  if (!given.has('host')) all.push(['host', '127.0.0.1']);
  if (!given.has('connection')) all.push(['connection', 'close']);
  const content = body === undefined ? Buffer.alloc(0) : Buffer.from(body);
  if (body !== undefined && !given.has('content-length') && !given.has('transfer-encoding'))
    all.push(['content-length', String(content.length)]);
  const head = `${method} ${target} HTTP/1.1\r\n${all.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n`;
  return Buffer.concat([Buffer.from(head, 'latin1'), content]);
}
