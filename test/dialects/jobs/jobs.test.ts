import { describe, expect, test } from 'vitest';
import type { JobReply } from '../../../src/core/job.ts';
import { ACCEPTED } from '../../../src/dialects/jobs/accepted.ts';
import { JOB_FORMS } from '../../../src/dialects/jobs/forms.ts';
import { jobOf } from '../../../src/dialects/jobs/job.ts';
import { imagesOfJob } from '../../../src/dialects/jobs/made-images.ts';
import { wireCase } from '../wire-case.ts';

const reply = (told: unknown, headers: Record<string, string> = {}, status = 200): JobReply => ({ status, headers, told: () => told });

describe('the next question', () => {
  test('goes where the reply says, and says how the job is ended', () => {
    const urls = { get: 'https://api.replicate.com/v1/predictions/p1', cancel: 'https://api.replicate.com/v1/predictions/p1/cancel' };
    const cancel = { method: 'POST', at: urls.cancel };
    expect(jobOf(JOB_FORMS.replicate).next(reply({ id: 'p1', status: 'starting', urls }), 0)).toEqual({
      at: urls.get,
      afterMs: 500,
      cancel,
    });
    expect(jobOf(JOB_FORMS.bfl).next(reply({ id: 'b', polling_url: 'https://api.eu1.bfl.ai/v1/get_result?id=b' }), 0)).toEqual({
      at: 'https://api.eu1.bfl.ai/v1/get_result?id=b',
      afterMs: 500,
    });
    expect(jobOf(JOB_FORMS.runway).next(reply({ id: 't-1' }), 0)).toEqual({
      at: '/tasks/t-1',
      afterMs: 5000,
      cancel: { method: 'DELETE', at: '/tasks/t-1' },
    });
  });

  test('is the stream where one is wanted and there is one', () => {
    const urls = { get: 'https://a.example/p1', stream: 'https://s.example/p1' };
    expect(jobOf(JOB_FORMS.replicate, true).next(reply({ status: 'starting', urls }), 0)).toEqual({
      at: urls.stream,
      afterMs: 0,
      streams: true,
      closing: { at: urls.get, event: 'job' },
    });
    expect(jobOf(JOB_FORMS.replicate, true).next(reply({ status: 'starting', urls: { get: urls.get } }), 0)).toMatchObject({
      at: urls.get,
    });
  });

  test('comes later and later up to a bound, or when the provider says', () => {
    const job = jobOf(JOB_FORMS.bfl);
    const told = { polling_url: 'https://api.bfl.ai/x', status: 'Pending' };
    expect([0, 1, 2, 3, 4, 5000].map((asked) => job.next(reply(told), asked)?.afterMs)).toEqual([500, 750, 1125, 1688, 2000, 2000]);
    expect(job.next(reply(told, { 'retry-after': '3' }), 4)?.afterMs).toBe(3000);
  });

  test('goes where the first reply said when a later one says nothing', () => {
    const job = jobOf(JOB_FORMS.bfl);
    job.next(reply({ id: 'b', polling_url: 'https://api.bfl.ai/x' }), 0);
    expect(job.next(reply({ id: 'b', status: 'Pending', progress: 0.5 }), 1)).toMatchObject({ at: 'https://api.bfl.ai/x' });
  });

  test('is none once the job is done', () => {
    expect(jobOf(JOB_FORMS.bfl).next(reply(wireCase('images/bfl').response), 1)).toBeNull();
    expect(jobOf(JOB_FORMS.runway).next(reply(wireCase('images/runway').response), 1)).toBeNull();
    expect(jobOf(JOB_FORMS.luma).next(reply(wireCase('images/luma').response), 1)).toBeNull();
  });

  test.each([null, [], 'text', {}, { id: '../../keys' }, { id: 'a/b' }, { id: '' }, { id: {} }])(
    'is none for %j, which is an error',
    (told) => {
      expect(() => jobOf(JOB_FORMS.runway).next(reply(told), 0)).toThrow(/something other than a JSON object|did not say where its job is/);
    },
  );

  test('of a reply that is an error is that error', () => {
    expect(() => jobOf(JOB_FORMS.bfl).next(reply({ error: 'Out of credits' }), 0)).toThrow('Out of credits');
  });
});

describe('a job that came to nothing', () => {
  test.each([
    ['bfl', { status: 'Request Moderated', details: { 'Moderation Reasons': ['violence'] } }, 400, 'Request Moderated: ["violence"]'],
    ['bfl', { status: 'Content Moderated' }, 400, 'The provider ended the job: Content Moderated.'],
    ['bfl', { status: 'Task not found' }, 404, 'The provider ended the job: Task not found.'],
    ['bfl', { status: 'Error', details: { error: 'out of memory' } }, 500, 'out of memory'],
    ['runway', { status: 'FAILED', failure: 'Blocked.', failureCode: 'SAFETY.INPUT.TEXT' }, 400, 'Blocked.'],
    ['runway', { status: 'FAILED', failure: 'Try again.', failureCode: 'INTERNAL.BAD_OUTPUT.CODE01' }, 500, 'Try again.'],
    ['runway', { status: 'CANCELLED' }, 500, 'The provider ended the job: CANCELLED.'],
    ['luma', { state: 'failed', failure_reason: 'prompt not allowed because advanced moderation failed' }, 400, 'prompt not allowed'],
    ['replicate', { status: 'aborted' }, 504, 'The provider ended the job: aborted.'],
  ] as const)('at %s, told by %j, is %i', (name, told, status, message) => {
    const next = (): unknown => jobOf(JOB_FORMS[name]).next(reply(told), 0);
    expect(next).toThrow(expect.objectContaining({ status, message: expect.stringContaining(message) }));
  });

  test('is not every word that an object knows', () => {
    expect(() => jobOf(JOB_FORMS.bfl).next(reply({ status: 'constructor' }), 0)).toThrow('did not say where its job is');
  });
});

describe('what a job made', () => {
  test.each(['bfl', 'runway', 'luma', 'replicate'] as const)('is found at %s', (name) => {
    const { images } = imagesOfJob(JOB_FORMS[name], wireCase(`images/${name}`).response);
    expect(images).toHaveLength(name === 'replicate' ? 2 : 1);
    for (const image of images) expect(image.url).toMatch(/^https:/);
  });

  test('and is no image is no answer', () => {
    expect(() => imagesOfJob(JOB_FORMS.bfl, { status: 'Ready', result: {} })).toThrow('holds no image');
  });
});

describe('NVIDIA', () => {
  test('is asked again by the id of an answer that was only accepted', () => {
    expect(ACCEPTED.begins?.({ status: 200, headers: {} })).toBe(false);
    expect(ACCEPTED.begins?.({ status: 202, headers: {} })).toBe(true);
    expect(ACCEPTED.next(reply(null, { 'nvcf-reqid': 'a-1' }, 202), 0)).toEqual({ at: '/status/a-1', afterMs: 500 });
    expect(ACCEPTED.next(reply({ choices: [] }), 1)).toBeNull();
    expect(() => ACCEPTED.next(reply(null, { 'nvcf-reqid': '../keys' }, 202), 0)).toThrow('without saying where');
  });
});
