import { join } from 'node:path';
import { Journal } from '../../journal/journal.ts';
import { parseDatabaseUrl } from '../../store/address.ts';
import { Database } from '../../store/database.ts';
import { EmbeddedPostgres } from '../../store/embedded/embedded-postgres.ts';
import { REASONING_BOUNDS } from '../../exchange/reasoning-memory.ts';
import { RESPONSE_BOUNDS } from '../../exchange/response-store.ts';
import { KeptTexts } from '../../store/kept/kept-texts.ts';
import type { KeepingBounds } from '../../store/kept/text-keeper.ts';
import { Sealer } from '../../store/sealed.ts';
import { dumpProgramsOf, restoreOf } from '../backups.ts';
import type { Ground } from './ground.ts';

/** Where things are kept: PostgreSQL, our own or another, and the journal. */
export function composeStore({ assets, clock, config, home, hub, log, options, secrets }: Ground) {
  const storeLog = { info: (text: string) => log.info(text), warn: (text: string) => log.warn(text) };
  const { databaseUrl: url, databasePoolSize: connections } = config.general;
  const embedded =
    url === null
      ? new EmbeddedPostgres({
          directory: join(options.dataDir, 'postgres'),
          log: storeLog,
          maxConnections: connections + 10,
          ...(options.postgresBin === null ? {} : { binaries: options.postgresBin }),
          ...(dumpProgramsOf(options) === null ? {} : { restore: restoreOf(options.dataDir, assets.migrations) }),
        })
      : null;
  const external = url === null ? null : parseDatabaseUrl(url);
  const address = () => external ?? (embedded as EmbeddedPostgres).address();
  const database = new Database({ address, clock, log: storeLog, connections });
  database.onChange(() => {
    hub.tell('state', { what: 'database' });
    home().stateChanged();
  });
  const sealer = new Sealer(secrets.salt.value);
  const kept = (name: string, what: string, bounds: KeepingBounds) =>
    new KeptTexts({ clock, log: storeLog, sealer, directory: join(options.dataDir, 'kept', name), what, bounds });
  return {
    embedded,
    address,
    database,
    journal: new Journal({ directory: join(options.dataDir, 'journal'), clock, log }),
    sealer,
    keptReasoning: kept('reasoning', 'thoughts of tool calls', REASONING_BOUNDS),
    keptResponses: kept('responses', 'responses', RESPONSE_BOUNDS),
  };
}

export type StoreParts = ReturnType<typeof composeStore>;
