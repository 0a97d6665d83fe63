import type { JsonObject } from '../core/json-object.ts';
import { usdJson } from '../core/money.ts';
import { BREAKDOWNS, type FoldedDay, type FoldedName } from '../ledger/sums/activity-fold.ts';
import type { Totals } from '../ledger/sums/totals.ts';
import type { KeyNames } from './key-names.ts';

/** A day as `/user/daily/activity` shows it (control-plane 12.5). */
export function dayObject({ date, totals, breakdowns, keys }: FoldedDay, names: KeyNames): JsonObject {
  const shown = BREAKDOWNS.map((breakdown) => [breakdown, entriesObject(breakdowns[breakdown], names)] as const);
  return {
    date,
    metrics: metricsObject(totals),
    breakdown: { ...Object.fromEntries(shown), mcp_servers: {}, api_keys: keysObject(keys, names) },
  };
}

function entriesObject(entries: ReadonlyMap<string, FoldedName>, names: KeyNames): JsonObject {
  return Object.fromEntries(
    [...entries].map(([name, { totals, keys }]) => [
      name,
      { metrics: metricsObject(totals), metadata: {}, api_key_breakdown: keysObject(keys, names) },
    ]),
  );
}

function keysObject(keys: ReadonlyMap<string, Totals>, names: KeyNames): JsonObject {
  return Object.fromEntries(
    [...keys].map(([hash, totals]) => {
      const { alias, teamId } = names.get(hash);
      return [hash, { metrics: metricsObject(totals), metadata: { key_alias: alias, team_id: teamId } }];
    }),
  );
}

function metricsObject(totals: Totals): JsonObject {
  return {
    spend: usdJson(totals.spend),
    prompt_tokens: totals.inputTokens,
    completion_tokens: totals.outputTokens,
    cache_read_input_tokens: totals.cacheReadTokens,
    cache_creation_input_tokens: totals.cacheCreationTokens,
    total_tokens: totals.inputTokens + totals.outputTokens,
    successful_requests: totals.requests - totals.failed,
    failed_requests: totals.failed,
    api_requests: totals.requests,
  };
}

/** `metadata` of the answer: sums of the whole range. */
export function totalsObject(totals: Totals): JsonObject {
  const metrics = metricsObject(totals);
  return {
    total_spend: metrics['spend'],
    total_prompt_tokens: metrics['prompt_tokens'],
    total_completion_tokens: metrics['completion_tokens'],
    total_cache_read_input_tokens: metrics['cache_read_input_tokens'],
    total_cache_creation_input_tokens: metrics['cache_creation_input_tokens'],
    total_tokens: metrics['total_tokens'],
    total_api_requests: metrics['api_requests'],
    total_successful_requests: metrics['successful_requests'],
    total_failed_requests: metrics['failed_requests'],
  };
}
