import { answerJson } from '../contract/http-json.ts';
import { PanelProviders, type ProviderNews } from '../contract/panel/providers.ts';
import type { Deployment } from '../core/deployment.ts';
import type { Route } from '../core/route.ts';
import type { Upstream } from '../exchange/upstream.ts';
import type { Catalogue } from '../providers/catalogue/catalogue.ts';
import { kindOf } from '../providers/forms/fields-of.ts';
import type { DeploymentHealth, ProviderChange, ProviderStates } from '../router/provider-states.ts';
import { isBlocked, type ModelTable } from '../router/model-table.ts';

export interface ProviderStateParts {
  readonly states: ProviderStates;
  readonly catalogue: Catalogue;
  readonly table: () => ModelTable<Upstream>;
}

/** `GET /panel/providers`: whom the gateway calls, and how they are. */
export function providerStateRoute(parts: ProviderStateParts): Route {
  return {
    method: 'GET',
    paths: ['/panel/providers'],
    rights: 'read',
    group: 'management_routes',
    surface: 'control',
    summary: 'Shows each provider of the models with its state, its deployments, and the calls, errors and speed of the last hour.',
    shapes: { answer: PanelProviders },
    handle: (call) => {
      answerJson(call, answer(parts));
    },
  };
}

/** A change as open pages are told of it. */
export function newsOf({ since, until, ...change }: ProviderChange): ProviderNews {
  return { ...change, since: momentOf(since), until: until === null ? null : momentOf(until) };
}

type Shown = PanelProviders['providers'][number];

function answer({ states, catalogue, table }: ProviderStateParts): PanelProviders {
  const byProvider = Map.groupBy(deploymentsOf(table()), ({ provider }) => provider);
  const providers = [...byProvider].map(([id, deployments]): Shown => {
    const row = catalogue.find(id);
    const healths = deployments.map((deployment) => ({ deployment, health: states.health(deployment) }));
    return {
      id,
      name: row?.name ?? id,
      kind: row ? kindOf(row) : 'cloud',
      ...overall(
        healths.map(({ health }) => health),
        states.provider(id),
      ),
      deployments: healths.map(({ deployment, health }) => shownDeployment(deployment, health)),
    };
  });
  return { providers: providers.toSorted((a, b) => a.name.localeCompare(b.name, 'en')) };
}

/** Patterns stand for the models behind them: their calls are counted together. */
function deploymentsOf(table: ModelTable<Upstream>): Deployment<Upstream>[] {
  const listed = [...table.groups()].flatMap(({ deployments }) => deployments);
  return [...listed, ...table.wildcards().flatMap(({ sample, pattern }) => (sample ? [{ ...sample, group: pattern, model: '*' }] : []))];
}

function overall(healths: readonly DeploymentHealth[], { state, since }: ReturnType<ProviderStates['provider']>): ShownHealth {
  const last = healths.toSorted((a, b) => (b.lastAt ?? 0) - (a.lastAt ?? 0));
  const ill = last.find((health) => health.reason !== null);
  const until = state === 'cooldown' ? healths.flatMap((health) => health.until ?? []).toSorted((a, b) => a - b) : [];
  return shownHealth({
    state,
    reason: state === 'ok' ? null : (ill?.reason ?? null),
    status: state === 'ok' ? null : (ill?.status ?? null),
    since,
    until: until[0] ?? null,
    lastAt: last[0]?.lastAt ?? null,
    calls: healths.reduce((sum, { calls }) => sum + calls, 0),
    errors: healths.reduce((sum, { errors }) => sum + errors, 0),
    latencies: healths.flatMap(({ latencies }) => latencies),
  });
}

function shownDeployment(
  { id, group, model, upstream, info }: Deployment<Upstream>,
  health: DeploymentHealth,
): Shown['deployments'][number] {
  return { id, model_name: group, model, api_base: upstream.shownBase, blocked: isBlocked({ info }), ...shownHealth(health) };
}

type ShownHealth = Omit<Shown['deployments'][number], 'id' | 'model_name' | 'model' | 'api_base' | 'blocked'>;

function shownHealth({ state, reason, status, since, until, lastAt, calls, errors, latencies }: DeploymentHealth): ShownHealth {
  return {
    state,
    reason,
    status,
    since: since === null ? null : momentOf(since),
    until: until === null ? null : momentOf(until),
    calls,
    errors,
    median_ms: median(latencies),
    last_call_at: lastAt === null ? null : momentOf(lastAt),
  };
}

function momentOf(ms: number): string {
  return new Date(ms).toISOString();
}

function median(values: readonly number[]): number | null {
  const sorted = values.toSorted((a, b) => a - b);
  const [low, high] = [sorted[Math.floor((sorted.length - 1) / 2)], sorted[Math.floor(sorted.length / 2)]];
  return low === undefined || high === undefined ? null : Math.round((low + high) / 2);
}
