import { wordOf, type JsonObject } from '../../core/json-object.ts';
import type { ProviderError } from '../../core/provider-error.ts';
import { errorWithin } from './errors.ts';

/** Statuses for codes of JSON-RPC and of the protocol; servers have further ones of their own below -32000. */
const STATUS_OF_CODE: Readonly<Record<number, number>> = {
  [-32700]: 400,
  [-32600]: 400,
  [-32601]: 404,
  [-32602]: 400,
  [-32603]: 500,
  [-32001]: 404,
  [-32002]: 400,
  [-32003]: 400,
  [-32004]: 400,
  [-32005]: 400,
  [-32006]: 502,
  [-32007]: 400,
  [-32008]: 400,
  [-32009]: 400,
};

/** @see https://a2a-protocol.org/v0.3.0/specification/#8-error-handling (2026-11-26) */
export function rpcFailure({ code, message, data }: JsonObject): ProviderError {
  const words = wordOf(message) || 'The agent refused and did not say why.';
  const more = wordOf(data);
  const hint = code === -32004 ? ' (if the agent has no stream, set a2a_streaming: false)' : '';
  return errorWithin((typeof code === 'number' ? STATUS_OF_CODE[code] : undefined) ?? 500, {
    message: `${words}${more === '' || words.includes(more) ? '' : `: ${more}`}${hint}`,
    ...(typeof code === 'number' ? { fields: { code } } : {}),
  });
}

const ENDS = {
  failed: [500, 'The agent failed on the task.'],
  canceled: [500, 'The task was cancelled on the side of the agent.'],
  rejected: [400, 'The agent rejected the task.'],
  // Another try would begin the task anew.
  working: [422, 'The agent answered before the task was at its end, and goes on with it. Ask it for a stream.'],
} as const;

/** A task that gave no answer. @param words of the agent; empty: it has none */
export function stateFailure(state: keyof typeof ENDS, words: string): ProviderError {
  const [status, plain] = ENDS[state];
  return errorWithin(status, { message: words || plain, fields: { state } });
}
