import type { Clock } from '../core/clock.ts';
import { addUsd, NO_USD, usdOf, usdText } from '../core/money.ts';
import type { SpendRecord } from '../core/spend-record.ts';
import type { SpendTick } from '../contract/panel/socket.ts';

const EVERY_MS = 1000;

/** Adds up what calls cost and tells it once a second, while somebody listens. */
export class SpendTicks {
  readonly #clock: Clock;
  readonly #tell: (tick: SpendTick) => void;
  #timer: NodeJS.Timeout | null = null;
  #spend = NO_USD;
  #calls = 0;
  #errors = 0;
  #tokens = 0;

  constructor(clock: Clock, tell: (tick: SpendTick) => void) {
    this.#clock = clock;
    this.#tell = tell;
  }

  add({ spend, status, total_tokens: tokens }: SpendRecord): void {
    this.#spend = addUsd(this.#spend, usdOf(spend));
    this.#calls += 1;
    this.#errors += status === 'failure' ? 1 : 0;
    this.#tokens += tokens;
    this.#timer ??= setTimeout(() => {
      this.#tick();
    }, EVERY_MS).unref();
  }

  stop(): void {
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
  }

  #tick(): void {
    this.#timer = null;
    const tick = { spend: usdText(this.#spend), calls: this.#calls, errors: this.#errors, tokens: this.#tokens };
    this.#spend = NO_USD;
    this.#calls = this.#errors = this.#tokens = 0;
    this.#tell({ ...tick, at: new Date(this.#clock.now()).toISOString() });
  }
}
