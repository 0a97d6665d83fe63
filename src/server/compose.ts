import dns from 'node:dns/promises';
import { networkInterfaces } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import type { Logger } from 'pino';
import { underSupervisor } from '../config/app-variables.ts';
import type { Config } from '../config/config.ts';
import type { LoadRequest } from '../config/load.ts';
import type { Options } from '../config/options.ts';
import type { Secrets } from '../config/secrets.ts';
import { systemClock } from '../core/clock.ts';
import { createAnthropic } from '../dialects/anthropic/index.ts';
import { ollama } from '../dialects/ollama/index.ts';
import { openai } from '../dialects/openai/index.ts';
import { ChatCodec } from '../exchange/codecs/chat.ts';
import { Embeddings } from '../exchange/codecs/embeddings.ts';
import { Refusals } from '../exchange/refusals.ts';
import { Journey } from '../exchange/journey.ts';
import { MediaInliner } from '../exchange/media-inliner.ts';
import { ReasoningMemory } from '../exchange/reasoning-memory.ts';
import { callRow } from '../control/call-row.ts';
import { PermissionError } from '../core/errors.ts';
import { Audit } from '../identity/audit/audit.ts';
import { Trials } from '../exchange/trial/trial.ts';
import { Authenticator } from '../identity/authenticator.ts';
import { People } from '../identity/people.ts';
import { KeyRing } from '../identity/key-ring.ts';
import { Keys } from '../identity/keys.ts';
import { LogIn } from '../identity/log-in.ts';
import { Sessions } from '../identity/sessions.ts';
import { Users } from '../identity/users.ts';
import { Journal } from '../journal/journal.ts';
import { Ledger } from '../ledger/ledger.ts';
import { loadCatalogue as loadPrices } from '../ledger/prices/catalogue/load.ts';
import { PriceBook } from '../ledger/prices/price-book.ts';
import { TokenCounter } from '../ledger/tokens/counter.ts';
import { Limits } from '../limits/limits.ts';
import { loadAbilities } from '../providers/abilities.ts';
import { loadCatalogue } from '../providers/catalogue/catalogue.ts';
import { EgressPolicy } from '../providers/egress.ts';
import { LocalServers } from '../providers/local/local-servers.ts';
import { ownHosts, SYSTEM_HOST } from '../providers/local/own-hosts.ts';
import { MediaFetcher } from '../providers/media.ts';
import { loadProxyMaker, Transport } from '../providers/transport/transport.ts';
import { StoredCredentials } from '../providers/stored/credentials.ts';
import { StoredModels } from '../providers/stored/models.ts';
import { Router } from '../router/router.ts';
import { parseDatabaseUrl } from '../store/address.ts';
import { Database } from '../store/database.ts';
import { EmbeddedPostgres } from '../store/embedded/embedded-postgres.ts';
import { Sealer } from '../store/sealed.ts';
import { ApiPage } from '../web/api-page.ts';
import { PanelFiles } from '../web/panel-files.ts';
import { PanelHub } from '../web/panel-hub.ts';
import { PanelSocket } from '../web/panel-socket.ts';
import { SpendTicks } from '../web/spend-ticks.ts';
import { applyConfig } from './apply-config.ts';
import { Books } from './books.ts';
import { DeploymentBuilder } from './deployments.ts';
import { Dispatcher } from './dispatcher.ts';
import { composeHome } from './home.ts';
import { composeIngress } from './ingress.ts';
import { Door } from './door.ts';
import { HttpServer } from './http-server.ts';
import type { ServerState } from '../control/health.ts';
import { newsOf } from '../control/provider-states.ts';
import { LiveSettings } from './live-settings.ts';
import { ModelLists } from './model-lists.ts';
import { Models } from './models.ts';
import { Overload } from './overload.ts';
import { jobsOf } from './jobs.ts';
import { routesOf } from './routes.ts';
import { readShippedPackages } from './shipped-packages.ts';
import { Rest } from './rest.ts';
import { Schedule } from './schedule.ts';
import {
  corsSettingsOf,
  globalBudgetOf,
  journeySettingsOf,
  ledgerSettingsOf,
  limitSettingsOf,
  routerSettingsOf,
  statusSettingsOf,
} from './settings.ts';
import { spendSink } from './spend-sink.ts';
import type { TlsMaterial } from './tls.ts';
import { VERSION } from './version.ts';
import { wait } from './wait.ts';

