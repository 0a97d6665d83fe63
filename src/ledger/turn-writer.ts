/** The append-only file that everything goes to first; `journal/` keeps this promise. */
export interface RecordLog {
  readonly id: string;
  readonly failing: boolean;
  /** @returns the sequence number of each record, from 1; null for one that could not be written */
  appendAll(payloads: readonly string[]): readonly (number | null)[];
  replay(afterSeq: number): AsyncIterable<{ readonly seq: number; readonly payload: string }>;
  /** Records up to here are in the database. */
  release(upToSeq: number): void;
  /** The next record gets a number above this one. */
  continueAfter(seq: number): void;
}

const DONE = Promise.resolve();

/**
 * Brings records to the journal: all of one turn of the event loop in one write, at its end. A write costs as much for
 * thirty records as for one.
 */
export class TurnWriter<Entry extends { readonly json: string }> {
  readonly #journal: Pick<RecordLog, 'appendAll'>;
  readonly #onPlaced: (entry: Entry, seq: number | null) => void;
  #entries: Entry[] = [];
  #turnEnd: PromiseWithResolvers<void> | null = null;

  /** @param onPlaced told of each entry once it was written, in order; null: the journal could not take it */
  constructor(journal: Pick<RecordLog, 'appendAll'>, onPlaced: (entry: Entry, seq: number | null) => void) {
    this.#journal = journal;
    this.#onPlaced = onPlaced;
  }

  write(entry: Entry): void {
    this.#entries.push(entry);
    if (this.#turnEnd) return;
    this.#turnEnd = Promise.withResolvers<void>();
    setImmediate(this.end);
  }

  /** Every entry so far is placed when this resolves. */
  written(): Promise<void> {
    return this.#turnEnd?.promise ?? DONE;
  }

  /** Writes now, without waiting for the turn's end. */
  readonly end = (): void => {
    const [entries, turnEnd] = [this.#entries, this.#turnEnd];
    if (!turnEnd) return;
    this.#entries = [];
    this.#turnEnd = null;
    const seqs = this.#journal.appendAll(entries.map(({ json }) => json));
    entries.forEach((entry, index) => {
      this.#onPlaced(entry, seqs[index] ?? null);
    });
    turnEnd.resolve();
  };
}
