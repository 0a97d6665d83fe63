import { join } from 'node:path';
import type { Logger } from 'pino';
import type { Config } from '../config/config.ts';
import type { Variables } from '../config/expand.ts';
import type { FileStanding } from '../config/file-standing.ts';
import { problemText } from '../config/problem.ts';
import type { ServerState } from '../control/health.ts';
import type { Caller } from '../core/caller.ts';
import type { Clock } from '../core/clock.ts';
import type { Deployment, ModelGroup } from '../core/deployment.ts';
import { usdText } from '../core/money.ts';
import { Client } from '../exchange/client.ts';
import type { Trials } from '../exchange/trial/trial.ts';
import { verdictOf } from '../exchange/trial/verdict.ts';
import type { Upstream } from '../exchange/upstream.ts';
import { groupInfoOf } from '../gateway/model-facts.ts';
import { Actions } from '../homeassistant/actions/actions.ts';
import { BudgetActions, type BudgetTerms } from '../homeassistant/actions/budget-actions.ts';
import { KeyActions } from '../homeassistant/actions/key-actions.ts';
import { ModelActions } from '../homeassistant/actions/model-actions.ts';
import { UsageAction } from '../homeassistant/actions/usage-action.ts';
import { CoreClient, type CoreTarget } from '../homeassistant/core-client.ts';
import { Discovery } from '../homeassistant/discovery.ts';
import { gatewayIdentity } from '../homeassistant/gateway-identity.ts';
import { Home } from '../homeassistant/home.ts';
import { HomeAssistantKey } from '../homeassistant/home-assistant-key.ts';
import { Snapshots, type GroupFacts } from '../homeassistant/snapshot/snapshots.ts';
import { Tallies } from '../homeassistant/snapshot/tallies.ts';
import { Supervisor, type SupervisorTarget } from '../homeassistant/supervisor/supervisor.ts';
import type { Audit } from '../identity/audit/audit.ts';
import type { KeyRing } from '../identity/key-ring.ts';
import type { Keys } from '../identity/keys.ts';
import type { People } from '../identity/people.ts';
import type { Users } from '../identity/users.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { PriceBook } from '../ledger/prices/price-book.ts';
import type { Limits } from '../limits/limits.ts';
import type { Catalogue } from '../providers/catalogue/catalogue.ts';
import type { StoredModels } from '../providers/stored/models.ts';
import { kindOf } from '../providers/forms/fields-of.ts';
import type { Router } from '../router/router.ts';
import type { Database } from '../store/database.ts';
import { priceSubjectOf } from './deployments.ts';
import type { LiveSettings } from './live-settings.ts';
import type { ModelLists } from './model-lists.ts';
import { VERSION } from './version.ts';

export interface HomeMaterial {
  readonly audit: Audit;
  readonly catalogue: Catalogue;
  readonly clock: Clock;
  readonly config: Config;
  readonly database: Database;
  readonly dataDir: string;
  readonly fileStanding: FileStanding;
  readonly keys: Keys;
  readonly ledger: Ledger;
  readonly limits: Limits;
  readonly log: Logger;
  readonly modelLists: ModelLists;
  readonly people: People;
  readonly port: () => number;
  readonly prices: PriceBook;
  readonly ready: () => void;
  readonly ring: KeyRing;
  readonly router: Router<Upstream>;
  readonly settings: LiveSettings;
  /** The public listener speaks TLS. */
  readonly ssl: boolean;
  readonly state: () => ServerState;
  readonly storedModels: StoredModels;
  readonly trials: Trials;
  readonly users: Users;
  readonly variables: Variables;
}

const NAME = 'LLM Gateway';

/** The side that faces Home Assistant. Without a Supervisor and without an address it only answers who asks. */
export async function composeHome(material: HomeMaterial): Promise<Home> {
  const { audit, clock, database, dataDir, keys, ledger, limits, log, people, ring, router, state, users, variables } = material;
  const gatewayId = await gatewayIdentity(join(dataDir, 'gateway.json'));
  const supervisor = supervisorOf(variables);
  const core = new CoreClient(coreOf(variables, supervisor), log);
  const tallies = new Tallies({ clock, database, ledger, ring });
  const startedAt = clock.now();
  const providerNames = (id: string): { readonly name: string; readonly kind: string } => {
    const row = material.catalogue.find(id);
    return { name: row?.name ?? id, kind: row ? kindOf(row) : 'cloud' };
  };
  const app = supervisor && appOf(material, supervisor, gatewayId);
  const snapshots = new Snapshots({
    clock,
    version: VERSION,
    startedAt,
    limits,
    ring,
    people,
    states: router.states,
    table: () => router.table,
    providerNames,
    factsOf: factsOf(material),
    openCalls: () => ledger.openCalls,
    database: () => state().database,
    configProblem: () => material.fileStanding.faults.problems.map(problemText)[0] ?? null,
    newVersion: () => app?.discovery.newVersion ?? null,
  });
  const actions = new Actions({
    log,
    usage: new UsageAction({ clock, database, ledger, ring, people, providerName: (id) => providerNames(id).name }),
    budgets: new BudgetActions({ clock, keys, ring, users, people, limits, ledger, audit, setGlobalBudget: globalBudgetSetter(material) }),
    keys: new KeyActions({ keys, ring, audit, snapshots, tallies }),
    models: new ModelActions({
      table: () => router.table,
      stored: material.storedModels,
      audit,
      shown: async (group) => snapshots.model(group, await tallies.of('UTC')),
      refresh: () => material.modelLists.refresh(),
      trial: trialOf(material),
    }),
  });
  return new Home({
    clock,
    log,
    gatewayId,
    name: NAME,
    version: VERSION,
    startedAt,
    core,
    ring,
    people,
    limits,
    snapshots,
    tallies,
    actions,
    providerName: (id) => providerNames(id).name,
    key: core.state === 'off' ? null : new HomeAssistantKey({ keys, ring, file: join(dataDir, 'secrets/home-assistant-key') }),
    app,
    bridgeFolder: join(dataDir, 'bridge'),
    ssl: material.ssl,
    ready: material.ready,
  });
}

