import type { ToldFailure } from '../../../core/dialect.ts';
import type { Finish } from '../../../core/answer.ts';
import type { JsonObject } from '../../../core/json-object.ts';
import { NO_USAGE, type Usage } from '../../../core/usage.ts';
import { wantsSealed, type AskedResponse } from './asked.ts';
import { writeUsage } from './write-usage.ts';

/** What the gateway knows of a response and the provider does not. */
export interface ResponseShape {
  /** `resp_...`; ids of items are derived from it. */
  readonly id: string;
  /** Model name for the client. */
  readonly model: string;
  /** Seconds since 1970. */
  readonly created: number;
  readonly asked: AskedResponse;
}

export type Outcome =
  | { readonly status: 'in_progress' }
  | { readonly status: 'completed' }
  | { readonly status: 'incomplete'; readonly reason: 'max_output_tokens' | 'content_filter' }
  | { readonly status: 'failed'; readonly failure: ToldFailure };

/** How an answer ended, in the words of this dialect. */
export function outcomeOf({ reason }: Finish): Outcome & { status: 'completed' | 'incomplete' } {
  if (reason === 'length') return { status: 'incomplete', reason: 'max_output_tokens' };
  return reason === 'content_filter' ? { status: 'incomplete', reason } : { status: 'completed' };
}

/**
 * The response object (data-plane 9.12). Clients look for usage wherever an answer came to its end: zeros, when nobody counted.
 *
 * @param items as `OutputItem.whole` gives them
 */
export function responseObject(shape: ResponseShape, outcome: Outcome, items: readonly JsonObject[], usage: Usage | null): JsonObject {
  const tier = usage?.serviceTier;
  return {
    id: shape.id,
    object: 'response',
    created_at: shape.created,
    status: outcome.status,
    error: outcome.status === 'failed' ? { code: codeOf(outcome.failure), message: outcome.failure.message } : null,
    incomplete_details: outcome.status === 'incomplete' ? { reason: outcome.reason } : null,
    model: shape.model,
    output: items.map((item) => shownItem(item, shape)),
    ...shape.asked.echo,
    ...(tier === undefined ? {} : { service_tier: tier }),
    usage: usageFor(outcome, usage),
  };
}

function usageFor({ status }: Outcome, usage: Usage | null): JsonObject | null {
  const isWhole = status === 'completed' || status === 'incomplete';
  return usage === null && !isWhole ? null : writeUsage(usage ?? NO_USAGE);
}

/** The item for the client: thoughts are sealed only when it asks for them. */
export function shownItem(item: JsonObject, { asked }: ResponseShape): JsonObject {
  if (!('encrypted_content' in item) || wantsSealed(asked)) return item;
  const { encrypted_content: _, ...shown } = item;
  return shown;
}

/** Symbols stay; of statuses this dialect has words for three kinds. */
function codeOf({ code }: ToldFailure): string {
  if (code !== null && !/^\d+$/.test(code)) return code;
  if (code === '429') return 'rate_limit_exceeded';
  return code?.startsWith('4') && code !== '408' ? 'invalid_prompt' : 'server_error';
}
