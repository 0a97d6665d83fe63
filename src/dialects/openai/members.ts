/**
 * Members of a body that speak to the gateway and never reach a provider (data-plane 8.2). `metadata` is one of them,
 * save for its forwarding with `store: true`.
 */
export const GATEWAY_ONLY_MEMBERS: ReadonlySet<string> = new Set([
  'metadata',
  'tags',
  'fallbacks',
  'context_window_fallbacks',
  'content_policy_fallbacks',
  'disable_fallbacks',
  'num_retries',
  'max_retries',
  'timeout',
  'stream_timeout',
  'request_timeout',
  'mock_response',
  'mock_tool_calls',
  'mock_delay',
  'mock_timeout',
  'mock_testing_fallbacks',
  'mock_testing_context_fallbacks',
  'mock_testing_content_policy_fallbacks',
  'mock_testing_rate_limit_error',
  'cache',
  'caching',
  'drop_params',
  'additional_drop_params',
  'allowed_openai_params',
  'modify_params',
  'enable_json_schema_validation',
  'guardrails',
  'policies',
  'extra_headers',
  'extra_body',
  'extra_query',
  'api_key',
  'api_base',
  'api_version',
  'base_url',
  'priority',
  'fastest_response',
  'no-log',
]);

/** Whether a top-level member is for the gateway alone: a listed one, any `litellm_...`, and prices, which clients may not set. */
export function isGatewayMember(name: string): boolean {
  return GATEWAY_ONLY_MEMBERS.has(name) || name.startsWith('litellm_') || PRICE.test(name);
}

const PRICE = /^(input|output|cache_read_input|cache_creation_input)_cost_per_/;
