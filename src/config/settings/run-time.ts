import { OPTION_VARIABLES } from '../environment.ts';
import type { StoredSection } from '../stored-settings.ts';

/** Settings that are read once, at the start: they stand in the file or in the environment. */
const AT_START: Readonly<Record<StoredSection, ReadonlySet<string>>> = {
  general_settings: new Set([
    'master_key',
    'database_url',
    'database_connection_pool_limit',
    'database_connection_timeout',
    'database_type',
    'store_model_in_db',
    'server_root_path',
    'key_management_system',
    'key_management_settings',
  ]),
  litellm_settings: new Set(),
  router_settings: new Set(),
  environment_variables: new Set([
    ...OPTION_VARIABLES,
    'SERVER_ROOT_PATH',
    'SUPERVISOR_TOKEN',
    'MAX_IMAGE_URL_DOWNLOAD_SIZE_MB',
    'LITELLM_DANGEROUSLY_PERMIT_WEAK_OR_UNSET_MASTER_KEY',
    ...['DISABLE', 'MINIMAL', 'LOW', 'MEDIUM', 'HIGH'].map((effort) => `DEFAULT_REASONING_EFFORT_${effort}_THINKING_BUDGET`),
    ...['HTTP_PROXY', 'HTTPS_PROXY', 'NO_PROXY'].flatMap((name) => [name, name.toLowerCase()]),
  ]),
};

/** Whether a setting acts from the start of the program on and cannot be changed while it runs. */
export function isStartSetting(section: StoredSection, key: string): boolean {
  return AT_START[section].has(key);
}
