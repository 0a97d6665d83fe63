import { isObject, wordOf, type JsonObject } from '../core/json-object.ts';
import { numberOf } from '../core/exact-json.ts';
import type { CostTerm } from '../core/price.ts';
import { isoOf } from '../identity/key-rows.ts';
import { amountOf, sumOfTerms } from '../ledger/cost-breakdown.ts';
import type { SpendRow } from '../ledger/spend-log-row.ts';
import { metadataOf, termsOf } from './spend-row-object.ts';

/** How the cost of a call came about, why it went where it went, and how long each part took (ruling M16). */
export function explanationOf(row: SpendRow): JsonObject {
  const stored = metadataOf(row);
  const terms = termsOf(stored);
  const attempts = attemptsIn(stored);
  const firstToken = row.completion_start_time;
  return {
    usage: stored['usage_object'] ?? null,
    price: isObject(stored['price']) ? stored['price'] : null,
    terms: terms.map(termObject),
    sum: sumOfTerms(terms),
    total: row.spend,
    reserved: wordOf(stored['reserved']) || null,
    requested_model: wordOf(stored['requested_model']) || row.model_group,
    streamed: stored['streamed'] === true,
    retries: numberOf(stored['attempted_retries']) ?? 0,
    fallbacks: numberOf(stored['attempted_fallbacks']) ?? 0,
    attempts: attempts.map((attempt, index) => attemptObject(attempt, attempts[index - 1] ?? null, row, stored)),
    timings: {
      arrived_at: isoOf(row.start_time),
      overhead_ms: attempts[0]?.['start'] ?? null,
      first_token_ms: firstToken === null ? null : Math.max(0, firstToken - row.start_time),
      end_ms: row.request_duration_ms,
    },
    marks: marksOf(stored),
  };
}

const MARKS = ['usage_estimated', 'unpriced', 'recovered', 'client_left', 'answered_in_vain', 'shortened'] as const;

function marksOf(stored: JsonObject): JsonObject {
  return Object.fromEntries(MARKS.map((mark) => [mark, stored[mark] === true]));
}

function termObject(term: CostTerm): JsonObject {
  return { kind: term.kind, quantity: term.quantity, unit_price: term.unitPrice, amount: amountOf(term) };
}

function attemptsIn({ attempts }: JsonObject): JsonObject[] {
  return Array.isArray(attempts) ? attempts.filter(isObject) : [];
}

/** @param before the attempt before it; null: it is the first */
function attemptObject(attempt: JsonObject, before: JsonObject | null, row: SpendRow, stored: JsonObject): JsonObject {
  const failed = attempt['error'] !== null && attempt['error'] !== undefined;
  return {
    deployment: wordOf(attempt['deployment']),
    provider: wordOf(attempt['provider']) || row.custom_llm_provider,
    model: wordOf(attempt['model']) || row.model,
    model_group: groupOf(attempt, stored) || row.model_group,
    reason: reasonOf(attempt, before, stored),
    choice: isObject(attempt['choice']) ? attempt['choice'] : { by: 'only', among: 1, resting: 0 },
    start_ms: attempt['start'] ?? 0,
    first_byte_ms: attempt['firstByte'] ?? null,
    end_ms: attempt['end'] ?? null,
    status: attempt['status'] ?? null,
    outcome: failed ? 'failed' : stored['client_left'] === true ? 'left' : 'answered',
    error_class: attempt['error'] ?? null,
    error_message: attempt['message'] ?? null,
    rests_ms: attempt['restsMs'] ?? null,
  };
}

function groupOf(attempt: JsonObject, stored: JsonObject): string {
  return wordOf(attempt['group']) || wordOf(stored['requested_model']);
}

function reasonOf(attempt: JsonObject, before: JsonObject | null, stored: JsonObject): 'first' | 'retry' | 'next_level' | 'fallback' {
  if (before === null) return 'first';
  if (groupOf(attempt, stored) !== groupOf(before, stored)) return 'fallback';
  return levelOf(attempt) === levelOf(before) ? 'retry' : 'next_level';
}

function levelOf({ choice }: JsonObject): number | null {
  return isObject(choice) ? numberOf(choice['level']) : null;
}
