import { addUsd } from '../core/money.ts';
import type { Cost } from '../core/price.ts';
import { NO_USAGE, usageOfAll, type Usage } from '../core/usage.ts';

interface Billed {
  readonly usage: Usage;
  readonly cost: Cost;
}

/** What providers answered and no client got: paid for all the same. */
export class VainAnswers {
  readonly #billed: Billed[] = [];

  get any(): boolean {
    return this.#billed.length > 0;
  }

  note(billed: Billed): void {
    this.#billed.push(billed);
  }

  /** The bill of a call with theirs. */
  with(call: Billed): Billed {
    if (!this.any) return call;
    const all = call.usage === NO_USAGE ? this.#billed : [...this.#billed, call];
    return { usage: usageOfAll(all.map(({ usage }) => usage)), cost: all.map(({ cost }) => cost).reduce(together) };
  }
}

/** The origin is that of the last. */
function together(before: Cost, after: Cost): Cost {
  return {
    total: addUsd(before.total, after.total),
    terms: [...before.terms, ...after.terms],
    origin: after.origin ?? before.origin,
    unpriced: before.unpriced || after.unpriced,
  };
}
