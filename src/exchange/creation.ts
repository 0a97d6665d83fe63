import { ClientGoneError, TimeoutError } from '../core/errors.ts';
import type { Timeouts, UpstreamExchange } from '../providers/transport/upstream-exchange.ts';
import type { Client } from './client.ts';
import type { JobRunParts } from './job-run.ts';

export interface Creation<T> {
  readonly exchange: UpstreamExchange;
  /** What its reply is read into. */
  readonly reply: Promise<T>;
  readonly client: Client;
  readonly wait: JobRunParts['wait'];
  /** How long the client waits for the reply. */
  readonly timeouts: Timeouts;
  /** Told of a reply that came when nobody waited for it any more. */
  readonly late: (reply: T) => void;
}

/** Providers hold such a request a minute at most; what has not answered then is given up. */
const LATEST_MS = 70_000;

/** So that the exchange does not end before {@link replyInTime} says so. */
export function lasting({ firstByteMs, totalMs, ...others }: Timeouts): Timeouts {
  return { ...others, firstByteMs: firstByteMs + LATEST_MS, totalMs: totalMs === null ? null : totalMs + LATEST_MS };
}

/**
 * The reply to a request that makes a job. Broken off, it would leave a job that nobody can name, and so nobody can end: when the
 * client leaves, or its time is over, the request goes on by itself until its reply says what was made.
 *
 * @throws {ClientGoneError | TimeoutError} at once, whatever the provider does
 */
export async function replyInTime<T>({ exchange, reply, client, wait, timeouts, late }: Creation<T>): Promise<T> {
  const over = Promise.withResolvers<never>();
  const inTime = new AbortController();
  client.onGone = () => {
    over.reject(new ClientGoneError('the client is gone'));
  };
  wait(timeouts.firstByteMs, inTime.signal).then(
    () => {
      over.reject(timedOut(timeouts));
    },
    () => undefined,
  );
  try {
    return await Promise.race([reply, over.promise]);
  } catch (error) {
    const isOurs = error instanceof ClientGoneError || error instanceof TimeoutError;
    if (isOurs && exchange.sent) goOn(exchange, reply, wait, late);
    else exchange.abort();
    throw error;
  } finally {
    inTime.abort();
  }
}

function goOn<T>(exchange: UpstreamExchange, reply: Promise<T>, wait: JobRunParts['wait'], late: (reply: T) => void): void {
  const settled = new AbortController();
  wait(LATEST_MS, settled.signal).then(
    () => {
      exchange.abort();
    },
    () => undefined,
  );
  reply
    .then(late, () => undefined)
    .finally(() => {
      settled.abort();
    });
}

function timedOut({ totalMs, firstByteMs, spentMs }: Timeouts): TimeoutError {
  return new TimeoutError(totalMs === null ? 'first byte' : 'total', firstByteMs + (spentMs?.firstByte ?? 0));
}
