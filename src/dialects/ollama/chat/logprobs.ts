import type { WireLogprob } from './wire.ts';

/** OpenAI's `logprobs` object from Ollama's list, which says the same with optional members. */
export function logprobsOf(list: readonly WireLogprob[]): unknown {
  return { content: list.map((entry) => ({ ...tokenOf(entry), top_logprobs: (entry.top_logprobs ?? []).map(tokenOf) })) };
}

function tokenOf({ token, logprob, bytes }: Pick<WireLogprob, 'token' | 'logprob' | 'bytes'>) {
  return { token, logprob, bytes: bytes ?? null };
}
