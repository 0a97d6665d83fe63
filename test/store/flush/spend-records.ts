import type { BalanceAdjustment, SpendRecord } from '../../../src/core/spend-record.ts';
import type { FlushBatch } from '../../../src/store/flush.ts';

/** 2026-01-15 10:07:30 UTC */
export const NOON = Date.UTC(2026, 0, 15, 10, 7, 30);

export const KEY = 'a'.repeat(64);

/** A whole record; `number` makes its request id. */
export function spendRecord(number: number, changes: Partial<SpendRecord> = {}): SpendRecord {
  return {
    kind: 'settle',
    request_id: `01900000-0000-7000-8000-${number.toString(16).padStart(12, '0')}`,
    call_id: null,
    call_type: 'acompletion',
    api_key: KEY,
    spend: '0.0000375',
    prompt_tokens: 100,
    completion_tokens: 20,
    total_tokens: 120,
    cache_read_tokens: 40,
    cache_creation_tokens: 10,
    reasoning_tokens: 5,
    start_time: NOON + number,
    end_time: NOON + number + 900,
    completion_start_time: NOON + number + 200,
    request_duration_ms: 900,
    model: 'gpt-4o-mini',
    model_id: 'deployment-1',
    model_group: 'small',
    custom_llm_provider: 'openai',
    api_base: 'https://api.openai.com/v1',
    user_id: 'anna',
    team_id: null,
    organization_id: null,
    end_user: null,
    agent_id: null,
    project_id: null,
    status: 'success',
    cache_hit: null,
    cache_key: null,
    request_tags: ['one', 'two'],
    requester_ip_address: '192.168.1.20',
    session_id: null,
    mcp_namespaced_tool_name: null,
    metadata: { usage_estimated: true },
    charges: [
      { account: `key:${KEY}`, windowStart: 0 },
      { account: 'global', windowStart: 0 },
    ],
    ...changes,
  };
}

export const JOURNAL = '7d5c1f0a-9a1b-4c6e-8f3a-0d2b4e6f8a10';

/** A batch that follows `after` in the journal. */
export function batchOf(records: readonly (SpendRecord | BalanceAdjustment)[], after = 0, journalId = JOURNAL): FlushBatch {
  return { journalId, after, upTo: after + records.length, records };
}
