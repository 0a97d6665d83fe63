import { Expander } from './expand.ts';
import type { Sources, Variables } from './expand.ts';
import type { Place, Problems } from './problem.ts';
import { memberOf } from './yaml/tree.ts';
import type { MapNode } from './yaml/tree.ts';

/** Variables that the product's own options set; `environment_variables` of the file never replaces one that is set. */
export const OPTION_VARIABLES: ReadonlySet<string> = new Set([
  'LITELLM_MASTER_KEY',
  'LITELLM_SALT_KEY',
  'DATABASE_URL',
  'STORE_MODEL_IN_DB',
  'UI_USERNAME',
  'UI_PASSWORD',
  'PROXY_ADMIN_ID',
  'PORT',
  'HOST',
  'CONFIG_FILE_PATH',
  'LITELLM_LOG',
  'GATEWAY_BRIDGE',
  'GATEWAY_MEMBER_ACCESS',
  'MAXIMUM_SPEND_LOGS_RETENTION_PERIOD',
]);

/** The environment that the file is read with. */
export interface Environment {
  readonly variables: Readonly<Record<string, string>>;
  /** Where the file sets a variable. */
  readonly places: ReadonlyMap<string, Place>;
}

/** The process's environment with the file's `environment_variables` over it, but for pinned variables that are set. */
export function readEnvironment(root: MapNode, sources: Sources, pinned: ReadonlySet<string>, problems: Problems): Environment {
  const variables = readable(sources.variables);
  const places = new Map<string, Place>();
  const section = memberOf(root, 'environment_variables');
  if (section && section.kind !== 'map') problems.add('fatal', section.place, ['environment_variables'], 'must be a map (NAME: value)');
  if (section?.kind !== 'map') return { variables, places };
  // Each entry may use the ones above it.
  const expander = new Expander({ variables, secrets: sources.secrets }, problems);
  for (const [name, { place, value }] of section.entries) {
    const path = ['environment_variables', name];
    if (pinned.has(name) && variables[name]) {
      problems.add('warning', place, path, 'is set by an option already, and that value counts');
      continue;
    }
    const text = expander.value(value, path, 'text');
    if (text === null) continue;
    if (typeof text !== 'string') {
      problems.add('fatal', place, path, 'must be a text');
      continue;
    }
    variables[name] = text;
    places.set(name, place);
  }
  return { variables, places };
}

/** Keys to Home Assistant: no file, and nobody who may write settings, gets them by naming the variable (HA-SEC-12). */
const NOT_READABLE = /^(?:SUPERVISOR_|HASSIO_|HOME_ASSISTANT_TOKEN$)/;

function readable(variables: Variables): Record<string, string> {
  return Object.fromEntries(
    Object.entries(variables).filter((entry): entry is [string, string] => entry[1] !== undefined && !NOT_READABLE.test(entry[0])),
  );
}
