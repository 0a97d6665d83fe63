import type { Queries } from '../store/queries.ts';
import { Conditions, inScope, type SpendScope } from './spend-filter.ts';

/** Which rows are counted: calls that began from one moment on and before another, milliseconds since 1970. */
export interface RowSpan {
  readonly scope: SpendScope;
  readonly from: number;
  readonly until: number;
}

/** What calls with one tag cost. */
export interface TagSum extends Record<string, unknown> {
  readonly tag: string;
  readonly calls: number;
  /** US dollars, decimal text. */
  readonly spend: string;
}

/** Dearest first. A call with several tags counts under each. */
export function tagSums(queries: Queries, span: RowSpan): Promise<TagSum[]> {
  const { where, values } = within(span).fixed("request_tags <> '{}'");
  return queries.query<TagSum>(
    `select tag, count(*)::int as calls, sum(spend)::text as spend
     from gateway.spend_logs cross join lateral unnest(request_tags) as tag ${where} group by tag order by sum(spend) desc, tag`,
    values,
  );
}

/** Refusals for too many requests in one UTC day. */
export interface RefusalCount extends Record<string, unknown> {
  /** `YYYY-MM-DD` */
  readonly day: string;
  /** Deployment and its address; empty where deployments are not told apart. */
  readonly deployment: string;
  readonly address: string;
  readonly refusals: number;
}

/** @param group public name of a model; null: of all */
export function rateLimitRefusals(queries: Queries, span: RowSpan, group: string | null, byDeployment: boolean): Promise<RefusalCount[]> {
  const { where, values } = within(span)
    .fixed("status = 'failure'")
    .fixed("metadata -> 'error_information' ->> 'error_class' in ('RateLimitError', 'RateLimitExceededError', 'NoDeploymentError')")
    .addKnown(group, (name) => `model_group = ${name}`);
  const [deployment, address] = byDeployment ? ['model_id', 'api_base'] : ["''", "''"];
  return queries.query<RefusalCount>(
    `select (start_time at time zone 'UTC')::date::text as day, ${deployment} as deployment, ${address} as address, count(*)::int as refusals
     from gateway.spend_logs ${where} group by 1, 2, 3 order by 2, 3, 1`,
    values,
  );
}

function within({ scope, from, until }: RowSpan): Conditions {
  return inScope(new Conditions(), scope)
    .add(from, (at) => `start_time >= to_timestamp(${at}::float8 / 1000)`)
    .add(until, (at) => `start_time < to_timestamp(${at}::float8 / 1000)`);
}
