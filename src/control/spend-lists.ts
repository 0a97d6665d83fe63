import { SpendByTag, TagsQuery, UserQuery } from '../contract/global-spend.ts';
import { answerJson } from '../contract/http-json.ts';
import { readQueryAs } from '../contract/query.ts';
import type { Usd } from '../core/money.ts';
import type { Route, RouteCall } from '../core/route.ts';
import type { KeyRing } from '../identity/key-ring.ts';
import type { People } from '../identity/people.ts';
import type { Person } from '../identity/person.ts';
import type { VirtualKey } from '../identity/virtual-key.ts';
import { tagSums } from '../ledger/row-counts.ts';
import { boundedly, dayText } from '../ledger/spend-log-pages.ts';
import type { Limits } from '../limits/limits.ts';
import { lastDays } from './global-spend.ts';
import { keyObject } from './key-object.ts';
import { pageOf } from './listing.ts';
import { asked, scopeOf, type SpendQuestionParts } from './spend-question.ts';
import { userObject } from './user-object.ts';

export interface SpendListParts extends SpendQuestionParts {
  readonly ring: KeyRing;
  readonly people: People;
  readonly limits: Limits;
}

/** Rows of one answer at most. */
const MOST = 1000;
const DAY_MS = 86_400_000;

/** `/spend/keys`, `/spend/users`, `/spend/tags` (control-plane 12.4). */
export function spendListRoutes(parts: SpendListParts): Route[] {
  const shared = { method: 'GET', rights: 'info', group: 'spend_tracking_routes', surface: 'control' } as const;
  return [
    {
      ...shared,
      paths: ['/spend/keys'],
      summary: `Keys by what they spent since their last reset, the dearest first, at most ${MOST}.`,
      handle: (call) => {
        parts.ready();
        keysBySpend(parts, call);
      },
    },
    {
      ...shared,
      paths: ['/spend/users'],
      summary: `People by what they spent since their last reset, the dearest first, at most ${MOST}; or one of them.`,
      shapes: { query: UserQuery },
      handle: (call) => {
        parts.ready();
        usersBySpend(parts, call);
      },
    },
    {
      ...shared,
      paths: ['/spend/tags'],
      summary: 'What calls with each tag cost in a span of days, without one in the last 30; the dearest first.',
      shapes: { query: TagsQuery, answer: SpendByTag },
      handle: (call) => asked(parts, () => tagsBySpend(parts, call)),
    },
  ];
}

function keysBySpend({ ring, limits }: SpendListParts, call: RouteCall): void {
  const { apiKey, userId } = scopeOf(call.caller);
  const keys = [...ring.all()].filter(
    (key) => key.fields.successor === null && (apiKey === null || key.keyHash === apiKey) && (userId === null || key.userId === userId),
  );
  const spendOf = (key: VirtualKey): Usd => limits.spendOf(key.keyHash, key.policy);
  const dearest = pageOf(keys, { valueOf: spendOf, idOf: ({ keyHash }) => keyHash, order: 'desc' }, 1, MOST);
  answerJson(call, dearest.map((key) => ({ token: key.keyHash, ...keyObject(key.fields, spendOf(key)) }))); // prettier-ignore
}

function usersBySpend({ people, limits }: SpendListParts, call: RouteCall): void {
  const { user_id: asked } = readQueryAs(UserQuery, call.query);
  const { apiKey, userId } = scopeOf(call.caller);
  const all = apiKey === null ? [...people.all()] : [];
  const found = all.filter(({ fields: { id } }) => (userId === null || id === userId) && (asked === undefined || id === asked));
  const spendOf = ({ policy }: Person): Usd => limits.spentBy(policy);
  const dearest = pageOf(found, { valueOf: spendOf, idOf: ({ fields }) => fields.id, order: 'desc' }, 1, MOST);
  answerJson(call, dearest.map((person) => userObject(person.fields, spendOf(person)))); // prettier-ignore
}

async function tagsBySpend({ clock, database }: SpendListParts, call: RouteCall): Promise<void> {
  const query = readQueryAs(TagsQuery, call.query);
  const usual = lastDays(clock.now());
  const last = query.end_date ?? usual.last;
  const first = query.start_date ?? (query.end_date === undefined ? usual.first : dayText(Date.parse(last) - 29 * DAY_MS));
  const span = { scope: scopeOf(call.caller), from: Date.parse(first), until: Date.parse(last) + DAY_MS };
  const sums = await boundedly(database, (queries) => tagSums(queries, span));
  answerJson(call, sums.map(({ tag, calls, spend }) => ({ individual_request_tag: tag, log_count: calls, total_spend: JSON.rawJSON(spend) }))); // prettier-ignore
}
