import type { Job, NextQuestion } from '../../core/job.ts';
import { isObject, printed, type JsonObject } from '../../core/json-object.ts';
import { MalformedAnswerError } from '../../core/provider-error.ts';
import { present } from '../openai/request-fields.ts';
import { errorInside } from '../openai/errors.ts';
import { jobFailure } from './failure.ts';
import type { JobForm } from './forms.ts';
import { memberAt } from './member-at.ts';
import { waitOf } from './pace.ts';

/** A job as its provider tells of it. @param streams whether its answer is wanted as a stream, where it has one */
export function jobOf(form: JobForm, streams = false): Job {
  // Replies may leave out what an earlier one named.
  let first: unknown = null;
  return {
    ...(form.domain === undefined ? {} : { domain: form.domain }),
    next: (reply, asked) => {
      const told = reply.told();
      if (!isObject(told)) throw new MalformedAnswerError('The provider told of its job in something other than a JSON object.', 'shape');
      first ??= told;
      const failure = jobFailure(form, reply);
      if (failure) throw failure;
      if (memberAt(told, form.state) === form.made) return null;
      const afterMs = waitOf(form.pace, asked, reply.headers);
      return nextQuestion(form, Object.assign({}, first, told), streams, afterMs);
    },
  };
}

function nextQuestion(form: JobForm, told: JsonObject, streams: boolean, afterMs: number): NextQuestion {
  const at = placeIn(form.ask, told);
  if (at === undefined) throw errorInside(told) ?? new MalformedAnswerError('The provider did not say where its job is.', 'shape');
  const cancelAt = form.cancel && placeIn(form.cancel.at, told);
  const cancel = form.cancel && cancelAt !== undefined ? { method: form.cancel.method, at: cancelAt } : undefined;
  const stream = streams && form.stream !== undefined ? placeIn(form.stream, told) : undefined;
  if (stream !== undefined) return { at: stream, streams: true, afterMs: 0, closing: { at, event: CLOSING_EVENT }, ...present({ cancel }) };
  return { at, afterMs, ...present({ cancel }) };
}

/** Under which a stream is told what its job says of itself at the end. */
export const CLOSING_EVENT = 'job';

/** Longest address that is taken from a reply. */
const LONGEST = 2048;
/** An id that may stand in a path. */
const ID = /^[\w-]{1,200}$/;

/** A path with the job's id, or the address that stands in a member; undefined when the reply has neither. */
function placeIn(place: string, told: unknown): string | undefined {
  const isPath = place.startsWith('/');
  const found = memberAt(told, isPath ? 'id' : place);
  if (typeof found !== 'string' && typeof found !== 'number') return undefined;
  const text = printed(found);
  if (isPath) return ID.test(text) ? place.replace('{id}', text) : undefined;
  return text === '' || text.length > LONGEST ? undefined : text;
}
