import type { IncomingMessage } from 'node:http';
import { JsonDocument } from '../../core/json-document.ts';
import { readBody } from '../body.ts';

/** What is known of a request's body before it goes on. */
export interface PassedBody {
  /** Its members; of anything but a JSON object none. */
  readonly document: JsonDocument;
  /** All of it; null: it goes on as it arrives. */
  readonly bytes: Buffer | null;
}

const NO_MEMBERS = JsonDocument.of({});
const JSON_TYPE = /^application\/(?:[\w.+-]+\+)?json\b/i;
const NO_BYTES = Buffer.alloc(0);

/**
 * Reads a JSON body: its model decides who may send it and what it costs. Others, files above all, are not read.
 *
 * @param always also what is not JSON, because the request is signed
 * @throws {InvalidRequestError | RequestTooLargeError | ClientGoneError}
 */
export async function bodyOf(request: IncomingMessage, limit: number, always: boolean): Promise<PassedBody> {
  const { headers } = request;
  const isJson = JSON_TYPE.test(headers['content-type'] ?? '');
  if (!hasBody(request)) return { document: NO_MEMBERS, bytes: NO_BYTES };
  if (!isJson && !always) return { document: NO_MEMBERS, bytes: null };
  const bytes = await readBody(request, limit);
  return { document: isJson && bytes.length > 0 ? JsonDocument.read(bytes) : NO_MEMBERS, bytes };
}

function hasBody({ headers }: IncomingMessage): boolean {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;
}

/** Headers that tell how long a body is, and how it is packed: one that was read was unpacked. */
export function bodyHeaders({ headers }: IncomingMessage, bytes: Buffer | null): Readonly<Record<string, string>> {
  if (bytes !== null) return bytes.length > 0 ? { 'content-length': String(bytes.length) } : {};
  const { 'content-length': length, 'content-encoding': encoding } = headers;
  return {
    ...(length === undefined ? { 'transfer-encoding': 'chunked' } : { 'content-length': length }),
    ...(encoding === undefined ? {} : { 'content-encoding': encoding }),
  };
}
