import {
  MOST,
  type BridgeKey,
  type BridgeModel,
  type BridgePerson,
  type BridgeProvider,
  type BridgeSnapshot,
} from '../../contract/bridge/snapshot.ts';
import type { Clock } from '../../core/clock.ts';
import type { Deployment, ModelGroup } from '../../core/deployment.ts';
import { subtractUsd } from '../../core/money.ts';
import type { KeyRing } from '../../identity/key-ring.ts';
import { isManaged } from '../../identity/managed-key.ts';
import type { People } from '../../identity/people.ts';
import type { VirtualKey } from '../../identity/virtual-key.ts';
import type { Limits } from '../../limits/limits.ts';
import { isBlocked, type ModelTable } from '../../router/model-table.ts';
import { together, type ProviderStates } from '../../router/provider-states.ts';
import { dollarsOf, momentOf, momentOrNull } from './amounts.ts';
import { budgetOfKey, budgetOfPerson, globalBudgetOf, nameOfKey, nameOfPerson, shownBudget, standingOf, type Budget } from './budgets.ts';
import { modelIdOf, personIdOf, providerIdOf } from './ids.ts';
import type { SubjectNow, Tally } from './tally.ts';

/** What a model can do, as its group is shown to clients. */
export interface GroupFacts {
  readonly mode: string | null;
  readonly supports: readonly string[];
  readonly context: number | null;
}

export interface SnapshotParts {
  readonly clock: Clock;
  readonly version: string;
  /** When the process began, `clock.now()`. */
  readonly startedAt: number;
  readonly limits: Limits;
  readonly ring: KeyRing;
  readonly people: People;
  readonly states: ProviderStates;
  readonly table: () => ModelTable<unknown>;
  /** Name and kind of a provider. */
  readonly providerNames: (id: string) => { readonly name: string; readonly kind: string };
  readonly factsOf: (group: ModelGroup) => GroupFacts;
  readonly openCalls: () => number;
  readonly database: () => 'connected' | 'disconnected' | 'starting';
  /** What the configuration file holds that does not act, in one line; null: all of it acts. */
  readonly configProblem: () => string | null;
  /** Version of the app that waits to be installed. */
  readonly newVersion: () => string | null;
}

/** Which blocks Home Assistant wants, as its options say. */
export interface Wanted {
  readonly keys: 'all' | 'none' | readonly string[];
  readonly providers: boolean;
  readonly models: boolean;
  readonly budgets: boolean;
}

export const EVERYTHING: Wanted = { keys: 'all', providers: true, models: true, budgets: true };

/** Makes what Home Assistant is told: names, sums and states, nothing that is secret and nothing that anybody wrote. */
export class Snapshots {
  readonly #parts: SnapshotParts;

  constructor(parts: SnapshotParts) {
    this.#parts = parts;
  }

