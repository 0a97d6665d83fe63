import { Activity, PagedActivityQuery, WholeActivityQuery, type ActivityQuery } from '../contract/activity.ts';
import { answerJson } from '../contract/http-json.ts';
import { readQueryAs } from '../contract/query.ts';
import { BadRequestError } from '../core/errors.ts';
import type { JsonObject } from '../core/json-object.ts';
import type { Route, RouteCall } from '../core/route.ts';
import { hashOf, isKeyHash } from '../identity/key-hash.ts';
import type { KeyRing } from '../identity/key-ring.ts';
import { boundedly } from '../ledger/spend-log-pages.ts';
import { folded } from '../ledger/sums/activity-fold.ts';
import {
  activityCount,
  activityRows,
  activityTotals,
  dearest,
  hasMoreSums,
  isBeyond,
  rowsApart,
  type ActivityRow,
  type ToldApart,
} from '../ledger/sums/activity-queries.ts';
import { activityRange, rowRange } from '../ledger/sums/activity-range.ts';
import { isOfAll, type ActivityFilter, type EntityColumn } from '../ledger/sums/activity-source.ts';
import { NO_TOTALS, sumOf, type Totals } from '../ledger/sums/totals.ts';
import type { Queries } from '../store/queries.ts';
import { dayObject, totalsObject } from './activity-object.ts';
import { activityCsv } from './activity-csv.ts';
import { answerCsv } from './csv.ts';
import { KeyNames } from './key-names.ts';
import { asked, scopeOf, type SpendQuestionParts } from './spend-question.ts';

export interface ActivityRouteParts extends SpendQuestionParts {
  readonly ring: KeyRing;
}

type Subject = 'user' | 'team' | 'organization' | 'customer' | 'tag' | 'agent';

/** By which column of the sums a path tells apart; null: nothing is summed by it. */
const COLUMN_OF: Readonly<Record<Subject, EntityColumn | null>> = {
  user: 'user_id',
  team: 'team_id',
  organization: 'organization_id',
  customer: 'end_user',
  tag: 'tag',
  agent: null,
};
const SUBJECTS = Object.keys(COLUMN_OF) as Subject[];

/** Sums by day: `/user/daily/activity` and its twins for teams, organizations, end users, tags and agents (control-plane 12.5). */
export function activityRoutes(parts: ActivityRouteParts): Route[] {
  const shared = { method: 'GET', rights: 'info', group: 'spend_tracking_routes', surface: 'control' } as const;
  return SUBJECTS.flatMap((subject): Route[] => [
    {
      ...shared,
      paths: [`/${subject}/daily/activity`],
      summary: `Sums by day, model, provider, endpoint, key and ${WHO[subject]}, page by page. Others than administrators see their own.`,
      shapes: { query: PagedActivityQuery, answer: Activity },
      handle: (call) => asked(parts, () => paged(parts, subject, call)),
    },
    {
      ...shared,
      paths: [`/${subject}/daily/activity/aggregated`],
      summary: `The same of all days at once.`,
      shapes: { query: WholeActivityQuery, answer: Activity },
      handle: (call) => asked(parts, () => aggregated(parts, subject, call)),
    },
  ]);
}

const WHO = {
  user: 'person',
  team: 'team',
  organization: 'organization',
  customer: 'end user',
  tag: 'tag',
  agent: 'agent',
} as const satisfies Record<Subject, string>;

/** What is known of a question, and what it found. */
interface Found {
  readonly rows: readonly ActivityRow[];
  readonly totals: Totals;
  readonly page: number;
  readonly pages: number;
  readonly keysShown: number | null;
}

const NOTHING: Found = { rows: [], totals: NO_TOTALS, page: 1, pages: 1, keysShown: null };

async function paged(parts: ActivityRouteParts, subject: Subject, call: RouteCall): Promise<void> {
  const query = readQueryAs(PagedActivityQuery, call.query);
  const { page, page_size: size } = query;
  await tell(parts, subject, query, call, async (queries, filter) => {
    const totals = await activityTotals(queries, filter);
    const all = await activityCount(queries, filter);
    const rows = await activityRows(queries, filter, { limit: size, offset: (page - 1) * size });
    return { rows, totals, page, pages: Math.max(1, Math.ceil(all / size)), keysShown: null };
  });
}

/** Sums that one answer tells apart at most. */
const MOST_ROWS = 20_000;
/** Keys and entities that are told apart where all of them would be too many, and where these still are. */
const FEWER = [20, 5, 0] as const;
/** With more sums than this, the dearest of everybody's keys and people are not looked for: it would take seconds. */
const MOST_LOOKED_THROUGH = 50_000;

async function aggregated(parts: ActivityRouteParts, subject: Subject, call: RouteCall): Promise<void> {
  await tell(parts, subject, readQueryAs(WholeActivityQuery, call.query), call, async (queries, filter) => {
    const { rows, keysShown } = await allRows(queries, filter);
    return { rows, keysShown, totals: sumOf(rows.map(({ totals }) => totals)), page: 1, pages: 1 };
  });
}

