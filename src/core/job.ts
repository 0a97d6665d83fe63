import type { JsonObject } from './json-object.ts';

/** An answer to one of the requests of an attempt, as a {@link Job} reads it. */
export interface JobReply {
  readonly status: number;
  /** Lower case names. */
  readonly headers: Readonly<Record<string, string>>;
  /** Its body as JSON; null when it is none. */
  told(): unknown;
}

/** What is asked next while an answer is being made. */
export interface NextQuestion {
  /** A path below the provider's base, or the whole address that a reply named. */
  readonly at: string;
  /** How long to wait before, milliseconds. */
  readonly afterMs: number;
  /** What is sent with it, as JSON: it is no mere question then. Goes to the provider alone. Absent: nothing is. */
  readonly send?: JsonObject;
  /** Which type its answer shall have; absent: JSON. */
  readonly accept?: string;
  /** Its answer is the stream that the client waits for; absent: it tells how far the job is. */
  readonly streams?: boolean;
  /** Ends the job when nobody waits for it any more; absent: it cannot be ended. */
  readonly cancel?: { readonly method: 'POST' | 'DELETE'; readonly at: string };
  /** Of a stream: where the job tells at its end what the stream did not, and the event under which the stream is told of it. */
  readonly closing?: { readonly at: string; readonly event: string };
}

/**
 * How an answer comes that its provider makes after it took the request: it is asked for until it is there. Pure: the journey waits,
 * asks, and gives up.
 */
export interface Job {
  /**
   * Hosts of this domain are the provider's too, over https and while its base is one of them: they get the key. Absent: the origin of
   * the base alone.
   */
  readonly domain?: string;
  /** Whether the first answer, whose head this is, belongs to a job; absent: it always does. */
  readonly begins?: (head: Pick<JobReply, 'status' | 'headers'>) => boolean;
  /**
   * The next question; null: this reply is the answer.
   *
   * @param asked how many questions there were before
   * @throws {ProviderError} when the job came to nothing
   */
  next(reply: JobReply, asked: number): NextQuestion | null;
}