  make(tally: Tally, wanted: Wanted = EVERYTHING): BridgeSnapshot {
    const { clock } = this.#parts;
    const now = clock.now();
    tally.turn(now);
    const keys = this.liveKeys().filter((key) => isWanted(key, wanted.keys));
    const cut: boolean[] = [];
    const most = <T>(list: readonly T[], limit: number, spendOf: (one: T) => number): T[] => {
      cut.push(list.length > limit);
      return list.length > limit ? list.toSorted((a, b) => spendOf(b) - spendOf(a)).slice(0, limit) : [...list];
    };
    const spendMonth = ({ spend_month: spend }: { readonly spend_month: number }): number => spend;
    const providers = this.#providers(tally);
    const snapshot = {
      at: momentOf(now),
      gateway: this.#gateway(tally, providers, now),
      totals: this.#totals(tally, now),
      budgets: wanted.budgets ? most(this.budgets(keys).map(shownBudget), MOST.budgets, ({ spent }) => spent) : [],
      providers: wanted.providers ? most(providers, MOST.providers, spendMonth) : [],
      keys: most(keys.map((key) => this.key(key, tally)), MOST.keys, spendMonth), // prettier-ignore
      models: wanted.models
        ? most(
            [...this.#parts.table().groups()].map((group) => this.model(group, tally)),
            MOST.models,
            spendMonth,
          )
        : [],
      people: most(this.#people(tally), MOST.people, spendMonth),
    };
    return cut.includes(true) ? { ...snapshot, truncated: true } : snapshot;
  }

  /** Keys as their owners know them: not the old texts of those that were regenerated. */
  liveKeys(): VirtualKey[] {
    return [...this.#parts.ring.all()].filter(({ fields }) => fields.successor === null);
  }

  /** Budgets of everybody, of persons of Home Assistant, and of these keys. */
  budgets(keys: readonly VirtualKey[]): Budget[] {
    const { limits } = this.#parts;
    const persons = this.#homePersons().map((person) => budgetOfPerson(person, limits));
    const ofKeys = keys.map((key) => budgetOfKey(key, limits));
    return [...globalBudgetOf(limits), ...[...persons, ...ofKeys].filter((budget) => budget !== null)];
  }

  key(key: VirtualKey, tally: Tally): BridgeKey {
    const { fields } = key;
    const sums = tally.of('key', fields.publicId);
    const budget = budgetOfKey(key, this.#parts.limits);
    const owner = fields.userId?.startsWith('ha:') ? fields.userId : null;
    return {
      id: fields.publicId,
      name: nameOfKey(key),
      state: this.#stateOf(key, budget),
      owner,
      managed: isManaged(fields),
      ...spendOf(sums),
      limit: budget && dollarsOf(budget.limit),
      remaining: budget && dollarsOf(subtractUsd(budget.limit, budget.spent)),
      resets_at: momentOrNull(budget?.resetAt ?? null),
      requests: sums.total.requests,
      tokens: sums.total.inputTokens + sums.total.outputTokens,
      last_used_at: momentOrNull(sums.lastAt),
      expires_at: momentOrNull(fields.expires),
    };
  }

  #stateOf({ fields }: VirtualKey, budget: Budget | null): BridgeKey['state'] {
    if (fields.blocked) return 'blocked';
    if (fields.expires !== null && fields.expires <= this.#parts.clock.now()) return 'expired';
    return budget && standingOf(budget) === 'exceeded' ? 'budget_exceeded' : 'active';
  }

  #gateway({ windows }: Tally, providers: readonly BridgeProvider[], now: number): BridgeSnapshot['gateway'] {
    const { database, configProblem, newVersion, startedAt, version } = this.#parts;
    const db = database();
    const problem = configProblem()?.slice(0, 500) ?? null;
    const ill = providers.some(({ state }) => state !== 'ok' && state !== 'unknown' && state !== 'disabled');
    return {
      state: db === 'starting' ? 'starting' : db === 'disconnected' ? 'no_database' : ill || problem !== null ? 'degraded' : 'ok',
      version,
      database: db === 'connected' ? 'ok' : db,
      uptime_s: Math.max(0, Math.floor((now - startedAt) / 1000)),
      update_available: newVersion(),
      config_problem: problem,
      day_start: momentOf(windows.day),
      week_start: momentOf(windows.week),
      month_start: momentOf(windows.month),
    };
  }

  #totals(tally: Tally, now: number): BridgeSnapshot['totals'] {
    const { total, day, week, month, lastAt } = tally.of('all');
    return {
      spend: dollarsOf(total.spend),
      spend_day: dollarsOf(day.spend),
      spend_week: dollarsOf(week.spend),
      spend_month: dollarsOf(month.spend),
      saved_by_cache_month: 0,
      requests: total.requests,
      requests_day: day.requests,
      errors: total.errors,
      errors_day: day.errors,
      input_tokens: total.inputTokens,
      output_tokens: total.outputTokens,
      cached_tokens: total.cachedTokens,
      in_flight: this.#parts.openCalls(),
      latency_p50_ms: tally.durations.percentile(0.5),
      latency_p95_ms: tally.durations.percentile(0.95),
      last_request_at: momentOrNull(lastAt),
      projected_month: projected(dollarsOf(month.spend), tally, now),
    };
  }

  #providers(tally: Tally): BridgeProvider[] {
    const { states, providerNames } = this.#parts;
    return [...Map.groupBy(this.#deployments(), ({ provider }) => provider)].map(([id, deployments]) => {
      const healths = deployments.map((deployment) => states.health(deployment));
      const { state } = states.provider(id);
      const until = state === 'cooldown' ? healths.flatMap((health) => health.until ?? []) : [];
      const status = healths.find((health) => health.status !== null)?.status ?? null;
      const sums = tally.of('provider', id);
      return {
        id: providerIdOf(id),
        ...providerNames(id),
        state: deployments.every(isBlocked) ? 'disabled' : state,
        // Not the provider's own words: they may repeat the prompt.
        reason: state === 'ok' || state === 'unknown' ? null : status === null ? 'no answer' : `HTTP ${status}`,
        cooldown_until: momentOrNull(until.length === 0 ? null : Math.min(...until)),
        ...spendOf(sums),
        requests: sums.total.requests,
        errors: sums.total.errors,
        latency_p50_ms: tally.durations.percentile(0.5, id),
      };
    });
  }

  #deployments(): Deployment[] {
    const table = this.#parts.table();
    return [...table.groups()].flatMap(({ deployments }) => deployments).concat(table.wildcards().flatMap(({ sample }) => sample ?? []));
  }

