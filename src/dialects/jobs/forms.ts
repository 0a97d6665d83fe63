import type { Pace } from './pace.ts';

/** How a provider tells of its jobs. Places are members (`urls.get`), or paths below its base (`/tasks/{id}`). */
export interface JobForm {
  /** The member that says how far it is. */
  readonly state: string;
  /** Its word for a job that is done; words that stand in no list: it is being made. */
  readonly made: string;
  /** Words for one that came to nothing, and the HTTP status that each means. */
  readonly failed: Readonly<Record<string, number>>;
  /** Words for one that the provider's filter refused. */
  readonly refused?: readonly string[];
  /** Members that tell why, the first that is there counts. */
  readonly why: readonly string[];
  /** Member with a symbol for the same. */
  readonly code?: string;
  /** Where to ask for it. */
  readonly ask: string;
  readonly cancel?: { readonly method: 'POST' | 'DELETE'; readonly at: string };
  /** Where its answer streams, for those who asked for a stream. */
  readonly stream?: string;
  /** What it made. */
  readonly output: string;
  readonly pace: Pace;
  /** As in `Job`. */
  readonly domain?: string;
  /** Header of the request that lets a quick job be answered at once. */
  readonly patience?: Readonly<Record<string, string>>;
}

const PICTURES: Pace = { firstMs: 500, mostMs: 2000 };

/** By the name that a provider's rules give. */
export const JOB_FORMS = {
  /** @see https://replicate.com/docs/reference/http#predictions.create (2026-11-26) */
  replicate: {
    state: 'status',
    made: 'succeeded',
    failed: { failed: 500, canceled: 500, aborted: 504 },
    why: ['error', 'detail'],
    ask: 'urls.get',
    cancel: { method: 'POST', at: 'urls.cancel' },
    stream: 'urls.stream',
    output: 'output',
    pace: PICTURES,
    patience: { prefer: 'wait=60' },
  },
  /** @see https://docs.bfl.ai/api_integration/integration_guidelines (2026-11-26): the address of a job may be of another region */
  bfl: {
    state: 'status',
    made: 'Ready',
    failed: { Error: 500, Failed: 500, 'Task not found': 404 },
    refused: ['Request Moderated', 'Content Moderated'],
    why: ['details.Moderation Reasons', 'details.error', 'details', 'error'],
    ask: 'polling_url',
    output: 'result.sample',
    pace: PICTURES,
    domain: 'bfl.ai',
  },
  /** @see https://docs.dev.runwayml.com/api (2026-11-26): a task is asked for every five seconds at most */
  runway: {
    state: 'status',
    made: 'SUCCEEDED',
    failed: { FAILED: 500, CANCELLED: 500 },
    why: ['failure'],
    code: 'failureCode',
    ask: '/tasks/{id}',
    cancel: { method: 'DELETE', at: '/tasks/{id}' },
    output: 'output',
    pace: { firstMs: 5000, mostMs: 5000 },
  },
  /** @see https://docs.lumalabs.ai/docs/image-generation (2026-11-26) */
  luma: {
    state: 'state',
    made: 'completed',
    failed: { failed: 500 },
    why: ['failure_reason'],
    ask: '/generations/{id}',
    cancel: { method: 'DELETE', at: '/generations/{id}' },
    output: 'assets.image',
    pace: { firstMs: 1000, mostMs: 3000 },
  },
} as const satisfies Readonly<Record<string, JobForm>>;

export type JobFormName = keyof typeof JOB_FORMS;
