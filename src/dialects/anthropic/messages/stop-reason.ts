import type { Finish } from '../../../core/answer.ts';

/** Words of Anthropic's for a stop that say more than that the turn ended. */
const TELLING: ReadonlySet<string | undefined> = new Set(['stop_sequence', 'pause_turn', 'compaction']);

export interface Said {
  /** Tool calls that the client has to answer. */
  readonly calls: number;
  /** The model said that it will not answer. */
  readonly refused: boolean;
}

/** `stop_reason`: `tool_use` whenever a call was told, save when the answer was cut or refused (dialects 1.4). */
export function stopReasonOf({ reason, native }: Finish, { calls, refused }: Said): string {
  if (reason === 'length') return native === 'model_context_window_exceeded' ? native : 'max_tokens';
  if (reason === 'content_filter') return 'refusal';
  if (calls > 0) return 'tool_use';
  if (refused) return 'refusal';
  return native !== undefined && TELLING.has(native) ? native : 'end_turn';
}