/** Everything told apart, or as many of the dearest keys and entities as one answer can. The sums are read as few times as it takes. */
async function allRows(queries: Queries, filter: ActivityFilter): Promise<Pick<Found, 'rows' | 'keysShown'>> {
  const many = await hasMoreSums(queries, filter, MOST_LOOKED_THROUGH);
  if (many && isOfAll(filter)) return apart(queries, filter, { keys: [], entities: [] });
  if (!many || !(await isBeyond(queries, filter, MOST_ROWS))) {
    const rows = await activityRows(queries, filter, { limit: MOST_ROWS + 1, offset: 0 });
    if (rows.length <= MOST_ROWS) return { rows, keysShown: null };
  }
  return apart(queries, filter, {
    keys: await dearest(queries, filter, 'api_key', FEWER[0]),
    entities: await dearest(queries, filter, filter.entity, FEWER[0]),
  });
}

async function apart(
  queries: Queries,
  filter: ActivityFilter,
  { keys, entities }: Omit<ToldApart, 'limit'>,
): Promise<Pick<Found, 'rows' | 'keysShown'>> {
  for (const few of keys.length === 0 && entities.length === 0 ? [0] : FEWER) {
    const rows = await rowsApart(queries, filter, { keys: keys.slice(0, few), entities: entities.slice(0, few), limit: MOST_ROWS + 1 });
    if (rows.length <= MOST_ROWS) return { rows, keysShown: Math.min(few, keys.length) };
  }
  throw new BadRequestError('These days have too many sums for one answer: ask for fewer of them, or page by page.', 'start_date');
}

async function tell(
  { clock, database, ring }: ActivityRouteParts,
  subject: Subject,
  query: ActivityQuery & { readonly format?: 'json' | 'csv' },
  call: RouteCall,
  find: (queries: Queries, filter: ActivityFilter) => Promise<Found>,
): Promise<void> {
  checkLength(query);
  const range =
    subject === 'tag'
      ? rowRange(query.start_date, query.end_date, query.timezone)
      : activityRange(query.start_date, query.end_date, query.timezone, clock.now());
  const entity = COLUMN_OF[subject];
  const empty = entity === null || (range.utcDays === null && range.days.length === 0);
  const filter = empty
    ? null
    : {
        ...entitiesOf(query, subject),
        entity,
        range,
        scope: scopeOf(call.caller),
        model: query.model ?? null,
        provider: query.custom_llm_provider ?? null,
        apiKeys: query.api_key?.map(hashed) ?? null,
      };
  const { found, names } = await boundedly(database, async (queries) => {
    const what = filter ? await find(queries, filter) : NOTHING;
    return { found: what, names: await KeyNames.of(what.rows.map(({ apiKey }) => apiKey), ring, queries) }; // prettier-ignore
  });
  if (query.format === 'csv') await answerCsv(call, `${subject}-activity.csv`, activityCsv(found.rows, names));
  else answerJson(call, answerObject(found, names, range.utcUntil));
}

function answerObject({ rows, totals, page, pages, keysShown }: Found, names: KeyNames, utcUntil: string | null): JsonObject {
  return {
    results: folded(rows).map((day) => dayObject(day, names)),
    metadata: {
      ...totalsObject(totals),
      page,
      total_pages: pages,
      has_more: page < pages,
      utc_days_until: utcUntil,
      keys_shown: keysShown,
    },
  };
}

/** Longest range, days. */
const MOST_DAYS = 3700;

function checkLength({ start_date: first, end_date: last }: ActivityQuery): void {
  if (Temporal.PlainDate.from(first).until(last).days > MOST_DAYS)
    throw new BadRequestError(`At most ${MOST_DAYS} days can be asked for at once.`, 'end_date');
}

function hashed(key: string): string {
  return isKeyHash(key) ? key : hashOf(key);
}

/** Which of the subject's entities are asked for: each path has parameters of its own. */
function entitiesOf(query: ActivityQuery, subject: Subject): Pick<ActivityFilter, 'entities' | 'excluded'> {
  switch (subject) {
    case 'user':
      return { entities: query.user_id ?? query.user_ids ?? null, excluded: query.exclude_user_id ?? query.exclude_user_ids ?? [] };
    case 'team':
      return { entities: query.team_ids ?? null, excluded: query.exclude_team_ids ?? [] };
    case 'organization':
      return { entities: query.organization_ids ?? null, excluded: query.exclude_organization_ids ?? [] };
    case 'customer':
      return { entities: query.end_user_ids ?? null, excluded: query.exclude_end_user_ids ?? [] };
    case 'tag':
      return { entities: query.tags ?? null, excluded: query.exclude_tags ?? [] };
    case 'agent':
      return { entities: query.agent_ids ?? null, excluded: query.exclude_agent_ids ?? [] };
  }
}
