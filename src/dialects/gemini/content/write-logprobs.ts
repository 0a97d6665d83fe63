import { isObject, type JsonObject } from '../../../core/json-object.ts';

/** `logprobsResult` and the average, from OpenAI's `logprobs`; nothing when there are none. @see https://ai.google.dev/api/generate-content#LogprobsResult (2026-11-26) */
export function writeLogprobs(logprobs: unknown): JsonObject {
  const tokens = isObject(logprobs) && Array.isArray(logprobs['content']) ? logprobs['content'].filter(isObject) : [];
  if (tokens.length === 0) return {};
  const chosenCandidates = tokens.map(candidateOf);
  const alternatives = tokens.map(({ top_logprobs: top }) => (Array.isArray(top) ? top.filter(isObject).map(candidateOf) : []));
  const sum = chosenCandidates.reduce((total, { logProbability }) => total + logProbability, 0);
  return {
    avgLogprobs: sum / tokens.length,
    logprobsResult: {
      ...(alternatives.every((list) => list.length === 0) ? {} : { topCandidates: alternatives.map((candidates) => ({ candidates })) }),
      chosenCandidates,
    },
  };
}

function candidateOf({ token, logprob }: JsonObject): { readonly token: string; readonly logProbability: number } {
  return { token: typeof token === 'string' ? token : '', logProbability: typeof logprob === 'number' ? logprob : 0 };
}
