import type { StreamReader } from '../../core/dialect.ts';
import type { Usage } from '../../core/usage.ts';
import type { StreamTranslator } from '../codec.ts';
import type { MeasuredUse } from '../codecs/audio-streams.ts';

type Headers = Readonly<Record<string, string>>;

/** What a whole answer says of its use. */
export interface Measured {
  readonly usage: Usage | null;
  /** As in {@link MeasuredUse}: where the price asks for what is not told. */
  readonly guess?: Usage;
  /** What the model wrote, for counting where nothing is told; `''`: that is not known. */
  readonly text: string;
}

/** How an answer that passes is understood, for its bill alone. */
export interface Reading {
  /** @throws {ProviderError} for an error inside */
  whole(body: unknown, headers: Headers): Measured;
  reader(): StreamReader;
  /** Of streams that are no conversation; absent: {@link reader} reads them. */
  translator?(): StreamTranslator;
  /** Of an answer that came and is not read, such as sound; absent: nothing is known of it. */
  readonly unread?: MeasuredUse;
}
