import type { JsonObject } from '../core/json-object.ts';
import type { Place, Problem } from './problem.ts';
import type { SettingOrigin } from './settings-reader.ts';
import type { EnvironmentSettings } from './settings/environment.ts';
import type { GeneralSettings } from './settings/general.ts';
import type { LitellmSettings } from './settings/litellm.ts';
import type { RouterSettings } from './settings/router.ts';

/** One deployment: a row of `model_list`. */
export interface ModelRow {
  /** Public name; rows that share it form a model group. Empty when the row names none (see `problem`). */
  readonly modelName: string;
  /**
   * `litellm_params` ready to use: variables, secrets and the named credential filled in, numeric keys as numbers. Prices and
   * budgets are decimal text (ruling M1). A missing variable is null. Holds secrets.
   */
  readonly params: JsonObject;
  /** `litellm_params` as written, nothing filled in: what management answers show, and what the row's id is made from. */
  readonly shown: JsonObject;
  /** `model_info`, prices and budgets as decimal text. */
  readonly info: JsonObject;
  /** The row's own prices: those of `model_info`, overridden by those of `litellm_params`; decimal text, also inside tiers. */
  readonly prices: Readonly<Record<string, unknown>>;
  /** File that holds the row, and its line from 1. */
  readonly file: string;
  readonly line: number;
  /** Why the row cannot serve, in one sentence; the other rows work. */
  readonly problem: string | null;
}

/** A named set of provider credentials that rows refer to by `litellm_credential_name`. */
export interface Credential {
  readonly name: string;
  /** Filled in. Holds secrets. */
  readonly values: JsonObject;
  readonly info: JsonObject;
}

/** One section as the file has it: nothing filled in, no defaults, unknown keys too. Literal secrets are in it. */
export interface ShownSections {
  readonly litellm_settings: JsonObject;
  readonly router_settings: JsonObject;
  readonly general_settings: JsonObject;
}

/** Everything that files and environment say, checked and frozen. Replaced as a whole when a file changes. */
export interface Config {
  readonly models: readonly ModelRow[];
  readonly litellm: LitellmSettings;
  /** Routing keys of `litellm_settings` are in it where `router_settings` says nothing. */
  readonly router: RouterSettings;
  readonly general: GeneralSettings;
  readonly environment: EnvironmentSettings;
  readonly credentials: readonly Credential[];
  /** Sections as written, for management answers. */
  readonly shown: ShownSections;
  /** Environment with the file's `environment_variables`: where provider keys such as `OPENAI_API_KEY` are looked up. */
  readonly variables: Readonly<Record<string, string>>;
  /** What works but is probably not as meant, and the rows that were left out. */
  readonly warnings: readonly Problem[];
  /** Absolute paths of every file that was read or looked for: those to watch. */
  readonly files: readonly string[];
  /** Changes when the text of any of the files changes. */
  readonly fingerprint: string;
  /** Texts of the files, by their paths as they were opened: to read them again under other settings of the database. */
  readonly texts: ReadonlyMap<string, string>;
  /** Where the value of each known setting comes from, by key path (`router_settings.num_retries`). */
  readonly origins: ReadonlyMap<string, SettingOrigin>;
  /** Where a setting stands, by key path (`router_settings.num_retries`, `model_list[0]`); null when no file says it. */
  sourceOf(key: string): Place | null;
}
