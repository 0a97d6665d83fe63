import { NamedTagsQuery, SpendPerTag, TagNames } from '../contract/global-spend.ts';
import { answerJson } from '../contract/http-json.ts';
import { readQueryAs } from '../contract/query.ts';
import type { Route, RouteCall } from '../core/route.ts';
import { tagSums } from '../ledger/row-counts.ts';
import { boundedly } from '../ledger/spend-log-pages.ts';
import { lastDays } from './global-spend.ts';
import { asked, scopeOf, type SpendQuestionParts } from './spend-question.ts';

const DAY_MS = 86_400_000;

/** `/global/spend/tags` and `/global/spend/all_tag_names` (control-plane 12.4), from the rows of the span. */
export function globalTagRoutes(parts: SpendQuestionParts): Route[] {
  const shared = { method: 'GET', group: 'global_spend_tracking_routes', surface: 'control' } as const;
  return [
    {
      ...shared,
      paths: ['/global/spend/tags'],
      rights: 'info',
      summary: 'What calls with each tag cost in a span of days, dearest first; of all tags, or of those that are named.',
      shapes: { query: NamedTagsQuery, answer: SpendPerTag },
      handle: (call) => asked(parts, () => byTag(parts, call)),
    },
    {
      ...shared,
      paths: ['/global/spend/all_tag_names'],
      rights: 'read',
      summary: 'The tags of calls of the last 30 days, by name.',
      shapes: { answer: TagNames },
      handle: (call) => asked(parts, () => names(parts, call)),
    },
  ];
}

async function byTag({ database }: SpendQuestionParts, call: RouteCall): Promise<void> {
  const { start_date: first, end_date: last, tags } = readQueryAs(NamedTagsQuery, call.query);
  const span = { scope: scopeOf(call.caller), from: Date.parse(first), until: Date.parse(last) + DAY_MS };
  const sums = await boundedly(database, (queries) => tagSums(queries, span, tags));
  answerJson(call, { spend_per_tag: sums.map(({ tag, calls, spend }) => ({ name: tag, spend: JSON.rawJSON(spend), log_count: calls })) });
}

async function names({ clock, database }: SpendQuestionParts, call: RouteCall): Promise<void> {
  const { first, last } = lastDays(clock.now());
  const span = { scope: scopeOf(call.caller), from: Date.parse(first), until: Date.parse(last) + DAY_MS };
  const sums = await boundedly(database, (queries) => tagSums(queries, span));
  answerJson(call, { tag_names: sums.map(({ tag }) => tag).toSorted() });
}
