import { ConfigError } from '../core/errors.ts';
import type { Config } from './config.ts';
import { readCredentials } from './credentials.ts';
import { OPTION_VARIABLES, readEnvironment } from './environment.ts';
import { Expander } from './expand.ts';
import type { Variables } from './expand.ts';
import { deepFreeze } from './freeze.ts';
import { readModels } from './models.ts';
import { Problems, problemText } from './problem.ts';
import type { Problem } from './problem.ts';
import { readSection } from './section.ts';
import { environmentFields } from './settings/environment.ts';
import { wireNames } from './settings/field.ts';
import { generalFields } from './settings/general.ts';
import { TOP_LEVEL_KEYS } from './settings/later-keys.ts';
import { litellmFields } from './settings/litellm.ts';
import { routerFields, SHARED_ROUTER_KEYS } from './settings/router.ts';
import { SettingsReader } from './settings-reader.ts';
import { sourceIndex } from './source-index.ts';
import { readSourceFiles } from './sources.ts';
import { NOTHING_STORED, withStored } from './stored-settings.ts';
import type { StoredSettings } from './stored-settings.ts';
import { readTextFile, UnreadableFileError } from './text-file.ts';
import type { ReadText } from './text-file.ts';
import { mapNode } from './yaml/tree.ts';
import type { MapNode } from './yaml/tree.ts';

export interface LoadRequest {
  /** Path of the main file; problems name it as given. */
  readonly file: string;
  /** The process's environment. */
  readonly variables: Variables;
  /** Variables that `environment_variables` of the file must not replace when they are set; `OPTION_VARIABLES` unless given. */
  readonly pinned?: ReadonlySet<string>;
  readonly readText?: ReadText;
  /** Settings of the database, which stand over those of the files. */
  readonly stored?: StoredSettings;
}

/** What came of reading the files. */
export interface Loaded {
  /** Null when a problem is fatal. */
  readonly config: Config | null;
  /** Fatal ones, errors and warnings, in the order in which they were found. */
  readonly problems: readonly Problem[];
  /** Absolute paths that were read or looked for. */
  readonly files: readonly string[];
  readonly fingerprint: string;
  /** The main file is not there, or holds nothing. */
  readonly absent: 'missing' | 'empty' | null;
}

const MAX_LINES = 10;

/** Reads the configuration for a start. @throws {ConfigError} with `file:line:column: key: message`, one problem a line */
export async function loadConfig(request: LoadRequest): Promise<Config> {
  const { config, problems } = await tryLoadConfig(request);
  if (config) return config;
  const fatal = problems.filter(({ severity }) => severity === 'fatal');
  const more = fatal.length > MAX_LINES ? [`... and ${fatal.length - MAX_LINES} more`] : [];
  throw new ConfigError([...fatal.slice(0, MAX_LINES).map(problemText), ...more].join('\n'));
}

/** Reads the configuration and tells all that is wrong with it instead of throwing. */
export async function tryLoadConfig(request: LoadRequest): Promise<Loaded> {
  const problems = new Problems();
  const texts = new Map<string, string>();
  const sources = await readSourceFiles(request.file, remembering(request.readText ?? readTextFile, texts), problems);
  const absent = sources.missing ? 'missing' : sources.empty ? 'empty' : null;
  if (absent === 'empty') problems.add('warning', { file: request.file, line: 0, column: 0 }, [], 'is empty: no model is configured');
  const written = sources.root ?? mapNode(new Map(), { file: request.file, line: 0, column: 0 });
  const root = withStored(written, request.stored ?? NOTHING_STORED);
  const parts = problems.fatal.length > 0 ? null : assemble(root, sources.secrets, request, problems);
  const { files, fingerprint } = sources;
  const config =
    parts === null || problems.fatal.length > 0
      ? null
      : deepFreeze<Config>({ ...parts, warnings: problems.all, files, fingerprint, texts });
  return { config, problems: problems.all, files, fingerprint, absent };
}

/**
 * The files of a configuration as they were when it was read, with other settings of the database over them. What stands in the
 * files meanwhile does not matter.
 */
export function reread({ texts }: Config, request: LoadRequest, stored: StoredSettings): Promise<Loaded> {
  return tryLoadConfig({
    ...request,
    stored,
    readText: async (path) => {
      const text = texts.get(path);
      if (text === undefined) throw new UnreadableFileError('does not exist', true);
      return text;
    },
  });
}

function remembering(readText: ReadText, texts: Map<string, string>): ReadText {
  return async (path) => {
    const text = await readText(path);
    texts.set(path, text);
    return text;
  };
}

type Parts = Omit<Config, 'warnings' | 'files' | 'fingerprint' | 'texts'>;

function assemble(root: MapNode, secrets: ReadonlyMap<string, string>, request: LoadRequest, problems: Problems): Parts {
  for (const [key, { place }] of root.entries) {
    // `x-...` is where people keep the anchors that they use below.
    if (!TOP_LEVEL_KEYS.has(key) && !key.startsWith('x-'))
      problems.add('warning', place, [key], 'is not a section known here; it is kept and does nothing');
  }
  const environment = readEnvironment(root, { variables: request.variables, secrets }, request.pinned ?? OPTION_VARIABLES, problems);
  const expander = new Expander({ variables: environment.variables, secrets }, problems);
  const settle = new SettingsReader(root, environment, problems);

  const credentials = readCredentials(root, expander, problems);
  const litellm = readSection(root, 'litellm_settings', LITELLM_KEYS, expander, problems);
  const router = readSection(root, 'router_settings', ROUTER_KEYS, expander, problems);
  const general = readSection(root, 'general_settings', GENERAL_KEYS, expander, problems);
  const settings = {
    litellm: settle.section(litellmFields, litellm),
    router: settle.section(routerFields, router, { section: litellm, keys: SHARED_ROUTER_KEYS }),
    general: settle.section(generalFields, general),
  };
  return {
    models: readModels(root, { expander, problems }, credentials),
    credentials,
    ...settings,
    environment: settle.variables(environmentFields),
    shown: { litellm_settings: litellm.shown, router_settings: router.shown, general_settings: general.shown },
    variables: environment.variables,
    sourceOf: sourceIndex(root),
    origins: settle.origins,
  };
}

const LITELLM_KEYS: ReadonlySet<string> = new Set([...wireNames(litellmFields), ...SHARED_ROUTER_KEYS]);
const ROUTER_KEYS = wireNames(routerFields);
const GENERAL_KEYS = wireNames(generalFields);
