import type { JsonObject } from '../core/json-object.ts';
import { NO_USAGE, type Usage } from '../core/usage.ts';
import { readRerankRequest } from '../dialects/rerank/request.ts';
import { writeRerankAnswer } from '../dialects/rerank/told.ts';
import type { Call } from './call.ts';

/** A `mock_response` of an operation that writes no text: the answer and what it is said to have used; null: it writes text. */
export function mockedBeside(call: Call): { readonly body: JsonObject; readonly usage: Usage } | null {
  if (call.operation === 'rerank') return mockedRanks(call);
  return call.operation === 'moderations' ? { body: mockedJudgement(call), usage: NO_USAGE } : null;
}

/** Documents in the order in which they came, each a little worse than the one before. */
function mockedRanks({ body, requestId }: Call): { readonly body: JsonObject; readonly usage: Usage } {
  const request = readRerankRequest(body.whole());
  const { documents, topN } = request;
  const ranks = documents.slice(0, topN).map((_, index) => ({ index, score: 1 / (index + 1) }));
  const usage = { inputTokens: 10, outputTokens: 0, searchUnits: 1 };
  return { body: writeRerankAnswer({ ranks, usage }, request, requestId), usage };
}

/** Nothing is harmful. */
function mockedJudgement({ body, model, requestId }: Call): JsonObject {
  const input = body.value('input');
  const count = Array.isArray(input) && input.every((each) => typeof each === 'string') ? Math.max(1, input.length) : 1;
  const result = { flagged: false, categories: {}, category_scores: {}, category_applied_input_types: {} };
  return { id: `modr-${requestId}`, model, results: Array.from({ length: count }, () => result) };
}