  model(group: ModelGroup, tally: Tally): BridgeModel {
    const { states, factsOf } = this.#parts;
    const { mode, supports, context } = factsOf(group);
    const state = together(group.deployments.map((deployment) => states.health(deployment).state));
    return {
      id: modelIdOf(group.name),
      name: group.name,
      mode: MODES.get(mode ?? 'chat') ?? 'chat',
      providers: [...new Set(group.deployments.map(({ provider }) => providerIdOf(provider)))],
      state: group.levels.length === 0 || state === 'down' ? 'down' : state === 'ok' || state === 'unknown' ? 'ok' : 'degraded',
      spend_month: dollarsOf(tally.of('model', group.name).month.spend),
      supports: [...supports],
      context,
    };
  }

  #people(tally: Tally): BridgePerson[] {
    const known = new Map(this.#homePersons().map(({ fields }) => [fields.id, nameOfPerson(fields)]));
    for (const id of tally.names('person')) if (!known.has(id)) known.set(id, id);
    return [...known].map(([owner, name]) => {
      const sums = tally.of('person', owner);
      return {
        id: personIdOf(owner),
        name,
        ...spendOf(sums),
        requests: sums.total.requests,
      };
    });
  }

  #homePersons() {
    return [...this.#parts.people.all()].filter(({ fields }) => fields.id.startsWith('ha:'));
  }
}

function isWanted({ fields }: VirtualKey, wanted: Wanted['keys']): boolean {
  return wanted === 'all' || (wanted !== 'none' && wanted.includes(fields.publicId));
}

function spendOf({ total, day, month }: SubjectNow) {
  return { spend: dollarsOf(total.spend), spend_day: dollarsOf(day.spend), spend_month: dollarsOf(month.spend) };
}

const MODES = new Map<string, BridgeModel['mode']>([
  ['chat', 'chat'],
  ['completion', 'chat'],
  ['embedding', 'embedding'],
  ['image_generation', 'image'],
  ['image_edit', 'image'],
  ['audio_speech', 'tts'],
  ['audio_transcription', 'stt'],
  ['rerank', 'rerank'],
  ['moderation', 'moderation'],
  ['responses', 'responses'],
  ['video_generation', 'video'],
]);

const HOUR_MS = 3_600_000;

/** What the month will cost when it goes on like this; null in its first hour. */
function projected(spend: number, { windows }: Tally, now: number): number | null {
  const gone = now - windows.month;
  if (gone < HOUR_MS) return null;
  return Math.round((spend / gone) * (windows.monthEnd - windows.month) * 1e6) / 1e6;
}
