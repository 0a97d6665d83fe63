import type { ServerResponse } from 'node:http';
import type { StreamReply } from '../exchange/reply.ts';

export const EVENT_STREAM_HEADERS: Readonly<Record<string, string>> = {
  'content-type': 'text/event-stream; charset=utf-8',
  'cache-control': 'no-cache',
  'x-accel-buffering': 'no',
};

/**
 * Writes a running answer, at the speed its reader takes it (data-plane 10.5).
 *
 * @param errorEvent the event that tells an error in the client's dialect; nothing follows it (ruling E4)
 * @returns the error that ended the stream, or null
 */
export async function sendStream(response: ServerResponse, reply: StreamReply, errorEvent: (error: unknown) => string): Promise<unknown> {
  try {
    if (reply.first !== '') await written(response, reply.first);
    for await (const text of reply.rest) await written(response, text);
    response.end();
    return null;
  } catch (error) {
    if (!response.destroyed) response.end(errorEvent(error), 'utf8');
    return error;
  }
}

/** A client that takes nothing for so long is gone, whatever its connection says, milliseconds. */
const STALLED_MS = 300_000;

/** Resolves at once while the socket takes more; else when it does again, or when the client is gone. */
function written(response: ServerResponse, text: string): Promise<void> | undefined {
  if (response.write(text, 'latin1') || response.destroyed) return undefined;
  const { promise, resolve } = Promise.withResolvers<void>();
  const stalled = setTimeout(() => response.destroy(), STALLED_MS);
  const done = (): void => {
    clearTimeout(stalled);
    response.off('drain', done);
    response.off('close', done);
    resolve();
  };
  response.on('drain', done);
  response.on('close', done);
  return promise;
}
