import { z } from 'zod';

import type { CoreRest } from './core-rest.ts';

const Step = z.looseObject({
  type: z.enum(['form', 'create_entry', 'abort', 'external', 'external_done', 'progress', 'progress_done', 'menu']),
  flow_id: z.string(),
  handler: z.unknown(),
  step_id: z.string().optional(),
  /** Names of fields and why they were refused; `base` for all of them. */
  errors: z.record(z.string(), z.string()).nullish(),
  reason: z.string().optional(),
  title: z.string().optional(),
  description_placeholders: z.record(z.string(), z.string()).nullish(),
  data_schema: z.array(z.looseObject({ name: z.string(), required: z.boolean().optional() })).nullish(),
});
/** What a dialog of an integration shows next. */
export type FlowStep = z.infer<typeof Step>;

const ADDRESSES = {
  flow: '/api/config/config_entries/flow',
  'options/flow': '/api/config/config_entries/options/flow',
  'subentries/flow': '/api/config/config_entries/subentries/flow',
  repairs: '/api/repairs/issues/fix',
} as const;

/**
 * Dialogs that set an integration up (`flow`), change its options (`options/flow`), add something to its entry (`subentries/flow`) or fix
 * an issue (`repairs`), step by step as the frontend does.
 */
export class ConfigFlows {
  readonly #rest: CoreRest;
  readonly #base: string;

  constructor(rest: CoreRest, kind: keyof typeof ADDRESSES = 'flow') {
    this.#rest = rest;
    this.#base = ADDRESSES[kind];
  }

  /**
   * @param handler domain of the integration; for options the id of its entry, for what is added to it id and kind; an issue is named
   *   by a further `issue_id`, what is changed by a further `subentry_id`
   */
  async start(
    handler: string | readonly [entryId: string, kind: string],
    further: Readonly<Record<string, unknown>> = {},
  ): Promise<FlowStep> {
    return Step.parse(await this.#rest.request('POST', this.#base, { handler, ...further }));
  }

  /** The step that a flow is at, for flows that Core itself began. */
  async current(flowId: string): Promise<FlowStep> {
    return Step.parse(await this.#rest.request('GET', `${this.#base}/${flowId}`));
  }

  async submit(flowId: string, input: Readonly<Record<string, unknown>> = {}): Promise<FlowStep> {
    return Step.parse(await this.#rest.request('POST', `${this.#base}/${flowId}`, input));
  }

  async cancel(flowId: string): Promise<void> {
    await this.#rest.request('DELETE', `${this.#base}/${flowId}`);
  }
}
