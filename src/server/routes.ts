import type { Logger } from 'pino';
import type { Config } from '../config/config.ts';
import type { FileStanding } from '../config/file-standing.ts';
import type { Clock } from '../core/clock.ts';
import type { Route } from '../core/route.ts';
import { errorFactsOf } from '../exchange/failure-facts.ts';
import type { InputCount } from '../exchange/input-count.ts';
import type { ProviderResponses } from '../exchange/provider-responses.ts';
import type { ResponseStore } from '../exchange/response-store.ts';
import type { Journey } from '../exchange/journey.ts';
import type { Passages } from '../exchange/passage/passage.ts';
import type { Proofs } from '../exchange/proofs.ts';
import type { AgentCards } from '../exchange/trial/agent-cards.ts';
import type { Trials } from '../exchange/trial/trial.ts';
import type { Upstream } from '../exchange/upstream.ts';
import { aboutRoute } from '../control/about.ts';
import { apiRoutes } from '../control/api/routes.ts';
import { auditRoutes } from '../control/audit.ts';
import { configRoutes } from '../control/config/routes.ts';
import { HealthChecks } from '../control/health-checks.ts';
import { healthRoutes, type ServerState } from '../control/health.ts';
import { connectionTestRoute } from '../control/connection-test.ts';
import { credentialRoutes } from '../control/credentials.ts';
import { deviceLogInRoutes } from '../control/device-log-in.ts';
import { keyRoutes } from '../control/keys.ts';
import { localServerRoutes } from '../control/local-servers.ts';
import { modelAdminRoutes } from '../control/models.ts';
import { providerStateRoute } from '../control/provider-states.ts';
import { providerCatalogueRoutes } from '../control/provider-catalogue.ts';
import { rootRoute } from '../control/root.ts';
import { userRoutes } from '../control/users.ts';
import { usageRoutes } from '../control/usage-routes.ts';
import { COMPATIBLE_VERSION } from '../gateway/answer-headers.ts';
import { callRoutes, type CallRouteParts } from '../gateway/calls.ts';
import { contentModelRoutes } from '../gateway/content-models.ts';
import { generateRoutes } from '../gateway/generate.ts';
import { imageRoutes } from '../gateway/images.ts';
import { prefixRoutes, type PassThroughParts } from '../gateway/pass-through/prefix-routes.ts';
import { panelChatRoute } from '../gateway/panel-chat.ts';
import type { ModelListParts } from '../gateway/model-list.ts';
import { modelRoutes } from '../gateway/models.ts';
import { messagesRoutes } from '../gateway/messages.ts';
import { responsesRoutes } from '../gateway/responses.ts';
import { transcriptionRoute } from '../gateway/transcriptions.ts';
import type { Home } from '../homeassistant/home.ts';
import { homeRoutes } from '../homeassistant/home-routes.ts';
import type { Audit } from '../identity/audit/audit.ts';
import type { Authenticator } from '../identity/authenticator.ts';
import type { KeyRing } from '../identity/key-ring.ts';
import type { Keys } from '../identity/keys.ts';
import type { LogIn } from '../identity/log-in.ts';
import type { People } from '../identity/people.ts';
import type { Sessions } from '../identity/sessions.ts';
import type { Users } from '../identity/users.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { TokenCounter } from '../ledger/tokens/counter.ts';
import type { PriceBook } from '../ledger/prices/price-book.ts';
import type { Limits } from '../limits/limits.ts';
import type { AbilityTable } from '../providers/abilities.ts';
import type { Catalogue } from '../providers/catalogue/catalogue.ts';
import type { Relay } from '../providers/transport/relay.ts';
import type { LocalServers } from '../providers/local/local-servers.ts';
import type { DeviceLogIn } from '../providers/copilot/device-log-in.ts';
import type { StoredCredentials } from '../providers/stored/credentials.ts';
import type { StoredModels } from '../providers/stored/models.ts';
import type { Router } from '../router/router.ts';
import type { Database } from '../store/database.ts';
import { logInRoutes } from '../web/log-in.ts';
import { LogInGuard } from '../web/log-in-guard.ts';
import { apiPageRoutes, type ApiPage } from '../web/api-page.ts';
import { panelRoutes, type PanelFiles } from '../web/panel-files.ts';
import { VERSION } from './version.ts';
import type { Books } from './books.ts';
import type { ShippedPackage } from './shipped-packages.ts';
import type { LiveSettings } from './live-settings.ts';
import type { ModelLists } from './model-lists.ts';
import { withRefusedRows, type Models } from './models.ts';
import { priceSubjectOf } from './deployments.ts';
import type { PassThroughAccounts } from './pass-through-accounts.ts';
import { callSettingsOf, journeySettingsOf, userDefaultsOf } from './settings.ts';

