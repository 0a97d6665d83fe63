import type { Logger } from 'pino';
import type { Config } from '../config/config.ts';
import { reread, tryLoadConfig, type LoadRequest, type Loaded } from '../config/load.ts';
import { problemText, type Problem } from '../config/problem.ts';
import { DATABASE, NOTHING_STORED, STORED_SECTIONS } from '../config/stored-settings.ts';
import type { StoredSection, StoredSettings } from '../config/stored-settings.ts';
import { isStartSetting } from '../config/settings/run-time.ts';
import { Changes } from '../core/changes.ts';
import type { Clock } from '../core/clock.ts';
import { BadRequestError } from '../core/errors.ts';
import type { JsonObject } from '../core/json-object.ts';
import type { Queries, Transactions } from '../store/queries.ts';
import type { Sealer } from '../store/sealed.ts';
import { readSettingsRows, writeSettingsRow } from '../store/settings-rows.ts';
import { written } from '../store/written.ts';

export interface LiveSettingsParts {
  readonly clock: Clock;
  readonly log: Logger;
  readonly database: Transactions;
  readonly sealer: Sealer;
  /** The files. */
  readonly load: LoadRequest;
  readonly live: { readonly config: Config };
  /** Puts a configuration in force. */
  readonly apply: (config: Config) => void;
}

/** Told of each section that changes, in the transaction that changes it. */
export type SettingsWitness = (queries: Queries, section: StoredSection, before: StoredSettings, after: StoredSettings) => Promise<void>;

/**
 * The configuration in force: the files with the database's settings over them, key by key (control-plane 13.1). Changes of
 * either act at once, one after another; one that cannot be used changes nothing.
 */
export class LiveSettings {
  readonly #parts: LiveSettingsParts;
  readonly #changes = new Changes();
  #stored: StoredSettings = NOTHING_STORED;

  constructor(parts: LiveSettingsParts) {
    this.#parts = parts;
  }

  /** What the database says, nothing of the files in it. Holds secrets. */
  get stored(): StoredSettings {
    return this.#stored;
  }

  /** Reads the files as they are now, the database's settings over them. */
  readFiles(): Promise<Loaded> {
    return tryLoadConfig({ ...this.#parts.load, stored: this.#stored });
  }

  /** The files were changed: what they say comes into force. @returns the configuration */
  filesChanged(config: Config): Promise<Config> {
    return this.#changes.next(async () => {
      // The database's settings may have changed since the files were read.
      const loaded = await reread(config, this.#parts.load, this.#stored);
      const now = loaded.config ?? config;
      this.#parts.apply(now);
      return now;
    });
  }

  /** Reads the database's settings and puts them in force. What does not fit any more is left out, with a warning. */
  load(): Promise<void> {
    return this.#changes.next(async () => {
      const { apply, database, live, log, sealer } = this.#parts;
      const { stored, lost } = await readSettingsRows(database, sealer);
      for (const section of lost)
        log.error(`Values of ${section} in the database were stored under another salt key and must be entered again`);
      if (!live.config.general.storeModelInDb) return;
      const { config, kept } = await this.#fitting(stored);
      this.#stored = kept;
      if (isEmpty(kept) || config === null) return;
      apply(config);
      for (const problem of config.warnings) if (problem.file === DATABASE) log.warn(problemText(problem));
    });
  }

  /**
   * Changes settings of the database.
   *
   * @throws {BadRequestError} for what cannot be changed at run time or does not fit, and then nothing has changed
   * @returns what works but is probably not as meant
   */
  change(edit: (now: StoredSettings) => StoredSettings, by: string | null, witness: SettingsWitness): Promise<readonly Problem[]> {
    return this.#changes.next(async () => {
      const { apply, clock, database, live, load, sealer } = this.#parts;
      if (!live.config.general.storeModelInDb)
        throw new BadRequestError(
          'Settings are not stored in the database: set `store_model_in_db: true` in general_settings of the file, or STORE_MODEL_IN_DB=True.',
        );
      const [before, after] = [this.#stored, edit(this.#stored)];
      checkChangeable(before, after);
      const { config, problems } = await reread(live.config, load, after);
      checkFits(config, problems);
      const changed = STORED_SECTIONS.filter((section) => changedNames(before[section], after[section]).length > 0);
      await written(
        database.transaction(async (queries) => {
          for (const section of changed) {
            await writeSettingsRow(queries, sealer, section, after[section], { at: clock.now(), by });
            await witness(queries, section, before, after);
          }
        }),
      );
      this.#stored = after;
      if (changed.length > 0) apply(config);
      const paths = changed.flatMap((section) => changedNames(before[section], after[section]).map((name) => `${section}.${name}`));
      return problems.filter(({ file, key }) => file === DATABASE && paths.some((path) => isUnder(key, path)));
    });
  }

  /** Leaves out what the schemas refuse, until the rest is taken. */
  async #fitting(stored: StoredSettings): Promise<{ readonly config: Config | null; readonly kept: StoredSettings }> {
    const { live, load, log } = this.#parts;
    const { config, problems } = await reread(live.config, load, stored);
    const wrong = problems.filter(({ file, severity }) => file === DATABASE && severity === 'fatal');
    if (config !== null || wrong.length === 0) return { config, kept: stored };
    for (const problem of wrong) log.warn(`${problemText(problem)}; this setting is left out`);
    const kept = without(stored, wrong);
    return JSON.stringify(kept) === JSON.stringify(stored) ? { config: null, kept: NOTHING_STORED } : this.#fitting(kept);
  }
}

function without(stored: StoredSettings, problems: readonly Problem[]): StoredSettings {
  const keys = new Set(problems.map(({ key }) => key));
  const kept = STORED_SECTIONS.map((section) => [
    section,
    Object.fromEntries(Object.entries(stored[section]).filter(([name]) => ![...keys].some((key) => isUnder(key, `${section}.${name}`)))),
  ]);
  return Object.fromEntries(kept) as StoredSettings;
}

/** Whether a problem's key is this one or lies below it. */
function isUnder(key: string, path: string): boolean {
  return key === path || key.startsWith(`${path}.`) || key.startsWith(`${path}[`);
}

function isEmpty(stored: StoredSettings): boolean {
  return STORED_SECTIONS.every((section) => Object.keys(stored[section]).length === 0);
}

function changedNames(before: JsonObject, after: JsonObject): string[] {
  const names = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...names].filter((name) => JSON.stringify(before[name]) !== JSON.stringify(after[name]));
}

function checkChangeable(before: StoredSettings, after: StoredSettings): void {
  for (const section of STORED_SECTIONS) {
    const wrong = changedNames(before[section], after[section]).find((name) => isStartSetting(section, name));
    if (wrong !== undefined)
      throw new BadRequestError(
        `${wrong} cannot be changed while the gateway runs: it is read at the start, from the configuration file or the environment.`,
        `${section}.${wrong}`,
      );
  }
}

function checkFits(config: Config | null, problems: readonly Problem[]): asserts config is Config {
  const fatal = problems.find(({ severity }) => severity === 'fatal');
  if (fatal) throw new BadRequestError(`${fatal.key} ${fatal.message}`, fatal.key);
  if (config === null) throw new BadRequestError('These settings cannot be used.');
}
