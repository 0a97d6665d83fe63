import type { Clock } from '../core/clock.ts';
import type { Deployment } from '../core/deployment.ts';
import { countsAgainst, OutcomeRecord, type DeploymentState } from './outcome-record.ts';

/** What a deployment is like now, and what the last hour was. */
export interface DeploymentHealth {
  readonly state: DeploymentState;
  /** The last failure's words while the state is none of health; null otherwise. */
  readonly reason: string | null;
  readonly status: number | null;
  /** When the state began, milliseconds since 1970; null: nothing is known. */
  readonly since: number | null;
  /** When it is called again; null: it does not rest. */
  readonly until: number | null;
  readonly lastAt: number | null;
  readonly calls: number;
  readonly errors: number;
  /** Milliseconds to the first piece of each of the last answers. */
  readonly latencies: readonly number[];
}

/** A provider that is not as it was. */
export interface ProviderChange {
  readonly provider: string;
  readonly was: DeploymentState;
  readonly state: DeploymentState;
  readonly since: number;
  readonly until: number | null;
  readonly reason: string | null;
  /** It did not answer before, and does now. */
  readonly recovered: boolean;
}

interface Provider {
  readonly id: string;
  readonly records: Set<OutcomeRecord>;
  state: DeploymentState;
  since: number;
}

/** How providers and deployments are, by what became of their calls. Costs the path of a call a few numbers. */
export class ProviderStates {
  readonly #clock: Clock;
  readonly #known = new WeakMap<Deployment, OutcomeRecord>();
  /** By provider and deployment id: the row `*` has deployments of many providers. */
  readonly #records = new Map<string, OutcomeRecord>();
  readonly #providers = new Map<string, Provider>();
  /** Records whose state changes by time alone. */
  readonly #passing = new Set<OutcomeRecord>();
  #onChange: (change: ProviderChange) => void = () => undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** @param listener told of every provider that changes */
  onChange(listener: (change: ProviderChange) => void): void {
    this.#onChange = listener;
  }

  /** @param ms from the request to the first piece of the answer */
  succeeded(deployment: Deployment, ms: number): void {
    const record = this.#recordOf(deployment);
    const now = this.#clock.now();
    record.succeeded(now, ms);
    if (record.state !== 'ok') this.#judge(record, now);
  }

  /** @param restMs for how long the deployment is not called now */
  failed(deployment: Deployment, error: unknown, restMs: number): void {
    if (restMs === 0 && !countsAgainst(error)) return;
    const record = this.#recordOf(deployment);
    const now = this.#clock.now();
    record.failed(now, error, restMs);
    this.#judge(record, now);
  }

  /** An answer that had begun broke off. */
  broke(deployment: Deployment, error: unknown): void {
    if (!countsAgainst(error)) return;
    const record = this.#recordOf(deployment);
    const now = this.#clock.now();
    record.broke(now, error);
    this.#judge(record, now);
  }

  /** Looks at what changes by time alone: rests that are over, failures that are long ago. */
  sweep(): void {
    const now = this.#clock.now();
    for (const record of this.#passing) this.#judge(record, now);
  }

  /** Forgets deployments that are gone. */
  keep(ids: ReadonlySet<string>): void {
    for (const [key, record] of this.#records) {
      if (ids.has(record.deployment)) continue;
      this.#records.delete(key);
      this.#passing.delete(record);
      const provider = this.#providers.get(record.provider);
      provider?.records.delete(record);
      if (provider?.records.size === 0) this.#providers.delete(record.provider);
    }
  }

  health({ id, provider }: Pick<Deployment, 'id' | 'provider'>): DeploymentHealth {
    const record = this.#records.get(keyOf(provider, id));
    if (!record) return NOTHING_KNOWN;
    const now = this.#clock.now();
    this.#judge(record, now);
    const ill = record.state !== 'ok' && record.state !== 'unknown';
    return {
      state: record.state,
      reason: ill ? record.reason : null,
      status: ill && record.status > 0 ? record.status : null,
      since: record.since,
      until: record.restsUntil > now ? record.restsUntil : null,
      lastAt: record.lastAt,
      calls: record.calls(now),
      errors: record.errors(now),
      latencies: record.latencies(),
    };
  }

  /** A provider's state, and when it began. */
  provider(id: string): { readonly state: DeploymentState; readonly since: number | null } {
    const provider = this.#providers.get(id);
    return provider ? { state: provider.state, since: provider.since } : { state: 'unknown', since: null };
  }

  #recordOf(deployment: Deployment): OutcomeRecord {
    return this.#known.get(deployment) ?? this.#newlyKnown(deployment);
  }

  /** A deployment's first call since it was made; one that a reload made anew has its record. */
  #newlyKnown(deployment: Deployment): OutcomeRecord {
    const { id, provider } = deployment;
    const key = keyOf(provider, id);
    const record = this.#records.get(key) ?? new OutcomeRecord(id, provider);
    this.#known.set(deployment, record);
    this.#records.set(key, record);
    const known = this.#providers.get(provider);
    if (known) known.records.add(record);
    else this.#providers.set(provider, { id: provider, records: new Set([record]), state: 'unknown', since: this.#clock.now() });
    return record;
  }

  #judge(record: OutcomeRecord, now: number): void {
    const state = record.stateAt(now);
    if (state === record.state) return;
    record.state = state;
    record.since = now;
    if (state === 'cooldown' || state === 'degraded') this.#passing.add(record);
    else this.#passing.delete(record);
    const provider = this.#providers.get(record.provider);
    if (provider) this.#judgeProvider(provider, record, now);
  }

  #judgeProvider(provider: Provider, record: OutcomeRecord, now: number): void {
    const { state: was } = provider;
    const state = together([...provider.records].map((each) => each.state));
    if (state === was) return;
    provider.state = state;
    provider.since = now;
    const until = state === 'cooldown' ? Math.min(...[...provider.records].map((each) => each.restsUntil).filter((at) => at > now)) : null;
    const ill = state !== 'ok' && state !== 'unknown';
    this.#onChange({
      provider: provider.id,
      was,
      state,
      since: now,
      until,
      reason: ill ? record.reason : null,
      recovered: state === 'ok' && was !== 'unknown',
    });
  }
}

function keyOf(provider: string, id: string): string {
  return `${provider} ${id}`;
}

const NOTHING_KNOWN: DeploymentHealth = {
  state: 'unknown',
  reason: null,
  status: null,
  since: null,
  until: null,
  lastAt: null,
  calls: 0,
  errors: 0,
  latencies: [],
};

/** One state for several deployments: what nobody knows of does not count. */
export function together(states: readonly DeploymentState[]): DeploymentState {
  const known = states.filter((state) => state !== 'unknown');
  if (known.length === 0) return 'unknown';
  if (known.every((state) => state === 'ok')) return 'ok';
  if (known.every((state) => state === 'down')) return 'down';
  return known.every((state) => state === 'down' || state === 'cooldown') ? 'cooldown' : 'degraded';
}