function appOf({ config, log, port, ssl }: HomeMaterial, target: SupervisorTarget, gatewayId: string) {
  const supervisor = new Supervisor(target);
  const about = { gatewayId, name: NAME, version: VERSION, port, ssl, silent: config.environment.bridge === 'manual' };
  return { supervisor, discovery: new Discovery({ log, supervisor, ...about }) };
}

/** Only an app has a Supervisor; its token is new at every start. */
function supervisorOf({ SUPERVISOR_TOKEN: token, SUPERVISOR_API: url }: Variables): SupervisorTarget | null {
  return token ? { url: url ?? 'http://supervisor', token } : null;
}

/** Through the Supervisor in an app; else where the owner said. */
function coreOf(
  { HOME_ASSISTANT_URL: url, HOME_ASSISTANT_TOKEN: token }: Variables,
  supervisor: SupervisorTarget | null,
): CoreTarget | null {
  if (supervisor) return { url: `${supervisor.url}/core`, token: supervisor.token };
  return url && token ? { url: url.replace(/\/+$/, ''), token } : null;
}

const SUPPORTS: Readonly<Record<string, string>> = {
  supports_function_calling: 'tools',
  supports_vision: 'vision',
  supports_reasoning: 'reasoning',
  supports_web_search: 'web_search',
};

function factsOf({ clock, modelLists, prices }: HomeMaterial): (group: ModelGroup) => GroupFacts {
  return (group) => {
    const deployments = group.deployments as readonly Deployment<Upstream>[];
    const info = groupInfoOf(group.name, group as ModelGroup<Upstream>, (deployment) => ({
      ...prices.infoOf(priceSubjectOf(deployment), clock.now()),
      learned: modelLists.learned(deployment),
    }));
    const json = deployments.some(({ target }) => target.abilities.jsonSchema === true);
    const supports = Object.entries(SUPPORTS).flatMap(([flag, word]) => (info[flag] === true ? [word] : []));
    const { mode, max_input_tokens: context } = info;
    return {
      mode: typeof mode === 'string' ? mode : null,
      supports: ['stream', ...supports, ...(json ? ['json_schema'] : [])],
      context: typeof context === 'number' ? context : null,
    };
  };
}

/** Changes the setting in the database; it stands over the file's. */
function globalBudgetSetter({ settings, audit }: HomeMaterial) {
  return async ({ limit, duration }: BudgetTerms, by: string | null): Promise<void> => {
    await settings.change(
      (now) => ({
        ...now,
        litellm_settings: {
          ...now.litellm_settings,
          max_budget: limit === null ? null : JSON.rawJSON(usdText(limit)),
          ...(duration === undefined ? {} : { budget_duration: duration }),
        },
      }),
      by,
      (queries, section, before, after) =>
        audit.record(
          {
            action: 'updated',
            table: 'settings',
            objectId: section,
            before: before[section],
            after: after[section],
            author: { userId: by, keyHash: null },
          },
          queries,
        ),
    );
  };
}

/** Who a trial is made for: nobody whom limits know. */
const NOBODY: Caller = {
  role: 'proxy_admin',
  keyHash: '',
  keyAlias: null,
  userId: null,
  teamId: null,
  organizationId: null,
  policy: null,
  aliases: {},
  metadata: {},
  mayUseModel: () => true,
  allowedRoutes: null,
};

function trialOf({ trials }: HomeMaterial) {
  return async (deployment: Deployment<Upstream>): Promise<{ readonly ms: number; readonly trouble: string | null }> => {
    const asked = { operation: 'chat', caller: NOBODY, client: new Client(), route: '/ha/v1/actions/test_provider' } as const;
    const { error, elapsedMs, status } = await trials.run(deployment, asked);
    const known = { model: deployment.model, status, badKeyStatus: deployment.upstream.resolved.reply.badKeyStatus ?? null, params: [] };
    return { ms: elapsedMs, trouble: error === null ? null : verdictOf(error, known).message.slice(0, 300) };
  };
}
