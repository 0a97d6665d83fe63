import type { ServerState } from '../../control/health.ts';
import { applyConfig, useKeepers } from '../apply-config.ts';
import { Backups, dumpProgramsOf } from '../backups.ts';
import { Books } from '../books.ts';
import { ControlSocket } from '../control-socket.ts';
import { jobsOf } from '../jobs.ts';
import { LiveSettings } from '../live-settings.ts';
import { Rest, threadWorkedMs } from '../rest.ts';
import { Schedule } from '../schedule.ts';
import type { Ground } from './ground.ts';
import type { IdentityParts } from './identity.ts';
import type { ModelParts } from './models.ts';
import type { MoneyParts } from './money.ts';
import type { StoreParts } from './store.ts';

export interface KeptParts {
  readonly store: StoreParts;
  readonly money: MoneyParts;
  readonly identity: IdentityParts;
  readonly models: ModelParts;
}

/** What opens, changes and keeps up the parts below: settings at run time, the books, backups, the jobs, rest, and how all that is. */
export function composeUpkeep(ground: Ground, { store, money, identity, models }: KeptParts) {
  const { assets, clock, home, hub, live, load, log, onConfig, options, secrets } = ground;
  const { address, database, embedded, journal, sealer } = store;
  const { ledger, limits } = money;
  const { audit, authenticator, keys, sessions, users } = identity;
  const { applyModels, modelLists, router, storedCredentials, storedModels } = models;
  useKeepers(live.config, store);
  const settings = new LiveSettings({
    clock,
    log,
    database,
    sealer,
    load,
    live,
    apply: (next) => {
      applyConfig(next, {
        live,
        router,
        models: models.models,
        modelLists,
        limits,
        ledger,
        authenticator,
        kept: store,
        onConfig,
      });
      for (const what of ['settings', 'models'] as const) hub.tell('state', { what });
      home().stateChanged();
    },
  });
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
  const programs = dumpProgramsOf(options);
  const flush = async (): Promise<void> => {
    books.need();
    await ledger.flushed();
  };
  const backups = programs === null ? null : new Backups({ dataDir: options.dataDir, clock, log, database, embedded, programs, flush });
  const control = backups && options.controlSocket !== null ? new ControlSocket(options.controlSocket, backups, log) : null;
  const schedule = new Schedule(
    jobsOf({ clock, database, limits, audit, sessions, live, log, kept: [store.keptReasoning, store.keptResponses] }),
    log,
  );
  const rest = new Rest({
    workedMs: threadWorkedMs,
    heldBytes: () => process.memoryUsage.rss(),
    collect: collector(),
  });
  const stopping = { on: false };
  const state = (): ServerState => ({
    database: !books.open ? 'starting' : database.state.status === 'connected' ? 'connected' : 'disconnected',
    databaseTrouble: database.state.why,
    queueDepth: ledger.depth,
    journal: journal.state,
    stopping: stopping.on,
    logLevel: options.logLevel,
  });
  return { settings, books, backups, control, schedule, rest, stopping, state };
}

export type UpkeepParts = ReturnType<typeof composeUpkeep>;

/** V8's own, when the program was started with `--expose-gc`. */
function collector(): (() => Promise<void>) | null {
  const collect = globalThis.gc;
  return collect ? async () => collect({ type: 'major', execution: 'async', flavor: 'last-resort' }) : null;
}
