/** Calls whose durations are remembered, for all and for each provider. */
export const REMEMBERED = 200;

/** How long the last answers took. */
export class Durations {
  readonly #all: number[] = [];
  readonly #byProvider = new Map<string, number[]>();

  /** @param ms from arrival to the last byte */
  add(provider: string, ms: number): void {
    remember(this.#all, ms);
    let own = this.#byProvider.get(provider);
    if (!own) {
      own = [];
      this.#byProvider.set(provider, own);
    }
    remember(own, ms);
  }

  /** @param share 0.5 for the median @param provider all, when absent @returns whole milliseconds; null: no call yet */
  percentile(share: number, provider?: string): number | null {
    const values = (provider === undefined ? this.#all : (this.#byProvider.get(provider) ?? [])).toSorted((a, b) => a - b);
    const value = values[Math.min(values.length - 1, Math.floor(share * values.length))];
    return value === undefined ? null : Math.round(value);
  }
}

function remember(values: number[], ms: number): void {
  values.push(ms);
  if (values.length > REMEMBERED) values.shift();
}
