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

/**
 * Dearest first. A call with several tags counts under each.
 *
 * @param tags these alone; empty: all
 */
export function tagSums(queries: Queries, span: RowSpan, tags: readonly string[] = []): Promise<TagSum[]> {
  const conditions = within(span).fixed("request_tags <> '{}'");
  if (tags.length > 0) conditions.add(tags, (names) => `tag = any(${names}::text[])`);
  return queries.query<TagSum>(
    `select tag, count(*)::int as calls, sum(spend)::text as spend
     from gateway.spend_logs cross join lateral unnest(request_tags) as tag ${conditions.where} group by tag order by sum(spend) desc, tag`,
    conditions.values,
  );
}

/** What calls for one end user cost. */
export interface EndUserSum extends Record<string, unknown> {
  readonly end_user: string;
  readonly calls: number;
  /** US dollars, decimal text. */
  readonly spend: string;
}

/** The dearest first, `most` of them; calls for nobody are not among them. */
export function endUserSums(queries: Queries, span: RowSpan, most: number): Promise<EndUserSum[]> {
  const { where, values } = within(span).fixed("end_user is not null and end_user <> ''");
  return queries.query<EndUserSum>(
    `select end_user, count(*)::int as calls, sum(spend)::text as spend
     from gateway.spend_logs ${where} group by end_user order by sum(spend) desc, end_user limit ${most}`,
    values,
  );
}

/** How far a cache answered for one key, kind of call and model of a provider. */
export interface CacheHits extends Record<string, unknown> {
  readonly api_key: string;
  readonly call_type: string;
  readonly model: string;
  readonly rows: number;
  readonly hits: number;
  /** Tokens of output that came from the cache, and those that a provider made. */
  readonly cached: number;
  readonly generated: number;
}

/** Those with most calls first, `most` of them. */
export function cacheHits(queries: Queries, span: RowSpan, most: number): Promise<CacheHits[]> {
  const { where, values } = within(span);
  return queries.query<CacheHits>(
    `select api_key, call_type, model, count(*)::int as rows, (count(*) filter (where cache_hit))::int as hits,
       coalesce(sum(completion_tokens) filter (where cache_hit), 0)::float8 as cached,
       coalesce(sum(completion_tokens) filter (where cache_hit is not true), 0)::float8 as generated
     from gateway.spend_logs ${where} group by api_key, call_type, model order by count(*) desc, api_key, call_type, model limit ${most}`,
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
