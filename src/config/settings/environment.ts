import { BRIDGE_MODES, MEMBER_ACCESS } from './home-assistant.ts';
import { field, idleField } from './field.ts';
import type { SettingsOf } from './field.ts';
import { count, flag, lengthOfTime, megabytes, oneOf, optional, positiveCount, text, wholeSeconds } from './values.ts';

const rootPath = text.transform((value) => {
  const path = value.replace(/\/{2,}/g, '/').replace(/\/$/, '');
  return path === '' || path.startsWith('/') ? path : `/${path}`;
});

/**
 * Settings that environment variables give, also those set by `environment_variables` in the file. Variables that stand for a
 * key of the file (`DATABASE_URL`, `LITELLM_DROP_PARAMS` ...) are read there.
 */
export const environmentFields = {
  uiUsername: field('UI_USERNAME', text.default('admin'), 'Name for the log-in of the panel.'),
  uiPassword: field('UI_PASSWORD', optional(text), 'Password for the log-in of the panel; the master key when absent.'),
  adminUserId: field('PROXY_ADMIN_ID', text.default('default_user_id'), 'User id of the master key.'),
  uiSessionMs: field(
    'LITELLM_UI_SESSION_DURATION',
    lengthOfTime.prefault('24h'),
    'How long a log-in to the panel lasts, such as `24h` or `30d`.',
  ),
  serverRootPath: field('SERVER_ROOT_PATH', rootPath.default(''), 'Path in front of every route.'),
  environmentName: field(
    'LITELLM_ENVIRONMENT',
    optional(text),
    'Name of this environment; models with `supported_environments` serve only there.',
  ),
  maxImageDownloadBytes: field(
    'MAX_IMAGE_URL_DOWNLOAD_SIZE_MB',
    megabytes.default(52_428_800),
    'Largest image or file in MB that is fetched from an address in a request; 0: none.',
  ),
  rateLimitWindowMs: field(
    'LITELLM_RATE_LIMIT_WINDOW_SIZE',
    wholeSeconds.default(60_000),
    'Length in seconds of the window that `rpm` and `tpm` count in.',
  ),
  disableKeyName: field('DISABLE_KEY_NAME', flag.default(false), 'Do not keep the last characters of new keys.'),
  thinkingBudgetDisable: field(
    'DEFAULT_REASONING_EFFORT_DISABLE_THINKING_BUDGET',
    count.default(0),
    'Thinking tokens for `reasoning_effort: disable`.',
  ),
  thinkingBudgetMinimal: field('DEFAULT_REASONING_EFFORT_MINIMAL_THINKING_BUDGET', count.default(128), 'Thinking tokens for `minimal`.'),
  thinkingBudgetLow: field('DEFAULT_REASONING_EFFORT_LOW_THINKING_BUDGET', count.default(1024), 'Thinking tokens for `low`.'),
  thinkingBudgetMedium: field('DEFAULT_REASONING_EFFORT_MEDIUM_THINKING_BUDGET', count.default(2048), 'Thinking tokens for `medium`.'),
  thinkingBudgetHigh: field('DEFAULT_REASONING_EFFORT_HIGH_THINKING_BUDGET', count.default(4096), 'Thinking tokens for `high`.'),
  repeatedChunkLimit: idleField(
    'REPEATED_STREAMING_CHUNK_LIMIT',
    positiveCount.default(100),
    'Equal pieces in a row after which a stream counts as stuck.',
  ),
  bridge: field(
    'GATEWAY_BRIDGE',
    oneOf(BRIDGE_MODES).default('auto'),
    'As an app of Home Assistant: `auto` installs and updates the bridge integration, `notify` only tells, `manual` does nothing.',
  ),
  memberAccess: field(
    'GATEWAY_MEMBER_ACCESS',
    oneOf(MEMBER_ACCESS).default('none'),
    'What users of Home Assistant who are no administrators get in the panel: `none`, or `own_keys`.',
  ),
  permitWeakKeys: field(
    'LITELLM_DANGEROUSLY_PERMIT_WEAK_OR_UNSET_MASTER_KEY',
    flag.default(false),
    'Start with a well-known master key even under Home Assistant.',
  ),
} as const;

export type EnvironmentSettings = SettingsOf<typeof environmentFields>;

/** Variables that stand for a key of the file. `wins`: over the file; else it only fills what the file leaves open. */
export const VARIABLES_FOR_KEYS = [
  { variable: 'LITELLM_MASTER_KEY', section: 'general_settings', key: 'master_key', wins: true },
  { variable: 'DATABASE_URL', section: 'general_settings', key: 'database_url', wins: true },
  { variable: 'STORE_MODEL_IN_DB', section: 'general_settings', key: 'store_model_in_db', wins: true },
  {
    variable: 'MAXIMUM_SPEND_LOGS_RETENTION_PERIOD',
    section: 'general_settings',
    key: 'maximum_spend_logs_retention_period',
    wins: true,
  },
  { variable: 'LITELLM_DROP_PARAMS', section: 'litellm_settings', key: 'drop_params', wins: false },
  { variable: 'LITELLM_MODIFY_PARAMS', section: 'litellm_settings', key: 'modify_params', wins: false },
  { variable: 'LITELLM_DISABLE_STOP_SEQUENCE_LIMIT', section: 'litellm_settings', key: 'disable_stop_sequence_limit', wins: false },
  { variable: 'LITELLM_MAX_STREAMING_DURATION_SECONDS', section: 'litellm_settings', key: 'max_streaming_duration_seconds', wins: false },
] as const;