export interface RouteParts {
  readonly home: Pick<Home, 'routeParts' | 'card'>;
  readonly authenticator: Authenticator;
  readonly people: People;
  readonly users: Users;
  readonly sessions: Sessions;
  readonly logIn: LogIn;
  readonly panelFiles: PanelFiles;
  readonly apiPage: ApiPage;
  /** The database is our own. */
  readonly builtIn: boolean;
  /** Packages that are shipped. */
  readonly packages: () => Promise<readonly ShippedPackage[]>;
  /** `SERVER_ROOT_PATH`; `''` for none. */
  readonly rootPath: string;
  readonly clock: Clock;
  readonly log: Logger;
  readonly live: { readonly config: Config };
  readonly fileStanding: FileStanding;
  readonly inputCount: InputCount;
  readonly responses: ResponseStore;
  readonly providerResponses: ProviderResponses;
  readonly journey: Journey;
  readonly passages: Passages;
  readonly proofs: Proofs;
  readonly relay: Relay;
  readonly accounts: PassThroughAccounts;
  readonly router: Router<Upstream>;
  readonly catalogue: Catalogue;
  readonly abilities: AbilityTable;
  readonly prices: PriceBook;
  readonly counter: TokenCounter;
  readonly limits: Limits;
  readonly ledger: Ledger;
  readonly keys: Keys;
  readonly ring: KeyRing;
  readonly audit: Audit;
  readonly database: Database;
  readonly books: Books;
  readonly modelLists: ModelLists;
  readonly models: Models;
  readonly storedModels: StoredModels;
  readonly storedCredentials: StoredCredentials;
  readonly deviceLogIn: DeviceLogIn;
  readonly trials: Trials;
  readonly cards: AgentCards;
  readonly settings: LiveSettings;
  readonly localServers: LocalServers;
  readonly state: () => ServerState;
}

/** What every call of a model needs. */
export function callPartsOf({ authenticator, books, clock, journey, live, log }: RouteParts): CallRouteParts {
  return {
    clock,
    journey,
    settings: () => callSettingsOf(live.config),
    ready: books.need,
    still: (caller, headers) => authenticator.still(caller, headers),
    onBrokenStream: (error, callId) => {
      const { class: kind, code } = errorFactsOf(error);
      // Not the provider's words: they may repeat the prompt.
      log.warn({ callId, class: kind, code }, 'A stream broke off');
    },
  };
}

/** What a request that passes needs beside it. */
export function passPartsOf(
  { accounts, authenticator, live, passages, proofs, relay }: RouteParts,
  calls: CallRouteParts,
): PassThroughParts {
  return {
    ...calls,
    passages,
    relay,
    proofs,
    timeouts: () => journeySettingsOf(live.config).timeouts,
    accountOf: accounts.of,
    deploymentOf: accounts.behind,
    keyHeader: () => live.config.general.keyHeaderName,
    isOwnKey: (text) => authenticator.isOwnKey(text),
  };
}

