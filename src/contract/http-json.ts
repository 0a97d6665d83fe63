import { InvalidRequestError, RequestTooLargeError } from '../core/errors.ts';
import { parseExact } from '../core/exact-json.ts';
import { JsonDocument } from '../core/json-document.ts';
import type { RouteCall } from '../core/route.ts';

/** Writes a JSON answer. */
export function answerJson({ response, request, headers }: RouteCall, body: unknown, status = 200): void {
  const bytes = Buffer.from(JSON.stringify(body));
  response.writeHead(status, { ...headers, 'content-type': 'application/json', 'content-length': String(bytes.length) });
  response.end(request.method === 'HEAD' ? undefined : bytes);
}

/** Largest body of the control plane. */
const MOST_BYTES = 4_194_304;

/**
 * The JSON body of a control-plane request, every digit of its numbers kept; `{}` when it is empty.
 *
 * @throws {InvalidRequestError | RequestTooLargeError}
 */
export async function readJsonBody({ request }: RouteCall): Promise<unknown> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > MOST_BYTES) throw new RequestTooLargeError(MOST_BYTES);
    chunks.push(chunk);
  }
  const bytes = Buffer.concat(chunks);
  const text = bytes.toString('utf8').trim();
  if (text === '') return {};
  // Says where a fault is, and keeps depth and members within the limits of every body (ruling E8).
  if (text.startsWith('{')) JsonDocument.read(bytes);
  try {
    return parseExact(text);
  } catch (error) {
    throw new InvalidRequestError(
      `Invalid JSON payload: ${error instanceof Error ? error.message.slice(0, 200) : 'not JSON'}`,
      'request_body',
    );
  }
}
