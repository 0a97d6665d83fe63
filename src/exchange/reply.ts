import type { ToldFailure } from '../core/dialect.ts';

/** What goes back to the client. */
export type Reply = WholeReply | StreamReply;

export interface WholeReply {
  readonly kind: 'whole';
  readonly body: Buffer;
  readonly contentType: string;
}

/** A running answer. Whoever takes it sees it to its end, or calls `rest.return()`: that is what settles the call. */
export interface StreamReply {
  readonly kind: 'stream';
  /** What the bytes are; null: server-sent events. */
  readonly contentType: string | null;
  /** What is there already; latin1, one character a byte. */
  readonly first: string;
  /** The rest, one text for each read from the provider. Throws what broke the stream. */
  readonly rest: AsyncGenerator<string, void, void>;
  /** As in `StreamTranslator`, once the rest has thrown. */
  readonly fail?: (failure: ToldFailure) => string | null;
}
