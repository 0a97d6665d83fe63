import type { Upstream } from '../exchange/upstream.ts';
import type { PriceBook } from '../ledger/prices/price-book.ts';
import { fetchModelNames } from '../providers/model-list.ts';
import type { Transport } from '../providers/transport/transport.ts';
import type { ModelTable, WildcardRow } from '../router/model-table.ts';

export interface ModelListsParts {
  readonly transport: Transport;
  readonly prices: PriceBook;
  readonly table: () => ModelTable<Upstream>;
}

const HOUR_MS = 3_600_000;

/**
 * What stands behind wildcard rows: each provider's own list, fetched in the background at the start, on change and hourly;
 * until it is there, the models that the price data knows (ruling B2).
 */
export class ModelLists {
  readonly #parts: ModelListsParts;
  readonly #fetched = new Map<string, readonly string[]>();
  #timer: NodeJS.Timeout | null = null;

  constructor(parts: ModelListsParts) {
    this.#parts = parts;
  }

  start(): void {
    void this.refresh();
    this.#timer = setInterval(() => {
      void this.refresh();
    }, HOUR_MS);
    this.#timer.unref();
  }

  stop(): void {
    if (this.#timer) clearInterval(this.#timer);
  }

  /** Asks the provider of every wildcard row. Never rejects. */
  async refresh(): Promise<void> {
    const { table, transport } = this.#parts;
    const samples = new Map(table().wildcards().flatMap(({ sample }) => (sample ? [[sample.upstream.resolved.base, sample] as const] : [])));
    await Promise.all(
      [...samples].map(async ([base, { upstream }]) => {
        const names = await fetchModelNames(transport, upstream.resolved, upstream.tls);
        if (names) this.#fetched.set(base, names);
      }),
    );
  }

  /** Public names behind a wildcard row, from memory. */
  readonly known = (row: WildcardRow<Upstream>): readonly string[] => {
    if (!row.sample) return [];
    const names = this.#fetched.get(row.sample.upstream.resolved.base) ?? this.#parts.prices.modelsOf(row.sample.provider);
    return names.map((model) => row.publicName(model)).filter((name) => name !== null);
  };
}