/** Every route of the public listener, each registered once (ruling K9). */
export function routesOf(parts: RouteParts): Route[] {
  const {
    abilities,
    apiPage,
    audit,
    builtIn,
    authenticator,
    people,
    users,
    sessions,
    logIn,
    panelFiles,
    rootPath,
    books,
    cards,
    catalogue,
    clock,
    fileStanding,
    counter,
    database,
    deviceLogIn,
    inputCount,
    providerResponses,
    responses,
    journey,
    keys,
    ledger,
    home,
    limits,
    live,
    localServers,
    log,
    modelLists,
    models,
    packages,
    prices,
    ring,
    router,
    settings,
    state,
    storedCredentials,
    storedModels,
    trials,
  } = parts;
  const storing = (): boolean => live.config.general.storeModelInDb;
  const credentialParts = { credentials: storedCredentials, models: storedModels, audit, storing, ready: books.need };
  const calls = callPartsOf(parts);
  const listed: ModelListParts = {
    table: () => router.table,
    known: modelLists.known,
    factsOf: (deployment) => ({ ...prices.infoOf(priceSubjectOf(deployment), clock.now()), learned: modelLists.learned(deployment) }),
  };
  const routes: Route[] = [
    rootRoute(apiPage.show),
    ...callRoutes(calls),
    transcriptionRoute(calls),
    ...imageRoutes(calls),
    ...messagesRoutes({ ...calls, inputCount }),
    ...generateRoutes({ ...calls, inputCount }),
    ...responsesRoutes({ ...calls, responses, providerResponses, inputCount }),
    panelChatRoute({
      ...calls,
      keyOf: (hash) => {
        const key = keys.find(hash);
        return key && authenticator.usable(key);
      },
    }),
    ...keyRoutes({
      clock,
      keys,
      ring,
      limits,
      ledger,
      audit,
      people,
      database,
      onUnforeseen: (error, callId) => log.error({ callId, err: error }, 'unforeseen error while changing a key'),
      rules: () => ({ defaults: live.config.litellm.defaultKeyParams, upperBounds: live.config.litellm.upperboundKeyParams }),
      ready: books.need,
    }),
    ...userRoutes({
      clock,
      people,
      users,
      sessions,
      keys,
      ring,
      limits,
      ledger,
      audit,
      defaults: (role) => userDefaultsOf(live.config, role),
      ready: books.need,
    }),
    ...logInRoutes({
      logIn,
      guard: new LogInGuard(clock),
      sessions,
      lifetimeMs: () => live.config.environment.uiSessionMs,
      rootPath,
      version: VERSION,
      ready: books.need,
    }),
    ...panelRoutes(panelFiles, rootPath),
    ...modelAdminRoutes({
      models: storedModels,
      audit,
      inFile: (id) => storedModels.get(id) === null && router.table.isId(id),
      problemOf: (id, fields) => models.problemOf(live.config, id, fields),
      storing,
      ready: books.need,
    }),
    providerStateRoute({ states: router.states, catalogue, table: () => router.table }),
    ...localServerRoutes({ servers: localServers, audit, catalogue, table: () => router.table, ready: books.need }),
    ...credentialRoutes(credentialParts),
    ...deviceLogInRoutes({ ...credentialParts, deviceLogIn }),
    ...providerCatalogueRoutes({ clock, catalogue, abilities, prices }),
    connectionTestRoute({
      trials,
      cards,
      models: storedModels,
      credential: (name) => models.credential(live.config, name),
      build: (fields) => models.unregistered(live.config, fields),
      modeOf: (deployment) => prices.infoOf(priceSubjectOf(deployment), clock.now()).mode,
    }),
    ...contentModelRoutes(listed),
    ...modelRoutes({
      ...listed,
      expandWildcards: () => live.config.general.expandWildcardsInModelInfo,
    }),
    ...configRoutes({ config: () => live.config, settings, audit, ready: books.need }),
    ...auditRoutes({ database, ready: books.need }),
    ...usageRoutes({
      faults: () => withRefusedRows(fileStanding.faults, models.refused),
      clock,
      database,
      ledger,
      limits,
      ring,
      audit,
      people,
      prices,
      counter,
      table: () => router.table,
      ready: books.need,
    }),
    ...homeRoutes(home.routeParts),
    ...home.card.routes(),
    ...healthRoutes({
      clock,
      state,
      checks: new HealthChecks({ clock, journey, router, refused: () => models.refused }),
      litellmVersion: COMPATIBLE_VERSION,
    }),
    aboutRoute({ clock, database, builtIn, prices, state, version: VERSION, litellmVersion: COMPATIBLE_VERSION, packages }),
    ...apiRoutes({ routes: () => routes, facts: { version: VERSION, rootPath }, catalogue }),
    ...apiPageRoutes(apiPage),
    // Behind all others: below a prefix, a path of the gateway's own comes first.
    ...prefixRoutes(passPartsOf(parts, calls)),
  ];
  return routes;
}
