import { isObject, type JsonObject } from '../core/json-object.ts';

/**
 * Keys of `litellm_params` that steer the gateway; every other key is a default for the body (data-plane 8.3, 13.1).
 * Price keys are recognised by {@link isControlKey} too.
 */
export const CONTROL_KEYS: ReadonlySet<string> = new Set([
  // target
  'model', 'custom_llm_provider', 'api_base', 'base_url', 'api_key', 'api_version', 'organization', 'project', 'extra_headers', 'headers',
  'ssl_verify', 'use_chat_completions_api', 'use_litellm_proxy', 'use_in_pass_through', 'image_urls', 'allow_private_image_urls', 'force_ipv4',
  'account_id', 'cloudflare_account_id', 'gateway_id', 'product_id', 'cf_aig_token', 'ragflow_base',
  // limits and routing
  'rpm', 'tpm', 'itpm', 'otpm', 'max_parallel_requests', 'max_budget', 'budget_duration', 'max_file_size_mb', 'default_api_key_rpm_limit',
  'default_api_key_tpm_limit', 'weight', 'order', 'tags', 'tag_regex', 'region_name', 'cooldown_time', 'allowed_fails', 'model_group', 'silent_model',
  'model_info', 'model_name', 'fallbacks', 'priority',
  // time
  'timeout', 'stream_timeout', 'request_timeout', 'max_retries', 'num_retries', 'keepalive_seconds',
  // treatment of parameters
  'drop_params', 'additional_drop_params', 'allowed_openai_params', 'modify_params', 'cache_control_injection_points',
  'merge_reasoning_content_in_choices', 'configurable_clientside_auth_params', 'guardrails', 'prompt_id', 'prompt_variables', 'cache', 'caching', 'metadata',
  'mock_response', 'mock_tool_calls', 'mock_delay', 'mock_timeout', 'mock_testing_fallbacks', 'mock_testing_context_fallbacks',
  'mock_testing_content_policy_fallbacks', 'mock_testing_rate_limit_error', 'no-log',
  // AWS
  'aws_access_key_id', 'aws_secret_access_key', 'aws_session_token', 'aws_region_name', 'aws_session_name', 'aws_profile_name', 'aws_role_name',
  'aws_web_identity_token', 'aws_sts_endpoint', 'aws_external_id', 'aws_bedrock_runtime_endpoint', 's3_bucket_name',
  'sagemaker_base_url', 'model_id',
  // Google
  'vertex_project', 'vertex_location', 'vertex_credentials', 'vertex_ai_project', 'vertex_ai_location', 'vertex_ai_credentials', 'gcs_bucket_name', 'vertex_count_tokens_location',
  // Azure
  'azure_ad_token', 'tenant_id', 'client_id', 'client_secret', 'azure_scope', 'azure_username', 'azure_password',
  // Predibase
  'predibase_tenant_id',
  // IBM
  'token', 'zen_api_key', 'watsonx_region_name',
  // Snowflake
  'account', 'snowflake_account', 'snowflake_user', 'snowflake_private_key', 'snowflake_private_key_passphrase',
  // GigaChat, SAP
  'gigachat_scope', 'service_key', 'auth_url', 'resource_group', 'deployment_id', 'deployment_url',
  // Oracle
  'oci_region', 'oci_user', 'oci_fingerprint', 'oci_tenancy', 'oci_compartment_id', 'oci_key', 'oci_key_file', 'oci_key_passphrase', 'oci_profile',
  'oci_serving_mode', 'oci_endpoint_id', 'oci_api_format',
  // prices that no pattern below finds
  'tiered_pricing', 'base_model', 'off_peak', 'provider_specific_entry', 'web_search_billing_unit', 'tool_use_system_prompt_tokens',
]); // prettier-ignore

/** Prices (`input_cost_per_token_above_200k_tokens` ...), routers, and the gateway's own names. */
const CONTROL_PATTERN = /^(litellm_|auto_router_|complexity_router_|adaptive_router_|regional_processing_)|_cost(_|$)/;

export function isControlKey(name: string): boolean {
  return CONTROL_KEYS.has(name) || CONTROL_PATTERN.test(name);
}

/** Parameters that say the same thing: a client who sets one does not want the deployment's other. */
const SAME: readonly (readonly string[])[] = [
  ['max_tokens', 'max_completion_tokens'],
  ['thinking', 'reasoning_effort'],
  ['response_format', 'response_schema'],
];

/** The body members that a deployment's `litellm_params` set unless the client does. Made once for a deployment. */
export function defaultsOf(params: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(params).filter(([name, value]) => !isControlKey(name) && value !== null && value !== undefined));
}

/** Names of the defaults that a body with these members would get. Empty: the body may pass as it came. */
export function missingDefaults(members: ReadonlySet<string>, defaults: JsonObject): string[] {
  return Object.keys(defaults).filter((name) => !says(members, name) || (name === 'extra_body' && members.has(name)));
}

/**
 * The body completed by defaults, the client's members first, then each layer in turn (key, deployment, router). `null` in the
 * body counts as not given; `extra_body` objects are merged member by member.
 */
export function withDefaults(body: JsonObject, ...layers: readonly JsonObject[]): JsonObject {
  const result = { ...body };
  for (const defaults of layers) {
    const given = new Set(Object.keys(result).filter((name) => result[name] !== null && result[name] !== undefined));
    for (const [name, value] of Object.entries(defaults)) {
      if (name === 'extra_body' && isObject(value) && isObject(result[name])) result[name] = { ...value, ...result[name] };
      else if (!says(given, name)) result[name] = value;
    }
  }
  return result;
}

function says(given: ReadonlySet<string>, name: string): boolean {
  return given.has(name) || SAME.some((group) => group.includes(name) && group.some((other) => given.has(other)));
}
