/** The body of a request that is not here yet. Given up by {@link stop}, never by ending it: a part of it must not look whole. */
export interface StreamedBody extends AsyncIterableIterator<Buffer> {
  /** Whether it waits for its own source: such time is not the provider's. */
  readonly waits: boolean;
  /** Bytes of all of it; null when that is not known: then it is sent in chunks. */
  readonly length: number | null;
  /** Nobody takes it any more: whoever waits for its next piece is refused. */
  stop(): void;
}
