import type { LimitKind } from '../core/errors.ts';
import type { Charge } from '../core/limit-policy.ts';
import { usdText } from '../core/money.ts';
import type { Cost } from '../core/price.ts';
import type { SpendRecord } from '../core/spend-record.ts';
import type { Usage } from '../core/usage.ts';
import type { CallFacts, ServedBy } from './hold-record.ts';

/** True or absent, never false (ruling M6). */
export interface Marks {
  usage_estimated?: true;
  unpriced?: true;
  recovered?: true;
  client_left?: true;
  /** The bill holds answers that nobody got: a further request of the same call failed. */
  answered_in_vain?: true;
}

/** Which limit refused a call, figures as decimal text. */
export interface RefusalFacts {
  readonly limit: LimitKind | 'budget';
  readonly scope: string;
  readonly allowed: string;
  readonly used: string;
  /** ISO 8601; null: never. */
  readonly resets_at: string | null;
}

/** Why a call failed. */
export interface FailureFacts {
  /** A provider's own word, or ours. */
  readonly code: string;
  /** HTTP status. */
  readonly status: number;
  readonly class: string;
  readonly message: string;
}

/** How a call ended. */
export interface CallResult {
  readonly status: 'success' | 'failure';
  readonly usage: Usage;
  readonly cost: Cost;
  readonly marks: Marks;
  /** Milliseconds since 1970. */
  readonly endedAt: number;
  readonly firstTokenAt: number | null;
  /** Attempts and the reason of the choice, as the row explains them (ruling M16). */
  readonly attempts: readonly unknown[];
  readonly retries: number;
  readonly fallbacks: number;
  readonly streamed: boolean;
  /** What was set aside before the call, US dollars as decimal text; null: nothing, or nobody knows any more. */
  readonly reserved: string | null;
  readonly error: FailureFacts | null;
  /** Of a call that its own limits refused. */
  readonly refusal?: RefusalFacts;
}

/** A row's explanation, and so `metadata`, is at most this long as JSON (ruling M16). */
const LONGEST_METADATA = 4096;

/** The row of a call. Pure: the same facts give the same row. */
export function spendRecordOf(facts: CallFacts, servedBy: ServedBy, charges: readonly Charge[], result: CallResult): SpendRecord {
  const { usage, cost } = result;
  return {
    kind: 'settle',
    request_id: facts.requestId,
    call_id: facts.callId,
    call_type: facts.callType,
    api_key: facts.keyHash,
    spend: usdText(cost.total),
    prompt_tokens: usage.inputTokens,
    completion_tokens: usage.outputTokens,
    total_tokens: usage.inputTokens + usage.outputTokens,
    cache_read_tokens: usage.cacheReadTokens ?? 0,
    cache_creation_tokens: (usage.cacheWriteTokens ?? 0) + (usage.cacheWriteHourTokens ?? 0),
    reasoning_tokens: usage.reasoningTokens ?? 0,
    start_time: facts.startedAt,
    end_time: result.endedAt,
    completion_start_time: result.firstTokenAt,
    request_duration_ms: Math.max(0, Math.round(result.endedAt - facts.startedAt)),
    model: servedBy.model,
    model_id: servedBy.deploymentId,
    model_group: servedBy.group,
    custom_llm_provider: servedBy.provider,
    api_base: servedBy.apiBase,
    user_id: facts.userId,
    team_id: facts.teamId,
    organization_id: facts.organizationId,
    end_user: facts.endUser,
    agent_id: null,
    project_id: null,
    status: result.status,
    cache_hit: null,
    cache_key: null,
    request_tags: facts.tags,
    requester_ip_address: facts.address,
    session_id: facts.sessionId,
    mcp_namespaced_tool_name: null,
    metadata: metadataOf(facts, result),
    charges,
  };
}

function metadataOf(facts: CallFacts, result: CallResult): Readonly<Record<string, unknown>> {
  const { cost, error } = result;
  const metadata: Record<string, unknown> = {
    ...result.marks,
    user_api_key_alias: facts.keyAlias ?? undefined,
    spend_logs_metadata: facts.notes ?? undefined,
    route: facts.route,
    requested_model: facts.modelGroup,
    streamed: result.streamed || undefined,
    reserved: result.reserved ?? undefined,
    price: cost.origin ?? undefined,
    cost_terms: cost.terms,
    attempts: result.attempts,
    attempted_retries: result.retries || undefined,
    attempted_fallbacks: result.fallbacks || undefined,
    refusal: result.refusal,
    error_information: error
      ? { error_code: error.code, error_status: error.status, error_class: error.class, error_message: error.message.slice(0, 1000) }
      : undefined,
    usage_object: result.usage.raw,
  };
  return isShort(metadata, result) ? metadata : fitted(metadata);
}

/** One attempt, the terms of a price and the names around them are never longer than this. */
const OWN_SHARE = 3000;

/** Whether the explanation fits for certain: only what comes from outside, or many attempts, can be long. */
function isShort(
  { spend_logs_metadata: notes, error_information: error, usage_object: usage }: Record<string, unknown>,
  { attempts }: CallResult,
): boolean {
  if (attempts.length > 1 || notes !== undefined || error !== undefined) return false;
  return usage === undefined || JSON.stringify(usage).length <= LONGEST_METADATA - OWN_SHARE;
}

/** Members that may go when the explanation is too long, least telling first. */
const DISPENSABLE = ['usage_object', 'spend_logs_metadata', 'attempts', 'cost_terms', 'error_information'] as const;

function fitted(metadata: Record<string, unknown>): Readonly<Record<string, unknown>> {
  for (const name of DISPENSABLE) {
    if (JSON.stringify(metadata).length <= LONGEST_METADATA) return metadata;
    delete metadata[name];
    metadata['shortened'] = true;
  }
  return metadata;
}
