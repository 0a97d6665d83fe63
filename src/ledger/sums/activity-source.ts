import { Conditions, inScope, type SpendScope } from '../spend-filter.ts';
import type { ActivityRange } from './activity-range.ts';
import { sumsTable, type SumSpan } from './tables.ts';

/** Whom sums are told apart by beside key and model: a column of the sums, or the tags of the rows. */
export type EntityColumn = 'user_id' | 'team_id' | 'organization_id' | 'end_user' | 'tag';

export interface ActivityFilter {
  readonly scope: SpendScope;
  /** Not empty. */
  readonly range: ActivityRange;
  /** Public or upstream name of a model; null: any. */
  readonly model: string | null;
  readonly provider: string | null;
  /** Hashes; null: any. */
  readonly apiKeys: readonly string[] | null;
  readonly entity: EntityColumn;
  /** Null: any. */
  readonly entities: readonly string[] | null;
  readonly excluded: readonly string[];
}

/** Whether neither keys nor entities narrow it: then the sums without them know its totals. */
export function isOfAll({ scope, apiKeys, entity, entities, excluded }: ActivityFilter): boolean {
  const narrowed = scope.apiKey !== null || scope.userId !== null || apiKeys !== null || entities !== null || excluded.length > 0;
  // Tags are in no sums at all: a call adds to each of its own.
  return !narrowed && entity !== 'tag';
}

/** What sums are told apart by beside day, key and entity. */
export const KINDS = 'model, model_group, custom_llm_provider, call_type';
const MEASURES = 'prompt_tokens, completion_tokens, cache_read_tokens, cache_creation_tokens, spend, requests, failures';
const PARTIES = 'api_key, user_id, team_id, organization_id, end_user';

/** What a call adds to the sums under each of its tags. */
const TAGGED = `api_key, ${KINDS}, tag, prompt_tokens, completion_tokens, cache_read_tokens, cache_creation_tokens, spend, 1 as requests,
  (status = 'failure')::int as failures`;

/** The sums that a filter keeps, each with its day, as tables of one statement. */
export class ActivitySource {
  readonly #filter: ActivityFilter;
  readonly #conditions = new Conditions();

  constructor(filter: ActivityFilter) {
    this.#filter = filter;
  }

  get values(): unknown[] {
    return this.#conditions.values;
  }

  parameter(value: unknown): string {
    return this.#conditions.parameter(value);
  }

  /** Sums with all of their dimensions. */
  sums(): string {
    const of = (span: SumSpan) => () => this.#table(span, `${PARTIES}, ${KINDS}`, true);
    return this.#joined(of('day'), this.#filter.entity === 'tag' ? () => this.#tagged() : of('quarter'));
  }

  /** Sums without keys and entities; of a filter that {@link isOfAll} alone. */
  totals(): string {
    const of = (span: SumSpan) => () => this.#table(span, KINDS, false);
    return this.#joined(of('day'), of('quarter'));
  }

  #joined(daily: () => string, quarters: () => string): string {
    const { utcDays, days } = this.#filter.range;
    const narrowing = narrowingOf(this.#filter, this.#conditions);
    const parts = [...(utcDays === null ? [] : [daily()]), ...(days.length === 0 ? [] : [quarters()])];
    return `(${parts.map((part) => part + narrowing).join(' union all ')}) as sums`;
  }

  #table(span: SumSpan, dimensions: string, tellsApart: boolean): string {
    const table = sumsTable(span, this.#filter.scope, tellsApart);
    const columns = `${dimensions}, ${MEASURES} from ${table}`;
    return span === 'quarter'
      ? `select ${this.#dayOf('quarter')}, ${columns} where ${this.#within('quarter')}`
      : `select day, ${columns} where ${this.#withinDays()}`;
  }

  #tagged(): string {
    return `select ${this.#dayOf('start_time')}, ${TAGGED}
      from gateway.spend_logs cross join lateral unnest(request_tags) as tag where ${this.#within('start_time')}`;
  }

  #withinDays(): string {
    const { utcDays } = this.#filter.range;
    const [from, until] = [this.parameter(utcDays?.first), this.parameter(utcDays?.last)];
    return `day >= ${from}::date and day <= ${until}::date`;
  }

  #dayOf(column: string): string {
    const { days } = this.#filter.range;
    const starts = this.parameter(days.map(({ start }) => new Date(start).toISOString()));
    const names = this.parameter(days.map(({ date }) => date));
    return `(${names}::date[])[width_bucket(${column}, ${starts}::timestamptz[])] as day`;
  }

  #within(column: string): string {
    const { days, end } = this.#filter.range;
    const [from, until] = [this.parameter(days[0]?.start), this.parameter(end)];
    return `${column} >= to_timestamp(${from}::float8 / 1000) and ${column} < to_timestamp(${until}::float8 / 1000)`;
  }
}

/** What narrows all tables alike, as the end of a WHERE clause. */
function narrowingOf({ scope, model, provider, apiKeys, entity, entities, excluded }: ActivityFilter, all: Conditions): string {
  const own = new Conditions(all.values);
  inScope(own, scope)
    .addKnown(model, (name) => `${name}::text in (model, model_group)`)
    .addKnown(provider, (name) => `custom_llm_provider = ${name}`)
    .addKnown(apiKeys, (keys) => `api_key = any(${keys}::text[])`)
    .addKnown(entities, (ids) => `${entity} = any(${ids}::text[])`);
  if (excluded.length > 0) own.add(excluded, (ids) => `${entity} <> all(${ids}::text[])`);
  return own.more;
}
