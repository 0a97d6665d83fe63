import type { IncomingMessage } from 'node:http';

/** Whoever sends more, or longer, was not going to read. */
const MOST_BYTES = 33_554_432;
const LONGEST_MS = 10_000;

/**
 * Throws away what a client still sends of a request that is answered already. A connection that is closed with something
 * unread in it is reset, and takes the answer with it. Resolves when nothing more comes, or it is too much.
 */
export async function restOf(request: IncomingMessage): Promise<void> {
  if (request.complete || request.destroyed) return;
  const { promise: over, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, LONGEST_MS);
  let bytes = 0;
  request.removeAllListeners('data');
  request.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes > MOST_BYTES) resolve();
  });
  for (const event of ['end', 'close', 'error']) request.on(event, resolve);
  request.resume();
  await over;
  clearTimeout(timer);
}
