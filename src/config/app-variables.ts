import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ConfigError } from '../core/errors.ts';
import { isObject, type JsonObject } from '../core/json-object.ts';
import { AppOptions, isEmpty } from './app-options.ts';
import type { Variables } from './expand.ts';
import { weakness } from './weak-keys.ts';

const PREFIX = 'GATEWAY_OPTION_';

/** Started as an app of Home Assistant. */
export function underSupervisor(variables: Variables): boolean {
  return !isEmpty(variables['SUPERVISOR_TOKEN']);
}

/**
 * The environment as the rest of the program reads it: with the options of the app over it.
 *
 * @throws {ConfigError} one line for each option that cannot be used: its name, what it wants, never its value
 */
export async function programVariables(variables: Variables): Promise<Variables> {
  const options = await readAppOptions(variables);
  return { ...variables, ...variablesOf(options, variables) };
}

/**
 * The options of the app: the file that `GATEWAY_OPTIONS_FILE` names, if it is there, and `GATEWAY_OPTION_<NAME>` over it.
 *
 * @throws {ConfigError} one line for each option that cannot be used
 */
export async function readAppOptions(variables: Variables): Promise<AppOptions> {
  const raw = { ...(await optionsIn(variables['GATEWAY_OPTIONS_FILE'])), ...optionVariables(variables) };
  const parsed = AppOptions.safeParse(Object.fromEntries(Object.entries(raw).filter(([, value]) => !isEmpty(value))));
  const problems = parsed.success ? [...examples(parsed.data, variables), ...setTwice(parsed.data)] : parsed.error.issues.flatMap(lineOf);
  if (parsed.success && problems.length === 0) return parsed.data;
  throw new ConfigError([...new Set(problems)].join('\n'));
}

async function optionsIn(file: string | undefined): Promise<JsonObject> {
  if (file === undefined || file === '') return {};
  try {
    const options: unknown = JSON.parse(await readFile(file, 'utf8'));
    if (isObject(options)) return options;
    throw new ConfigError(`${file}: must be a map of options`);
  } catch (error) {
    if (error instanceof ConfigError) throw error;
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return {};
    throw new ConfigError(code === undefined ? `${file}: is not JSON` : `${file}: the options cannot be read (${code})`);
  }
}

function optionVariables(variables: Variables): JsonObject {
  const named = Object.entries(variables).filter(([name]) => name.startsWith(PREFIX));
  return Object.fromEntries(named.map(([name, value]) => [name.slice(PREFIX.length).toLowerCase(), value]));
}

function lineOf(issue: { code?: string; path: PropertyKey[]; message: string; keys?: readonly string[] }): string[] {
  if (issue.code === 'unrecognized_keys') return (issue.keys ?? []).map((key) => `Option ${key}: there is no such option; remove it`);
  return [`Option ${String(issue.path[0])}: ${issue.message}`];
}

/** Keys that stand in guides are no secrets; under Supervisor they are refused (control-plane 23, row 12). */
function examples({ master_key, salt_key, env_vars = [] }: AppOptions, variables: Variables): string[] {
  const permitted = env_vars.some((entry) => /^LITELLM_DANGEROUSLY_PERMIT_WEAK_OR_UNSET_MASTER_KEY=(?:true|1|yes|on)$/i.test(entry));
  if (!underSupervisor(variables) || permitted) return [];
  const keys = [
    ['master_key', master_key && weakness('master', master_key)],
    ['salt_key', salt_key && weakness('salt', salt_key)],
  ] as const;
  return keys.flatMap(([name, weak]) =>
    weak && weak.wellKnown ? [`Option ${name}: is an example that everybody knows; leave it empty to have a random one made`] : [],
  );
}

/** One value would silently lose. */
function setTwice(options: AppOptions): string[] {
  const byOption = optionSettings(options);
  return (options.env_vars ?? [])
    .map((entry) => nameOf(entry))
    .flatMap((name) => (byOption[name] === undefined ? [] : [`Option env_vars: ${name} is set by an option of its own; remove it here`]));
}

function variablesOf(options: AppOptions, variables: Variables): Variables {
  const free = Object.fromEntries((options.env_vars ?? []).map((entry) => [nameOf(entry), entry.slice(entry.indexOf('=') + 1)]));
  const folder = variables['GATEWAY_SSL_FOLDER'] ?? '/ssl';
  const tls = options.ssl ? { SSL_CERTFILE_PATH: join(folder, options.certfile), SSL_KEYFILE_PATH: join(folder, options.keyfile) } : {};
  const set = Object.fromEntries(Object.entries(optionSettings(options)).filter(([, value]) => !isEmpty(value)));
  return { ...free, ...set, ...tls };
}

function nameOf(entry: string): string {
  return entry.slice(0, entry.indexOf('='));
}

/** The variable that each option stands for. */
function optionSettings(options: AppOptions): Variables {
  return {
    LITELLM_MASTER_KEY: options.master_key,
    LITELLM_SALT_KEY: options.salt_key,
    UI_USERNAME: options.ui_username,
    // The administrator is the same person at the log-in and by the master key (control-plane 20).
    PROXY_ADMIN_ID: options.ui_username,
    UI_PASSWORD: options.ui_password,
    DATABASE_URL: options.database_url,
    STORE_MODEL_IN_DB: options.store_model_in_db?.toString(),
    LITELLM_LOG: options.log_level,
    GATEWAY_BRIDGE: options.bridge,
    GATEWAY_MEMBER_ACCESS: options.member_access,
    MAXIMUM_SPEND_LOGS_RETENTION_PERIOD: options.retention_days === undefined ? undefined : `${options.retention_days}d`,
    GATEWAY_ALLOWED_NETWORKS: options.allowed_networks?.join(','),
  };
}
