/**
 * Members of the body of `POST /v1/messages`.
 *
 * @see https://platform.claude.com/docs/en/api/messages/create (2026-11-26)
 */
export const MESSAGES_MEMBERS: ReadonlySet<string> = new Set([
  'model',
  'messages',
  'max_tokens',
  'cache_control',
  'container',
  'context_management',
  'inference_geo',
  'mcp_servers',
  'metadata',
  'output_config',
  'output_format',
  'service_tier',
  'speed',
  'stop_sequences',
  'stream',
  'system',
  'temperature',
  'thinking',
  'tool_choice',
  'tools',
  'top_k',
  'top_p',
]);

/**
 * Members of the body of `POST /v1/messages/count_tokens`; it refuses all others.
 *
 * @see https://platform.claude.com/docs/en/api/messages/count_tokens (2026-11-26)
 */
export const COUNTED_MEMBERS: ReadonlySet<string> = new Set([
  'messages',
  'cache_control',
  'context_management',
  'mcp_servers',
  'output_config',
  'output_format',
  'speed',
  'system',
  'thinking',
  'tool_choice',
  'tools',
]);
