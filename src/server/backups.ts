import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Logger } from 'pino';
import { z } from 'zod';
import type { Clock } from '../core/clock.ts';
import { ConfigError } from '../core/errors.ts';
import type { Database } from '../store/database.ts';
import type { Options } from '../config/options.ts';
import { canDump, DumpError, dumpTo } from '../store/embedded/dump.ts';
import type { EmbeddedPostgres } from '../store/embedded/embedded-postgres.ts';
import type { Restore } from '../store/embedded/restoring.ts';
import { VERSION } from './version.ts';

/** `manifest.json` beside a dump: whence it is, and how much is in it. No secrets, no names. */
const Manifest = z.object({
  app_version: z.string(),
  pg_major: z.int().nullable(),
  /** Number of the newest migration. */
  schema_version: z.int().nullable(),
  created_at: z.iso.datetime(),
  rows: z.record(z.string(), z.int()),
  /** `stop`: written by a stop in good order, so that a backup of a stopped app is whole. */
  reason: z.enum(['backup', 'stop']),
  /** `external`: the database is elsewhere and not in the backup. */
  database: z.enum(['built_in', 'external']),
});
type Manifest = z.infer<typeof Manifest>;

interface Files {
  readonly folder: string;
  readonly dump: string;
  readonly manifest: string;
}

/** @param dataDir the data folder */
function filesOf(dataDir: string): Files {
  const folder = join(dataDir, 'backup');
  return { folder, dump: join(folder, 'gateway.dump'), manifest: join(folder, 'manifest.json') };
}

/** Folder of the programs that write and read dumps; null: backups are not made here. */
export function dumpProgramsOf({ postgresBin }: Options): string | null {
  return postgresBin !== null && canDump(postgresBin) ? postgresBin : null;
}

export interface BackupParts {
  readonly dataDir: string;
  readonly clock: Clock;
  readonly log: Logger;
  readonly database: Database;
  readonly embedded: EmbeddedPostgres | null;
  /** Folder of PostgreSQL's programs. */
  readonly programs: string;
  /** Brings all spend to the database. @throws while the books are not open, or the database is away */
  readonly flush: () => Promise<void>;
}

const BACKUP_MS = 300_000;
const STOP_MS = 20_000;
/** What the manifest counts. */
const COUNTED = ['virtual_keys', 'spend_logs'];

/** Files for Supervisor's backups (home-assistant 7.4): the cluster itself is not in them. */
export class Backups {
  readonly #parts: BackupParts;
  readonly #files: Files;

  constructor(parts: BackupParts) {
    this.#parts = parts;
    this.#files = filesOf(parts.dataDir);
  }

  /** Before a backup. @returns one line that says what was done @throws {DumpError} and what flushing throws */
  async make(): Promise<string> {
    const { embedded, flush } = this.#parts;
    await flush();
    if (embedded === null) {
      await this.#writeManifest('backup', 'external');
      return 'The database is an external one and is not in this backup';
    }
    const { rows } = await this.#dump(embedded, 'backup', BACKUP_MS);
    return `The database is in this backup: ${COUNTED.map((name) => `${rows[name]} rows of ${name}`).join(', ')}`;
  }

  /** After a backup. */
  async discard(): Promise<void> {
    await rm(this.#files.dump, { force: true });
    await rm(this.#files.manifest, { force: true });
  }

  /** At a stop, when all spend is in the database. A failure is told; the next start has everything all the same. */
  async atStop(): Promise<void> {
    const { embedded, log } = this.#parts;
    if (embedded === null) return;
    try {
      await this.#dump(embedded, 'stop', STOP_MS);
    } catch (error) {
      log.warn(`A backup of the stopped app would not hold the database: ${error instanceof Error ? error.message : String(error)}`);
    }
  }

  async #dump(embedded: EmbeddedPostgres, reason: Manifest['reason'], limitMs: number): Promise<Manifest> {
    await this.discard();
    const manifest = await this.#writeManifest(reason, 'built_in');
    await dumpTo(this.#files.dump, this.#parts.programs, embedded.address(), limitMs).catch(async (error: unknown) => {
      await this.discard();
      throw error;
    });
    return manifest;
  }

  async #writeManifest(reason: Manifest['reason'], database: Manifest['database']): Promise<Manifest> {
    const counts = database === 'built_in' ? await this.#counts() : null;
    const manifest: Manifest = {
      app_version: VERSION,
      pg_major: counts?.major ?? null,
      schema_version: counts?.schema ?? null,
      created_at: new Date(this.#parts.clock.now()).toISOString(),
      rows: counts?.rows ?? {},
      reason,
      database,
    };
    await mkdir(this.#files.folder, { recursive: true, mode: 0o700 });
    await writeFile(this.#files.manifest, `${JSON.stringify(manifest, null, 2)}\n`, { flush: true });
    return manifest;
  }

  async #counts(): Promise<{ readonly major: number; readonly schema: number; readonly rows: Record<string, number> }> {
    const { database } = this.#parts;
    const [found] = await database.query<{ major: number; names: string[] }>(
      "select current_setting('server_version_num')::int / 10000 as major, array(select name from gateway.migrations) as names",
    );
    const rows: Record<string, number> = {};
    for (const table of COUNTED) {
      const [counted] = await database.query<{ count: number }>(`select count(*)::int as count from gateway.${table}`);
      rows[table] = counted?.count ?? 0;
    }
    return { major: found?.major ?? 0, schema: newest(found?.names ?? []), rows };
  }
}

/** @param names of migrations, such as `0034_public-ids` */
function newest(names: readonly string[]): number {
  return Math.max(0, ...names.map((name) => Number.parseInt(name, 10)).filter((number) => number > 0));
}

/**
 * How a start without a cluster begins with the dump of a restored backup. The journal beside it belongs to the database that is gone: it is
 * set aside, and a new one begins.
 *
 * @param migrations directory of this program's migrations
 */
export function restoreOf(dataDir: string, migrations: string): Restore {
  const { dump, manifest } = filesOf(dataDir);
  return {
    dump,
    before: async () => {
      const written = await manifestIn(manifest);
      const ours = newest(await readdir(migrations));
      if (written?.schema_version && written.schema_version > ours)
        throw new ConfigError(
          `The backup is of version ${written.app_version}, which is newer than this one (${VERSION}). Update the app, then restore again.`,
        );
      await setAside(join(dataDir, 'journal'));
    },
    isOwn: async () => (await manifestIn(manifest))?.reason === 'stop',
    after: () => rm(manifest, { force: true }),
  };
}

async function manifestIn(file: string): Promise<Manifest | null> {
  try {
    return Manifest.parse(JSON.parse(await readFile(file, 'utf8')));
  } catch {
    return null;
  }
}

async function setAside(journal: string): Promise<void> {
  const entries = await readdir(journal).catch(() => []);
  if (entries.length === 0) return;
  const aside = `${journal}.before-restore`;
  await rm(aside, { recursive: true, force: true });
  await rename(journal, aside);
}

/** What a person reads when a backup could not be made. */
export function troubleText(error: unknown): string {
  if (error instanceof DumpError) return `The database could not be written to a file: ${error.message}`;
  return error instanceof Error ? error.message : String(error);
}
