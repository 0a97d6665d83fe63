import type { Clock } from '../core/clock.ts';
import type { Deployment, ModelGroup } from '../core/deployment.ts';
import { NoDeploymentError } from '../core/errors.ts';
import { choiceOf, type Choice } from './choice.ts';
import { Cooldowns, type CooldownSettings, type Resting } from './cooldowns.ts';
import { fallbacksFor, type FallbackSettings, type FallbackTarget } from './fallbacks.ts';
import type { ModelTable } from './model-table.ts';
import { ProviderStates } from './provider-states.ts';
import { retriesFor, waitBefore, type RetryPolicy } from './retries.ts';
import { shuffled } from './shuffle.ts';

export interface RouterSettings {
  readonly cooldown: CooldownSettings;
  readonly fallbacks: FallbackSettings;
  readonly retryPolicy: RetryPolicy;
  /** Those of model groups, in place of it. */
  readonly groupRetryPolicies: ReadonlyMap<string, RetryPolicy>;
  /** `num_retries`: tries after the first, for each group. */
  readonly retries: number;
  /** `retry_after`: least wait before a retry, milliseconds. */
  readonly leastWaitMs: number;
}

export interface RouterParts {
  readonly clock: Clock;
  /** Numbers in [0, 1). */
  readonly random: () => number;
  readonly settings: RouterSettings;
}

/** What to do after an attempt failed. */
export type NextStep = { readonly retry: true; readonly waitMs: number } | { readonly retry: false };

/**
 * Model name → group → deployment; remembers who rests. Knows nothing of HTTP or dialects: it is told what failed.
 */
export class Router<Upstream> {
  readonly #random: () => number;
  readonly #cooldowns: Cooldowns;
  /** How providers are, by what became of their calls. */
  readonly states: ProviderStates;
  #settings: RouterSettings;
  #table: ModelTable<Upstream>;

  constructor({ clock, random, settings }: RouterParts, table: ModelTable<Upstream>) {
    this.#random = random;
    this.#settings = settings;
    this.#table = table;
    this.#cooldowns = new Cooldowns(clock, settings.cooldown);
    this.states = new ProviderStates(clock);
  }

  /** Takes a new configuration. Calls that run keep theirs. */
  reload(table: ModelTable<Upstream>, settings: RouterSettings): void {
    this.#table = table;
    this.#settings = settings;
    this.#cooldowns.configure(settings.cooldown);
    this.states.keep(table.ids());
  }

  get table(): ModelTable<Upstream> {
    return this.#table;
  }

  find(name: string): ModelGroup<Upstream> | null {
    return this.#table.find(name);
  }

  /**
   * Chooses one deployment of a level: never a resting one, and not one that just failed while another is left.
   *
   * @throws {NoDeploymentError} when all rest
   */
  choose(
    group: ModelGroup<Upstream>,
    level: readonly Deployment<Upstream>[],
    failed: ReadonlySet<Deployment<Upstream>>,
    byId: boolean,
  ): Deployment<Upstream> {
    const [only] = level;
    if (level.length === 1 && only && (byId || this.#cooldowns.restOf(keyOf(only)) === 0)) return only;
    const awake = byId ? level : this.#awake(level);
    if (awake.length === 0) throw new NoDeploymentError(group.name, Math.min(...level.map((deployment) => this.restOf(deployment))));
    return shuffled(candidatesOf(awake, failed), this.#random);
  }

  /** Why {@link choose} chose this one, told right after it; null: there was nothing to choose. */
  explain(
    { levels }: ModelGroup<Upstream>,
    level: readonly Deployment<Upstream>[],
    failed: ReadonlySet<Deployment<Upstream>>,
    byId: boolean,
    chosen: Deployment<Upstream>,
  ): Choice | null {
    if (byId) return { by: 'id', among: 1, resting: 0 };
    if (level.length === 1 && levels.length === 1) return null;
    const awake = this.#awake(level);
    const choice = choiceOf(chosen, candidatesOf(awake, failed), level.length - awake.length);
    return levels.length === 1 ? choice : { ...choice, level: levels.indexOf(level) + 1, levels: levels.length };
  }

  /** Milliseconds for which the deployment is not called; 0: it may be. */
  restOf(deployment: Deployment<Upstream>): number {
    return this.#cooldowns.restOf(keyOf(deployment));
  }

  #awake(level: readonly Deployment<Upstream>[]): readonly Deployment<Upstream>[] {
    return level.filter((deployment) => this.restOf(deployment) === 0);
  }

  /** @param ms from the request to the first piece of the answer */
  succeeded(deployment: Deployment<Upstream>, ms: number): void {
    this.#cooldowns.succeeded(keyOf(deployment));
    this.states.succeeded(deployment, ms);
  }

  failed(group: ModelGroup<Upstream>, deployment: Deployment<Upstream>, error: unknown): void {
    this.#cooldowns.failed({ key: keyOf(deployment), groupSize: group.levels.flat().length, cooldownMs: deployment.cooldownMs }, error);
    this.states.failed(deployment, error, this.restOf(deployment));
  }

  /** An answer that had begun broke off. */
  broke(deployment: Deployment<Upstream>, error: unknown): void {
    this.states.broke(deployment, error);
  }

  /**
   * Whether and when to try again within a level.
   *
   * @param tried retries already made in this group
   * @param configured retries that request, key or deployment ask for; null: the router's own
   */
  next(
    group: ModelGroup<Upstream>,
    level: readonly Deployment<Upstream>[],
    failed: ReadonlySet<Deployment<Upstream>>,
    error: unknown,
    tried: number,
    configured: number | null,
  ): NextStep {
    const others = level.some((deployment) => !failed.has(deployment) && this.#cooldowns.restOf(keyOf(deployment)) === 0);
    const hasFallback = this.fallbacks(group.name, error).length > 0;
    const policy = this.#settings.groupRetryPolicies.get(group.name) ?? this.#settings.retryPolicy;
    const allowed = retriesFor(error, configured ?? this.#settings.retries, policy, others, hasFallback);
    if (tried >= allowed) return { retry: false };
    return { retry: true, waitMs: waitBefore(tried + 1, error, others, this.#settings.leastWaitMs, this.#random) };
  }

  get retries(): number {
    return this.#settings.retries;
  }

  get maxFallbacks(): number {
    return this.#settings.fallbacks.maxFallbacks;
  }

  fallbacks(group: string, error: unknown): readonly FallbackTarget[] {
    return fallbacksFor(group, error, this.#settings.fallbacks);
  }

  resting(): Resting[] {
    return this.#cooldowns.resting();
  }
}

/** Not those that just failed, while others are left. */
function candidatesOf<T>(awake: readonly T[], failed: ReadonlySet<T>): readonly T[] {
  const fresh = failed.size === 0 ? awake : awake.filter((deployment) => !failed.has(deployment));
  return fresh.length > 0 ? fresh : awake;
}

/** A wildcard row's models rest one by one. */
function keyOf(deployment: Deployment): string {
  return `${deployment.id} ${deployment.model}`;
}
