import type { OutwardChat, OutwardDialect, Target } from '../../core/dialect.ts';
import { foldStream } from '../../core/fold-stream.ts';
import { isObject, type JsonObject } from '../../core/json-object.ts';
import type { ChatRequest } from '../../core/request.ts';
import { UnsupportedParamsError } from '../../core/errors.ts';
import { jobFailure } from '../jobs/failure.ts';
import { JOB_FORMS } from '../jobs/forms.ts';
import { jobOf } from '../jobs/job.ts';
import { readError } from './errors.ts';
import { chatInput, promptInput } from './input.ts';
import { inputFormFor } from './input-forms.ts';
import { placeOf } from './place.ts';
import { predictionIn, PredictionReader } from './reader.ts';

/**
 * Replicate: each model has inputs of its own, and its answer is a prediction that is asked for until it has succeeded, or streams
 * from an address of its own.
 *
 * @see https://replicate.com/docs/reference/http (2026-11-26)
 */
export const replicate: OutwardDialect = {
  name: 'replicate',
  chat: (request, target) => {
    const form = inputFormFor(target.model);
    return prediction(chatInput(request, form, target), request, { target, limitName: form.maxTokens, thinks: true });
  },
  completion: ({ prompt, suffix, chat }, target) => {
    if (suffix !== undefined && !target.params.drop) throw new UnsupportedParamsError(target.provider, target.model, ['suffix']);
    const form = inputFormFor(target.model);
    return prediction(promptInput(prompt, chat, form, target), chat, { target, limitName: form.maxTokens, thinks: false });
  },
  mustInline: () => false,
  error: readError,
};

interface Asked {
  readonly target: Target;
  readonly limitName: string;
  readonly thinks: boolean;
}

function prediction(input: JsonObject, { stream }: ChatRequest, { target, limitName, thinks }: Asked): OutwardChat {
  const { path, members } = placeOf(target.model);
  const limit = input[limitName];
  let begun: JsonObject | null = null;
  const reading = { thinks, limit: typeof limit === 'number' ? limit : null, begun: () => begun };
  const form = JOB_FORMS.replicate;
  const job = jobOf(form, stream);
  return {
    path,
    headers: stream ? {} : form.patience,
    body: { ...members, input, ...(stream ? { stream } : {}) },
    framing: 'sse',
    job: {
      ...job,
      next: (reply, asked) => {
        const told = reply.told();
        if (isObject(told)) begun ??= told;
        return job.next(reply, asked);
      },
    },
    answer: (body) => {
      const told = predictionIn(body);
      const failure = jobFailure(form, { status: 200, headers: {}, told: () => told });
      if (failure) throw failure;
      const reader = new PredictionReader({ ...reading, begun: () => told });
      return foldStream([...reader.whole(told), ...reader.end()]);
    },
    reader: () => new PredictionReader(reading),
  };
}
