import type { IncomingMessage } from 'node:http';
import { promisify } from 'node:util';
import { brotliDecompress, gunzip, inflate, zstdDecompress } from 'node:zlib';
import { ClientGoneError, InvalidRequestError, RequestTooLargeError } from '../core/errors.ts';

const DECODERS = {
  gzip: promisify(gunzip),
  deflate: promisify(inflate),
  br: promisify(brotliDecompress),
  zstd: promisify(zstdDecompress),
} as const;

/**
 * The whole body of a request.
 *
 * @throws {RequestTooLargeError} as soon as it is known to be larger than `limit` bytes, also after unpacking
 * @throws {ClientGoneError} when the client hangs up in the middle
 */
export function readBody(request: IncomingMessage, limit: number): Promise<Buffer> {
  const stated = Number(request.headers['content-length'] ?? 0);
  if (stated > limit) throw new RequestTooLargeError(limit);
  const packed = collect(request, limit);
  const encoding = request.headers['content-encoding']?.trim().toLowerCase();
  return encoding === undefined || encoding === 'identity' ? packed : packed.then((bytes) => unpack(bytes, encoding, limit));
}

function collect(request: IncomingMessage, limit: number): Promise<Buffer> {
  const { promise, resolve, reject } = Promise.withResolvers<Buffer>();
  const chunks: Buffer[] = [];
  let size = 0;
  request.on('data', (chunk: Buffer) => {
    size += chunk.length;
    if (size > limit) {
      request.pause();
      reject(new RequestTooLargeError(limit));
    } else chunks.push(chunk);
  });
  request.on('end', () => {
    const [first] = chunks;
    resolve(chunks.length === 1 && first ? first : Buffer.concat(chunks));
  });
  request.on('error', () => {
    reject(new ClientGoneError('the client hung up while sending its request'));
  });
  return promise;
}

async function unpack(packed: Buffer, encoding: string, limit: number): Promise<Buffer> {
  if (!Object.hasOwn(DECODERS, encoding))
    throw new InvalidRequestError(
      `Content-Encoding '${encoding.slice(0, 40)}' is not supported. Use gzip, deflate, br or zstd.`,
      'content-encoding',
    );
  try {
    return await DECODERS[encoding as keyof typeof DECODERS](packed, { maxOutputLength: limit });
  } catch (error) {
    if (error instanceof RangeError) throw new RequestTooLargeError(limit);
    throw new InvalidRequestError(`The body is not valid ${encoding} data.`, 'request_body');
  }
}
