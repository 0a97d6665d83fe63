import type { Finish } from '../../../core/answer.ts';

/**
 * Why the model stopped. `length` is Ollama's only reason of note; `load` and `unload` answer calls without messages, and
 * old servers give none. A call, whenever it came, makes it `tool_calls`: Ollama says `stop` then.
 */
export function finishOf(doneReason: string | null | undefined, called: boolean): Finish {
  const reason = called ? 'tool_calls' : doneReason === 'length' ? 'length' : 'stop';
  return doneReason && doneReason !== reason ? { reason, native: doneReason } : { reason };
}
