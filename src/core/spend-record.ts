import type { Charge } from './limit-policy.ts';

/**
 * One call as it is journalled and flushed: the columns of `gateway.spend_logs` under their own names, and the
 * accounts it is booked on. JSON-able. Times are milliseconds since 1970, token counts safe integers of at least 0.
 *
 * `request_id` and `start_time` are fixed when the call is first journalled (ruling M12): together they are the row's key.
 */
export interface SpendRecord {
  readonly kind: 'settle';
  /** Ours: a time-ordered UUID (ruling M7). */
  readonly request_id: string;
  /** The client's `x-litellm-call-id`; `null`: it sent none, and the request id stands for it. */
  readonly call_id: string | null;
  /** `acompletion`, `aembedding`, `anthropic_messages` ... (control-plane 12.1). */
  readonly call_type: string;
  /** Hash of the virtual key; empty when unknown. */
  readonly api_key: string;
  /** US dollars as decimal text, every digit (`usdText`). */
  readonly spend: string;
  readonly prompt_tokens: number;
  readonly completion_tokens: number;
  readonly total_tokens: number;
  /** Parts of `prompt_tokens`. */
  readonly cache_read_tokens: number;
  readonly cache_creation_tokens: number;
  /** Part of `completion_tokens`. */
  readonly reasoning_tokens: number;
  readonly start_time: number;
  readonly end_time: number;
  /** First token; `null` when none came. */
  readonly completion_start_time: number | null;
  readonly request_duration_ms: number;
  /** Upstream's name, without provider prefix. */
  readonly model: string;
  /** Deployment id. */
  readonly model_id: string;
  /** Public name. */
  readonly model_group: string;
  readonly custom_llm_provider: string;
  /** URL without secrets. */
  readonly api_base: string;
  readonly user_id: string | null;
  readonly team_id: string | null;
  readonly organization_id: string | null;
  readonly end_user: string | null;
  readonly agent_id: string | null;
  readonly project_id: string | null;
  readonly status: 'success' | 'failure';
  /** `null`: no cache was asked. */
  readonly cache_hit: boolean | null;
  readonly cache_key: string | null;
  readonly request_tags: readonly string[];
  readonly requester_ip_address: string | null;
  readonly session_id: string | null;
  readonly mcp_namespaced_tool_name: string | null;
  /** Marks (ruling M6), price terms and attempts (ruling M16); at most 4 kB as JSON. */
  readonly metadata: Readonly<Record<string, unknown>>;
  /** `spend` is added to each of these balances. No account stands here twice. */
  readonly charges: readonly Charge[];
}

/**
 * A correction of one balance: an administrator set a key's spend. It moves the balance's `spend` under the window rule of
 * {@link Charge}; `total` stays, for it is the sum of the calls alone, and so do rows and sums.
 */
export interface BalanceAdjustment extends Charge {
  readonly kind: 'adjust';
  /** US dollars as decimal text, may be negative: the new spend less the old one. */
  readonly delta: string;
}

/** What the journal holds for the database. */
export type LedgerRecord = SpendRecord | BalanceAdjustment;
