import type { Deployment } from '../core/deployment.ts';
import type { Abilities } from '../core/dialect.ts';
import type { Upstream } from '../exchange/upstream.ts';
import type { PriceBook } from '../ledger/prices/price-book.ts';
import { fetchModelNames, fetchOllamaFacts } from '../providers/model-list.ts';
import type { Transport } from '../providers/transport/transport.ts';
import type { ModelTable, WildcardRow } from '../router/model-table.ts';

export interface ModelListsParts {
  readonly transport: Transport;
  readonly prices: PriceBook;
  readonly table: () => ModelTable<Upstream>;
}

const HOUR_MS = 3_600_000;

/** What a server said of one of its models. */
export interface Learned {
  readonly abilities: Abilities;
  readonly mode: 'chat' | 'embedding';
}

function keyOf({ upstream, model }: Deployment<Upstream>): string {
  return `${upstream.resolved.base} ${model}`;
}

/**
 * What providers tell of their models, asked in the background at the start, on change and hourly (ruling B2): the names
 * behind wildcard rows - until they are there, those of the price data - and what an Ollama server says its models can do.
 */
export class ModelLists {
  readonly #parts: ModelListsParts;
  readonly #fetched = new Map<string, readonly string[]>();
  readonly #learned = new Map<string, Learned>();
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

  /** Never rejects. */
  async refresh(): Promise<void> {
    await Promise.all([this.#refreshNames(), this.#refreshAbilities()]);
  }

  /** What the model's own server said of it; null when it was not asked or did not say. */
  readonly learned = (deployment: Deployment<Upstream>): Learned | null => this.#learned.get(keyOf(deployment)) ?? null;

  async #refreshAbilities(): Promise<void> {
    const { table, transport } = this.#parts;
    const local = [...table().groups()].flatMap(({ deployments }) => deployments).filter(({ dialect }) => dialect === 'ollama');
    await Promise.all(
      local.map(async (deployment) => {
        const { resolved, tls } = deployment.upstream;
        const facts = await fetchOllamaFacts(transport, resolved, tls);
        if (facts)
          this.#learned.set(keyOf(deployment), {
            abilities: facts.abilities,
            mode: facts.embedding === true && facts.completion !== true ? 'embedding' : 'chat',
          });
      }),
    );
  }

  async #refreshNames(): Promise<void> {
    const { table, transport } = this.#parts;
    const samples = new Map(
      table()
        .wildcards()
        .flatMap(({ sample }) => (sample ? [[sample.upstream.resolved.base, sample] as const] : [])),
    );
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
