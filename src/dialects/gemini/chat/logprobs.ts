import { isObject, type JsonObject } from '../../../core/json-object.ts';

/** OpenAI's `logprobs` object from `logprobsResult`; `undefined` when there is none. @see https://ai.google.dev/api/generate-content#LogprobsResult (2026-11-26) */
export function logprobsOf(result: unknown): unknown {
  if (!isObject(result) || !Array.isArray(result['chosenCandidates'])) return undefined;
  const alternatives = Array.isArray(result['topCandidates']) ? result['topCandidates'] : [];
  const content = result['chosenCandidates'].filter(isObject).map((chosen, at) => {
    const top: unknown = alternatives[at];
    const candidates = isObject(top) && Array.isArray(top['candidates']) ? top['candidates'].filter(isObject) : [];
    return { ...tokenOf(chosen), top_logprobs: candidates.map(tokenOf) };
  });
  return content.length === 0 ? undefined : { content };
}

function tokenOf({ token, logProbability }: JsonObject): JsonObject {
  const text = typeof token === 'string' ? token : '';
  return { token: text, logprob: typeof logProbability === 'number' ? logProbability : 0, bytes: [...Buffer.from(text)] };
}
