import { ProviderError } from '../core/provider-error.ts';

/** How many equal text pieces in a row mean that a model is stuck (data-plane 10.7). */
export const REPETITION_LIMIT = 100;

/** Notices a model that says the same thing without end. Pieces of one or two characters may repeat. */
export class RepetitionGuard {
  readonly #limit: number;
  #last = '';
  #times = 0;

  constructor(limit: number = REPETITION_LIMIT) {
    this.#limit = limit;
  }

  /** @returns whether the piece came so often in a row that the stream must end */
  isStuckAfter(piece: string): boolean {
    if (piece !== this.#last) {
      this.#last = piece;
      this.#times = 1;
      return false;
    }
    this.#times += 1;
    return this.#times >= this.#limit && piece.length > 2;
  }
}

export function repetitionError(limit: number): ProviderError {
  return new ProviderError({
    class: 'InternalServerError',
    status: 500,
    message: `The model is repeating the same chunk: it came ${limit} times in a row.`,
  });
}
