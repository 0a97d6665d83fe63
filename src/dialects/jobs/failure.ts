import type { JobReply } from '../../core/job.ts';
import { printed } from '../../core/json-object.ts';
import { ProviderError } from '../../core/provider-error.ts';
import { failureOf } from '../provider-errors.ts';
import type { JobForm } from './forms.ts';
import { memberAt } from './member-at.ts';

/** What models and filters say of words and images that they refuse. */
const REFUSAL = /nsfw|sensitive|moderat|safety|\bflagged\b|content policy|\(E005\)/i;
/** What says that the input was wrong, and that another moment may be better. */
const BAD_INPUT = /\(E006\)|input validation|invalid input|the input was invalid/i;
const BUSY = /\(E00[34]\)|high demand|temporarily unavailable|overloaded|queue is full/i;

/** Why a job came to nothing; null: it did not. */
export function jobFailure(form: JobForm, reply: JobReply): ProviderError | null {
  const told = reply.told();
  const state = printed(memberAt(told, form.state));
  const status = Object.hasOwn(form.failed, state) ? form.failed[state] : undefined;
  const isRefused = form.refused?.includes(state) === true;
  if (status === undefined && !isRefused) return null;
  const why = form.why.map((member) => memberAt(told, member)).find((value) => value !== undefined && value !== null && value !== '');
  const code = form.code === undefined ? undefined : memberAt(told, form.code);
  return failed(reply, {
    message: why === undefined ? `The provider ended the job: ${state}.` : isRefused ? `${state}: ${printed(why)}` : printed(why),
    code: typeof code === 'string' ? code : undefined,
    status: status ?? 500,
    isRefused,
  });
}

interface Failed {
  readonly message: string;
  readonly code?: string | undefined;
  readonly status: number;
  readonly isRefused?: boolean;
}

/** A job's own words as a failure: a refusal is not the provider's fault, and wrong input nobody else will take either. */
export function failed({ headers }: Pick<JobReply, 'headers'>, { message, code, status, isRefused = false }: Failed): ProviderError {
  const failure = failureOf({ status: 200, headers, body: '' }, { message, code }, status);
  const words = `${message} ${code ?? ''}`;
  if (failure.status !== status) return new ProviderError(failure);
  if (isRefused || REFUSAL.test(words))
    return new ProviderError({ ...failure, class: 'ContentPolicyViolationError', status: 400, code: code ?? 'content_policy_violation' });
  if (BAD_INPUT.test(words)) return new ProviderError({ ...failure, class: 'BadRequestError', status: 400 });
  if (BUSY.test(words)) return new ProviderError({ ...failure, class: 'ServiceUnavailableError', status: 503 });
  return new ProviderError(failure);
}
