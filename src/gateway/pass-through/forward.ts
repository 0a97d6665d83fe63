import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { ClientGoneError, TimeoutError } from '../../core/errors.ts';
import { connectionError } from '../../providers/transport/connection-error.ts';
import type { Passing } from '../../providers/transport/relay.ts';

/** Who listens to an answer on its way: told before the client is. */
export interface Listener {
  answered(status: number, headers: Readonly<Record<string, string>>): void;
  push(chunk: Buffer): void;
  /** The last byte may leave when this resolves. */
  end(): Promise<void>;
}

/**
 * Sends an answer on as it arrives, at the speed at which the client reads.
 *
 * @param head the headers for the client, once the answer's own are known
 * @throws {ProviderError | TimeoutError | ClientGoneError} when it breaks off
 */
export async function forward(answer: Passing, response: ServerResponse, listener: Listener, head: () => string[]): Promise<void> {
  const broken: { error: Error | null } = { error: null };
  answer.on('error', (error) => {
    broken.error ??= error;
  });
  try {
    listener.answered(answer.statusCode ?? 502, headersOf(answer));
    response.writeHead(answer.statusCode ?? 502, head());
    let left = Number(answer.headers['content-length'] ?? Number.NaN);
    // Of a stream the client is told that it began; the head of any other answer leaves with its first bytes.
    if (Number.isNaN(left)) response.flushHeaders();
    for await (const chunk of answer as AsyncIterable<Buffer>) {
      listener.push(chunk);
      left -= chunk.length;
      if (left <= 0) await listener.end();
      if (!response.write(chunk)) await Promise.race([once(response, 'drain'), once(response, 'close')]);
    }
    await listener.end();
    response.end();
  } catch (error) {
    throw reasonOf(broken.error, error, response);
  }
}

/** The provider breaking off also closes the client's connection, so what the provider did is looked at first. */
function reasonOf(broken: Error | null, thrown: unknown, response: ServerResponse): unknown {
  if (broken instanceof TimeoutError) return broken;
  if (broken !== null) return connectionError(broken, true);
  return response.destroyed ? new ClientGoneError('the client is gone') : thrown;
}

/** Names in lower case; of a name that repeats, all values. */
function headersOf({ headers }: Passing): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, Array.isArray(value) ? value.join(', ') : value]],
    ),
  );
}
