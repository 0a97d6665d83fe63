import { usdText } from '../core/money.ts';
import { endpointOf } from '../ledger/sums/activity-fold.ts';
import type { ActivityRow } from '../ledger/sums/activity-queries.ts';
import { csvLine } from './csv.ts';
import type { KeyNames } from './key-names.ts';

const HEADER = [
  'date', 'entity', 'key_alias', 'api_key', 'model_group', 'model', 'provider', 'endpoint', 'spend', 'prompt_tokens', 'cache_read_input_tokens',
  'cache_creation_input_tokens', 'completion_tokens', 'api_requests', 'failed_requests',
]; // prettier-ignore

/** Sums of days as a file. */
export async function* activityCsv(rows: readonly ActivityRow[], names: KeyNames): AsyncGenerator<string> {
  yield csvLine(HEADER);
  for (const row of rows) yield lineOf(row, names);
}

function lineOf({ day, entity, apiKey, modelGroup, model, provider, callType, totals }: ActivityRow, names: KeyNames): string {
  const numbers = [
    usdText(totals.spend),
    totals.inputTokens,
    totals.cacheReadTokens,
    totals.cacheCreationTokens,
    totals.outputTokens,
    totals.requests,
    totals.failed,
  ];
  return csvLine([
    day,
    entity,
    names.get(apiKey).alias,
    apiKey,
    modelGroup,
    model,
    provider,
    endpointOf(callType),
    ...numbers.map((digits) => ({ digits })),
  ]);
}
