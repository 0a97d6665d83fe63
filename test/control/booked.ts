import { randomUUID } from 'node:crypto';
import type { SpendRecord } from '../../src/core/spend-record.ts';
import { flushSpend } from '../../src/store/flush.ts';
import type { TestGateway } from '../support/gateway.ts';

/** A call of ten tokens in and five out that cost a cent, at noon. */
const CALL: SpendRecord = {
  kind: 'settle',
  request_id: '',
  call_id: null,
  call_type: 'acompletion',
  api_key: 'a'.repeat(64),
  spend: '0.01',
  prompt_tokens: 10,
  completion_tokens: 5,
  total_tokens: 15,
  cache_read_tokens: 0,
  cache_creation_tokens: 0,
  reasoning_tokens: 0,
  start_time: Date.UTC(2026, 0, 10, 12),
  end_time: Date.UTC(2026, 0, 10, 12, 0, 1),
  completion_start_time: null,
  request_duration_ms: 1000,
  model: 'upstream',
  model_id: 'deployment-1',
  model_group: 'fast',
  custom_llm_provider: 'openai',
  api_base: 'https://api.openai.com/v1',
  user_id: null,
  team_id: null,
  organization_id: null,
  end_user: null,
  agent_id: null,
  project_id: null,
  status: 'success',
  cache_hit: null,
  cache_key: null,
  request_tags: [],
  requester_ip_address: null,
  session_id: null,
  mcp_namespaced_tool_name: null,
  metadata: {},
  charges: [],
};

/** Books calls of any time and kind as the ledger would: rows and sums together. @returns their ids, in the same order */
export async function book({ parts }: TestGateway, calls: readonly Partial<SpendRecord>[]): Promise<string[]> {
  const records = calls.map((call) => ({ ...CALL, request_id: randomUUID(), ...call }));
  const { rows } = await flushSpend(parts.database, { journalId: randomUUID(), after: 0, upTo: records.length, records });
  if (rows !== records.length) throw new Error(`${rows} of ${records.length} calls were booked`);
  return records.map(({ request_id: id }) => id);
}
