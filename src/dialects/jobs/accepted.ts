import type { Job } from '../../core/job.ts';
import { MalformedAnswerError } from '../../core/provider-error.ts';
import { waitOf, type Pace } from './pace.ts';

const PACE: Pace = { firstMs: 500, mostMs: 2000 };
/** What may stand in a path as it is. */
const ID = /^[\w-]{1,100}$/;

/**
 * NVIDIA's slow functions answer 202 and an id: the same answer is asked for until it is there.
 *
 * @see https://docs.api.nvidia.com/nim/reference (status polling, 2026-11-26)
 */
export const ACCEPTED: Job = {
  begins: ({ status }) => status === 202,
  next: ({ status, headers }, asked) => {
    if (status !== 202) return null;
    const id = headers['nvcf-reqid'] ?? '';
    if (!ID.test(id)) throw new MalformedAnswerError('The provider answered 202 without saying where its answer will be.', 'shape');
    return { at: `/status/${id}`, afterMs: waitOf(PACE, asked, headers) };
  },
};
