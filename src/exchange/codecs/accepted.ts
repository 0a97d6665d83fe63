import type { Job } from '../../core/job.ts';
import { ACCEPTED } from '../../dialects/jobs/accepted.ts';
import type { Upstream } from '../upstream.ts';

/** For providers of OpenAI's dialect: how a slow answer is asked for that was only accepted; null: theirs always come at once. */
export function acceptedJob({ resolved }: Upstream): Job | null {
  return resolved.reply.accepted === true ? ACCEPTED : null;
}
