import { createHash } from 'node:crypto';

import type { SpendRecord } from '../../src/core/spend-record.ts';

/** A time-ordered UUID (version 7) of a moment and a number, the same each time. */
export function uuidAt(ms: number, number: number): string {
  const time = ms.toString(16).padStart(12, '0');
  const tail = createHash('sha256').update(`${ms} ${number} ${process.hrtime.bigint()}`).digest('hex');
  return `${time.slice(0, 8)}-${time.slice(8)}-7${tail.slice(0, 3)}-a${tail.slice(3, 6)}-${tail.slice(6, 18)}`;
}

/** A row as a busy gateway of 100 keys writes it, with some 750 bytes of metadata. */
export function spendRecord(index: number): SpendRecord {
  const key = createHash('sha256')
    .update(`key ${index % 100}`)
    .digest('hex');
  const start = Date.now() + Math.floor(index / 50);
  const failed = index % 40 === 0;
  return {
    kind: 'settle',
    request_id: uuidAt(start, index),
    call_id: index % 10 === 0 ? `client-call-${index}` : null,
    call_type: 'acompletion',
    api_key: key,
    spend: failed ? '0' : '0.0000375',
    prompt_tokens: 812,
    completion_tokens: 164,
    total_tokens: 976,
    cache_read_tokens: 512,
    cache_creation_tokens: 0,
    reasoning_tokens: 64,
    start_time: start,
    end_time: start + 1840,
    completion_start_time: start + 310,
    request_duration_ms: 1840,
    model: `model-${index % 8}`,
    model_id: '0192f2f0-3c5a-7b1e-9d7e-2f4c5a6b7c8d',
    model_group: `group-${index % 8}`,
    custom_llm_provider: 'openai',
    api_base: 'https://api.openai.com/v1',
    user_id: index % 3 === 0 ? `user-${index % 20}` : null,
    team_id: index % 2 === 0 ? `team-${index % 5}` : null,
    organization_id: null,
    end_user: index % 4 === 0 ? `customer-${index % 50}` : null,
    agent_id: null,
    project_id: null,
    status: failed ? 'failure' : 'success',
    cache_hit: null,
    cache_key: null,
    request_tags: index % 5 === 0 ? ['production', 'batch'] : [],
    requester_ip_address: '192.168.1.20',
    session_id: index % 6 === 0 ? `session-${index % 400}` : null,
    mcp_namespaced_tool_name: null,
    metadata: {
      price: { source: 'catalogue', rule: 'openai/gpt-4o-mini', date: '2026-10-01' },
      terms: ['input', 'cache_read', 'output', 'reasoning'].map((kind) => ({ kind, quantity: '164', unit_price: '0.00000015' })),
      attempts: [
        { deployment: '0192f2f0-3c5a-7b1e-9d7e-2f4c5a6b7c8d', start, first_byte: start + 310, end: start + 1840, status: 200, class: null },
      ],
      choice: { strategy: 'simple-shuffle', among: 3, reason: 'weight' },
      usage_object: { prompt_tokens: 812, completion_tokens: 164, total_tokens: 976, prompt_tokens_details: { cached_tokens: 512 } },
      user_agent: 'OpenAI/Python 2.1.0',
    },
    charges: [
      { account: `key:${key}`, windowStart: 0 },
      { account: `key:${key}|1d`, windowStart: start - (start % 86_400_000) },
      { account: 'global', windowStart: 0 },
    ],
  };
}