/** Where the built program keeps what it was built with; null for sources. */
export interface Assets {
  readonly migrations: string;
  readonly countWorker: URL;
  readonly prices: URL | null;
  /** Directory of the built panel; null: there is none. */
  readonly panel: string | null;
  /** Folder of swagger-ui-dist. */
  readonly swagger: string;
  /** List of the packages that are shipped, or npm's lock file. */
  readonly packages: URL;
}

export interface ComposeParts {
  readonly options: Options;
  readonly config: Config;
  /** What the configuration is read from. */
  readonly load: LoadRequest;
  /** Told of a configuration that came into force. */
  readonly onConfig: (config: Config) => void;
  readonly secrets: Secrets;
  readonly assets: Assets;
  readonly log: Logger;
  /** For the public listener; absent: plain HTTP. */
  readonly tls?: TlsMaterial | null;
}

/** Every long-lived object of the server. Reads top to bottom as a parts list; nothing here runs yet. */
export async function compose({ options, config, load, onConfig, secrets, assets, log, tls = null }: ComposeParts) {
  const clock = systemClock;
  const live: { config: Config } = { config };
  /** Ports that we listen on: nobody makes the gateway call itself. */
  const ownPorts = new Set([options.port]);
  const storeLog = { info: (text: string) => log.info(text), warn: (text: string) => log.warn(text) };

  // open pages of the panel
  const hub = new PanelHub();

  // store
  const url = config.general.databaseUrl;
  const embedded =
    url === null
      ? new EmbeddedPostgres({
          directory: join(options.dataDir, 'postgres'),
          log: storeLog,
          maxConnections: config.general.databasePoolSize + 10,
        })
      : null;
  const external = url === null ? null : parseDatabaseUrl(url);
  const address = () => external ?? (embedded as EmbeddedPostgres).address();
  const database = new Database({ address, clock, log: storeLog, connections: config.general.databasePoolSize });
  database.onChange(() => {
    hub.tell('state', { what: 'database' });
    home.stateChanged();
  });
  const journal = new Journal({ directory: join(options.dataDir, 'journal'), clock, log });

  // who may do what, and what it costs
  const limits = new Limits({ clock, ...limitSettingsOf(config) });
  limits.setGlobalBudget(globalBudgetOf(config));
  const people = new People();
  const ring = new KeyRing(people);
  const keys = new Keys({
    clock,
    database,
    ring,
    saltKey: secrets.salt.value,
    onChange: (hash, key) => {
      if (key) limits.policyChanged(key.policy);
      else limits.forget(hash);
      hub.tell('state', { what: 'keys' });
      home.keyChanged(key);
    },
    onText: (key, text) => {
      home.keyTextChanged(key, text);
    },
  });
  const users = new Users({
    clock,
    database,
    people,
    onChange: (id, person) => {
      ring.reown(id);
      if (person) limits.policyChanged(person.policy);
      hub.tell('state', { what: 'users' });
      home.stateChanged();
    },
  });
  const sessions = new Sessions({
    clock,
    database,
    people,
    onEnd: () => {
      hub.sweep();
    },
  });
  const logIn = new LogIn({ people, users, admin: () => adminOf(config, secrets) });
  const audit = new Audit({
    clock,
    database,
    enabled: () => live.config.litellm.storeAuditLogs,
    onLost: (rows) => {
      for (const { entry } of rows)
        log.error(
          `The audit log could not take this before the stop: ${entry.table} ${entry.objectId} was ${entry.action} by ${entry.author.userId ?? 'a key'}`,
        );
    },
  });
  const refusals = new Map<string, number>();
  const authenticator = new Authenticator({
    clock,
    keys: ring,
    people,
    sessions,
    masterKey: secrets.master.value,
    saltKey: secrets.salt.value,
    adminUserId: config.environment.adminUserId,
    onRefusal: (reason) => refusals.set(reason, (refusals.get(reason) ?? 0) + 1),
  });
  authenticator.useHeader(config.general.keyHeaderName);
  const ledger = new Ledger({
    clock,
    journal,
    sink: spendSink(database),
    ...ledgerSettingsOf(config),
    onFlush: (error) => {
      books.flushed(error);
    },
    onSettled: (record) => {
      home.booked(record);
      if (hub.wants('spend')) ticks.add(record);
      if (hub.wants('calls')) hub.tell('calls', callRow(record), { userId: record.user_id });
    },
    onUnwritable: (record, error) => {
      log.error(
        { record: record.kind === 'settle' ? record.request_id : null, err: error },
        'The database refuses a spend record; it is left out',
      );
    },
  });
  const ticks = new SpendTicks(clock, (tick) => {
    hub.tell('spend', tick);
  });
  const counter = new TokenCounter({ workerUrl: assets.countWorker });

  // providers
  const [catalogue, abilities, prices] = await Promise.all([
    loadCatalogue(),
    loadAbilities(),
    loadPrices(assets.prices).then((data) => new PriceBook({ catalogue: data })),
  ]);
  const egress = new EgressPolicy({ resolve: (name) => dns.lookup(name, { all: true }), ownPorts: () => ownPorts, ownHosts: ownAddresses });
  const transport = new Transport({
    clock,
    lookup: egress.lookup('provider'),
    connectTimeoutMs: 10_000,
    ipv4Only: false,
    proxy: hasProxy(config.variables) ? await loadProxyMaker() : null,
  });
  const fetcher = new MediaFetcher({ policy: egress, maxBytes: config.environment.maxImageDownloadBytes });
  const builder = new DeploymentBuilder({ catalogue, abilities, prices, egress });
  const sealer = new Sealer(secrets.salt.value);
  const applyModels = (): void => {
    router.reload(models.tableOf(live.config), routerSettingsOf(live.config));
    void modelLists.refresh();
    hub.tell('state', { what: 'models' });
    home.stateChanged();
  };
  const storedModels = new StoredModels({ clock, database, sealer, onChange: applyModels });
  const storedCredentials = new StoredCredentials({ clock, database, sealer, onChange: applyModels });
  const models = new Models({ builder, stored: storedModels, credentials: storedCredentials, log });
  const router = new Router({ clock, random: Math.random, settings: routerSettingsOf(config) }, models.tableOf(config));

  router.states.onChange((change) => {
    // Not the provider's words: they may repeat the prompt.
    if (change.recovered) log.info(`${change.provider} answers again`);
    else if (change.state === 'down') log.warn(`${change.provider} does not answer any more; the panel tells more`);
    hub.tell('providers', newsOf(change), { userId: null });
    home.providerChanged(change);
  });

  // the journey of a call
  const memory = new ReasoningMemory(clock);
  memory.use(config.general.reasoningState !== 'none');
  const dialects = { openai, anthropic: createAnthropic({ reasoningBudgets: budgetsOf(config) }), ollama };
  const codecs = { chat: new ChatCodec({ dialects, memory, media: new MediaInliner(fetcher) }), embeddings: new Embeddings(dialects) };
  const journey = new Journey({
    clock,
    router,
    limits,
    ledger,
    refusals: new Refusals({ clock, ledger, statuses: () => statusSettingsOf(live.config) }),
    transport,
    counter,
    codecs,
    settings: () => journeySettingsOf(live.config),
    wait,
  });
  const trials = new Trials({ clock, transport, codecs });

  // settings at run time
  const settings = new LiveSettings({
    clock,
    log,
    database,
    sealer,
    load,
    live,
    apply: (next) => {
      applyConfig(next, { live, router, models, modelLists, limits, ledger, authenticator, memory, onConfig });
      for (const what of ['settings', 'models'] as const) hub.tell('state', { what });
      home.stateChanged();
    },
  });

  // surfaces
  const books = new Books({
    clock,
    log,
    database,
    address,
    journal,
    ledger,
    limits,
    keys,
    saltKey: secrets.salt.value,
    loadPeople: async () => {
      await users.load();
      await sessions.load();
    },
    loadSettings: async () => {
      await settings.load();
      await Promise.all([storedCredentials.load(), storedModels.load()]);
      if (storedModels.all().length > 0 || storedCredentials.all().length > 0) applyModels();
    },
    migrations: assets.migrations,
  });
  const localServers = new LocalServers({
    clock,
    transport,
    egress,
    database,
    onLook: () => {
      hub.tell('state', { what: 'local_servers' });
    },
    hosts: () => ownHosts({ ...SYSTEM_HOST, resolve: (name) => dns.lookup(name, { all: true }) }),
  });
  const rest = new Rest({
    workedMs: () => performance.eventLoopUtilization().active,
    heldBytes: () => process.memoryUsage.rss(),
    collect: collector(),
  });
  const schedule = new Schedule(jobsOf({ clock, database, limits, audit, sessions, live, log }), log);
  const modelLists = new ModelLists({ transport, prices, table: () => router.table });
  const stopping = { on: false };
  const state = (): ServerState => ({
    database: !books.open ? 'starting' : database.state.status === 'connected' ? 'connected' : 'disconnected',
    databaseTrouble: database.state.why,
    queueDepth: ledger.depth,
    journal: journal.state,
    stopping: stopping.on,
    logLevel: options.logLevel,
  });
  const home = await composeHome({
    audit,
    catalogue,
    clock,
    config,
    database,
    dataDir: options.dataDir,
    keys,
    ledger,
    limits,
    log,
    modelLists,
    people,
    port: () => server.port,
    prices,
    ready: books.need,
    ring,
    router,
    settings,
    state,
    storedModels,
    trials,
    users,
    ssl: tls !== null,
    variables: load.variables,
  });
  const overload = new Overload({ waiting: () => journey.waiting, now: clock.elapsed, idle: () => performance.nodeTiming.idleTime });
  const panelFiles = new PanelFiles(assets.panel);
  const routes = routesOf({
    home,
    people,
    users,
    sessions,
    logIn,
    panelFiles,
    builtIn: embedded !== null,
    packages: () => readShippedPackages(assets.packages),
    apiPage: new ApiPage(assets.swagger, config.environment.serverRootPath),
    rootPath: config.environment.serverRootPath,
    authenticator,
    clock,
    log,
    live,
    journey,
    router,
    catalogue,
    abilities,
    prices,
    counter,
    limits,
    ledger,
    keys,
    ring,
    audit,
    database,
    books,
    modelLists,
    models,
    storedModels,
    storedCredentials,
    trials,
    settings,
    localServers,
    state,
  });
  const dispatcher = new Dispatcher({
    clock,
    log,
    callerOf: authenticator.callerOf,
    routes,
    rootPath: config.environment.serverRootPath,
    statuses: () => statusSettingsOf(live.config),
    cors: () => corsSettingsOf(live.config),
    version: VERSION,
    overloaded: overload.refuses,
    sockets: new Map([['/ui/ws', (request, stream, head) => socket.upgrade(request, stream, head)]]),
  });
  const socket = new PanelSocket({
    hub,
    enter: (request) => {
      books.need();
      const caller = authenticator.authenticateAny(request.headers, false);
      if (caller.role === 'key') throw new PermissionError('This key belongs to nobody: the panel needs a person, or the master key.');
      return { caller, still: () => authenticator.now(caller, request.headers) };
    },
    nameOf: ({ userId }) => people.nameOf(userId ?? ''),
    ownOrigin: true,
    version: VERSION,
  });
  const door = new Door(options.allowedNetworks, underSupervisor(process.env));
  const server = new HttpServer({
    upgrades: dispatcher.upgrades,
    upgrade: (request, stream, head) => {
      if (!door.refusesSocket(request, stream)) dispatcher.upgrade(request, stream, head);
    },
    host: options.host,
    port: options.port,
    tls,
    handle: (request, response) => {
      if (!door.refuses(request, response)) dispatcher.handle(request, response);
    },
  });
  const ingress = composeIngress({ clock, config, home, hub, live, log, panelFiles, people, routes, users, variables: load.variables });

  return {
    clock,
    live,
    journey,
    embedded,
    database,
    journal,
    ledger,
    limits,
    ring,
    keys,
    authenticator,
    counter,
    fetcher,
    transport,
    models,
    sealer,
    settings,
    router,
    memory,
    audit,
    books,
    schedule,
    rest,
    people,
    users,
    home,
    hub,
    ticks,
    socket,
    sessions,
    routes,
    dispatcher,
    server,
    ingress,
    modelLists,
    localServers,
    stopping,
    ownPorts,
    refusals,
  };
}

