import type { StreamPart } from '../../../core/answer.ts';
import type { JsonObject } from '../../../core/json-object.ts';
import { usageOf } from '../usage.ts';
import { fieldsPart } from './citations.ts';
import { finishOf } from './finish.ts';
import type { AnswerState } from './open-block.ts';

/** Members of a message that have no home in the hub and say something when they are not null. */
const FIELDS = ['stop_sequence', 'stop_details', 'container', 'context_management'];

/** What stands before the content of an answer. */
export function answerStart({ id, model }: JsonObject): StreamPart {
  return { type: 'start', ...(typeof id === 'string' ? { id } : {}), ...(typeof model === 'string' ? { model } : {}) };
}

/** What stands behind it: fields of the message, why it ended, what it used. */
export function answerEnd(message: JsonObject, rawUsage: unknown, state: AnswerState): StreamPart[] {
  const fields = Object.fromEntries(FIELDS.filter((name) => message[name] ?? false).map((name) => [name, message[name]]));
  const reason = message['stop_reason'];
  const usage = usageOf(rawUsage);
  return [
    ...(Object.keys(fields).length > 0 ? [fieldsPart(fields)] : []),
    { type: 'finish', finish: finishOf(typeof reason === 'string' ? reason : null, state.calls) },
    ...(usage === undefined ? [] : [{ type: 'usage' as const, usage }]),
  ];
}
