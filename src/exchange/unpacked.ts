import { promisify } from 'node:util';
import { brotliDecompress, gunzip, inflate, zstdDecompress } from 'node:zlib';
import { MalformedAnswerError } from '../core/provider-error.ts';
import type { UpstreamExchange } from '../providers/transport/upstream-exchange.ts';

const DECODERS = {
  gzip: promisify(gunzip),
  deflate: promisify(inflate),
  br: promisify(brotliDecompress),
  zstd: promisify(zstdDecompress),
} as const;

/**
 * The body as it was before its provider compressed it, which some do unasked; a bomb ends at the limit.
 *
 * @param limit bytes @throws {MalformedAnswerError} for an encoding that is not known, or a body that is not in it
 */
export async function unpacked(body: Buffer, exchange: UpstreamExchange, limit: number): Promise<Buffer> {
  const encoding = exchange.headers['content-encoding'] ?? 'identity';
  if (encoding === 'identity' || body.length === 0) return body;
  if (!Object.hasOwn(DECODERS, encoding))
    throw new MalformedAnswerError(`The provider used the encoding '${encoding.slice(0, 40)}', which nobody asked for.`, 'shape');
  try {
    return await DECODERS[encoding as keyof typeof DECODERS](body, { maxOutputLength: limit });
  } catch (error) {
    throw new MalformedAnswerError("The provider's answer cannot be unpacked.", 'shape', error);
  }
}