export type Parts = Awaited<ReturnType<typeof compose>>;

/** Addresses of this machine, so that nobody makes the gateway call itself. */
function ownAddresses(): string[] {
  return Object.values(networkInterfaces()).flatMap((addresses) => (addresses ?? []).map(({ address }) => address.toLowerCase()));
}

/** Who the administrator's log-in is (control-plane 15.1). */
function adminOf({ environment }: Config, { master }: Secrets) {
  return { userId: environment.adminUserId, name: environment.uiUsername, password: environment.uiPassword ?? master.value };
}

/** V8's own, when the program was started with `--expose-gc`. */
function collector(): (() => Promise<void>) | null {
  const collect = globalThis.gc;
  return collect ? async () => collect({ type: 'major', execution: 'async', flavor: 'last-resort' }) : null;
}

function hasProxy(variables: Readonly<Record<string, string>>): boolean {
  return ['HTTP_PROXY', 'HTTPS_PROXY', 'http_proxy', 'https_proxy'].some((name) => (variables[name] ?? '') !== '');
}

function budgetsOf({ environment }: Config) {
  return {
    minimal: environment.thinkingBudgetMinimal,
    low: environment.thinkingBudgetLow,
    medium: environment.thinkingBudgetMedium,
    high: environment.thinkingBudgetHigh,
  };
}
