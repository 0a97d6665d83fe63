/**
 * Keys of the reference that mean something, but not yet here. They are kept and give no warning, so that a file which works
 * elsewhere is quiet here. A key moves from this list to a field table when it acts. `*` at the end stands for any rest.
 */
export const LATER_KEYS = {
  litellm_settings: [
    'add_user_agent_tags', 'add_user_information_to_llm_headers', 'budget_exceeded_error_message', 'cache', 'cache_params', 'callback_settings',
    'callbacks', 'check_provider_endpoint', 'cost_discount_config', 'cost_margin_config', 'custom_provider_map', 'default_internal_user_params',
    'default_redis_batch_cache_expiry', 'default_team_params', 'default_team_settings', 'default_user_params', 'disable_copilot_system_to_assistant',
    'disable_end_user_cost_tracking', 'disable_hf_tokenizer_download', 'disable_stop_sequence_limit',
    'enable_caching_on_provider_specific_optional_params', 'enable_gemini_default_thinking_level_low', 'enable_json_schema_validation',
    'enable_redis_auth_cache', 'extra_spend_tag_headers', 'failure_callback', 'force_ipv4', 'guardrails', 'include_cost_in_streaming_usage',
    'internal_user_budget_duration', 'key_generation_settings', 'langfuse_default_tags', 'logged_real_time_event_types', 'max_end_user_budget_id',
    'max_ui_session_budget', 'mcp_*', 'model_group_settings', 'prometheus_*', 'public_model_groups', 'public_model_groups_links',
    'reasoning_auto_summary', 'redact_messages_in_exceptions', 'redact_user_api_key_info', 'request_size_limit', 'require_auth_for_metrics_endpoint',
    'route_all_chat_openai_to_responses', 's3_callback_params', 'service_callback', 'service_callbacks', 'set_verbose', 'ssl_certificate',
    'ssl_verify', 'store_audit_logs', 'success_callback', 'suppress_debug_info', 'telemetry', 'turn_off_message_logging',
    'use_chat_completions_url_for_anthropic_messages', 'user_url_validation',
  ],
  router_settings: [
    'alerting_config', 'assistants_config', 'cache_kwargs', 'cache_responses', 'caching_groups', 'client_ttl', 'debug_level', 'default_priority',
    'deployment_affinity_ttl_seconds', 'enable_health_check_routing', 'enable_pre_call_checks', 'guardrail_list', 'health_check_*',
    'ignore_invalid_deployments', 'max_retries', 'model_group_affinity_config', 'optional_pre_call_checks', 'polling_interval', 'redis_*',
    'router_general_settings', 'routing_groups', 'search_tools', 'set_verbose', 'tag_filtering_match_any', 'weights',
  ],
  general_settings: [
    'alert_*', 'alerting*', 'allow_requests_on_db_unavailable', 'always_include_stream_usage', 'apply_user_budget_to_team_keys',
    'auto_redirect_ui_login_to_sso', 'background_health_checks', 'block_robots', 'budget_alert_ttl', 'completion_model', 'connection_error_status',
    'control_plane_url', 'database_connection_timeout', 'database_type', 'default_team_disabled', 'disable_adding_master_key_hash_to_db',
    'disable_admin_ui', 'disable_budget_reservation', 'disable_error_logs', 'disable_prisma_schema_update', 'disable_reset_budget',
    'disable_responses_id_security', 'disable_retry_on_max_parallel_request_limit_error', 'disable_spend_logs', 'disable_spend_updates',
    'embedding_model', 'enable_health_check_routing', 'enable_jwt_auth', 'enable_oauth2_auth', 'enable_oauth2_proxy_auth', 'enable_public_model_hub',
    'enforce_user_budget_on_team_keys', 'forward_*', 'health_check_*', 'image_generation_model', 'include_call_id_in_error_body',
    'infer_model_from_keys', 'key_management_*', 'litellm_jwtauth', 'max_file_size_mb', 'maximum_*', 'moderation_model', 'oauth2_config_mappings',
    'ops_*', 'otel', 'pass_through_*', 'provider_url_destination_allowed_hosts', 'proxy_budget_rescheduler_*', 'public_routes', 'responses_store',
    'role_mappings', 'role_permissions', 'server_root_path', 'spend_report_frequency', 'store_prompts_in_spend_logs', 'supported_db_objects',
    'trusted_proxies', 'ui_access_mode', 'use_client_credentials_pass_through_routes', 'use_redis_transaction_buffer', 'use_x_forwarded_for',
    'user_api_key_cache_ttl', 'user_header_mappings', 'user_header_name', 'user_mcp_management_mode',
  ],
} as const satisfies Record<string, readonly string[]>;

export type SectionName = keyof typeof LATER_KEYS;

/**
 * Later keys that restrict or limit something. Until they act, the gateway is more open than the file says: that deserves a warning.
 */
export const GUARDING_KEYS: Readonly<Record<SectionName, readonly string[]>> = {
  litellm_settings: [
    'banned_keywords_list', 'blocked_user_list', 'default_max_internal_user_budget', 'max_end_user_budget', 'max_internal_user_budget',
    'max_user_budget', 'tag_budget_config',
  ],
  router_settings: [
    'enable_tag_filtering', 'provider_budget_config',
  ],
  general_settings: [
    'admin_only_routes', 'allowed_ips', 'allowed_routes', 'enforce_user_param', 'enforced_params', 'global_max_parallel_requests',
    'max_parallel_requests', 'max_response_size_mb', 'reject_clientside_metadata_tags', 'service_account_settings',
  ],
};

/** Top-level keys that are read elsewhere or wait for their release. */
export const TOP_LEVEL_KEYS: ReadonlySet<string> = new Set([
  'model_list', 'litellm_settings', 'router_settings', 'general_settings', 'environment_variables', 'include', 'credential_list', 'mcp_servers', 'mcp_tools',
  'callback_settings', 'files_settings', 'finetune_settings', 'assistant_settings', 'vector_store_registry', 'search_tools', 'guardrails', 'prompts',
  'policies', 'policy_attachments', 'worker_registry', 'agent_list',
]);

/** Settings that name Python code, which cannot be loaded here. */
export const PYTHON_KEYS: ReadonlySet<string> = new Set([
  'custom_auth', 'custom_auth_run_common_checks', 'custom_key_generate', 'custom_key_update', 'custom_sso', 'custom_ui_sso_sign_in_handler', 'post_call_rules',
  'pre_call_rules', 'custom_team_check',
]);

/** Lists of callbacks; a name with a dot is a path to Python code. */
export const CALLBACK_KEYS: ReadonlySet<string> = new Set(['callbacks', 'success_callback', 'failure_callback', 'service_callback', 'service_callbacks']);

/** Whether the key belongs to a later release. */
export function isLaterKey(section: SectionName, key: string): boolean {
  return LATER_KEYS[section].some((known) => (known.endsWith('*') ? key.startsWith(known.slice(0, -1)) : known === key));
}
