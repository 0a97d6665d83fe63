/** A row of `spend_logs` as the driver gives it: money and JSON as text, times as milliseconds since 1970. */
export interface SpendRow {
  readonly request_id: string;
  readonly call_id: string | null;
  readonly call_type: string;
  readonly api_key: string;
  /** US dollars, decimal text. */
  readonly spend: string;
  readonly total_tokens: number;
  readonly prompt_tokens: number;
  readonly completion_tokens: number;
  readonly cache_read_tokens: number;
  readonly cache_creation_tokens: number;
  readonly reasoning_tokens: number;
  readonly start_time: number;
  readonly end_time: number;
  readonly completion_start_time: number | null;
  readonly request_duration_ms: number;
  readonly model: string;
  readonly model_id: string;
  readonly model_group: string;
  readonly custom_llm_provider: string;
  readonly api_base: string;
  readonly user_id: string | null;
  readonly team_id: string | null;
  readonly organization_id: string | null;
  readonly end_user: string | null;
  readonly agent_id: string | null;
  readonly project_id: string | null;
  readonly status: 'success' | 'failure';
  readonly cache_hit: boolean | null;
  readonly cache_key: string | null;
  readonly request_tags: readonly string[];
  readonly requester_ip_address: string | null;
  readonly session_id: string | null;
  readonly mcp_namespaced_tool_name: string | null;
  /** JSON text. */
  readonly metadata: string;
}

const timeOf = (column: string): string => `(extract(epoch from ${column}) * 1000)::float8 as ${column}`;

/** What is selected for a {@link SpendRow}. */
export const COLUMNS = `request_id, call_id, call_type, api_key, spend::text as spend, total_tokens, prompt_tokens, completion_tokens,
  cache_read_tokens, cache_creation_tokens, reasoning_tokens, ${timeOf('start_time')}, ${timeOf('end_time')},
  ${timeOf('completion_start_time')}, request_duration_ms,
  model, model_id, model_group, custom_llm_provider, api_base, user_id, team_id, organization_id, end_user, agent_id, project_id,
  status, cache_hit, cache_key, request_tags, requester_ip_address, session_id, mcp_namespaced_tool_name, metadata::text as metadata`;
