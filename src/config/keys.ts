/** How the value of a key is read, beyond what YAML says: see the sets below. */
export type Reading = 'money' | 'number' | 'text' | 'plain';

/** Amounts of US dollars, and what they are multiplied by: kept as the decimal text of the file (ruling M1). */
const MONEY: ReadonlySet<string> = new Set([
  'max_budget',
  'soft_budget',
  'budget_limit',
  'max_internal_user_budget',
  'default_max_internal_user_budget',
  'max_user_budget',
  'max_end_user_budget',
  'max_ui_session_budget',
  'max_budget_per_session',
  'team_member_budget',
  'max_budget_in_team',
  'fixed_amount',
  'display_exchange_rate',
]);

const PRICE = /(?:^|_)cost_per_|_token_cost(?:_|$)/;
const OTHER_PRICES: ReadonlySet<string> = new Set([
  'tiered_pricing',
  'off_peak',
  'provider_specific_entry',
  'regional_processing_uplift_multiplier_eu',
  'regional_processing_uplift_multiplier_us',
]);

/** Whether the key (of `litellm_params` or `model_info`) says what a call costs (data-plane 16.2). */
export function isPriceKey(key: string): boolean {
  return PRICE.test(key) || OTHER_PRICES.has(key);
}

/** Deployment settings of the gateway that are whole numbers from 0. */
export const COUNT_PARAMS: ReadonlySet<string> = new Set([
  'rpm',
  'tpm',
  'itpm',
  'otpm',
  'max_parallel_requests',
  'max_retries',
  'num_retries',
  'default_api_key_rpm_limit',
  'default_api_key_tpm_limit',
]);

/** Deployment settings of the gateway that are numbers from 0. */
export const QUANTITY_PARAMS: ReadonlySet<string> = new Set([
  'weight',
  'timeout',
  'stream_timeout',
  'cooldown_time',
  'keepalive_seconds',
  'max_file_size_mb',
]);

/** Numbers of the model itself; the provider judges them. */
const MODEL_NUMBERS: ReadonlySet<string> = new Set([
  'order',
  'temperature',
  'top_p',
  'top_k',
  'min_p',
  'n',
  'seed',
  'max_tokens',
  'max_completion_tokens',
  'presence_penalty',
  'frequency_penalty',
  'repetition_penalty',
  'top_logprobs',
  'dimensions',
  'num_ctx',
  'num_predict',
  'max_input_tokens',
  'max_output_tokens',
  'output_vector_size',
  'health_check_timeout',
  'health_check_max_tokens',
  'tool_use_system_prompt_tokens',
]);

/** Names and credentials: what stands in the file, whatever YAML takes it for (`model_name: 4`, `api_version: 2024-10-21`). */
const TEXT: ReadonlySet<string> = new Set([
  'model_name',
  'model',
  'api_key',
  'api_base',
  'base_url',
  'api_version',
  'custom_llm_provider',
  'organization',
  'litellm_credential_name',
  'credential_name',
  'region_name',
  'id',
  'base_model',
  'mode',
  'team_id',
  'team_public_model_name',
  'master_key',
  'database_url',
  'aws_access_key_id',
  'aws_secret_access_key',
  'aws_session_token',
  'aws_region_name',
  'vertex_project',
  'vertex_location',
  'tenant_id',
  'client_id',
  'client_secret',
  'deployment_id',
  'model_version',
  'resource_group',
  'oci_region',
  'oci_user',
  'oci_tenancy',
  'oci_fingerprint',
  'oci_compartment_id',
  'oci_key_passphrase',
  'oci_profile',
  'budget_duration',
  'budget_reset_time',
  'timezone',
  'time_period',
]);

/** How the value of `key` is read where models, credentials or settings stand. */
export function readingOf(key: string): Reading {
  if (MONEY.has(key) || isPriceKey(key)) return 'money';
  if (COUNT_PARAMS.has(key) || QUANTITY_PARAMS.has(key) || MODEL_NUMBERS.has(key)) return 'number';
  return TEXT.has(key) ? 'text' : 'plain';
}
